"""A rehearsal under two versions: what was planted into the newer one alone is observed, and is not in the paper."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from batchproof.contract import load_contract
from batchproof.emulator import Behaviour, Embedded
from batchproof.plan import Scenario
from batchproof.rehearsal import Plan, Side, place_at, plan_rehearsal, record
from batchproof.target import Options, read_config, settle
from batchproof.upgrade import load_map, upgrade
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.wire import Rehearsal, observe, variant_of

OLDER, NEWER = "extend/2025-04-21", "extend/2026-02-09"
TOKEN = "sk_rehearsal"
# few, and enough of every kind: lives, lists, refusals
CHOSEN = (
    "test_single_run_to_its_end[processor_run]",
    "test_single_run_that_fails[processor_run]",
    "test_whole_list[list_processor_runs]",
    "test_refusal[run-unknown]",
    "test_refusal[delete-unknown]",
)


def chosen(scenario: Scenario) -> bool:
    return scenario.name in CHOSEN


class Prepared(NamedTuple):
    """What all rehearsals of this file have in common."""

    mapped: Map
    told: Upgrade
    sides: tuple[Side, Side]
    plan: Plan


@cache
def prepared() -> Prepared:
    older, newer = load_contract(OLDER), load_contract(NEWER)
    mapped = load_map(older, newer)
    file, path = read_config(None)
    sides = (
        Side(older, settle(Options(), file, path, older, {})),
        Side(newer, settle(Options(), file, path, newer, {})),
    )
    return Prepared(
        mapped, upgrade(older, newer), sides, plan_rehearsal(mapped, *sides, only=chosen_or_newer)
    )


def rehearsed(folder: Path, plant: Callable[[Behaviour], object] = lambda _: None) -> Rehearsal:
    """What a rehearsal of a few scenarios shows, where ``plant`` has changed the newer version alone."""
    mapped, told, sides, plan = prepared()
    with ExitStack() as stack:
        server = stack.enter_context(Embedded([OLDER, NEWER], tokens=[TOKEN]))
        plant(server.behaviours[1])
        older, newer = (place_at(server, side.contract, TOKEN, {}, stack) for side in sides)
        before, after, troubles = record(mapped, sides, (older, newer), plan, folder, lambda _: None)
    assert troubles == []
    return observe(mapped, told, before, after, variant_of(mapped, before))


def chosen_or_newer(scenario: Scenario) -> bool:
    """The scenarios that are chosen, and all that could be their counterpart."""
    return chosen(scenario) or not any(
        "processor" in str(value) for value in (scenario.name, scenario.values)
    )


def rename_a_field(behaviour: Behaviour) -> None:
    behaviour.on_object("extract_run", lambda body, *_: body.update(dashboardLink=body.pop("dashboardUrl")))


def another_value(behaviour: Behaviour) -> None:
    behaviour.on_object("file", lambda body, *_: body.update(object="document"))


def unknown_ids_are_bad_requests(behaviour: Behaviour) -> None:
    def change(answer: Any, _call: object) -> Any:
        return answer if answer.status != 404 else msgspec.structs.replace(answer, status=400)

    behaviour.on_answer("get_extract_run", change)


def oldest_first(behaviour: Behaviour) -> None:
    def change(answer: Any, _call: object) -> Any:
        if answer.status == 200:
            answer.body["data"].reverse()
        return answer

    behaviour.on_answer("list_extract_runs", change)


def no_request_id(behaviour: Behaviour) -> None:
    behaviour.on_headers(lambda headers, _call: headers.pop("x-extend-request-id"))


def never_processing(behaviour: Behaviour) -> None:
    def change(body: dict[str, Any], *_: object) -> None:
        body["status"] = "PENDING" if body["status"] == "PROCESSING" else body["status"]

    behaviour.on_object("extract_run", change)


PLANTED = {
    rename_a_field: {"processor_run.url.renamed"},
    another_value: {"file.object.value"},
    unknown_ids_are_bad_requests: {"get_processor_run.run-unknown.status"},
    oldest_first: {"list_processor_runs.order"},
    no_request_id: {"x-extend-request-id.header-absent"},
    never_processing: {"processor_run.status.PROCESSING.state-skipped"},
}


def test_versions_as_documented_show_nothing_that_the_paper_does_not_know(tmp_path: Path) -> None:
    found = rehearsed(tmp_path)
    assert [item.id for item in found.unknown] == []
    assert (found.variant, found.scenarios >= len(CHOSEN), found.steps > 30) == ("extraction", True, True)
    assert {"processor_run.url.moved", "processor_run.failureReason.unset", "error.error.moved"} <= {
        item.id for item in found.observations
    }


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_change_of_the_newer_version_that_nobody_declared(
    plant: Callable[[Behaviour], object], tmp_path: Path
) -> None:
    found = rehearsed(tmp_path, plant)
    assert {item.id for item in found.unknown} == PLANTED[plant]
    assert all(item.seen >= 2 and item.grade == "breaking" for item in found.unknown)
