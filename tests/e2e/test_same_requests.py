"""Two runs with one seed send the same requests, however many workers they have."""

import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

AT_ONCE = "_at_once"
ID = re.compile(r"\b[a-z]+_[A-Za-z0-9_-]{16,}|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
CURSOR = re.compile(r"(?<=[?&])(nextPageToken|cursor)=[^&]*")


def requests_of(
    folder: Path, contract: str, selection: str, seed: int = 0, workers: int = 1
) -> list[tuple[str, str]]:
    """The scenario and the request of every exchange of a run on the embedded emulator."""
    subprocess.run(
        [
            *(sys.executable, "-m", "batchproof", "run", "--contract", contract, "--seed", str(seed)),
            *("--output", str(folder), "--workers", str(workers), "--", "-k", selection),
        ],
        cwd=folder.parent,
        env={**{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}},
        capture_output=True,
        timeout=300,
        check=False,
    )
    events = [json.loads(line) for line in (folder / "history.ndjson").read_text().splitlines()]
    return [
        (event["scenario"], described(event["request"])) for event in events if event["event"] == "exchange"
    ]


def described(request: dict[str, Any]) -> str:
    """A request without the port of the server, what stands between the parts of a form, and page tokens, which hold moments."""
    path = CURSOR.sub("", request["url"].partition("//")[2].partition("/")[2])
    headers = {
        name: value.partition("; boundary")[0] for name, value in request["headers"].items() if name != "host"
    }
    return json.dumps([request["method"], path, headers, request.get("body"), request.get("text")])


@pytest.mark.parametrize(
    ("contract", "selection"),
    [
        ("extend/2026-02-09", "extract_batch or list_extract_runs or create_extract_run"),
        ("extend/2025-04-21", "processor_run"),
        ("talonic/v1", "test"),
    ],
)
def test_two_runs_with_one_seed_send_the_same_requests(tmp_path: Path, contract: str, selection: str) -> None:
    one, other = (requests_of(tmp_path / name, contract, selection) for name in ("one", "other"))
    alone = [[described for scenario, described in sent if AT_ONCE not in scenario] for sent in (one, other)]
    assert alone[0] == alone[1]
    assert Counter(one) == Counter(other)
    assert any(AT_ONCE in scenario for scenario, _ in one)
    assert any("random_order" in scenario for scenario, _ in one)


def test_another_seed_sends_other_requests(tmp_path: Path) -> None:
    selection = "random_order"
    one, other = (requests_of(tmp_path / str(seed), "talonic/v1", selection, seed) for seed in (0, 1))
    assert one != other


def by_scenario(sent: list[tuple[str, str]]) -> dict[str, Counter[str]]:
    """What each scenario sent, ids aside; how often it looked is a matter of time."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for scenario, request in sent:
        found[scenario][ID.sub("ID", request)] += 1
    return {
        scenario: Counter({text: 1 if text.startswith('["GET"') else count for text, count in asked.items()})
        for scenario, asked in found.items()
    }


@pytest.mark.parametrize("contract", ["extend/2025-04-21", "talonic/v1"])
def test_scenarios_send_the_same_whether_alone_or_among_others(tmp_path: Path, contract: str) -> None:
    # what these do next depends on what they are shown, and that on time
    selection = "not (random_order or whole_list or look_again or existing or ended or cancel)"
    one, other = (
        by_scenario(requests_of(tmp_path / str(workers), contract, selection, workers=workers))
        for workers in (1, 16)
    )
    assert one == other
    assert len(one) > 60
