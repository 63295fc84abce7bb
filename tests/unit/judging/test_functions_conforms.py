"""A value and the JSON Schema that the same object carries."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from batchproof.contract.expressions import NotEvaluable
from batchproof.judging.functions import conforms

ARGUMENTS = {"value": "/output/value", "schema": "/config/schema", "ignore": "acme:"}
NUMBER = {"type": "object", "properties": {"number": {"type": ["string", "null"]}}, "required": ["number"]}


def judged(value: Any, schema: Any, **arguments: str) -> bool:
    seen = {"output": {"value": value}, "config": {"schema": schema}}
    return conforms({"self": seen}, {**ARGUMENTS, **arguments})


def test_valid_value_conforms() -> None:
    assert judged({"number": "1001"}, NUMBER)
    assert judged({"number": None, "more": 1}, NUMBER)


@pytest.mark.parametrize("value", [{"number": 1001}, {}, [], None])
def test_invalid_value_does_not_conform(value: Any) -> None:
    assert not judged(value, NUMBER)


def test_keywords_of_the_vendor_count_for_nothing() -> None:
    schema = {"properties": {"total": {"type": "number", "acme:type": {"$ref": "nowhere"}}}, "acme:not": 7}
    assert judged({"total": 1}, schema)
    assert not judged({"total": "one"}, schema)


def test_names_and_values_are_no_keywords() -> None:
    schema = {"properties": {"acme:kind": {"enum": ["acme:one", {"acme:two": 2}]}}, "required": ["acme:kind"]}
    assert judged({"acme:kind": {"acme:two": 2}}, schema)
    assert not judged({"acme:kind": {}}, schema)
    assert not judged({}, schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"maximum": 3},
        {"allOf": [{"maximum": 3}]},
        {"not": {"not": {"maximum": 3}}},
        {"$defs": {"small": {"maximum": 3}}, "$ref": "#/$defs/small"},
    ],
)
def test_ignored_keyword_counts_for_nothing_wherever_it_stands(schema: Any) -> None:
    assert judged(5, schema, ignore="max")
    assert not judged(5, schema, ignore="min")


def test_only_maps_of_schemas_hold_names() -> None:
    assert judged([5], {"items": {"maximum": 3}}, ignore="max")
    assert judged({"maximum": 5}, {"properties": {"maximum": {"maximum": 3}}}, ignore="max")
    assert not judged({"maximum": "5"}, {"properties": {"maximum": {"type": "integer"}}}, ignore="max")


def test_formats_are_not_checked() -> None:
    assert judged("no date", {"type": "string", "format": "date"})


@pytest.mark.parametrize(
    "schema",
    [None, [], True, {"type": 7}, {"$ref": "https://papers.test/schema.json"}, {"$ref": "#/nowhere"}],
)
def test_schema_that_cannot_be_used_judges_nothing(schema: Any) -> None:
    with pytest.raises(NotEvaluable):
        judged({"number": "1001"}, schema)


def test_missing_value_judges_nothing() -> None:
    with pytest.raises(NotEvaluable):
        conforms({"self": {"output": None, "config": {"schema": NUMBER}}}, ARGUMENTS)


def test_without_a_prefix_the_schema_is_taken_as_it_is() -> None:
    seen = {"output": {"value": 1}, "config": {"schema": {"type": "integer"}}}
    assert conforms({"self": seen}, {"value": "/output/value", "schema": "/config/schema"})


class _True(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"true")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def schema_server() -> Iterator[str]:
    """Serves a schema that allows everything."""
    with HTTPServer(("127.0.0.1", 0), _True) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/schema.json"
        finally:
            server.shutdown()


def test_nothing_is_fetched() -> None:
    with (
        schema_server() as url,
        pytest.raises(NotEvaluable, match=r"the schema is not usable: .*schema\.json"),
    ):
        judged(1, {"$ref": url})
