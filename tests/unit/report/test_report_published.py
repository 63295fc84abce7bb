"""Every format of others is what they publish about it, whatever a server says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import google.protobuf.json_format
import jsonschema_rs
import msgspec
import pytest
import xmlschema
from in_toto_attestation.predicates.test_result.v0.test_result_pb2 import TestResult as Predicate
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement

from batchproof.history import History
from batchproof.judging import Results
from batchproof.judging.results import ExpectedEntry
from batchproof.report.formats import attestation, badge, ctrf
from batchproof.report.junit import junit

PUBLISHED = Path(__file__).parents[2] / "published"
XSD = xmlschema.XMLSchema(PUBLISHED / "junit.xsd")


def check(name: str, content: bytes) -> Any:
    """What the JSON ``content`` holds, which fits the schema ``name``."""
    value = json.loads(content)
    schema = json.loads((PUBLISHED / name).read_text())
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(value)
    return value


def check_statement(content: bytes) -> Predicate:
    """The predicate of the statement, as the bindings of its authors read it."""
    read = google.protobuf.json_format.Parse(content, statement_pb2.Statement())
    Statement.copy_from_pb(read).validate()
    predicate = json.loads(content)["predicate"]
    return google.protobuf.json_format.ParseDict(predicate, Predicate())


def check_all(results: Results, history: History) -> None:
    XSD.validate(junit(results, history).decode())
    check("ctrf.json", ctrf(results, history))
    check("shields-endpoint.json", badge(results))
    check_statement(attestation(results, history, b"{}"))


def test_formats_of_a_run(mixed: Results, history: Callable[..., History]) -> None:
    gone = ExpectedEntry(
        entry="b.toml: expected[0]",
        requirement="batch.id",
        fingerprint=None,
        reason="r",
        link=None,
        until=None,
        state="gone",
    )
    check_all(msgspec.structs.replace(mixed, expected=[gone], claims=["sync"]), history())


def test_formats_of_a_run_of_which_nobody_knows_when_it_began(
    mixed: Results, history: Callable[..., History]
) -> None:
    made = history(whole=False)
    check_all(mixed, made._replace(header=msgspec.structs.replace(made.header, started_at="")))


def test_formats_of_a_run_of_seven_microseconds(mixed: Results, history: Callable[..., History]) -> None:
    made = history()
    assert made.footer is not None
    check_all(mixed, made._replace(footer=msgspec.structs.replace(made.footer, ended=0.000_007)))


def test_formats_of_a_hostile_server(poisoned: Results, poisoned_history: History) -> None:
    check_all(poisoned, poisoned_history)


@pytest.mark.parametrize(
    "wrong",
    [
        b"<testsuites><testsuite/></testsuites>",
        b'<testsuites skipped="1"/>',
        b'<testsuites><testsuite name="a" tests="1" failures="0" errors="0" time="1e-05"/></testsuites>',
    ],
)
def test_schema_of_jenkins_refuses_what_its_plugin_refuses(wrong: bytes) -> None:
    assert not XSD.is_valid(wrong.decode())
