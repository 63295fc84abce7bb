"""Rows of lists: one by one, the known objects that they have to show, and the pages that a token leads to."""

import dataclasses
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract, load_contract
from batchproof.contract.model import View
from batchproof.contract.statements import statements
from batchproof.history import Exchange
from batchproof.judging import weigh
from batchproof.judging.attribution import Attribution
from batchproof.judging.broken_traversals import judge_broken_traversals
from batchproof.judging.evidence import Evidence
from batchproof.judging.invariant_cases import reachable_states
from batchproof.judging.snapshots import collect, in_order
from batchproof.judging.traversals import find_traversals

FILTER, FOUND, ANSWERED = "auth.separate", "version.required", "auth.required"
INVARIANTS = f"""
- {{requirement: {FILTER}, each: row, on: list_documents, when: has(query.status), rule: "row.status in reachable[query.status]"}}
- requirement: {FOUND}
  each: traversal
  on: list_documents
  function: finds_known
  arguments: {{parameter: status, at: /status, besides: batch}}
"""


@pytest.fixture(scope="module")
def judged(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    contract: Contract = build.acme_with_invariants(tmp_path_factory.mktemp("listing"), INVARIANTS)
    return contract


def listed(
    build: ModuleType, at: float, *documents: Any, following: str | None = None, **about: Any
) -> Exchange:
    body = {"documents": list(documents), "next": following}
    return build.exchange("list_documents", at, **{"body": body, **about})


def outcome(contract: Contract, requirement: str, *exchanges: Any) -> tuple[int, int]:
    evidence = weigh(contract, exchanges)
    return evidence.observations[requirement], sum(
        finding.count for finding in evidence.findings(requirement)
    )


# rows


def test_every_row_is_judged_alone(build: ModuleType, judged: Contract) -> None:
    rows = [build.document(state, id=f"d_{state}") for state in ("running", "queued", "done", "lost")]
    page = listed(build, 1, *rows, {"id": "d_5"}, query={"status": "running"})
    assert outcome(judged, FILTER, page) == (4, 2)
    (finding,) = weigh(judged, [page]).findings(FILTER)
    assert finding.pointer == "/documents/1"


def test_row_that_moved_on_is_none_of_another_state(build: ModuleType, judged: Contract) -> None:
    def asked(status: str, state: str) -> tuple[int, int]:
        page = listed(build, 1, build.document(state), query={"status": status})
        return outcome(judged, FILTER, page)

    assert [asked("queued", state) for state in ("queued", "running", "done", "paused")] == [(1, 0)] * 4
    assert [asked("done", state) for state in ("queued", "failed", "paused")] == [(1, 1)] * 3
    assert asked("unknown", "queued") == (0, 0)


def test_states_that_can_be_reached(acme: Contract) -> None:
    operations = acme.manifest.operations
    assert reachable_states(acme, operations["list_documents"]) == {
        "queued": ["done", "failed", "paused", "queued", "running"],
        "running": ["done", "failed", "paused", "running"],
        "done": ["done"],
        "failed": ["failed"],
    }
    success = msgspec.structs.replace(operations["list_documents"].success, shows=[])
    assert (
        reachable_states(acme, msgspec.structs.replace(operations["list_documents"], success=success)) == {}
    )


def test_rows_of_refused_and_odd_pages_are_not_judged(build: ModuleType, judged: Contract) -> None:
    query = {"status": "running"}
    refused = listed(build, 1, build.document("queued"), query=query, status=422)
    odd = build.exchange("list_documents", 2, body={"documents": {"0": {"status": "queued"}}}, query=query)
    assert outcome(judged, FILTER, refused, odd) == (0, 0)


# known objects


def detail(build: ModuleType, at: float, status: str = "done", **about: Any) -> Exchange:
    changes = about.pop("changes", {})
    return build.exchange(
        "get_document", at, body=build.detail(status, **changes), path={"id": "d_1"}, **about
    )


DONE = {"status": "done"}


def test_object_at_rest_is_found_by_its_status(build: ModuleType, judged: Contract) -> None:
    assert outcome(judged, FOUND, detail(build, 1), listed(build, 3, query=DONE)) == (1, 1)
    found = listed(build, 3, build.document("done"), query=DONE)
    assert outcome(judged, FOUND, detail(build, 1), found) == (1, 0)


def test_traversal_tells_what_its_pages_say_beside_their_rows(build: ModuleType, acme: Contract) -> None:
    pages = [listed(build, 3, build.document(), following="2"), listed(build, 4, query={"after": "2"})]
    (traversal,) = find_traversals(acme, pages, collect(acme, pages))
    assert traversal.about == [{"next": "2"}, {"next": None}]


def test_object_on_another_page_is_found(build: ModuleType, judged: Contract) -> None:
    pages = [
        listed(build, 3, build.document("done", id="d_2"), following="2", query=DONE),
        listed(build, 4, build.document("done"), query={**DONE, "after": "2"}),
    ]
    assert outcome(judged, FOUND, detail(build, 1), *pages) == (1, 0)
    assert outcome(judged, FOUND, detail(build, 1), pages[0]) == (0, 0)


@pytest.mark.parametrize(
    "looks",
    [
        [(1.0, "running", {})],
        [(2.0, "done", {})],
        [(4.0, "done", {})],
        [(1.0, "done", {"probe": "other-customer"})],
        [(1.0, "done", {"auth": "unknown"})],
        [(0.0, "done", {}), (1.5, "running", {})],
    ],
    ids=["on-its-way", "too-recent", "afterwards", "of-a-probe", "of-another", "left-its-end"],
)
def test_object_that_was_not_seen_at_rest_is_not_known(
    build: ModuleType, judged: Contract, looks: list[Any]
) -> None:
    seen = [detail(build, at, status, **about) for at, status, about in looks]
    assert outcome(judged, FOUND, *seen, listed(build, 3, query=DONE)) == (0, 0)


def test_object_that_came_to_rest_in_time_may_be_seen_again_later(
    build: ModuleType, judged: Contract
) -> None:
    assert outcome(judged, FOUND, detail(build, 0), detail(build, 2.4), listed(build, 3, query=DONE)) == (
        1,
        1,
    )


def test_object_is_known_again_by_a_look_after_the_call(build: ModuleType, extend: Contract) -> None:
    version = {"x-extend-api-version": "2026-02-09"}
    run = {"object": "extract_run", "id": "exr_1", "status": "CANCELLED"}
    about = {"path": {"id": "exr_1"}, "sent_headers": version}

    def known(*exchanges: Exchange) -> int:
        page = build.exchange("list_extract_runs", 9, body={"data": []}, sent_headers=version)
        ordered = in_order([*exchanges, page])
        (traversal,) = find_traversals(extend, ordered, collect(extend, ordered))
        return len(traversal.known)

    look = build.exchange("get_extract_run", 1, body=run, **about)
    call = build.exchange("cancel_extract_run", 2, 500, **about)
    later = build.exchange("get_extract_run", 4, body=run, **about)
    own = build.exchange("cancel_extract_run", 2, body=run, **about)
    assert [known(look, call), known(look, call, later), known(own)] == [0, 1, 1]


@pytest.mark.parametrize(("again", "expected"), [(4.4, 0), (4.5, 1)])
def test_known_object_is_still_there_when_it_is_seen_again(
    build: ModuleType, judged: Contract, again: float, expected: int
) -> None:
    ordered = in_order([detail(build, 1), listed(build, 3, query=DONE), detail(build, again)])
    (traversal,) = find_traversals(judged, ordered, collect(judged, ordered))
    assert (len(traversal.known), len(traversal.still)) == (1, expected)


def test_object_without_states_is_always_at_rest(build: ModuleType, extend: Contract) -> None:
    def page(at: float, *ids: str) -> Exchange:
        rows = [{"object": "extractor", "id": name} for name in ids]
        return build.exchange("list_extractors", at, body={"object": "list", "data": rows})

    pages = in_order([page(1, "ex_1"), page(3, "ex_1"), page(5, "ex_2"), page(7, "ex_1")])
    traversals = [
        traversal
        for traversal in find_traversals(extend, pages, collect(extend, pages))
        if traversal.operation == "list_extractors"
    ]
    known = [[row["id"] for row in traversal.known] for traversal in traversals]
    assert known == [[], ["ex_1"], ["ex_1"], ["ex_1", "ex_2"]]
    assert [[row["id"] for row in traversal.still] for traversal in traversals] == [[], [], ["ex_1"], []]


@pytest.mark.parametrize(("at", "known"), [(2.4, 0), (2.5, 1)])
def test_what_has_no_life_cycle_is_known_a_second_after_it_was_seen(
    build: ModuleType, at: float, known: int
) -> None:
    contract = load_contract("extend/2025-04-21")
    shown = {"id": "dp_1", "name": "one"}
    pages = [
        build.exchange("list_processors", at_, body={"success": True, "processors": rows}, id=f"x{at_:g}")
        for at_, rows in ((1.0, [shown]), (at, []))
    ]
    traversals = list(find_traversals(contract, pages, collect(contract, pages)))
    assert [len(traversal.known) for traversal in traversals] == [0, known]


def test_traversal_of_another_customer_need_not_show_it(build: ModuleType, judged: Contract) -> None:
    other = listed(build, 3, query=DONE, probe="other-customer")
    assert outcome(judged, FOUND, detail(build, 1), other) == (0, 0)


@pytest.mark.parametrize(
    ("at", "status", "expected"),
    # a look right after the call may have come from a replica that had not heard of it
    [(2.0, 500, 0), (2.0, 404, 1), (3.1, None, 0), (3.5, 200, 1), (0.0, 200, 0), (-0.5, 200, 1)],
)
def test_object_that_a_call_may_have_changed_is_not_known(
    build: ModuleType, extend: Contract, at: float, status: int | None, expected: int
) -> None:
    version = {"x-extend-api-version": "2026-02-09"}
    run = {"object": "extract_run", "id": "exr_1", "status": "PROCESSED"}
    path = {"id": "exr_1"}
    exchanges = [
        build.exchange("get_extract_run", 1, body=run, path=path, sent_headers=version),
        build.exchange("delete_extract_run", at, status, path=path, sent_headers=version, id="call"),
        build.exchange("list_extract_runs", 3, body={"data": []}, sent_headers=version),
    ]
    ordered = in_order(exchanges)
    (traversal,) = find_traversals(extend, ordered, collect(extend, ordered))
    assert len(traversal.known) == expected


@pytest.mark.parametrize(("named", "expected"), [("b_1", (1, 1)), ("b_2", (0, 0)), (None, (0, 0))])
def test_list_of_an_owner_shows_what_says_that_it_belongs_to_it(
    build: ModuleType, judged: Contract, named: str | None, expected: tuple[int, int]
) -> None:
    look = detail(build, 1, changes={"batch_id": named})
    traversal = listed(build, 3, query={**DONE, "batch": "b_1"})
    assert outcome(judged, FOUND, look, traversal) == expected


def test_list_of_an_owner_shows_what_it_showed_before(build: ModuleType, judged: Contract) -> None:
    def page(at: float, *rows: Any, batch: str = "b_1") -> Exchange:
        return listed(build, at, *rows, query={**DONE, "batch": batch})

    row = build.document("done")
    assert outcome(judged, FOUND, page(1, row), page(3)) == (1, 1)
    assert outcome(judged, FOUND, page(1, row, batch="b_2"), page(3)) == (0, 0)


# traversals in a circle


@pytest.mark.parametrize(("others", "expected"), [((), 1), (("d_2",), 0)])
def test_new_tokens_that_lead_to_the_same_rows_again(
    build: ModuleType, judged: Contract, others: tuple[str, ...], expected: int
) -> None:
    pages = [listed(build, 1, build.document("done"), following="t1")]
    for at, name in enumerate(("d_1", *others, "d_1"), start=1):
        row = build.document("done", id=name)
        pages.append(listed(build, 1 + at, row, following=f"t{at + 1}", query={"after": f"t{at}"}))
    found = weigh(judged, pages).findings(judged.manifest.operations["list_documents"].success.requirement)
    assert [finding.expected for finding in found] == ["further rows"] * expected


# the details of a traversal


def test_details_of_a_traversal_are_the_last_ones(build: ModuleType, judged: Contract) -> None:
    looks = [
        detail(build, 1, "running"),
        detail(build, 5, "done"),
        listed(build, 3, build.document("running")),
    ]
    ordered = in_order([*looks, listed(build, 7, build.document("running", id="d_2"))])
    found = [traversal.details for traversal in find_traversals(judged, ordered, collect(judged, ordered))]
    assert found == [[detail(build, 5, "done").response.body], []]


# the owner of a traversal


@pytest.mark.parametrize(("at", "expected"), [(3.0, None), (4.4, None), (4.6, "done")])
def test_later_look_at_the_owner_of_a_traversal(
    build: ModuleType, judged: Contract, at: float, expected: str | None
) -> None:
    traversed = listed(build, 3, build.document("running"), query={"batch": "b_1"})
    look = build.exchange("get_batch", at, body=build.batch("done"))
    ordered = in_order([traversed, look])
    (traversal,) = find_traversals(judged, ordered, collect(judged, ordered))
    assert (traversal.later and traversal.later.status) == expected


def test_owner_that_a_row_showed_last_is_known_in_detail(build: ModuleType, acme: Contract) -> None:
    manifest = msgspec.structs.replace(
        acme.manifest,
        operations={
            **acme.manifest.operations,
            "list_batches": msgspec.structs.replace(
                acme.manifest.operations["get_batch"],
                reads=None,
                success=msgspec.structs.replace(
                    acme.manifest.operations["get_batch"].success,
                    shows=[msgspec.convert({"resource": "batch", "at": "/rows/*", "view": "summary"}, View)],
                ),
            ),
        },
    )
    contract = dataclasses.replace(acme, manifest=manifest)

    def counted(row_status: str) -> Any:
        looks = [
            build.exchange("get_batch", 1, body=build.batch("done", count=3)),
            build.exchange("list_batches", 2, body={"rows": [{"id": "b_1", "status": row_status}]}),
            listed(build, 4, query={"batch": "b_1"}),
        ]
        (traversal,) = find_traversals(contract, looks, collect(contract, looks))
        assert traversal.owner is not None
        return traversal.owner.value.get("count")

    assert (counted("done"), counted("failed")) == (3, None)


# pages that a token leads to


def following(build: ModuleType, at: float, status: int | None = 500, **about: Any) -> Exchange:
    values = {"query": {"after": "2"}, "body": {"documents": [], "next": None}, **about}
    if status is None:
        values["failure"] = build.failure("protocol")
        values.pop("body")
    return build.exchange("list_documents", at, status, **values)


def broken(contract: Contract, *exchanges: Exchange) -> list[list[str]]:
    return [
        finding.exchanges
        for finding in weigh(contract, exchanges).findings("list_documents.success")
        if finding.message.startswith("a page that was asked for")
    ]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((400, 400), [["p0", "p1"]]),
        ((500, 404), [["p0", "p1"]]),
        ((500, 500, 500), [["p0", "p1", "p2"]]),
        ((500,), []),
        ((500, 200, 500), []),
        ((200, 200), []),
        ((429, 429), []),
        ((503, 503), [["p0", "p1"]]),
        ((None, None), [["p0", "p1"]]),
        ((401, None), [["p0", "p1"]]),
    ],
)
def test_token_that_was_given_leads_to_a_page(
    build: ModuleType, acme: Contract, statuses: tuple[int | None, ...], expected: list[list[str]]
) -> None:
    first = listed(build, 0, following="2")
    pages = [following(build, 2.0 * at + 2, status, id=f"p{at}") for at, status in enumerate(statuses)]
    last = listed(build, 20)
    found = broken(acme, first, *pages, last)
    assert found == expected


def test_page_that_did_not_come_in_time_breaks_no_traversal(build: ModuleType, acme: Contract) -> None:
    late = {"status": None, "query": {"after": "2"}, "failure": build.failure("timeout")}
    pages = [build.exchange("list_documents", at, **late) for at in (2, 4, 6)]
    assert broken(acme, listed(build, 0, following="2"), *pages, listed(build, 20)) == []


def test_gateway_that_is_away_for_everybody_breaks_no_traversal(build: ModuleType, acme: Contract) -> None:
    pages = [listed(build, 0, following="2"), following(build, 2, 503), following(build, 4, 503)]
    assert broken(acme, *pages) == []
    assert broken(acme, *pages, listed(build, 6, scenario="other")) == []


def test_breakdown_has_to_come_back_a_moment_later(build: ModuleType, acme: Contract) -> None:
    def twice(status: int, second: float) -> int:
        pages = [following(build, 2, status), following(build, second, status)]
        return len(broken(acme, listed(build, 0, following="2"), *pages))

    assert (twice(500, 3.4), twice(500, 3.5), twice(404, 2.5)) == (0, 1, 1)


@pytest.mark.parametrize(
    ("first", "second", "token", "found"),
    [
        ("abc", "abc", "2", 1),
        ("abc", "cba", "3", 1),
        ("abc", "abd", "2", 0),
        ("abc", "abc", None, 0),
        ("ab", "ab", "2", 0),
    ],
    ids=["same", "in-another-order", "moves-on", "ends", "few"],
)
def test_token_that_leads_to_the_page_that_gave_it(
    build: ModuleType, acme: Contract, first: str, second: str, token: str | None, found: int
) -> None:
    before = listed(build, 0, *[build.document("done", id=name) for name in first], following="2")
    rows = [build.document("done", id=name) for name in second]
    page = following(build, 2, 200, body={"documents": rows, "next": token})
    described = [item.message for item in weigh(acme, [before, page]).findings("list_documents.success")]
    assert (
        described.count(
            "a page that was asked for with the token of the one before shows the same rows again"
        )
        == found
    )


@pytest.mark.parametrize(
    "about",
    [
        {"query": {"after": "3"}},
        {"query": {"after": "2", "size": "1"}},
        {"scenario": "other"},
        {"probe": "no-token"},
    ],
    ids=["another-token", "another-filter", "another-scenario", "probe"],
)
def test_page_that_no_token_led_to_may_be_refused(
    build: ModuleType, acme: Contract, about: dict[str, Any]
) -> None:
    pages = [following(build, at, 400, **about) for at in (2.0, 4.0)]
    assert broken(acme, listed(build, 0, following="2"), *pages) == []


def test_pages_may_have_a_requirement_of_their_own(build: ModuleType, acme: Contract) -> None:
    listing = acme.manifest.operations["list_documents"]
    assert listing.pages is not None
    pages = msgspec.structs.replace(listing.pages, answered=ANSWERED)
    operations = {**acme.manifest.operations, "list_documents": msgspec.structs.replace(listing, pages=pages)}
    contract = dataclasses.replace(
        acme, manifest=msgspec.structs.replace(acme.manifest, operations=operations)
    )
    first = listed(build, 0, following="2")
    bad = [following(build, at, 404) for at in (2.0, 4.0)]
    assert outcome(contract, ANSWERED, first, following(build, 2, 200)) == (1, 0)
    assert outcome(contract, ANSWERED, first, *bad) == (1, 1)
    stated = statements(contract.manifest, contract.shapes, [], [])[ANSWERED]
    assert [(place.kind, place.where) for place in stated] == [("operation", "list_documents: pages")]


# pages that lead nowhere


def test_token_that_leads_to_the_same_rows_again(build: ModuleType, extend: Contract) -> None:
    stable = {"sortBy": "createdAt", "sortDir": "asc"}
    version = {"x-extend-api-version": "2026-02-09"}

    def page(at: float, row: str, following: str | None, **query: str) -> Exchange:
        body = {"data": [{"id": row}], **({} if following is None else {"nextPageToken": following})}
        return build.exchange("list_extract_runs", at, body=body, query=query, sent_headers=version)

    operation = extend.manifest.operations["list_extract_runs"]
    pages = msgspec.structs.replace(operation.pages, stable=stable, leads=ANSWERED)
    operations = {"list_extract_runs": msgspec.structs.replace(operation, pages=pages)}
    contract = dataclasses.replace(
        extend, manifest=msgspec.structs.replace(extend.manifest, operations=operations)
    )

    def described(*exchanges: Exchange) -> tuple[int, int]:
        evidence = Evidence()
        judge_broken_traversals(contract, exchanges, Attribution(exchanges), evidence)
        return evidence.observations[ANSWERED], sum(finding.count for finding in evidence.findings(ANSWERED))

    first, second = page(1, "exr_1", "2", **stable), page(2, "exr_2", "2", **stable, nextPageToken="2")
    assert described(first, second) == (1, 0)
    assert described(first, second, page(3, "exr_2", "2", **stable, nextPageToken="2")) == (2, 1)
    assert described(first, page(2, "exr_1", None, **stable, nextPageToken="2")) == (1, 1)
    assert described(page(1, "exr_1", "2"), page(2, "exr_1", None, nextPageToken="2")) == (1, 0)
