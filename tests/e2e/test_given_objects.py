"""What a user gives in ``[fixtures]``: all of it is used, whatever the contract, and what does not end keeps a run from passing."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest

from batchproof import emulator
from batchproof.contract import load_contract

Judge = Callable[..., Any]
CONTRACTS = ["extend/2026-02-09", "extend/2025-04-21", "talonic/v1"]


def batches_of_talonic(url: str) -> list[str]:
    """The batches that the emulator lists."""
    page = httpx.get(f"{url}/v1/batches", headers={"authorization": "Bearer tok_canary_5f0c91d2e7"}).json()
    return [row["id"] for row in page["data"]]


def lists(contract: str, url: str) -> dict[str, list[str]]:
    """Every fixture that names objects, with all that the emulator has for it."""
    declared = load_contract(contract).manifest.fixtures
    known: dict[str, Any] = dict(emulator.fixtures(contract))
    if contract == "talonic/v1":
        known["batch_ids"] = batches_of_talonic(url)
    return {name: known[name] for name, fixture in declared.items() if fixture.type == "list"}


def give(file: Path, fixtures: dict[str, list[str]], poll_timeout_s: float = 20) -> None:
    lines = [f"{name} = {json.dumps(ids)}" for name, ids in fixtures.items()]
    limits = f"[limits]\npoll_interval_s = 0.05\npoll_timeout_s = {poll_timeout_s}\n"
    file.write_text(limits + "\n".join(["[fixtures]", *lines, ""]))


def events_of(run: Any) -> Iterable[dict[str, Any]]:
    return map(json.loads, (run.folder / "history.ndjson").read_text().splitlines())


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_id_of_every_fixture_is_read(
    served: Callable[..., str], judged: Judge, quick_polls: Path, contract: str
) -> None:
    url = served(contract)
    given = lists(contract, url)
    give(quick_polls, given)
    run = judged(url, "--profile", "quick", contract=contract, max_runs=0)
    read = {
        event["request"]["path"].get("id")
        for event in events_of(run)
        if event["event"] == "exchange"
        and event["request"]["method"] == "GET"
        and event["response"]["status"] == 200
    }
    assert {name: set(ids) - read for name, ids in given.items() if not set(ids) <= read} == {}
    assert run.rows("failed") == []
    # nothing else shows a batch of this version: its life cycle, its sources, its failures
    assert [row for row in run.rows("inconclusive") if row.startswith("batch_processor_run.")] == []


# for each contract a read, what shows that its object has ended, and a state before that
ENDS = {
    "extend/2025-04-21": ("GET /batch_processor_runs/", ("PROCESSED", "FAILED"), "PROCESSING"),
    "talonic/v1": ("GET /v1/documents/", ("completed", "error"), "processing"),
}


@pytest.mark.parametrize("contract", ENDS)
def test_given_objects_that_never_end_do_not_pass(
    between: Callable[..., str], judged: Judge, quick_polls: Path, contract: str
) -> None:
    read, ended, before = ENDS[contract]

    def never_ends(asked: str, body: Any) -> Any:
        shown = body.get("batchProcessorRun", body) if asked.startswith(read) else {}
        if shown.get("status") in ended:
            shown["status"] = before
        return body

    given = lists(contract, between(never_ends, contract))
    name = "batch_processor_run_ids" if contract == "extend/2025-04-21" else "document_ids"
    give(quick_polls, {name: given[name][:2]}, poll_timeout_s=0.5)
    run = judged(between(never_ends, contract), "--profile", "quick", contract=contract)
    described = {item["detail"] for item in run.results["gave_up"]}
    assert any("did not end within 0.5 s" in detail for detail in described)
    assert (run.code, run.rows("failed")) == (3, [])
    assert "Scenarios that gave up" in run.out
    assert "raise poll_timeout_s in [limits]" in " ".join(run.out.split())
