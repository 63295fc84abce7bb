"""The suite can fail, for the right reason; and it does not fail for the wrong one."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from batchproof import emulator
from batchproof.contract import load_contract

CONTRACTS = emulator.contracts()
REQUIREMENTS = {contract: load_contract(contract).requirements for contract in CONTRACTS}

# What else fails under a fault: statements that overlap with the one that it breaks, or follow from it.
COLLATERAL: dict[str, dict[str, set[str]]] = {
    "extend/2026-02-09": {
        "cancel-shrinks-batch": {"batch_run.run_count.constant"},
        "race-mixes-batches": {"extract_run.metadata.echo", "list_extract_runs.batch.complete"},
        "accepts-1001-inputs": {"batch_run.run_count.range"},
        "run-count-off-by-one": {"batch_run.run_count.range"},
    },
    "extend/2025-04-21": {
        "created-with-other-processor": {"processor_run.processor.constant"},
        "delete-forgotten": {"delete_processor_run.unlisted"},
        "envelope-missing": {"envelope.success", "get_batch_processor_run.body"},
        "key-not-required": {"auth.token.malformed", "auth.token.unknown", "auth.scheme"},
        "page-too-long": {"list_processor_runs.max_page_size.default"},
        "processor-type-unknown": {"list_processors.filter.type"},
        # what is no object is no output of a review, and the output cannot be the same as it
        "reviewed-output-as-text": {"processor_run.reviewed_output.present", "processor_run.output.final"},
        # a status that nobody knows is no status on the way, so the run counts as ended
        "run-status-lower-case": {"cancel_processor_run.ended"},
        "run-type-unknown": {"list_processor_runs.agrees", "processor_run.config.type"},
        "success-as-text": {"envelope.success.true"},
        "success-missing": {"version.header.accepted"},
    },
    "talonic/v1": {
        # another id names nothing
        "document-id-not-a-uuid": {"batch_item.document.filename"},
        "cancel-forgotten": {"cancel_batch.ended", "batch.updated_at.monotone"},
        "cancel-not-found-is-410": {"cancel_batch.errors"},
        "count-as-text": {"batch.counts.complete", "batch.items.count"},
        "counts-do-not-add-up": {"sync_batch.completed.counts", "batch.items.succeeded"},
        "counts-exceed-items": {"batch.counts.complete", "batch.items.succeeded"},
        "created-at-drifts": {"sync_batch.ended.same", "batch.views.agree"},
        "has-more-always": {"list_batches.pagination.total.enough"},
        "item-count-shrinks": {"batch.items.most"},
        "item-processed-too-early": {"batch.items.window"},
        "item-status-unknown": {"batch.items.succeeded"},
        "items-repeat": {"batch.items.documents"},
        "key-not-required": {"auth.token.malformed", "auth.token.unknown", "auth.scheme"},
        "limit-exceeded": {"list_batches.limit"},
        "list-disagrees": {"batch.provider.constant"},
        "rate-limit-partial": {"rate_limit.together"},
        "status-upper-case": {"cancel_batch.status"},
        "submission-undone": {"batch.submitted_at.constant"},
        "sync-answer-partial": {"batch.views.agree"},
        "sync-not-found-is-400": {"error.code.known"},
        "sync-of-completed-differs": {"batch.views.agree"},
        "terminal-reopens": {
            "cancel_batch.ended",
            "batch.completed_at.constant",
            "batch.counts.monotone",
            "batch_item.status.order",
            "batch_item.status.terminal",
        },
        "updated-before-created": {"cancel_batch.updated_at"},
    },
}

# What the suite does not see, and why.
ESCAPED: dict[str, dict[str, str]] = {
    "extend/2026-02-09": {},
    "extend/2025-04-21": {
        "cancel-of-cancelled": "no run is cancelled twice: one that is still CANCELLING may be asked again",
        "last-page-with-token": "the documentation contradicts itself on the last page, and nothing else marks a page as the last",
        "list-loses-a-run": "other clients create, move and delete runs while a list is read",
        "run-count-grows": "a count that rises is one that more runs were made for, and no operation lists those runs",
    },
    "talonic/v1": {
        "classification-waits": "how long the detection of a type takes is not documented, and some documents have none",
        "list-loses-a-batch": "a walk does not know how many batches there are, and new ones come meanwhile",
        "sync-submits": "the timer of the batch may have fired between two looks",
    },
}


# Only generated requests reach these; test_generation.py has them.
GENERATED: dict[str, set[str]] = {
    "extend/2026-02-09": {
        "empty-accept-crashes",
        "encoded-slash-crashes",
        "id-beyond-ascii-crashes",
        "long-id-cut",
        "metadata-number-accepted",
        "metadata-ascii-only",
        "metadata-deep-as-text",
        "metadata-empty-key-dropped",
        "metadata-error-without-code",
        "metadata-fractions-rounded",
        "metadata-integers-overflow",
        "metadata-long-text-cut",
        "metadata-nulls-dropped",
        "nul-in-metadata-crashes",
        "page-size-with-exponent",
        "parameter-twice-crashes",
        "same-file-twice-crashes",
        "second-text-accepted",
    },
    "extend/2025-04-21": set(),
    "talonic/v1": set(),
}


def of_answers(names: Iterable[str]) -> list[str]:
    """Those that concern answers; deliveries of webhooks have a matrix of their own, which needs few scenarios."""
    return sorted(name for name in names if not name.startswith("webhook-"))


def planted(*, escaped: bool) -> list[tuple[str, str]]:
    return [
        (contract, fault)
        for contract in CONTRACTS
        for fault in of_answers(set(emulator.faults(contract)) - {"canary"} - GENERATED[contract])
        if (fault in ESCAPED[contract]) == escaped
    ]


def allowed(contract: str, fault: str) -> set[str]:
    return {emulator.faults(contract)[fault].breaks} | COLLATERAL[contract].get(fault, set())


def musts(contract: str, identifiers: set[str]) -> set[str]:
    return {name for name in identifiers if REQUIREMENTS[contract][name].level == "MUST"}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_healthy_emulator_has_no_finding(verdicts: Callable[..., Any], contract: str) -> None:
    found = verdicts(contract)
    assert found.failed() == set()


@pytest.mark.parametrize(
    ("contract", "profile"),
    [
        *((contract, "core") for contract in CONTRACTS),
        ("extend/2025-04-21", "full"),
        ("talonic/v1", "full"),
    ],
)
def test_healthy_emulator_conforms(verdicts: Callable[..., Any], contract: str, profile: str) -> None:
    found = verdicts(contract, profile=profile)
    assert musts(contract, found.with_verdict("inconclusive")) == set()
    assert found.results.exit_code == 0


@pytest.mark.parametrize(("contract", "fault"), planted(escaped=False))
def test_fault_fails_the_requirement_that_it_names(
    verdicts: Callable[..., Any], contract: str, fault: str
) -> None:
    found = verdicts(contract, faults=[fault])
    assert emulator.faults(contract)[fault].breaks in found.failed()
    assert found.failed() - allowed(contract, fault) == set()
    assert found.failed("MUST") == musts(contract, allowed(contract, fault))
    assert (found.results.exit_code == 1) == bool(found.failed("MUST"))


@pytest.mark.parametrize(("contract", "fault"), planted(escaped=True))
def test_escaped_fault_is_not_seen_yet(verdicts: Callable[..., Any], contract: str, fault: str) -> None:
    """Whoever makes one seen strikes it off the table."""
    found = verdicts(contract, faults=[fault])
    assert found.failed() == set()


@pytest.mark.parametrize("contract", CONTRACTS)
def test_canary_is_caught(verdicts: Callable[..., Any], contract: str) -> None:
    found = verdicts(contract, faults=["canary"])
    assert "auth.token.missing" in found.failed("MUST")
    assert found.results.exit_code == 1


@pytest.mark.parametrize(
    ("contract", "variant"),
    [(contract, variant) for contract in CONTRACTS for variant in of_answers(emulator.variants(contract))],
)
def test_variant_fails_no_must(verdicts: Callable[..., Any], contract: str, variant: str) -> None:
    found = verdicts(contract, variants=[variant])
    assert found.failed("MUST") == set()
    assert found.results.exit_code in (0, 3)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_fault_names_a_requirement_of_the_contract(contract: str) -> None:
    broken = {fault.breaks for name, fault in emulator.faults(contract).items() if name != "canary"}
    assert broken - set(REQUIREMENTS[contract]) == set()


@pytest.mark.parametrize("contract", CONTRACTS)
def test_tables_name_what_there_is(contract: str) -> None:
    faults = set(emulator.faults(contract))
    assert set(COLLATERAL[contract]) - faults == set()
    assert set(ESCAPED[contract]) - faults == set()
    assert set(COLLATERAL[contract]) & set(ESCAPED[contract]) == set()
    assert set().union(*COLLATERAL[contract].values()) - set(REQUIREMENTS[contract]) == set()


# The harness of this folder stands in for the command line; these are the facts that keep it honest.


def test_command_line_has_no_finding_on_the_healthy_emulator(
    served: Callable[..., str], judged: Callable[..., Any]
) -> None:
    run = judged(served())
    assert run.rows("failed") + run.rows("failed", "SHOULD") + run.rows("failed", "MAY") == []
    # nobody told this server of a receiver
    assert {name.partition(".")[0] for name in run.rows("inconclusive")} == {"webhook"}
    assert run.code == 0


def test_command_line_finds_a_fault(served: Callable[..., str], judged: Callable[..., Any]) -> None:
    run = judged(served(faults=["created-at-drifts"]))
    assert run.rows("failed") == ["batch_run.created_at.constant"]
    assert run.code == 1


def test_command_line_catches_the_canary(served: Callable[..., str], judged: Callable[..., Any]) -> None:
    run = judged(served(faults=["canary"]))
    assert run.code == 1
    assert "auth.token.missing" in run.rows("failed")
