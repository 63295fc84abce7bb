"""Runs the conformance scenarios in this process: one pytest session cannot hold another, and a process for each fault is dear.

It stands in for the plugin: the same scenarios, expanded by the same marks, each on a contract and a server.
"""

import importlib.util
import inspect
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from batchproof import emulator
from batchproof.contract import Contract, load_contract
from batchproof.contract.model import OTHER_TOKENS, Profile, token_fixture
from batchproof.drive import Stopped, Unmet
from batchproof.drive.courses import courses
from batchproof.history import read_history
from batchproof.judge import Results, judge
from batchproof.places import conformance_dir
from batchproof.session import HISTORY, Place, Session
from batchproof.target import Settings, Token

TOKEN = "tok_canary_5f0c91d2e7"
PDF = b"%PDF-1.4\n% a document for the emulator\n%%EOF\n"
LEVELS = ("MUST", "SHOULD", "MAY")


class Scenario(NamedTuple):
    """A test function of the suite, with values for its parameters other than ``api`` and ``prober``."""

    name: str
    module: str
    run: Callable[..., object]
    values: dict[str, Any]


class Verdicts:
    """What the judge found."""

    def __init__(self, results: Results) -> None:
        self.results = results

    def failed(self, *levels: str) -> set[str]:
        """The requirements that failed, of these levels or of all."""
        return {row.id for row in self.results.failed if row.level in (levels or LEVELS)}

    def with_verdict(self, verdict: str) -> set[str]:
        return {row.id for row in self.results.requirements if row.verdict == verdict}


@cache
def contract_of(name: str) -> Contract:
    return load_contract(name)


@cache
def scenarios_of(name: str, *, generated: bool) -> tuple[Scenario, ...]:
    """Every scenario of the suite that a contract has something for, but for the largest batch.

    They are those that generate requests, or those that do not.
    """
    contract = contract_of(name)
    return tuple(
        Scenario(f"{function.__name__}{list(values)}", module.__name__, function, values)
        for module in _modules()
        for function in vars(module).values()
        if inspect.isfunction(function) and function.__name__.startswith("test_")
        for marks in [{mark.name: mark.args for mark in getattr(function, "pytestmark", [])}]
        if "costly" not in marks and ("generated" in marks) == generated
        for values in _values(contract, set(inspect.signature(function).parameters), marks)
    )


@cache
def _modules() -> tuple[ModuleType, ...]:
    return tuple(_module(file) for file in sorted(conformance_dir().glob("test_*.py")))


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _values(contract: Contract, wanted: set[str], marks: dict[str, Any]) -> Iterator[dict[str, Any]]:
    operations = contract.manifest.operations.items()
    choices: dict[str, list[Any]] = {
        "flow": [
            flow
            for flow in contract.manifest.flows.values()
            if all(getattr(flow, part) is not None for part in marks.get("flow", ()))
        ],
        "probe_name": list(contract.probes),
        "listing": [name for name, item in operations if item.pages is not None],
        "reader": [name for name, item in operations if item.reads is not None and item.method == "GET"],
        "requested": [
            name for name, item in operations if item.request is not None or item.query is not None
        ],
        "addressed": [name for name, item in operations if "{id}" in item.path and item.request is None],
        "course": list(courses(contract).values()),
    }
    parameters = sorted(wanted & set(choices))
    assert wanted - {"api", "prober"} == set(parameters), "the suite has a parameter that is unknown here"
    if not parameters:
        yield {}
        return
    (parameter,) = parameters
    for value in choices[parameter]:
        yield {parameter: value}


def _run(session: Session, scenario: Scenario) -> None:
    assert session.api is not None
    session.api.scenario = scenario.name
    given = {"api": session.api, "prober": session.prober, **scenario.values}
    wanted = inspect.signature(scenario.run).parameters
    try:
        scenario.run(**{name: given[name] for name in wanted})
    except Unmet as unmet:
        session.record(unmet, scenario.name)
    except (Stopped, pytest.skip.Exception):
        return


@pytest.fixture
def verdicts(tmp_path: Path) -> Callable[..., Verdicts]:
    """Runs the whole suite, or the scenarios whose name begins with ``only``, against an emulator, and judges it.

    ``patience_s`` is how long an event may take.
    """

    def run(
        name: str,
        *,
        faults: Sequence[str] = (),
        variants: Sequence[str] = (),
        profile: Profile = "full",
        seed: int = 0,
        only: Sequence[str] = (),
        without: Sequence[str] = (),
        wanted: Callable[[Scenario], bool] | None = None,
        patience_s: float = 30.0,
        generated: Sequence[bool] = (False,),
    ) -> Verdicts:
        contract = contract_of(name)
        settings = _settings(contract, profile, tmp_path, seed, patience_s)
        with emulator.Embedded(name, seed=seed, faults=faults, variants=variants) as server:
            session = Session(contract, settings, tmp_path, _place(server))
            try:
                session.start()
                if session.trouble is None:
                    for scenario in [one for kind in generated for one in scenarios_of(name, generated=kind)]:
                        chosen = scenario.module not in without and (not only or scenario.module in only)
                        if chosen and (wanted is None or wanted(scenario)):
                            _run(session, scenario)
            finally:
                session.close()
        return Verdicts(judge(contract, read_history(tmp_path / HISTORY)))

    return run


def _place(server: emulator.Embedded) -> Place:
    return Place(
        url=server.url,
        label="emulator",
        origin=time.monotonic(),
        started_at="2026-01-01T00:00:00Z",
        control=server.control,
        registers=True,
    )


def _settings(contract: Contract, profile: Profile, folder: Path, seed: int, patience_s: float) -> Settings:
    document = folder / "invoice.pdf"
    document.write_bytes(PDF)
    files = [name for name, fixture in contract.manifest.fixtures.items() if fixture.type == "file"]
    return Settings(
        contract=contract.id,
        base_url=None,
        token=Token("BATCHPROOF_TOKEN", TOKEN),
        other_tokens={
            name: Token(f"BATCHPROOF_{name.upper()}_TOKEN", f"tok_canary_{name}_9c27d04be1")
            for name in OTHER_TOKENS
            if token_fixture(name) in contract.manifest.fixtures
        },
        headers={},
        fixtures={**emulator.fixtures(contract.id), **dict.fromkeys(files, str(document))},
        profile=profile,
        seed=seed,
        max_runs=40_000,
        max_requests=1_000_000,
        requests_per_second=None,
        poll_interval_s=0.0,
        poll_timeout_s=10.0,
        request_timeout_s=10.0,
        output=None,
        webhook_timeout_s=patience_s,
    )
