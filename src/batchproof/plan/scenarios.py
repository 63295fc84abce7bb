"""The conformance scenarios as plain functions, expanded for a contract."""

import importlib.util
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple

from batchproof.contract import Contract
from batchproof.contract.linked import Listing, Reader
from batchproof.contract.model import Profile
from batchproof.drive import driven
from batchproof.drive.workflows import workflows
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
# what scenarios are expanded over
PARAMETERS = frozenset({"flow", "workflow", "probe_name", "listing", "reader", "requested", "addressed"})


class Scenario(NamedTuple):
    """A function of the suite, with values for its parameters other than ``api`` and ``prober``.

    ``profile`` is the smallest that drives it, ``parts`` are those of its flow that it drives. ``largest`` says that it
    submits as many inputs as the contract allows, ``alone`` that nothing else may happen meanwhile.
    """

    name: str
    run: Callable[..., object]
    values: dict[str, Any]
    group: Group
    profile: Profile = "quick"
    parts: tuple[str, ...] = ()
    largest: bool = False
    alone: bool = False

    @property
    def label(self) -> str:
        """What tells it from the other scenarios of the same function."""
        return self.name.removeprefix(self.run.__name__)[1:-1]

    @property
    def operations(self) -> list[str]:
        """The operations that it drives, as far as its parameters name them."""
        return driven(self.values, self.parts)

    def inputs_at_stake(self, contract: Contract) -> int:
        """How many inputs its probe submits, which are refused if all is well."""
        probe = contract.probes.get(self.values.get("probe_name", ""))
        return 0 if probe is None else probe.change.inputs or 0


def scenarios_of(contract: Contract) -> list[Scenario]:
    """Every scenario that a contract has something for, in the order of the suite."""
    return [
        scenario
        for module in _modules()
        for function in vars(module).values()
        if inspect.isfunction(function) and function.__name__.startswith("test_")
        for scenario in expanded(contract, module.__name__, function)
    ]


def expanded(contract: Contract, module: str, function: Callable[..., object]) -> list[Scenario]:
    """The scenarios that ``function``, of the module of that name, becomes for a contract."""
    marks = {mark.name: mark.args for mark in getattr(function, "pytestmark", [])}
    parts = marks.get("flow", ())
    return [
        Scenario(
            name=f"{function.__name__}[{label}]" if label else function.__name__,
            run=function,
            values=values,
            group=_GROUPS.get(module.rpartition(".")[2], "steady"),
            profile=marks.get("profile", ("quick",))[0],
            parts=parts,
            largest="large" in marks,
            alone="alone" in marks,
        )
        for label, values in _values(contract, set(inspect.signature(function).parameters), parts)
    ]


def _values(
    contract: Contract, wanted: set[str], parts: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The values of the parameter, each time with a label that tells them apart."""
    parameters = wanted & PARAMETERS
    if wanted - parameters - {"api", "prober"}:
        raise ValueError(f"the suite has a parameter that is unknown here: {', '.join(sorted(wanted))}")
    if not parameters:
        yield "", {}
        return
    (parameter,) = parameters
    for label, value in _choices(contract, parameter, parts).items():
        yield label, {parameter: value}


def _choices(contract: Contract, parameter: str, parts: tuple[str, ...]) -> Mapping[str, Any]:
    """What a contract has for a parameter of scenarios."""
    operations = contract.operations
    match parameter:
        case "flow":
            flows = contract.flows.items()
            return {
                name: flow for name, flow in flows if all(getattr(flow, part) is not None for part in parts)
            }
        case "workflow":
            return workflows(contract)
        case "probe_name":
            return _named(contract.probes)
        case "listing":
            return {name: item for name, item in operations.items() if isinstance(item, Listing)}
        case "reader":
            return {name: item for name, item in operations.items() if isinstance(item, Reader)}
        case "requested":
            return _named(
                name
                for name, item in operations.items()
                if item.request is not None or item.query is not None
            )
        case "addressed":
            return _named(
                name for name, item in operations.items() if "{id}" in item.path and item.request is None
            )
    raise AssertionError(parameter)


def _named(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}


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
