"""What only generation reaches is found, made small, and shown again by a few requests: by a faulty server, not by a healthy one."""

from typing import NamedTuple

import pytest

from batchproof.contract.model import Profile
from batchproof.emulator import faults
from batchproof.fault_matrix import driven
from batchproof.fault_matrix.cases import Case
from batchproof.fault_matrix.drive import Driven
from batchproof.fault_matrix.expectations import load_expectations
from batchproof.judging import Finding
from batchproof.plan import Scenario
from batchproof.replay import Script, conclude, perform, read_script
from batchproof.session import Session

CONTRACT = "extend/2026-02-09"
EXPECTED = load_expectations(CONTRACT)
MOST_EXCHANGES = 6
# the run that a cancellation reaches comes from a batch here, and has to be made and found before
MORE_EXCHANGES = {"cancel-takes-neighbour": 9}
ANOTHER_SEED = 5


class Way(NamedTuple):
    """The scenario that finds a fault, and the operation that it is about."""

    scenario: str
    operation: str


RANDOM = Way("test_random_order", "submit_extract_batch")
WAYS = {
    "empty-accept-crashes": Way("test_odd_headers", "list_extractors"),
    "encoded-slash-crashes": Way("test_hostile_paths", "get_batch_run"),
    "id-beyond-ascii-crashes": Way("test_hostile_paths", "get_batch_run"),
    "long-id-cut": Way("test_hostile_paths", "get_extract_run"),
    "metadata-ascii-only": Way("test_valid_requests", "create_split_run"),
    "metadata-deep-as-text": Way("test_valid_requests", "submit_extract_batch"),
    "metadata-empty-key-dropped": Way("test_valid_requests", "create_parse_run"),
    "metadata-error-without-code": Way("test_invalid_requests", "create_extract_run"),
    "metadata-fractions-rounded": Way("test_valid_requests", "create_classify_run"),
    "metadata-integers-overflow": Way("test_valid_requests", "create_extract_run"),
    "metadata-long-text-cut": Way("test_valid_requests", "create_classify_run"),
    "metadata-nulls-dropped": Way("test_valid_requests", "create_split_run"),
    "metadata-number-accepted": Way("test_invalid_requests", "submit_classify_batch"),
    "nul-in-metadata-crashes": Way("test_valid_requests", "create_extract_run"),
    "page-size-with-exponent": Way("test_invalid_requests", "list_classify_runs"),
    "parameter-twice-crashes": Way("test_invalid_requests", "list_split_runs"),
    "same-file-twice-crashes": Way("test_valid_requests", "submit_extract_batch"),
    "second-text-accepted": Way("test_invalid_requests", "submit_split_batch"),
    "race-mixes-batches": Way("test_batches_submitted_at_once", "submit_extract_batch"),
    "race-undoes-cancel": Way("test_run_cancelled_by_several_at_once", "create_extract_run"),
    **dict.fromkeys(EXPECTED.random[2:], RANDOM),
}


def test_there_are_enough_faults_that_only_generation_reaches() -> None:
    reached = {*EXPECTED.generated, *EXPECTED.random}
    assert set(WAYS) == reached
    assert len(reached) >= 20
    assert len(reached - set(EXPECTED.full)) >= 15


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Without ``--proof whole`` one of three faults of each way, in the order of their names."""
    if "fault" in metafunc.fixturenames:
        whole = metafunc.config.getoption("proof") == "whole"
        ordered = sorted(WAYS, key=lambda name: (WAYS[name].scenario, name))
        metafunc.parametrize("fault", ordered if whole else ordered[::3])


def test_finding_is_small_and_shows_again(fault: str) -> None:
    case = Case(contract=CONTRACT, kind="fault", name=fault)
    way = WAYS[fault]
    profile: Profile = "full" if fault in EXPECTED.full else "core"

    def wanted(scenario: Scenario) -> bool:
        return scenario.run.__name__ == way.scenario and way.operation in scenario.operations

    with driven(case, profile, groups=("generated", "random"), wanted=wanted) as run:
        results, _ = conclude(run.contract, run.settings, run.endpoint, run.folder)
        found = [row for row in results.failed if row.id == faults(CONTRACT)[fault].breaks]
        assert len(found) == 1
        tried = [finding for finding in found[0].findings if finding.reproduction is not None]
        scripts = [script for finding in tried for script in [_script(run, finding)]]
    described = [finding.reproduction for finding in tried if finding.reproduction is not None]
    assert {reproduction.outcome for reproduction in described} == {"reproduced"}
    assert max(len(reproduction.exchanges) for reproduction in described) <= MORE_EXCHANGES.get(
        fault, MOST_EXCHANGES
    )
    healthy = Case(contract=CONTRACT, kind="healthy")
    assert {_outcome(case, script) for script in scripts[:2]} == {"wrong"}
    assert {_outcome(healthy, script) for script in scripts[:2]} == {"mended"}


def _script(run: Driven, finding: Finding) -> Script:
    return read_script(run.folder / "replays" / f"{finding.fingerprint}.json")


def _outcome(case: Case, script: Script) -> str:
    """What the requests show on another server, whose ids are others."""
    with driven(case, "quick", groups=(), seed=ANOTHER_SEED) as run:
        session = Session(run.contract, run.settings, run.folder, run.endpoint)
        try:
            session.start("replay")
            assert session.api is not None
            return perform(session.api, script).outcome
        finally:
            session.close()
