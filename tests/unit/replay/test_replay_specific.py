"""Lists of everything in a script become reads of the objects that the script has made."""

from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.history import Case
from batchproof.judging import Finding
from batchproof.replay import script_of
from batchproof.replay.links import Links
from batchproof.replay.script import Reference, Script
from batchproof.replay.specific import specific


def page(*rows: Any) -> dict[str, Any]:
    return {"documents": list(rows), "next": None}


@pytest.fixture
def story(build: ModuleType) -> list[Any]:
    """A batch of two documents is submitted and listed, then everything is listed, and both documents are read."""
    own = [build.document(id="d_9"), build.document(id="d_1")]
    strange = build.document("done", id="d_strange")
    everything = page(strange, build.document("running", id="d_1"), build.document("done", id="d_9"))
    return [
        build.exchange(
            "submit_batch", 0, 201, id="s", body=build.batch(), sent={"documents": [{"name": "a"}]}
        ),
        build.exchange("list_documents", 1, id="l", body=page(*own), query={"batch": "b_1"}),
        build.exchange("list_documents", 2, id="all", body=everything),
        build.exchange("get_document", 3, id="d", body=build.detail("done"), path={"id": "d_1"}),
        build.exchange("get_document", 4, id="e", body=build.detail("done", id="d_9"), path={"id": "d_9"}),
    ]


def scripts(contract: Contract, finding: Finding, exchanges: list[Any]) -> tuple[Script, Script]:
    plain = script_of(contract, "papers", "status.order", finding, exchanges, Links(contract, exchanges))
    return plain, specific(contract, plain, exchanges)


def test_a_list_of_everything_becomes_reads_of_what_the_script_made(
    acme: Contract, finding: Finding, story: list[Any]
) -> None:
    _, changed = scripts(acme, finding, story)
    assert [(step.operation, step.request.path, step.until) for step in changed.steps] == [
        ("submit_batch", {}, None),
        ("list_documents", {}, None),
        ("get_document", {"id": "d_1"}, "running"),
        ("get_document", {"id": "d_9"}, "done"),
        ("get_document", {"id": "d_1"}, "done"),
        ("get_document", {"id": "d_9"}, "done"),
    ]
    first = Reference(part="path", at="id", step=1, given_at="/documents/0/id")
    second = Reference(part="path", at="id", step=1, given_at="/documents/1/id")
    assert [step.references[0] for step in changed.steps[2:]] == [second, first, second, first]
    assert changed.steps[2].request.headers == story[2].request.headers


def test_references_to_later_steps_move_along(
    acme: Contract, finding: Finding, build: ModuleType, story: list[Any]
) -> None:
    again = build.exchange("list_documents", 5, id="m", body=page(), query={"batch": "b_2"})
    submitted = build.exchange(
        "submit_batch", 4.8, 201, id="t", body=build.batch(id="b_2"), sent={"documents": []}, lasts=0.1
    )
    plain, changed = scripts(acme, finding, [*story, submitted, again])
    assert plain.steps[-1].references == [Reference(part="query", at="batch", step=5, given_at="/id")]
    assert changed.steps[-1].references == [Reference(part="query", at="batch", step=6, given_at="/id")]


def test_a_list_that_shows_nothing_of_its_own_stays(
    acme: Contract, finding: Finding, build: ModuleType, story: list[Any]
) -> None:
    strange = build.exchange("list_documents", 2, id="all", body=page(build.document(id="d_strange")))
    early = build.exchange("list_documents", 0.6, id="early", body=story[2].response.body, lasts=0.1)
    refused = build.exchange("list_documents", 2.6, 500, id="refused", body=None, lasts=0.1)
    for other in (strange, early, refused):
        exchanges = sorted([*story[:2], other, *story[3:]], key=lambda item: item.start)
        plain, changed = scripts(acme, finding, exchanges)
        assert changed == plain


def test_a_generated_request_stays(
    acme: Contract, finding: Finding, build: ModuleType, story: list[Any]
) -> None:
    generated = build.exchange(
        "list_documents", 2, id="all", body=story[2].response.body, case=Case(mode="valid", about="a query")
    )
    plain, changed = scripts(acme, finding, [*story[:2], generated, *story[3:]])
    assert changed == plain


def test_a_page_of_a_list_of_its_own_stays(acme: Contract, finding: Finding, story: list[Any]) -> None:
    plain, changed = scripts(acme, finding, [*story[:2], *story[3:]])
    assert changed == plain


def test_a_control_is_still_the_same_step(
    acme: Contract, finding: Finding, build: ModuleType, story: list[Any]
) -> None:
    case = Case(mode="invalid", about="odd", place="query/size", control="control")
    control = build.exchange("list_documents", 2.6, id="control", body=page(), query={"size": "1"}, lasts=0.1)
    odd = build.exchange(
        "list_documents", 2.8, 422, id="odd", body={}, query={"size": "x"}, case=case, lasts=0.1
    )
    plain, changed = scripts(acme, finding, [*story[:3], control, odd, *story[3:]])
    assert (plain.steps[4].control, changed.steps[5].control) == (3, 4)
