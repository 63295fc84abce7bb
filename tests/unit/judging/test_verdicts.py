"""From observations and findings to verdicts, the claim sentence and the exit code."""

import dataclasses
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.history import START, Footer, History, Unmet
from batchproof.judging import judge, to_json

PASSED, FAILED, UNESTABLISHED = 0, 1, 3
WRONG = {"id": "b_1", "status": "queued", "count": 1, "created_at": 5}


def reasons(
    build: ModuleType, acme: Contract, identifier: str, **about: Any
) -> tuple[str, str | None, str | None]:
    row = build.row(judge(acme, build.history(**about)), identifier)
    return row.verdict, row.reason, row.detail


def unmet(reason: str, *operations: str, **about: Any) -> Unmet:
    return Unmet(scenario="t", reason=reason, detail="why", operations=list(operations), **about)


def test_recorded_run_of_a_server_that_keeps_its_contract(acme: Contract, recorded: History) -> None:
    results = judge(acme, recorded)
    described = {row.id: row.verdict for row in results.requirements if row.verdict != "passed"}
    assert described == {
        "auth.separate": "inconclusive",
        "document.language": "inconclusive",
        "rate.limit": "not_applicable",
    }
    assert (results.verdict, results.exit_code, results.trouble, results.failed) == (
        "passed",
        PASSED,
        None,
        [],
    )
    assert results.claim == (
        "meets 29 of 30 MUST requirements of acme/1 (profile core); 0 failed, 0 inconclusive, "
        f"1 not testable from outside; history sha256:{recorded.sha256}"
    )
    assert results.totals == {
        "MUST": {"passed": 29, "failed": 0, "inconclusive": 0, "not_applicable": 1},
        "SHOULD": {"passed": 0, "failed": 0, "inconclusive": 2, "not_applicable": 0},
        "MAY": {"passed": 0, "failed": 0, "inconclusive": 0, "not_applicable": 0},
    }


def test_recorded_run_of_a_server_with_defects(acme: Contract, recorded_broken: History) -> None:
    results = judge(acme, recorded_broken)
    assert [row.id for row in results.failed] == [
        "submit_batch.documents.range",
        "list_documents.complete",
        "status.enum",
        "status.terminal",
    ]
    assert (results.verdict, results.exit_code) == ("failed", FAILED)
    blame = {finding.blame for row in results.requirements for finding in row.findings}
    assert blame == {"server"}


def test_nothing_exercised_is_nothing_established(build: ModuleType, acme: Contract) -> None:
    results = judge(acme, build.history())
    assert (results.verdict, results.exit_code) == ("inconclusive", UNESTABLISHED)
    verdicts = {row.verdict for row in results.requirements if row.level == "MUST"}
    assert verdicts == {"inconclusive", "not_applicable"}


def test_number_of_requirements_is_fixed_by_the_contract(
    acme: Contract, recorded: History, build: ModuleType
) -> None:
    for history in (recorded, build.history()):
        assert [row.id for row in judge(acme, history).requirements] == list(acme.requirements)


def test_finding_on_a_must_fails_the_run(build: ModuleType, acme: Contract) -> None:
    results = judge(acme, build.history([build.exchange("get_batch", 1, body=WRONG)]))
    assert (build.row(results, "batch.created_at").verdict, results.exit_code) == ("failed", FAILED)


def test_finding_on_a_should_fails_no_run(acme: Contract, recorded: History) -> None:
    softer = acme.requirements["document.name"]
    softened = dataclasses.replace(
        acme, requirements={**acme.requirements, softer.id: msgspec.structs.replace(softer, level="SHOULD")}
    )
    renamed = [
        msgspec.structs.replace(
            item,
            response=msgspec.structs.replace(item.response, body={**item.response.body, "name": "another"}),
        )
        if item.operation == "get_document" and item.response is not None and item.response.status == 200
        else item
        for item in recorded.exchanges
    ]
    history = recorded._replace(exchanges=tuple(renamed))
    codes = [(judge(one, history).verdict, judge(one, history).exit_code) for one in (acme, softened)]
    assert codes == [("failed", FAILED), ("passed", PASSED)]


def test_untestable(build: ModuleType, acme: Contract) -> None:
    expected = ("not_applicable", "not_testable", "a test of it would be an attack")
    assert reasons(build, acme, "rate.limit") == expected


def test_not_exercised(build: ModuleType, acme: Contract) -> None:
    assert reasons(build, acme, "batch.id") == ("inconclusive", "not_exercised", None)


def test_not_exercised_for_want_of_a_fixture(build: ModuleType, acme: Contract) -> None:
    expected = ("inconclusive", "not_exercised", "it needs second_token_env")
    assert reasons(build, acme, "auth.separate") == expected


@pytest.mark.parametrize("footer", [None, Footer(ended=1.0, exchanges=0, interrupted=True)])
def test_cut_off(build: ModuleType, acme: Contract, footer: Footer | None) -> None:
    expected = ("inconclusive", "not_exercised", "the run was cut off before its end")
    assert reasons(build, acme, "batch.id", footer=footer, cut=footer is None) == expected


def test_run_that_was_cut_off_never_passes(acme: Contract, recorded: History) -> None:
    results = judge(acme, recorded._replace(footer=None))
    assert (results.verdict, results.exit_code) == ("inconclusive", UNESTABLISHED)


@pytest.mark.parametrize("reason", ["precondition_unmet", "budget_exhausted", "target_error"])
def test_unmet_operation_is_the_reason(build: ModuleType, acme: Contract, reason: str) -> None:
    missing = unmet(reason, "get_batch", option="--max-runs 3 or more")
    expected = ("inconclusive", reason, "why (--max-runs 3 or more)")
    assert reasons(build, acme, "get_batch.success", unmet=[missing]) == expected
    other = ("inconclusive", "not_exercised", None)
    assert reasons(build, acme, "get_document.success", unmet=[missing]) == other


def test_unmet_probe_is_the_reason(build: ModuleType, acme: Contract) -> None:
    missing = unmet("precondition_unmet", probe="other-customer")
    assert reasons(build, acme, "auth.separate", unmet=[missing]) == (
        "inconclusive",
        "precondition_unmet",
        "why",
    )
    assert reasons(build, acme, "auth.required", unmet=[missing]) == ("inconclusive", "not_exercised", None)


def test_contradicting_documentation(build: ModuleType, acme: Contract) -> None:
    expected = (
        "inconclusive",
        "documentation_contradicts",
        "no answer showed which interpretation the server follows",
    )
    assert reasons(build, acme, "document.language") == expected
    seen = [build.exchange("get_document", 1, body=build.detail())]
    described = ("inconclusive", "documentation_contradicts", "the server follows: absent")
    assert reasons(build, acme, "document.language", exchanges=seen) == described


def test_profile_leaves_out_what_it_does_not_owe(build: ModuleType, acme: Contract) -> None:
    left_out = ("not_applicable", "profile", "owed by profile full")
    assert reasons(build, acme, "document.pages") == left_out
    owed = ("inconclusive", "not_exercised", None)
    assert reasons(build, acme, "document.pages", profile="full") == owed
    assert reasons(build, acme, "batch.id", profile="quick") == (
        "not_applicable",
        "profile",
        "owed by profile core",
    )


def test_what_a_profile_leaves_out_counts_when_it_was_seen(build: ModuleType, acme: Contract) -> None:
    wrong = build.exchange("get_document", 1, body=build.detail(pages=4))
    assert reasons(build, acme, "document.pages", exchanges=[wrong], profile="quick") == (
        "failed",
        None,
        None,
    )


def test_quick_profile_owes_less(acme: Contract, recorded: History, build: ModuleType) -> None:
    quick = {name for name, row in acme.requirements.items() if row.set == "quick"}
    kept = [item for item in recorded.exchanges if item.operation in ("list_documents", "submit_batch")]
    results = judge(acme, build.history(kept, profile="quick"))
    assert quick <= {row.id for row in results.requirements if row.verdict == "passed"}
    assert (results.verdict, results.exit_code) == ("passed", PASSED)


def test_trouble_blames_the_configuration(build: ModuleType, acme: Contract) -> None:
    trouble = Unmet(scenario=START, reason="target_error", detail="why", operations=[])
    page = build.exchange("list_documents", 1, 404, text="<html>")
    results = judge(acme, build.history([page], [trouble]))
    (finding,) = build.row(results, "errors.documented").findings
    assert (finding.blame, results.trouble) == ("configuration", "why")
    assert (results.verdict, results.exit_code, results.failed) == ("inconclusive", UNESTABLISHED, [])
    verdicts = {
        (row.verdict, row.reason)
        for row in results.requirements
        if row.id != "rate.limit" and not row.interpretations
    }
    assert verdicts == {("inconclusive", "target_error"), ("not_applicable", "profile")}


def test_claim_names_what_is_inconclusive(build: ModuleType, acme: Contract) -> None:
    results = judge(
        acme,
        build.history(
            [build.exchange("get_batch", 1, 404, body={"error": {"code": "not_found", "message": ""}})]
        ),
    )
    named = "auth.required, version.required, submit_batch.success, submit_batch.documents.range, submit_batch.json"
    assert results.claim == (
        "meets 3 of 30 MUST requirements of acme/1 (profile core); 0 failed, "
        f"25 inconclusive ({named} and 20 more), 1 not testable from outside, 1 left out by the profile; "
        f"history sha256:{build.SHA}"
    )


def test_results_as_json_are_the_results(acme: Contract, recorded_broken: History) -> None:
    results = judge(acme, recorded_broken)
    assert msgspec.json.decode(to_json(results), type=type(results)) == results
