"""Deleted objects, and invariants about a call on one object."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract, load_contract
from batchproof.judging import judge, weigh

OPERATION = """
  delete_document:
    method: DELETE
    path: /documents/{id}
    document: reference
    deletes: {resource: document, requirement: deletion.gone, list_requirement: deletion.unlisted}
    success: {status: 200, schema: resources/deletion.json, requirement: deletion}
    errors: {statuses: [401, 404], requirement: errors.documented}

flows:"""
ROW = """
- id: {name}
  level: MUST
  statement: It is so.
  source: {{document: reference, section: Delete}}
  basis: documented
  aspect: consistency
  testable: black-box
"""
SCHEMA = '{"$id": "https://batchproof.dev/schemas/acme/1/resources/deletion.json", "type": "object"}'


@pytest.fixture(scope="session")
def deleting(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The invented vendor's contract with an operation that deletes documents."""
    folder: Path = build.copy_of_acme(tmp_path_factory.mktemp("deleting"))
    manifest = (folder / "contract.yaml").read_text("utf-8")
    (folder / "contract.yaml").write_text(manifest.replace("\nflows:", OPERATION), "utf-8")
    with (folder / "requirements.yaml").open("a", encoding="utf-8") as rows:
        for name in ("deletion", "deletion.gone", "deletion.unlisted"):
            rows.write(ROW.format(name=name))
    (folder / "resources" / "deletion.json").write_text(SCHEMA, "utf-8")
    return load_contract(str(folder))


NOT_FOUND = {"error": {"code": "not_found", "message": ""}}


def deleted(build: ModuleType, at: float, status: int = 200) -> Any:
    return build.exchange(
        "delete_document", at, status, path={"id": "d_1"}, body={} if status == 200 else NOT_FOUND
    )


def read(build: ModuleType, at: float, status: int, **about: Any) -> Any:
    body = build.detail() if status == 200 else NOT_FOUND
    return build.exchange("get_document", at, status, **{"path": {"id": "d_1"}, "body": body, **about})


def listed(build: ModuleType, at: float, *ids: str) -> Any:
    return build.exchange("list_documents", at, body={"documents": [build.document(id=name) for name in ids]})


def outcome(contract: Contract, requirement: str, *exchanges: Any) -> tuple[int, int]:
    evidence = weigh(contract, exchanges)
    return evidence.observations[requirement], sum(
        finding.count for finding in evidence.findings(requirement)
    )


def test_deleted_object_is_not_readable(build: ModuleType, deleting: Contract) -> None:
    gone = "deletion.gone"
    assert outcome(deleting, gone, deleted(build, 1), read(build, 2, 404)) == (1, 0)
    assert outcome(deleting, gone, deleted(build, 1), read(build, 2, 200)) == (0, 0)
    assert outcome(deleting, gone, deleted(build, 1), read(build, 2.5, 200)) == (1, 1)


def test_read_that_proves_nothing_about_a_deletion(build: ModuleType, deleting: Contract) -> None:
    gone = "deletion.gone"
    assert outcome(deleting, gone, read(build, 0, 200), deleted(build, 1)) == (0, 0)
    assert outcome(deleting, gone, deleted(build, 1), read(build, 1.2, 200)) == (0, 0)
    assert outcome(deleting, gone, deleted(build, 1, 404), read(build, 2, 200)) == (0, 0)
    assert outcome(deleting, gone, deleted(build, 1), read(build, 2, 200, path={"id": "d_2"})) == (0, 0)
    assert outcome(deleting, gone, deleted(build, 1), read(build, 2, 429)) == (0, 0)


def test_old_object_may_have_been_deleted_by_another_client(
    build: ModuleType, deleting: Contract, acme: Contract
) -> None:
    shown, lost = listed(build, 1, "d_1", "d_2"), [read(build, at, 404) for at in (4, 6)]

    def held_against(contract: Contract, *later: str) -> int:
        findings = weigh(contract, [shown, *lost, listed(build, 9, *later)]).findings("get_document.success")
        return sum("a valid request" in finding.message for finding in findings)

    assert (held_against(deleting, "d_2"), held_against(deleting, "d_1", "d_2")) == (0, 1)
    # where nothing can be deleted, it is gone for no documented reason
    assert held_against(acme, "d_2") == 1
    described = judge(deleting, build.history([shown, *lost, listed(build, 9, "d_2")])).unexpected
    assert [(item.operation, item.answer, item.count) for item in described] == [("get_document", "404", 2)]


def test_deleted_object_is_not_listed(build: ModuleType, deleting: Contract) -> None:
    unlisted = "deletion.unlisted"
    before = listed(build, 0, "d_1", "d_2")
    assert outcome(deleting, unlisted, before, deleted(build, 1), listed(build, 2, "d_2")) == (1, 0)
    observations, findings = outcome(
        deleting, unlisted, before, deleted(build, 1), listed(build, 2.5, "d_2", "d_1")
    )
    assert (observations > 0, findings) == (True, 1)
    assert outcome(deleting, unlisted, before, deleted(build, 1), listed(build, 2, "d_2", "d_1")) == (0, 0)
    assert outcome(deleting, unlisted, before, deleted(build, 1)) == (0, 0)


def test_look_that_begins_as_the_grace_ends_came_after_it(build: ModuleType, deleting: Contract) -> None:
    gone = deleted(build, 1)
    assert outcome(deleting, "deletion.gone", gone, read(build, 1.5, 404)) == (1, 0)
    assert outcome(deleting, "deletion.gone", gone, read(build, 2.5, 200)) == (1, 1)
    before = listed(build, 0, "d_1")
    assert outcome(deleting, "deletion.unlisted", before, gone, listed(build, 2.5, "d_1")) == (2, 1)
    assert outcome(deleting, "deletion.unlisted", before, gone, listed(build, 1.5, "d_2")) == (1, 0)


def test_what_is_no_read_of_the_object_says_nothing_about_its_deletion(
    build: ModuleType, deleting: Contract
) -> None:
    gone = deleted(build, 1)
    batch = build.exchange("get_batch", 2, path={"id": "d_1"}, body=build.batch())
    assert outcome(deleting, "deletion.gone", gone, batch) == (0, 0)
    assert outcome(deleting, "deletion.unlisted", gone, read(build, 2, 200)) == (0, 0)
    assert outcome(deleting, "deletion.gone", gone, read(build, 2, 429), read(build, 3, 200)) == (1, 1)
    assert outcome(deleting, "deletion.gone", deleted(build, 0, 404), gone, read(build, 3, 200)) == (1, 1)


def test_any_page_that_was_asked_for_after_a_deletion_counts(build: ModuleType, deleting: Contract) -> None:
    def page(at: float, following: str | None, *ids: str, **query: str) -> Any:
        rows = [build.document(id=name) for name in ids]
        return build.exchange("list_documents", at, body={"documents": rows, "next": following}, query=query)

    unlisted = "deletion.unlisted"
    traversal = [page(3, "2", "d_2"), page(4, None, "d_1", after="2")]
    assert outcome(deleting, unlisted, deleted(build, 1), *traversal) == (2, 1)
    begun_too_soon = [page(2, "2", "d_2"), page(3, None, "d_1", after="2")]
    assert outcome(deleting, unlisted, deleted(build, 1), *begun_too_soon) == (0, 0)
    assert outcome(deleting, unlisted, deleted(build, 1), page(3, "2", "d_1")) == (1, 1)
    assert outcome(deleting, unlisted, deleted(build, 1), page(3, None, "d_1", after="2")) == (0, 0)


def test_invariant_about_a_call_sees_the_object_before(build: ModuleType, deleting: Contract) -> None:
    invariant = "get_document.success"
    seen = listed(build, 0, "d_1")
    # an accepted call is one observation by its answer and one by the invariant; a refused one by the invariant only
    assert outcome(deleting, invariant, seen, read(build, 1, 200)) == (2, 0)
    assert outcome(deleting, invariant, seen, read(build, 1, 404)) == (1, 1)


def test_invariant_about_a_call_leaves_out_what_says_nothing_about_it(
    build: ModuleType, deleting: Contract
) -> None:
    invariant = "get_document.success"
    seen = listed(build, 0, "d_1")
    assert outcome(deleting, invariant, read(build, 1, 404)) == (0, 0)
    assert outcome(deleting, invariant, seen, read(build, 0.2, 404)) == (0, 0)
    assert outcome(deleting, invariant, seen, read(build, 1, 429)) == (0, 0)
    assert outcome(deleting, invariant, seen, read(build, 1, 500)) == (0, 0)
    assert outcome(deleting, invariant, seen, read(build, 1, 404, probe="other-customer")) == (0, 0)
    assert outcome(deleting, invariant, seen, deleted(build, 1), read(build, 2, 404)) == (0, 0)


def test_findings_on_deletions_in_full(build: ModuleType, deleting: Contract) -> None:
    row = build.document()
    listing = build.exchange("list_documents", 5, body={"documents": [row], "next": None})
    evidence = weigh(deleting, [deleted(build, 1), read(build, 3, 200), listing])
    assert {
        name: [finding.fingerprint for finding in evidence.findings(name)]
        for name in ("deletion.gone", "deletion.unlisted")
    } == {"deletion.gone": ["35bfdeb86e61eac9"], "deletion.unlisted": ["2e0a78f3c6b4dbf4"]}
    described = {
        name: [(finding.message, finding.pointer, finding.expected, finding.observed, finding.exchanges)]
        for name in ("deletion.gone", "deletion.unlisted")
        for finding in evidence.findings(name)
    }
    assert described == {
        "deletion.gone": [
            ("the document can still be read after it was deleted", "", "status 404", 200, ["x1", "x3"])
        ],
        "deletion.unlisted": [
            (
                "the document is still listed after it was deleted",
                "/documents/0",
                "a list without it",
                row,
                ["x1", "x5"],
            )
        ],
    }


def test_request_to_no_operation_says_nothing_about_a_deletion(build: ModuleType, deleting: Contract) -> None:
    evidence = weigh(deleting, [deleted(build, 1), build.exchange(None, 2, path={"id": "d_1"}, body={})])
    assert evidence.observations["deletion.gone"] == 0
