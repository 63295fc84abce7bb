"""The conformance scenarios as plain functions, expanded for a contract as the pytest plugin would expand them."""

import importlib.util
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple

from batchproof.contract import Contract, load_contract
from batchproof.drive.courses import courses
from batchproof.places import conformance_dir

Group = Literal["steady", "random", "events", "generated"]
# Modules in which the order of requests is random or left to threads, in which events are waited for, and in which
# requests are generated; the others send the same requests in every run.
_GROUPS: Mapping[str, Group] = {
    "test_state_machines": "random",
    "test_together": "random",
    "test_webhooks": "events",
    "test_generated_requests": "generated",
}
# A probe with more inputs than this is dear, and so are lists after it.
MANY_INPUTS = 100


class Scenario(NamedTuple):
    """A test function of the suite, with values for its parameters other than ``api`` and ``prober``.

    ``parts`` are those of its flow that it drives.
    """

    name: str
    run: Callable[..., object]
    values: dict[str, Any]
    group: Group
    large: bool
    parts: tuple[str, ...] = ()


@cache
def scenarios_of(reference: str) -> tuple[Scenario, ...]:
    """Every scenario that a contract has something for, those that submit many inputs at the end.

    The largest batch that is accepted is left out: probes submit one of that size already.
    """
    contract = load_contract(reference)
    found = [
        Scenario(
            f"{function.__name__}[{label}]" if label else function.__name__,
            function,
            values,
            _GROUPS.get(module.__name__, "steady"),
            _is_large(contract, values),
            marks.get("flow", ()),
        )
        for module in _modules()
        for function in vars(module).values()
        if inspect.isfunction(function) and function.__name__.startswith("test_")
        for marks in [{mark.name: mark.args for mark in getattr(function, "pytestmark", [])}]
        if "large" not in marks
        for label, values in _values(contract, set(inspect.signature(function).parameters), marks)
    ]
    return tuple(sorted(found, key=lambda scenario: scenario.large))


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


def _is_large(contract: Contract, values: dict[str, Any]) -> bool:
    probe = contract.probes.get(values.get("probe_name", ""))
    return probe is not None and (probe.change.inputs or 0) > MANY_INPUTS


def _values(
    contract: Contract, wanted: set[str], marks: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The values of the parameters, each time with a label that tells them apart."""
    operations = contract.manifest.operations.items()
    choices: dict[str, Mapping[str, Any]] = {
        "flow": {
            name: flow
            for name, flow in contract.manifest.flows.items()
            if all(getattr(flow, part) is not None for part in marks.get("flow", ()))
        },
        "probe_name": _named(contract.probes),
        "listing": _named(name for name, item in operations if item.pages is not None),
        "requested": _named(
            name for name, item in operations if item.request is not None or item.query is not None
        ),
        "addressed": _named(
            name for name, item in operations if "{id}" in item.path and item.request is None
        ),
        "course": courses(contract),
        "reader": _named(
            name for name, item in operations if item.reads is not None and item.method == "GET"
        ),
    }
    parameters = sorted(wanted & set(choices))
    if wanted - {"api", "prober"} != set(parameters):
        raise ValueError(f"the suite has a parameter that is unknown here: {', '.join(sorted(wanted))}")
    if not parameters:
        yield "", {}
        return
    (parameter,) = parameters
    for label, value in choices[parameter].items():
        yield label, {parameter: value}


def _named(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}
