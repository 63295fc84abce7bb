"""A rehearsal under two versions: what was planted into the newer one alone is observed, and is not in the paper."""

import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import msgspec
import pytest

from batchproof.client import Options, read_config, settle
from batchproof.client.accepted import AcceptedSection
from batchproof.commands.accepted import with_observed
from batchproof.commands.upgrade_wire import exit_code
from batchproof.contract import load_contract
from batchproof.emulator import Behaviour, Embedded, Server, create_apps
from batchproof.places import schemas_dir
from batchproof.plan import Scenario
from batchproof.rehearsal import Plan, Side, endpoint_at, plan_rehearsal, record
from batchproof.upgrade import load_map, upgrade
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.wire import Observation, Rehearsal, observe, variant_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "upgrading.md"
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
    described: Upgrade
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
    mapped, described, sides, plan = prepared()
    with ExitStack() as stack:
        server = stack.enter_context(Embedded([OLDER, NEWER], tokens=[TOKEN], step_ms=200))
        plant(server.behaviours[1])
        older, newer = (endpoint_at(server, side.contract, TOKEN, {}, stack) for side in sides)
        before, after, troubles = record(mapped, sides, (older, newer), plan, folder, lambda _: None)
    assert troubles == []
    return observe(mapped, described, before, after, variant_of(mapped, before))


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


def test_on_a_server_that_serves_both(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    options = ("--profile", "quick", "--max-runs", "40", "--fail-on", "unknown", "--output", "out")
    (tmp_path / "batchproof.toml").write_text("[limits]\npoll_interval_s = 0.05\n", encoding="utf-8")
    app, _ = create_apps([OLDER, NEWER], step_ms=60)
    with Server(app) as server:
        done = batchproof(
            "upgrade", OLDER, NEWER, "--target", server.url, *options, BATCHPROOF_TOKEN="tok_canary_rehearsal"
        )
    assert (done.code, "nothing that the paper does not know" in " ".join(done.out.split())) == (0, True)
    assert all(len(line) <= 80 for line in done.out.splitlines())
    assert "up to 8 documents would be processed and billed; --max-runs allows 40" in done.err
    described = json.loads((tmp_path / "out" / "upgrade.json").read_bytes())
    jsonschema.validate(described, json.loads((schemas_dir() / "batchproof" / "upgrade.json").read_text()))
    again = batchproof(
        "upgrade", OLDER, NEWER, "--recorded", "out", "--fail-on", "unknown", "--output", "again"
    )
    assert (again.code, again.err) == (0, "")
    once_more = json.loads((tmp_path / "again" / "upgrade.json").read_bytes())
    assert once_more["rehearsal"] == described["rehearsal"]
    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert len(written) == 7
    assert not any(b"tok_canary_rehearsal" in content for content in written)


def test_a_change_that_is_not_in_the_paper_is_exit_1(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    app, _ = create_apps([OLDER, NEWER], faults=[f"{NEWER}:get-extract-run-unknown-is-410"], step_ms=60)
    with Server(app) as server:
        done = batchproof(
            *("upgrade", OLDER, NEWER, "--from-target", server.url, "--to-target", server.url),
            *("--profile", "quick", "--fail-on", "unknown"),
            BATCHPROOF_TOKEN="tok_rehearsal",
        )
    (shown,) = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert (done.code, shown in done.out) == (1, True)
    assert "--max-runs allows 0, so some of it is left out" in done.err
    folder = tmp_path / "reports" / "upgrade"
    assert "get_processor_run.run-unknown.status" in (folder / "upgrade.md").read_text(encoding="utf-8")


def test_what_is_accepted_on_the_wire_fails_nothing_and_is_shown(
    batchproof: Callable[..., Any], tmp_path: Path
) -> None:
    app, _ = create_apps([OLDER, NEWER], faults=[f"{NEWER}:get-extract-run-unknown-is-410"], step_ms=60)
    entry = '[[accepted]]\nobserved = "get_processor_run.run-unknown.status"\nreason = "We handle 410."\n'
    (tmp_path / "batchproof.toml").write_text(entry, encoding="utf-8")
    (tmp_path / "over.toml").write_text(f"{entry}until = 2020-01-01\n", encoding="utf-8")
    with Server(app) as server:
        done = batchproof(
            *("upgrade", OLDER, NEWER, "--target", server.url, "--profile", "quick", "--fail-on", "unknown"),
            BATCHPROOF_TOKEN="tok_rehearsal",
        )
    shown = " ".join(done.out.split())
    assert (done.code, "1 that the paper does not know, 1 of them accepted" in shown) == (0, True)
    assert "accepted: We handle 410." in shown
    folder = tmp_path / "reports" / "upgrade"
    described = json.loads((folder / "upgrade.json").read_bytes())
    jsonschema.validate(described, json.loads((schemas_dir() / "batchproof" / "upgrade.json").read_text()))
    assert "not in the paper; accepted: We handle 410." in (folder / "upgrade.md").read_text(encoding="utf-8")
    recorded = (
        "upgrade",
        OLDER,
        NEWER,
        "--recorded",
        str(folder),
        "--fail-on",
        "unknown",
        "--output",
        "again",
    )
    over = batchproof(*recorded, "--accepted", "over.toml")
    passed = "its date, 2020-01-01, has passed; remove the entry, or give it a later date"
    assert (over.code, passed in " ".join(over.out.split())) == (1, True)
    # what is said of the wire says nothing of the paper
    assert batchproof("upgrade", OLDER, NEWER, "--fail-on", "none", "--output", "paper").code == 0


def observed(*ids: str, profile: str = "core", steps: int = 1) -> Rehearsal:
    found = [
        Observation(
            id=name,
            about="status",
            kind="status",
            grade="risky",
            what="differs",
            before="404",
            after="410",
            operations=["get_processor_run"],
            seen=2,
            exchanges=[("1", "2")],
        )
        for name in ids
    ]
    return Rehearsal(
        variant="",
        older_sha256="",
        newer_sha256="",
        scenarios=1,
        steps=steps,
        once=0,
        observations=found,
        profile=profile,
    )


DAY = date(2026, 3, 1)
GONE = [AcceptedSection(observed="run-unknown.status", reason="x")]


@pytest.mark.parametrize(
    ("found", "stale"),
    [
        (observed("run-unknown.status"), []),
        (
            observed("run-unknown.statuses"),
            [
                (
                    "a.toml: accepted[0]: run-unknown.status: it is not observed any more; remove the entry "
                    "(near: run-unknown.statuses)"
                )
            ],
        ),
        (
            observed(),
            ["a.toml: accepted[0]: run-unknown.status: it is not observed any more; remove the entry"],
        ),
        # nobody looked
        (observed(profile="quick"), []),
        (observed(steps=0), []),
    ],
)
def test_an_accepted_observation_that_is_gone_is_told(found: Rehearsal, stale: list[str]) -> None:
    described = with_observed(found, GONE, Path("a.toml"), DAY)
    assert described.stale == stale
    code = exit_code(prepared().described, described, "unknown", {"unknown": []})
    assert code == (1 if stale else 0 if found.established else 3)


def test_of_two_unknown_observations_the_one_that_is_not_accepted_counts() -> None:
    described = with_observed(observed("run-unknown.status", "other.status"), GONE, Path("a.toml"), DAY)
    assert [item.id for item in described.open] == ["other.status"]
    assert exit_code(prepared().described, described, "unknown", {"unknown": []}) == 1


def test_a_server_that_cannot_be_tested_is_exit_3(batchproof: Callable[..., Any]) -> None:
    app, _ = create_apps([OLDER, NEWER])
    with Server(app) as server:
        done = batchproof("upgrade", OLDER, NEWER, "--target", server.url, BATCHPROOF_TOKEN="tok_revoked")
    assert (done.code, "refuses the token (status 401)" in " ".join(done.out.split())) == (3, True)


@pytest.mark.parametrize(
    ("options", "described"),
    [
        (
            ["--from-target", "http://127.0.0.1:1"],
            "--from-target: and --to-target belong together; give both",
        ),
        (
            [
                "--target",
                "http://127.0.0.1:1",
                "--from-target",
                "http://127.0.0.1:1",
                "--to-target",
                "http://127.0.0.1:1",
            ],
            "--target: is for one server of both versions; leave out --from-target and --to-target",
        ),
        (
            ["--recorded", "nowhere"],
            "nowhere: --recorded: does not exist; give the folder of an earlier rehearsal",
        ),
        (["--recorded", "here", "--rehearse"], "--recorded: sends nothing; leave out --rehearse"),
        (["--target", "http://127.0.0.1:1"], "the environment variable BATCHPROOF_TOKEN is not set"),
        (
            ["--rehearse", "--config", "c.toml"],
            "c.toml: fixtures.nothing: neither contract knows such a fixture",
        ),
    ],
)
def test_wrong_use(
    batchproof: Callable[..., Any], tmp_path: Path, options: list[str], described: str
) -> None:
    (tmp_path / "here" / "before").mkdir(parents=True)
    (tmp_path / "c.toml").write_text('[fixtures]\nnothing = "x"\n', encoding="utf-8")
    done = batchproof("upgrade", OLDER, NEWER, *options)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert described in done.err
