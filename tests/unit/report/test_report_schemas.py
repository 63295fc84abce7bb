import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from msgspec import Struct

from batchproof.contract.model import Source
from batchproof.history import (
    Exchange,
    Failure,
    Footer,
    Header,
    History,
    Request,
    Response,
    ScenarioEnded,
    Unmet,
)
from batchproof.history.events import to_json as event_json
from batchproof.judging import Finding, RequirementResult, Results, to_json
from batchproof.judging.results import InterpretationSeen
from batchproof.places import schemas_dir


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        (schemas_dir() / "batchproof" / f"{name}.json").read_text(encoding="utf-8")
    )
    return loaded


def valid(name: str, instance: Any) -> bool:
    return jsonschema_rs.Draft202012Validator(schema(name), validate_formats=True).is_valid(instance)


@pytest.mark.parametrize("name", ["history", "results", "comparison", "upgrade"])
def test_the_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$id"] == f"https://batchproof.dev/schemas/batchproof/{name}.json"


def test_results_fit(mixed: Results) -> None:
    assert valid("results", json.loads(to_json(mixed)))


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (["extra"], 1),
        (["exit_code"], 3),
        (["history_sha256"], "short"),
        (["requirements", 0, "reason"], "not_exercised"),
        (["requirements", 0, "extra"], 1),
        (["requirements", 1, "findings", 0, "fingerprint"], "XYZ"),
        (["requirements", 3, "reason"], None),
        (["requirements", 3, "reason"], "because"),
        (["totals", "MUST", "passed"], -1),
    ],
)
def test_results_that_do_not_fit(mixed: Results, at: list[Any], value: Any) -> None:
    document = json.loads(to_json(mixed))
    place = document
    for step in at[:-1]:
        place = place[step]
    place[at[-1]] = value
    assert not valid("results", document)


def test_events_fit(
    history: Callable[..., History], exchange: Callable[..., Exchange], nobody_known: Unmet
) -> None:
    failed = exchange("x3", response=None, failure=Failure(kind="timeout", message="no answer in time"))
    made = history(exchange("x1", body=None), failed, unmet=(nobody_known,))
    assert made.footer is not None
    for event in (made.header, *made.exchanges, *made.unmet, made.footer):
        plain = event_json(event)
        assert valid("history", plain)
        assert not valid("history", {**plain, "extra": 1})
        assert not valid("history", {**plain, "event": "other"})
        assert not valid("history", {key: value for key, value in plain.items() if key != "event"})


@pytest.mark.parametrize(
    ("name", "definition", "struct"),
    [
        ("history", "header", Header),
        ("history", "exchange", Exchange),
        ("history", "request", Request),
        ("history", "response", Response),
        ("history", "failure", Failure),
        ("history", "unmet", Unmet),
        ("history", "ended", ScenarioEnded),
        ("history", "footer", Footer),
        ("results", None, Results),
        ("results", "requirement", RequirementResult),
        ("results", "finding", Finding),
        ("results", "interpretation", InterpretationSeen),
        ("results", "source", Source),
    ],
)
def test_schema_and_code_name_the_same_properties(
    name: str, definition: str | None, struct: type[Struct]
) -> None:
    described = schema(name) if definition is None else schema(name)["$defs"][definition]
    assert set(described["properties"]) - {"event"} == set(struct.__struct_fields__)
    assert described["additionalProperties"] is False


def test_the_schemas_are_no_contract() -> None:
    assert not list(Path(schemas_dir() / "batchproof").rglob("contract.yaml"))
