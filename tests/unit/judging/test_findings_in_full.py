"""Findings tell in full what is wrong, and their fingerprints, which reports compare, are the same in every release."""

from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract, load_contract
from batchproof.judging import weigh

REFUSED = {"error": {"code": "not_found", "message": "refused"}}


def look(build: ModuleType, at: float, body: Any = None, **about: Any) -> Any:
    return build.exchange(
        "get_batch", at, body=build.batch() if body is None else body, path={"id": "b_1"}, **about
    )


def submission(build: ModuleType, at: float, count: int = 1, **about: Any) -> Any:
    return build.exchange(
        "submit_batch", at, 201, body=build.batch(count=count), sent={"documents": [{"name": "a"}]}, **about
    )


# exchanges by name, each of an operation of the invented vendor
LOOKS: dict[str, Any] = {
    "queued": look,
    "running": lambda build, at: look(build, at, build.batch("running")),
    "done": lambda build, at: look(build, at, build.batch("done")),
    "failed": lambda build, at: look(build, at, build.batch("failed")),
    "lost": lambda build, at: look(build, at, build.batch("lost")),
    "text for a count": lambda build, at: look(build, at, build.batch(count="1")),
    "no count": lambda build, at: look(
        build, at, {key: value for key, value in build.batch().items() if key != "count"}
    ),
    "created later": lambda build, at: look(build, at, build.batch(created_at="2026-01-01T00:00:01Z")),
    "202": lambda build, at: look(build, at, status=202),
    "409": lambda build, at: look(build, at, REFUSED, status=409),
    "page": lambda build, at: look(build, at, msgspec.UNSET, text="<html>"),
    "one sheet of three": lambda build, at: build.exchange(
        "get_document", at, body=build.detail(sheets=[{"pages": 1}]), path={"id": "d_1"}
    ),
    "two for one": lambda build, at: submission(build, at, count=2),
    "control of not-json": lambda build, at: submission(build, at, control_of=["not-json"]),
    "not-json": lambda build, at: build.exchange(
        "submit_batch", at, 201, body=build.batch(id="b_2"), probe="not-json"
    ),
    "control of size-largest": lambda build, at: build.exchange(
        "list_documents", at, body={"documents": [], "next": None}, control_of=["size-largest"]
    ),
    "size-largest": lambda build, at: build.exchange(
        "list_documents", at, 422, body=REFUSED, probe="size-largest"
    ),
    "control of unknown-batch": lambda build, at: look(build, at, control_of=["unknown-batch"]),
    "unknown-batch": lambda build, at: build.exchange(
        "get_batch",
        at,
        404,
        body={"error": {"code": "invalid", "message": ""}},
        path={"id": "b_x"},
        probe="unknown-batch",
    ),
}


@pytest.mark.parametrize(
    ("shown", "requirement", "fingerprint", "message", "pointer", "expected", "observed", "rests_on"),
    [
        (["running", "queued"], "status.order", "c95a07a1686a8b5b", "batch went from running to queued",
         "/status", "one of done, failed, running", "queued", ["x1", "x2"]),
        (["done", "failed"], "status.terminal", "36f6519a21693ece", "batch went from done to failed",
         "/status", "one of done", "failed", ["x1", "x2"]),
        (["202"], "get_batch.success", "64f501a85c595247", "answered 202", "", "status 200", 202, ["x1"]),
        (["409"], "errors.documented", "9bc881987acc98b1",
         "answered 409, which is not documented for get_batch", "", "one of 401, 404, 429", 409, ["x1"]),
        (["page"], "get_batch.success", "1ebe6d9ba25a7bfe", "the body is not JSON", "", "a JSON body",
         "<html>", ["x1"]),
        (["control of not-json", "not-json"], "submit_batch.json", "931e22f160bd0f86",
         "the invalid request (not-json) was answered 201", "", "refused with 400", 201, ["x2", "x1"]),
        (["control of size-largest", "size-largest"], "list_documents.size", "75acfec0bcd38681",
         "the changed request (size-largest) was answered 422", "", "accepted with 200", 422, ["x2", "x1"]),
        (["control of unknown-batch", "unknown-batch"], "get_batch.not_found", "f883087fc3d78626",
         "the invalid request (unknown-batch) was refused with another code", "/error/code",
         "code not_found", "invalid", ["x2", "x1"]),
        (["two for one"], "batch.count", "0a00d3b750836e2d",
         "the invariant does not hold: self.count == size(request.documents)", "",
         "self.count == size(request.documents)  (where request != null)",
         {"request": {"documents": [{"name": "a"}]}, "self": {"count": 2}}, ["x1"]),
        (["queued", "created later"], "batch.created_at", "4ddd3dda8f93bed0",
         "the invariant does not hold: self.created_at == oldSelf.created_at", "",
         "self.created_at == oldSelf.created_at",
         {"oldSelf": {"created_at": "2026-01-01T00:00:00Z"}, "self": {"created_at": "2026-01-01T00:00:01Z"}},
         ["x1", "x2"]),
        (["no count"], "batch.count", "ce46c5d6de8bda53", "the property 'count' is missing", "/count",
         "the property 'count' is present", ["created_at", "id", "status"], ["x1"]),
        (["lost"], "status.enum", "29e41a2a0e478680",
         "'lost' is not one of ['queued', 'running', 'done', 'failed']", "/status",
         "one of queued, running, done, failed", "lost", ["x1"]),
        (["text for a count"], "batch.count", "bb4a55ff48570264", "'1' is not of type 'integer'", "/count",
         "an integer", "1", ["x1"]),
    ],
)  # fmt: skip
def test_finding_in_full(
    build: ModuleType,
    acme: Contract,
    shown: list[str],
    requirement: str,
    fingerprint: str,
    message: str,
    pointer: str,
    expected: str,
    observed: Any,
    rests_on: list[str],
) -> None:
    evidence = weigh(acme, [LOOKS[name](build, at) for at, name in enumerate(shown, 1)])
    assert {name for name in evidence.observations if evidence.findings(name)} == {requirement}
    (finding,) = evidence.findings(requirement)
    assert (finding.fingerprint, finding.message, finding.pointer) == (fingerprint, message, pointer)
    assert (finding.expected, finding.observed, finding.exchanges) == (expected, observed, rests_on)
    assert (finding.blame, finding.count) == ("server", 1)


@pytest.mark.parametrize(
    ("shown", "headline", "came"),
    [
        (["running", "queued"], 'batch: went back from "running" to "queued"; documented: "done" or "failed"',
         [('batch b_1 was "running"', "x1"), ('"queued"', "x2")]),
        (["done", "failed"], 'batch: went from "done", which is an end, to "failed"',
         [('batch b_1 was "done"', "x1"), ('"failed"', "x2")]),
        (["202"], "get_batch: a request was answered 202, which is not documented",
         [("202; documented: 200", None)]),
        (["409"], "get_batch: a request was answered 409, which is not documented",
         [("409; documented: 401, 404 or 429", None)]),
        (["page"], "get_batch: the body of an answer is not JSON", [('the body is "<html>"', None)]),
        (["control of not-json", "not-json"],
         "submit_batch: a request with a body that is not JSON is accepted (201)",
         [("201; documented: 400", None)]),
        (["control of size-largest", "size-largest"],
         "list_documents: a request with size = 1000 is refused (422)",
         [("422; documented: 200", None)]),
        (["control of unknown-batch", "unknown-batch"],
         'get_batch: a request whose id names nothing is refused with the code "invalid"',
         [('code "invalid"; documented: not_found', None)]),
        (["two for one"], "batch: count is 2, not the 1 in documents of the request",
         [("it has the id b_1", None)]),
        (["queued", "created later"],
         "batch: created_at changed from 2026-01-01T00:00:00Z to 2026-01-01T00:00:01Z",
         [("created_at was 2026-01-01T00:00:00Z", "x1"), ("2026-01-01T00:00:01Z", "x2")]),
        (["no count"], "batch: count is missing", [("the whole body has created_at, id, status", None)]),
        (["lost"], 'status: status is "lost", which is none of the documented values',
         [('"lost" at status; documented: "queued", "running", "done" or "failed"', None)]),
        (["text for a count"], 'batch: count is the text "1", not an integer',
         [('"1" at count; documented: an integer', None)]),
        (["one sheet of three"], "document: pages is 3, and the sum of sheets[].pages is 1",
         [("it has the id d_1", None)]),
    ],
)  # fmt: skip
def test_finding_in_words(
    build: ModuleType, acme: Contract, shown: list[str], headline: str, came: list[tuple[str, str | None]]
) -> None:
    evidence = weigh(acme, [LOOKS[name](build, at) for at, name in enumerate(shown, 1)])
    ((finding,),) = [evidence.findings(name) for name in evidence.contradicted]
    assert finding.headline == headline
    assert [(item.text, item.exchange) for item in finding.shown] == came


def test_words_are_short_whatever_a_server_sends(build: ModuleType, acme: Contract) -> None:
    evidence = weigh(acme, [look(build, 1, build.batch("x" * 10_000))])
    (finding,) = evidence.findings("status.enum")
    assert finding.headline == (
        'status: status is "xxxxxxxxxxxxxxxx…" (10,000 characters), which is none of the documented values'
    )


def test_invariant_with_a_function_names_function_and_arguments(build: ModuleType, acme: Contract) -> None:
    evidence = weigh(acme, [LOOKS["one sheet of three"](build, 1)])
    (finding,) = evidence.findings("document.pages")
    assert finding.fingerprint == "c70aae3a1864fb97"
    assert finding.expected == "adds_up at= parts=/sheets/*/pages total=/pages"


@pytest.fixture(scope="session")
def undecided(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The invented vendor's contract, where two sources differ about the name of a document's batch that is missing."""
    folder: Path = build.copy_of_acme(tmp_path_factory.mktemp("undecided"))
    probe = """
- name: language-unknown
  requirement: document.language
  operation: list_documents
  change: {query: {size: 7}}
  interpretations: {"null": [200], absent: [400, 422]}
"""
    with (folder / "probes.yaml").open("a", encoding="utf-8") as probes:
        probes.write(probe)
    return load_contract(str(folder))


@pytest.mark.parametrize(
    ("status", "followed", "found"),
    [
        (200, ["null"], []),
        (400, ["absent"], []),
        (422, ["absent"], []),
        (
            404,
            [],
            [
                "the changed request (language-unknown) was answered 404, which follows no documented interpretation"
            ],
        ),
        (429, [], []),
    ],
)
def test_probe_with_interpretations_tells_which_one_is_followed(
    build: ModuleType, undecided: Contract, status: int, followed: list[str], found: list[str]
) -> None:
    page = {"documents": [], "next": None}
    control = build.exchange("list_documents", 1, body=page, control_of=["language-unknown"])
    body = page if status == 200 else REFUSED
    changed = build.exchange("list_documents", 2, status, body=body, probe="language-unknown")
    evidence = weigh(undecided, [control, changed])
    assert dict(evidence.interpretations) == {
        ("document.language", interpretation): 1 for interpretation in followed
    }
    assert [finding.message for finding in evidence.findings("document.language")] == found
