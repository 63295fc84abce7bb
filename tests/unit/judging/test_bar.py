"""What fails a run: the levels that count, and what is expected to fail."""

import dataclasses
from collections.abc import Callable, Iterable
from datetime import date
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.contract.expected import Expected
from batchproof.history import START, Exchange, History, Reproduction, Unmet
from batchproof.judging import Bar, Results, day_of, judge
from batchproof.judging.results import UNSTABLE
from batchproof.replay.phase import findings_of

BROKEN = ["submit_batch.documents.range", "list_documents.complete", "status.enum", "status.terminal"]
FINGERPRINT = "0011223344556677"
DAY = date(2026, 1, 1)


def expected(*names: str, **about: Any) -> tuple[Expected, ...]:
    return tuple(
        Expected(entry=f"f: expected[{number}]", requirement=name, reason="known", **about)
        for number, name in enumerate(names)
    )


def by_fingerprint(fingerprint: str, **about: Any) -> Expected:
    return Expected(entry="f: expected[9]", fingerprint=fingerprint, reason="that one", **about)


def states(results: Results) -> dict[str, str]:
    return {entry.about: entry.state for entry in results.expected}


def at_level(contract: Contract, level: str, *names: str) -> Contract:
    changed = {name: msgspec.structs.replace(contract.requirements[name], level=level) for name in names}
    return dataclasses.replace(contract, requirements={**contract.requirements, **changed})


@pytest.fixture(scope="module")
def owing(acme: Contract) -> Contract:
    """The contract, which does not owe the one row that the broken run leaves open."""
    return at_level(acme, "MAY", "document.name")


def test_without_a_bar_nothing_is_expected(acme: Contract, recorded_broken: History) -> None:
    results = judge(acme, recorded_broken)
    assert (results.strict, results.expected, results.stale) == (False, [], [])
    assert [row.id for row in results.failing] == BROKEN
    assert {row.expected for row in results.requirements} == {False}
    assert "; 4 failed, " in results.claim


def test_expected_findings_fail_no_run_and_count_as_failed(owing: Contract, recorded_broken: History) -> None:
    results = judge(owing, recorded_broken, Bar(expected=expected(*BROKEN)))
    assert (results.verdict, results.exit_code, results.failing) == ("passed", 0, [])
    assert [(row.id, row.verdict, row.expected) for row in results.failed] == [
        (name, "failed", True) for name in BROKEN
    ]
    assert "; 4 failed (4 expected), 0 inconclusive" in results.claim
    assert results.totals["MUST"]["failed"] == 4
    assert set(states(results).values()) == {"found"}
    assert {finding.expectation.entry for row in results.failed for finding in row.findings} == {
        f"f: expected[{number}]" for number in range(4)
    }


def test_what_nobody_expects_fails_the_run(acme: Contract, recorded_broken: History) -> None:
    results = judge(acme, recorded_broken, Bar(expected=expected(*BROKEN[1:])))
    assert (results.exit_code, [row.id for row in results.failing]) == (1, BROKEN[:1])
    assert "; 4 failed (3 expected), " in results.claim
    assert next(name for name, _ in findings_of(results)) == BROKEN[0]
    assert [row.id for row in results.requirements if row.expected] == [
        name for name in acme.requirements if name in BROKEN[1:]
    ]


def test_finding_that_is_expected_is_sent_again_after_those_that_are_not(
    acme: Contract, recorded_broken: History
) -> None:
    results = judge(acme, recorded_broken, Bar(expected=expected(BROKEN[0])))
    names = list(dict.fromkeys(name for name, _ in findings_of(results)))
    assert names == [*BROKEN[1:], BROKEN[0]]


def two_ways(build: ModuleType) -> History:
    """One row broken in two ways."""
    looks = [
        build.exchange("get_batch", 1, body=build.batch(status="other")),
        build.exchange("list_documents", 2, body={"documents": [build.document("other")], "next": None}),
    ]
    return build.history(looks)


def test_fingerprint_covers_one_finding_of_a_row(build: ModuleType, acme: Contract) -> None:
    history = two_ways(build)
    first, second = build.row(judge(acme, history), "status.enum").findings
    results = judge(acme, history, Bar(expected=(by_fingerprint(first.fingerprint),)))
    row = build.row(results, "status.enum")
    assert [finding.expectation is not None for finding in row.findings] == [True, False]
    assert (row.expected, row in results.failing, states(results)) == (
        False,
        True,
        {first.fingerprint: "found"},
    )
    both = (by_fingerprint(first.fingerprint), by_fingerprint(second.fingerprint))
    row = build.row(judge(acme, history, Bar(expected=both)), "status.enum")
    assert row.expected


def test_entry_of_the_fingerprint_comes_before_that_of_the_row(build: ModuleType, acme: Contract) -> None:
    history = two_ways(build)
    first, _ = build.row(judge(acme, history), "status.enum").findings
    entries = (*expected("status.enum"), by_fingerprint(first.fingerprint))
    for bar in (Bar(expected=entries), Bar(expected=entries[::-1])):
        results = judge(acme, history, bar)
        row = build.row(results, "status.enum")
        assert [finding.expectation.reason for finding in row.findings] == ["that one", "known"]
        assert (row.expected, set(states(results).values())) == (True, {"found"})


def test_finding_that_is_gone_fails_the_run(acme: Contract, recorded: History) -> None:
    results = judge(acme, recorded, Bar(expected=expected("status.enum")))
    assert (results.verdict, results.exit_code, states(results)) == ("failed", 1, {"status.enum": "gone"})
    assert ([entry.about for entry in results.stale], results.failing) == (["status.enum"], [])
    assert "; 0 failed, " in results.claim


def unmet(reason: Any, scenario: str = "t") -> tuple[Unmet, ...]:
    return (Unmet(scenario=scenario, reason=reason, detail="why", operations=[]),)


def test_what_the_run_did_not_look_at_is_not_gone(acme: Contract, recorded: History) -> None:
    results = judge(acme, recorded, Bar(expected=expected("auth.separate", "rate.limit")))
    assert (results.exit_code, set(states(results).values())) == (0, {"unseen"})


@pytest.mark.parametrize(
    "change",
    [
        {"footer": None},
        {"unmet": unmet("target_error")},
        {"unmet": unmet("target_error", START)},
    ],
    ids=["cut", "gave-up", "trouble"],
)
def test_nothing_is_gone_before_the_end_of_a_run(
    acme: Contract, recorded: History, change: dict[str, Any]
) -> None:
    entries = (*expected("status.enum"), by_fingerprint(FINGERPRINT))
    results = judge(acme, recorded._replace(**change), Bar(expected=entries))
    assert (results.exit_code, set(states(results).values())) == (3, {"unseen"})


def test_a_limit_that_was_reached_is_an_end(acme: Contract, recorded: History) -> None:
    history = recorded._replace(unmet=unmet("budget_exhausted"))
    assert states(judge(acme, history, Bar(expected=expected("status.enum")))) == {"status.enum": "gone"}


def test_fingerprint_is_gone_where_everything_owed_was_established(
    build: ModuleType, owing: Contract, recorded: History, recorded_broken: History
) -> None:
    bar = Bar(expected=(by_fingerprint(FINGERPRINT),))
    described = [
        (states(results)[FINGERPRINT], results.exit_code)
        for results in (
            judge(owing, history, bar) for history in (recorded, recorded_broken, build.history())
        )
    ]
    assert described == [("gone", 1), ("gone", 1), ("unseen", 3)]


def test_row_that_the_documentation_leaves_open_is_gone_once_it_was_looked_at(
    build: ModuleType, acme: Contract, recorded: History
) -> None:
    bar = Bar(expected=expected("document.language"))
    looked = judge(acme, recorded, bar)
    assert build.row(looked, "document.language").reason == "documentation_contradicts"
    assert (states(looked), states(judge(acme, build.history(), bar))) == (
        {"document.language": "gone"},
        {"document.language": "unseen"},
    )


@pytest.mark.parametrize(
    ("until", "day", "state", "code"),
    [
        (date(2026, 1, 1), DAY, "found", 0),
        (date(2026, 1, 2), DAY, "found", 0),
        (date(2025, 12, 31), DAY, "over", 1),
        (date(2025, 12, 31), None, "found", 0),
        (None, DAY, "found", 0),
    ],
)
def test_entry_holds_until_the_end_of_its_day(
    owing: Contract, recorded_broken: History, until: date | None, day: date | None, state: str, code: int
) -> None:
    results = judge(owing, recorded_broken, Bar(expected=expected(*BROKEN, until=until), day=day))
    assert (set(states(results).values()), results.exit_code) == ({state}, code)
    assert {row.expected for row in results.failed} == {state == "found"}
    assert len(results.failing) == (4 if state == "over" else 0)


def test_entry_that_is_over_leaves_its_finding_to_another(build: ModuleType, acme: Contract) -> None:
    history = two_ways(build)
    first, _ = build.row(judge(acme, history), "status.enum").findings
    over = by_fingerprint(first.fingerprint, until=date(2025, 12, 31))
    results = judge(acme, history, Bar(expected=(over, *expected("status.enum")), day=DAY))
    row = build.row(results, "status.enum")
    assert (row.expected, {finding.expectation.reason for finding in row.findings}) == (True, {"known"})
    assert states(results) == {first.fingerprint: "over", "status.enum": "found"}


@pytest.mark.parametrize("name", ["status.enum", "auth.separate"])
def test_date_that_has_passed_fails_the_run_whatever_was_seen(
    acme: Contract, recorded: History, name: str
) -> None:
    entries = expected(name, until=date(2025, 12, 31))
    results = judge(acme, recorded, Bar(expected=entries, day=DAY))
    assert (states(results), results.exit_code, results.verdict) == ({name: "over"}, 1, "failed")


def test_finding_that_is_not_the_servers_is_nobodys_deviation(
    build: ModuleType, acme: Contract, recorded_broken: History
) -> None:
    history = recorded_broken._replace(unmet=unmet("target_error", START))
    results = judge(acme, history, Bar(expected=expected("status.enum")))
    row = build.row(results, "status.enum")
    assert ({finding.expectation for finding in row.findings}, row.expected) == ({None}, False)
    assert states(results) == {"status.enum": "unseen"}


@pytest.mark.parametrize(
    ("strict", "names", "code"),
    [(False, [], 0), (True, [], 1), (True, BROKEN[:3], 1), (True, BROKEN, 0), (False, BROKEN, 0)],
)
def test_should_counts_where_the_bar_is_strict(
    owing: Contract, recorded_broken: History, strict: bool, names: list[str], code: int
) -> None:
    contract = at_level(owing, "SHOULD", *BROKEN)
    results = judge(contract, recorded_broken, Bar(strict=strict, expected=expected(*names)))
    assert (results.exit_code, results.strict) == (code, strict)
    assert [row.id for row in results.failing] == (
        [name for name in BROKEN if name not in names] if strict else []
    )


def test_claim_of_a_strict_run_says_so(owing: Contract, recorded_broken: History, recorded: History) -> None:
    contract = at_level(owing, "SHOULD", *BROKEN)
    claims = [
        judge(contract, history, Bar(strict=True, expected=expected(*names))).claim.partition("; history")[0]
        for history, names in ((recorded_broken, BROKEN[:3]), (recorded_broken, []), (recorded, []))
    ]
    start = "meets 24 of 25 MUST requirements of acme/1 (profile core, strict: SHOULD counts too); 0 failed, 0 inconclusive, 1 not testable from outside"
    assert claims == [
        f"{start}, 4 of 6 SHOULD failed (3 expected)",
        f"{start}, 4 of 6 SHOULD failed",
        f"{start}, 0 of 6 SHOULD failed",
    ]


def test_may_never_counts(owing: Contract, recorded_broken: History) -> None:
    contract = at_level(owing, "MAY", *BROKEN)
    assert judge(contract, recorded_broken, Bar(strict=True)).exit_code == 0


ASSUMED, SOFT = "auth.required", "auth.separate"
INVARIANTS = f"""
- {{requirement: {ASSUMED}, each: snapshot, on: batch, rule: "self.id != 'b_2'", assumes: nothing-between}}
- {{requirement: {SOFT}, each: snapshot, on: batch, rule: "self.id != 'b_2'", assumes: nothing-between}}
- {{requirement: {ASSUMED}, each: snapshot, on: batch, rule: "self.id != 'b_3'"}}
- {{requirement: {ASSUMED}, each: snapshot, on: batch, rule: "self.id != 'b_97'", assumes: nothing-between}}
"""


@pytest.fixture(scope="module")
def assuming(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    contract: Contract = build.acme_with_invariants(tmp_path_factory.mktemp("assuming"), INVARIANTS)
    return contract


@pytest.fixture
def unstable(build: ModuleType, assuming: Contract, recorded: History) -> Callable[..., Results]:
    """Judges a run that owes nothing more, with looks at ``ids`` of which the assumptions did not show again."""

    def results(ids: Iterable[str], bar: Bar) -> Results:
        looks: list[Exchange] = [
            build.exchange("get_batch", 900 + number, id=f"y{number}", body=build.batch("done", id=name))
            for number, name in enumerate(ids)
        ]
        history = recorded._replace(exchanges=(*recorded.exchanges, *looks))
        again = tuple(
            Reproduction(
                requirement=row.id, fingerprint=finding.fingerprint, outcome="unstable", exchanges=[]
            )
            for row in judge(assuming, history).requirements
            for finding in row.findings
        )
        return judge(assuming, history._replace(reproductions=again), bar)

    return results


def test_unstable_finding_that_is_expected_leaves_nothing_open(build: ModuleType, unstable: Any) -> None:
    assert unstable(["b_2"], Bar()).exit_code == 3
    results = unstable(["b_2"], Bar(expected=expected(ASSUMED)))
    row = build.row(results, ASSUMED)
    assert (row.reason, row.expected, states(results)) == (UNSTABLE, True, {ASSUMED: "found"})
    assert (results.exit_code, results.verdict) == (0, "passed")


def test_unstable_finding_beside_an_unstable_one_that_is_expected_is_open(
    build: ModuleType, unstable: Any
) -> None:
    first, _ = build.row(unstable(["b_2", "b_97"], Bar()), ASSUMED).findings
    results = unstable(["b_2", "b_97"], Bar(expected=(by_fingerprint(first.fingerprint),)))
    row = build.row(results, ASSUMED)
    assert (row.reason, row.expected, results.exit_code) == (UNSTABLE, False, 3)


def test_unstable_finding_beside_an_expected_one_is_still_open(
    build: ModuleType, assuming: Contract, unstable: Any
) -> None:
    invariant = next(
        finding.fingerprint
        for finding in build.row(unstable(["b_2", "b_3"], Bar()), ASSUMED).findings
        if not finding.assumption
    )
    results = unstable(["b_2", "b_3"], Bar(expected=(by_fingerprint(invariant),)))
    row = build.row(results, ASSUMED)
    assert (row.verdict, row.expected, row.unproven, results.exit_code) == ("failed", True, True, 3)
    whole = unstable(["b_2", "b_3"], Bar(expected=expected(ASSUMED)))
    assert (build.row(whole, ASSUMED).unproven, whole.exit_code) == (False, 0)


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 3)])
def test_unstable_should_is_open_where_the_bar_is_strict(unstable: Any, strict: bool, code: int) -> None:
    assert unstable(["b_2"], Bar(strict=strict, expected=expected(ASSUMED))).exit_code == code


@pytest.mark.parametrize(
    ("started_at", "webhooks", "day"),
    [
        ("2026-01-01T00:00:00Z", None, DAY),
        ("2026-01-01T23:59:59Z", "received", DAY),
        ("2026-01-01T23:30:00-01:00", None, date(2026, 1, 2)),
        ("1970-01-01T00:00:00Z", "only", None),
        ("yesterday", None, None),
    ],
)
def test_day_of_a_run_is_that_of_its_beginning(
    build: ModuleType, started_at: str, webhooks: Any, day: date | None
) -> None:
    assert day_of(build.header(started_at=started_at, webhooks=webhooks)) == day
