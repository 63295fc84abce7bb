"""Where each requirement is tested: every statement of a small contract, and what is stated of webhooks."""

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.contract.shown import operations_showing
from batchproof.contract.statements import Statement, statements
from batchproof.contract.webhooks import RECEIVER

# the operations of the invented vendor, by their initials: submit, read a batch, list, read a document
OPERATIONS = {"S": "submit_batch", "B": "get_batch", "L": "list_documents", "D": "get_document"}
STATED = {
    "error": [
        ("schema", "resources/error.json", "SBLD"),
    ],
    "error.code": [
        ("schema", "resources/error.json", "SBLD"),
        ("invariant", "response.error.code == 'unauthorized'", "SBLD"),
    ],
    "submit_batch.success": [
        ("operation", "submit_batch: success", "S"),
    ],
    "errors.documented": [
        ("operation", "submit_batch: errors", "S"),
        ("operation", "get_batch: errors", "B"),
        ("operation", "list_documents: errors", "L"),
        ("operation", "get_document: errors", "D"),
    ],
    "batch": [
        ("schema", "resources/batch.json", "S"),
        ("schema", "resources/batch.json", "B"),
    ],
    "batch.count": [
        ("schema", "resources/batch.json", "S"),
        ("schema", "resources/batch.json", "B"),
        ("invariant", "self.count == size(request.documents)", "SB"),
    ],
    "batch.created_at": [
        ("schema", "resources/batch.json", "S"),
        ("schema", "resources/batch.json", "B"),
        ("invariant", "self.created_at == oldSelf.created_at", "SB"),
    ],
    "batch.id": [
        ("schema", "resources/batch.json", "S"),
        ("schema", "resources/batch.json", "B"),
    ],
    "finished_at.present": [
        ("schema", "resources/batch.json", "S"),
        ("schema", "resources/batch.json", "B"),
        ("schema", "resources/document_list.json", "L"),
        ("schema", "resources/document.json", "D"),
    ],
    "status.enum": [
        ("schema", "resources/batch.json", "S"),
        ("schema", "resources/batch.json", "B"),
        ("schema", "resources/document_list.json", "L"),
        ("schema", "resources/document.json", "D"),
    ],
    "status.type": [
        ("schema", "resources/batch.json", "S"),
        ("schema", "resources/batch.json", "B"),
        ("schema", "resources/document_list.json", "L"),
        ("schema", "resources/document.json", "D"),
    ],
    "submit_batch.documents.range": [
        ("schema", "resources/batch.json", "S"),
        ("schema", "resources/batch.json", "B"),
        ("probe", "no-documents", "S"),
        ("probe", "too-many-documents", "S"),
        ("probe", "documents-missing", "S"),
    ],
    "get_batch.success": [
        ("operation", "get_batch: success", "B"),
    ],
    "list_documents.success": [
        ("operation", "list_documents: success", "L"),
        ("schema", "resources/document_list.json", "L"),
    ],
    "document": [
        ("schema", "resources/document_list.json", "L"),
        ("schema", "resources/document.json", "D"),
    ],
    "get_document.success": [
        ("operation", "get_document: success", "D"),
        ("invariant", "status == 200", "D"),
    ],
    "list_documents.size": [
        ("invariant", "size(response.documents) <= int(query.size)", "L"),
        ("probe", "size-zero", "L"),
        ("probe", "size-largest", "L"),
    ],
    "list_documents.order": [
        ("invariant", "sorted_by_time", "L"),
    ],
    "list_documents.complete": [
        ("invariant", "size(rows) == owner.count && rows.all(row, rows.exists_one(other, other.id == row.id))", "L"),
    ],
    "document.name": [
        ("invariant", "self.name == row.name", "LD"),
    ],
    "document.pages": [
        ("invariant", "adds_up", "D"),
    ],
    "document.language": [
        ("invariant", "has(self.language)", "D"),
        ("invariant", "!has(self.language)", "D"),
    ],
    "document.batch": [
        ("invariant", "status == 200 && named.count > 0", "B"),
    ],
    "submit_batch.replay": [
        ("invariant", "response.id == first.response.id", "S"),
        ("probe", "submit-again", "S"),
    ],
    "status.order": [
        ("life cycle", "work", "SBLD"),
    ],
    "status.terminal": [
        ("life cycle", "work", "SBLD"),
    ],
    "auth.required": [
        ("probe", "no-token", "L"),
        ("probe", "unknown-token", "L"),
        ("probe", "malformed-token", "L"),
        ("probe", "basic", "L"),
    ],
    "auth.separate": [
        ("probe", "other-customer", "D"),
    ],
    "version.required": [
        ("probe", "no-version", "L"),
    ],
    "submit_batch.json": [
        ("probe", "not-json", "S"),
        ("probe", "text", "S"),
    ],
    "get_batch.not_found": [
        ("probe", "unknown-batch", "B"),
    ],
}  # fmt: skip


def test_every_statement_of_a_contract(acme: Contract) -> None:
    described = {
        name: [
            (kind, where, "".join(key for key, operation in OPERATIONS.items() if operation in operations))
            for _, kind, where, operations in found
        ]
        for name, found in acme.stated.items()
    }
    assert described == STATED
    assert [
        name for name, found in acme.stated.items() if {item.requirement for item in found} != {name}
    ] == []


@pytest.fixture
def stated(extend: Contract) -> dict[str, list[Statement]]:
    """The statements of a large contract; made anew, since that of the fixture is kept for the whole process."""
    invariants = [compiled.invariant for compiled in extend.invariants]
    return statements(extend.manifest, extend.shapes, invariants, list(extend.probes.values()))


EVENTS = (
    "batch_processor_run.processed",
    "batch_processor_run.failed",
    "batch_parse_run.processed",
    "batch_parse_run.failed",
)


@pytest.mark.parametrize(
    ("requirement", "kind", "where"),
    [
        ("webhook.envelope", "webhook", ["envelope"]),
        ("webhook.signature", "webhook", ["signature"]),
        ("webhook.timestamp", "webhook", ["timestamp"]),
        ("webhook.timestamp.fresh", "webhook", ["freshness"]),
        ("webhook.version", "webhook", ["header x-extend-api-version"]),
        (
            "webhook.parse_run.payload",
            "webhook",
            ["parse_run.processed: payload", "parse_run.failed: payload"],
        ),
        ("webhook.batch.status", "webhook", [f"{event}: status" for event in EVENTS]),
        ("webhook.batch.settled", "webhook", [f"{event}: afterwards" for event in EVENTS]),
        ("webhook.event_type", "schema", ["resources/webhook_event.json"]),
        ("webhook.post", "invariant", ["method == 'POST'"]),
    ],
)
def test_what_is_stated_of_webhooks(
    stated: dict[str, list[Statement]], requirement: str, kind: str, where: list[str]
) -> None:
    here = frozenset({RECEIVER})
    assert stated[requirement] == [Statement(requirement, kind, place, here) for place in where]


def test_what_answers_show_as_well_is_told_of_answers_only(stated: dict[str, list[Statement]]) -> None:
    schemas = {item.requirement: item for found in stated.values() for item in found if item.kind == "schema"}
    assert RECEIVER not in schemas["batch_run.status"].operations
    payloads = [item.where for item in stated["batch_run"] if RECEIVER in item.operations]
    assert payloads == [f"{event}: payload" for event in EVENTS]


def test_webhooks_whose_age_and_end_say_nothing(extend: Contract) -> None:
    hooks = extend.manifest.webhooks
    assert hooks is not None
    timestamp = msgspec.structs.replace(hooks.signature.timestamp, fresh=None)
    events = {name: msgspec.structs.replace(event, ended=None) for name, event in hooks.events.items()}
    signature = msgspec.structs.replace(hooks.signature, timestamp=timestamp)
    changed = msgspec.structs.replace(hooks, signature=signature, events=events)
    manifest = msgspec.structs.replace(extend.manifest, webhooks=changed)
    found = statements(manifest, extend.shapes, [], [])
    described = {item.where for items in found.values() for item in items if RECEIVER in item.operations}
    assert "timestamp" in described
    assert "freshness" not in described
    assert [place for place in described if place.endswith((": status", ": afterwards"))] == []


def test_statements_of_a_contract_without_webhooks_or_crash(
    extend: Contract, stated: dict[str, list[Statement]]
) -> None:
    manifest = msgspec.structs.replace(extend.manifest, webhooks=None, crash=None)
    found = statements(manifest, extend.shapes, [], [])
    assert [item for items in found.values() for item in items if RECEIVER in item.operations] == []
    assert extend.manifest.crash is not None
    assert extend.manifest.crash not in found
    assert stated[extend.manifest.crash][0] == Statement(
        extend.manifest.crash, "generation", "every generated request", frozenset(extend.manifest.operations)
    )


def test_what_a_deletion_states(extend: Contract, stated: dict[str, list[Statement]]) -> None:
    deletes = extend.manifest.operations["delete_extract_run"].deletes
    assert deletes is not None
    here = frozenset({"delete_extract_run"})
    for requirement in (deletes.requirement, deletes.list_requirement):
        expected = Statement(requirement, "operation", "delete_extract_run: deletes", here)
        assert expected in stated[requirement]


def test_refusals_of_generated_requests_are_stated(stated: dict[str, list[Statement]]) -> None:
    described = {item.where for found in stated.values() for item in found if item.kind == "generation"}
    assert "submit_extract_batch: x-refused" in described


def test_operations_that_show_a_resource(acme: Contract) -> None:
    assert operations_showing(acme.manifest, "document") == {"list_documents", "get_document"}
    assert operations_showing(acme.manifest, "document", "summary") == {"list_documents"}
    assert operations_showing(acme.manifest, "nothing") == set()
