"""Plans: every scenario has bounds, and what is out of reach is told with the line that would change it."""

import json
from collections.abc import Mapping

import pytest

from batchproof.client import Options
from batchproof.emulator import contracts
from batchproof.plan import exit_code, obstacles, plan, plan_json, plan_lines, scenarios_of, sum_line
from batchproof.plan.costs import _BOUNDS
from batchproof.plan.showing import _DOES
from batchproof.session import configure, foreseen

TOKEN = {"BATCHPROOF_TOKEN": "tok_plan_1"}


def planned(contract: str = "extend/2026-02-09", **options: object):
    loaded, settings = configure(Options(contract=contract, **options), TOKEN)  # type: ignore[arg-type]
    settings = foreseen(loaded, settings)
    made = plan(loaded, settings)
    return made, obstacles(loaded, settings, made), settings


def reasons(**options: object) -> Mapping[str | None, str]:
    _, found, _ = planned(target="http://127.0.0.1:9", **options)
    return {item.option: item.because for item in found}


@pytest.mark.parametrize("contract", contracts())
def test_every_scenario_has_bounds(contract: str) -> None:
    loaded, _ = configure(Options(contract=contract), TOKEN)
    functions = {scenario.run.__name__ for scenario in scenarios_of(loaded)}
    assert functions - set(_BOUNDS) == set()
    assert set(_DOES) - set(_BOUNDS) == set()


@pytest.mark.parametrize("profile", ["quick", "core"])
@pytest.mark.parametrize("contract", contracts())
def test_everything_owed_is_within_reach_on_the_emulator(contract: str, profile: str) -> None:
    made, found, settings = planned(contract, profile=profile)
    assert (found, exit_code(found)) == ([], 0)
    assert f"can establish {len(made.owed)} of {len(made.owed)}" in sum_line(made, found, settings)


def test_a_list_that_is_asked_for_as_it_is_shows_what_holds_without_parameters() -> None:
    made, found, _ = planned(profile="quick", claim=["extract", "batches"])
    assert "list_extract_runs.max_page_size.default" in made.owed
    assert found == []


def test_two_plans_are_the_same() -> None:
    assert [item.scenario.name for item in planned()[0].items] == [
        item.scenario.name for item in planned()[0].items
    ]


def test_what_the_limits_and_fixtures_keep_out_of_reach() -> None:
    assert reasons() == {
        "--max-runs 1005 or more": "no documents may be processed",
        "give failing_file_url in [fixtures]": "the fixture failing_file_url is not given",
        "give batch_run_ids in [fixtures]": "the fixture batch_run_ids is not given, and lists may show none",
        "--webhook-url URL": "no receiver of webhooks is open; nobody owes them without one",
    }


def test_what_lists_may_show_is_in_doubt() -> None:
    made, found, settings = planned("talonic/v1", target="http://127.0.0.1:9", max_runs=1_000)
    could = {row for item in made.items for row in item.establishes}
    assert {row for item in found if item.in_doubt for row in item.requirements} <= could
    assert {
        row for item in found if item.owed and not item.in_doubt for row in item.requirements
    } & could == set()
    assert "more if lists show what they are about" in sum_line(made, found, settings)


def test_the_number_that_is_named_is_enough() -> None:
    assert [option for option in reasons(max_runs=1_079) if option is not None and "max-runs" in option] == []
    assert [option for option in reasons(max_runs=1_000) if option is not None and "max-runs" in option] != []


def test_requests_that_may_not_last() -> None:
    (described,) = [
        option for option in reasons(max_runs=1_100, max_requests=300) if "max-requests" in str(option)
    ]
    assert described is not None
    enough = int(described.split()[1])
    assert "max-requests" not in str(list(reasons(max_runs=1_100, max_requests=enough)))


def test_without_a_receiver_nobody_owes_deliveries() -> None:
    _, found, _ = planned("talonic/v1", target="http://127.0.0.1:9", max_runs=1_000)
    assert "--webhook-url URL" not in {item.option for item in found}


def test_table_keeps_to_eighty_columns() -> None:
    made, found, settings = planned(target="http://127.0.0.1:9")
    wide = [line for line in plan_lines(made, found, settings, verbose=True) if len(line) > 80]
    assert wide == []


def test_json_adds_up() -> None:
    made, found, settings = planned("talonic/v1")
    described = json.loads(json.dumps(plan_json(made, found, settings)))
    parts = [*described["scenarios"], *described["prepared"]]
    for key in ("requests", "documents", "waits"):
        assert sum(part[key] for part in parts) == described["cost"][key]
    assert {row for part in parts for row in part["establishes"]} == set(described["owed"])


def test_what_was_there_is_read_before_anything_is_made() -> None:
    made, _, _ = planned()
    names = [item.scenario.run.__name__ for item in made.items]
    assert set(names[:5]) == {"test_existing_object_is_read_twice"}


def test_claims_leave_requirements_out() -> None:
    whole, _, _ = planned(target="http://127.0.0.1:9")
    part, found, _ = planned(target="http://127.0.0.1:9", claim=("extract",))
    assert part.owed < whole.owed
    assert {item.option for item in found} == {"--max-runs 78 or more"}


def test_shards_share_the_plan_out() -> None:
    target = "http://127.0.0.1:9"
    shards = [planned("talonic/v1", target=target, shard=f"{number}/3")[0] for number in (1, 2, 3)]
    names = [item.scenario.name for shard in shards for item in shard.items]
    assert sorted(names) == sorted(
        item.scenario.name for item in planned("talonic/v1", target=target)[0].items
    )
