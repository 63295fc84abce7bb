"""Scenarios that gave up, and a token that is refused from the middle of a run on."""

from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.history import Exchange, Halt, History, Unmet
from batchproof.judging import judge
from batchproof.judging.giving_up import own

FLOW = ["get_batch", "get_document", "list_documents", "submit_batch"]


def gave_up(*operations: str, **about: Any) -> Unmet:
    values = {"scenario": "t", "reason": "target_error", "detail": "it did not end", **about}
    return Unmet(operations=list(operations), **values)


def test_healthy_run_in_which_a_scenario_gave_up_is_inconclusive(acme: Contract, recorded: History) -> None:
    assert judge(acme, recorded).exit_code == 0
    results = judge(acme, recorded._replace(unmet=(gave_up(option="wait longer"),)))
    assert (results.verdict, results.exit_code, results.trouble) == ("inconclusive", 3, None)
    (described,) = results.gave_up
    assert (described.scenario, described.detail, described.option) == ("t", "it did not end", "wait longer")


@pytest.mark.parametrize("reason", ["precondition_unmet", "budget_exhausted"])
def test_what_the_run_itself_lacks_is_no_giving_up(acme: Contract, recorded: History, reason: str) -> None:
    results = judge(acme, recorded._replace(unmet=(gave_up(reason=reason),)))
    assert (results.exit_code, results.gave_up) == (0, [])


def old_and_new(build: ModuleType) -> list[Exchange]:
    """A batch of this run that never ends, beside an old one that has ended."""
    return [
        build.exchange(
            "submit_batch", 0, 201, body=build.batch(id="b_new"), sent={"documents": [{"name": "a"}]}
        ),
        build.exchange("get_batch", 1, body=build.batch(id="b_new"), path={"id": "b_new"}),
        build.exchange("get_batch", 2, body=build.batch("done", id="b_old"), path={"id": "b_old"}),
        build.exchange("get_batch", 4, body=build.batch("done", id="b_old"), path={"id": "b_old"}),
    ]


def test_old_objects_do_not_stand_in_for_what_the_run_was_to_see(build: ModuleType, acme: Contract) -> None:
    seen = old_and_new(build)
    terminal = build.row(judge(acme, build.history(seen)), "status.terminal")
    assert terminal.verdict == "passed"
    results = judge(acme, build.history(seen, [gave_up(*FLOW, option="wait")]))
    terminal = build.row(results, "status.terminal")
    described = (terminal.verdict, terminal.reason, terminal.detail)
    assert described == ("inconclusive", "target_error", "it did not end (wait)")
    assert build.row(results, "batch.id").verdict == "passed"


def test_a_scenario_that_makes_nothing_leaves_rows_to_old_objects(build: ModuleType, acme: Contract) -> None:
    results = judge(acme, build.history(old_and_new(build), [gave_up("get_batch")]))
    assert (build.row(results, "status.terminal").verdict, results.exit_code) == ("passed", 3)


def test_findings_on_old_objects_stand(build: ModuleType, acme: Contract) -> None:
    back = build.exchange("get_batch", 6, body=build.batch("running", id="b_old"), path={"id": "b_old"})
    results = judge(acme, build.history([*old_and_new(build), back], [gave_up(*FLOW)]))
    assert (build.row(results, "status.terminal").verdict, results.exit_code) == ("failed", 1)


def test_lists_keep_the_rows_of_this_run(build: ModuleType, acme: Contract) -> None:
    rows = [build.document(id="d_new"), build.document(id="d_old")]
    owned = build.exchange(
        "list_documents", 1, body={"documents": rows[:1], "next": None}, query={"batch": "b_new"}
    )
    mixed = build.exchange("list_documents", 2, body={"documents": rows, "next": None})
    *_, kept = own(acme, [*old_and_new(build)[:1], owned, mixed])
    assert kept.response is not None
    assert [row["id"] for row in kept.response.body["documents"]] == ["d_new"]


def test_a_probe_that_the_server_kept_from_being_sent_is_no_trouble(
    build: ModuleType, acme: Contract
) -> None:
    results = judge(acme, build.history(old_and_new(build), [gave_up(probe="unknown-batch")]))
    assert results.trouble is None
    row = next(row for row in results.requirements if row.id == acme.probes["unknown-batch"].requirement)
    assert (row.verdict, row.reason, row.detail) == ("inconclusive", "target_error", "it did not end")


def refusals(build: ModuleType, count: int, at: float = 10) -> list[Exchange]:
    return [
        build.exchange("get_batch", at + number, 401, body={"error": "no"}, path={"id": "b_1"})
        for number in range(count)
    ]


def test_a_token_that_is_refused_to_the_end_is_told(build: ModuleType, acme: Contract) -> None:
    history = build.history([*old_and_new(build), *refusals(build, 5)], [gave_up("get_batch")])
    refused = judge(acme, history).token_refused
    assert refused is not None
    assert (refused.since_s, refused.exchange, refused.status, refused.count) == (10.5, "x10", 401, 5)
    assert refused.described.startswith(
        "the server refuses the token since second 10.5 of the run (status 401, 5 times"
    )


@pytest.mark.parametrize("count", [0, 4])
def test_few_refusals_may_be_about_what_was_asked(build: ModuleType, acme: Contract, count: int) -> None:
    assert judge(acme, build.history([*old_and_new(build), *refusals(build, count)])).token_refused is None


def test_a_token_that_is_accepted_again_is_not_told(build: ModuleType, acme: Contract) -> None:
    last = build.exchange("get_batch", 99, body=build.batch(), path={"id": "b_1"})
    assert judge(acme, build.history([*refusals(build, 9), last])).token_refused is None


def test_a_token_that_was_never_accepted_is_another_matter(build: ModuleType, acme: Contract) -> None:
    assert judge(acme, build.history(refusals(build, 9))).token_refused is None


def halted(why: str = "unreachable") -> Halt:
    return Halt(why=why, since_s=10.0, exchange="x10", count=7, answer="refused")


def test_a_run_that_stopped_asking_leaves_everything_open_for_that_reason(
    build: ModuleType, acme: Contract
) -> None:
    missing = gave_up("list_documents", reason="precondition_unmet")
    history = build.history(old_and_new(build), [gave_up(*FLOW, option="wait"), missing])
    results = judge(acme, history._replace(halt=halted()))
    described = "the server does not answer since second 10.0 of the run (refused, 7 times, first x10); is it still up?"
    assert results.halted is not None
    assert (results.exit_code, results.verdict, results.halted.described) == (3, "inconclusive", described)
    unseen = [
        row for row in results.requirements if row.verdict == "inconclusive" and not row.interpretations
    ]
    assert {(row.reason, row.detail) for row in unseen} == {("target_error", described)}


def test_what_was_seen_before_a_run_stopped_asking_stands(acme: Contract, recorded: History) -> None:
    results = judge(acme, recorded._replace(halt=halted("token_refused")))
    whole = judge(acme, recorded)
    assert (whole.exit_code, results.exit_code) == (0, 3)
    assert [row.id for row in results.requirements if row.verdict == "passed"] == [
        row.id for row in whole.requirements if row.verdict == "passed"
    ]


def test_a_run_that_went_on_was_not_stopped(acme: Contract, recorded: History) -> None:
    assert judge(acme, recorded).halted is None


def test_since_when_the_token_is_refused_is_one_fact(build: ModuleType, acme: Contract) -> None:
    history = build.history([*old_and_new(build), *refusals(build, 7)], [gave_up("get_batch")])
    # the run itself left the first two out, for they were generated
    late = Halt(why="token_refused", since_s=12.5, exchange="x12", count=5, answer="status 401")
    results = judge(acme, history._replace(halt=late))
    assert results.halted is not None
    assert results.token_refused is not None
    assert (results.halted.since_s, results.halted.exchange, results.halted.count) == (10.5, "x10", 7)
    assert results.halted.described == results.token_refused.described
    open_rows = {row.detail for row in results.requirements if row.reason == "target_error"}
    assert open_rows == {results.token_refused.described}
