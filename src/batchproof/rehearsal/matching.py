"""Which scenario of the newer contract does what one of the older contract does."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

import msgspec

from batchproof.contract import Contract
from batchproof.contract.linked import Flow, Operation
from batchproof.contract.model import Probe
from batchproof.contract.placeholders import PLACEHOLDERS
from batchproof.plan import Scenario
from batchproof.upgrade.mapping import Map, Pair

_PARTS = [field.name for field in fields(Flow) if field.name != "name"]
# what of a probe's value tells it from others: an id that nobody knows begins with another prefix in each version
_NOTHING = repr(None)
# what it asks is made from the schema of each version
_GENERATED = "test_generated_queries"
_FREE = [item.name for item in PLACEHOLDERS.values() if item.is_free]


class Matched(NamedTuple):
    """Two scenarios that do the same."""

    older: Scenario
    newer: Scenario


def matched(mapped: Map, variant: str, older: Iterable[Scenario], newer: Iterable[Scenario]) -> list[Matched]:
    """The scenarios of ``older`` in their order, each with the one that does the same; those without one are left out.

    Only scenarios that send the same requests in every run are taken.
    """
    names = _Names(mapped, variant)
    by_key = {names.of(scenario): scenario for scenario in reversed([*newer]) if _is_steady(scenario)}
    found: list[Matched] = []
    for scenario in older:
        key = names.now(scenario) if _is_steady(scenario) else None
        if key is not None and key in by_key:
            found.append(Matched(scenario, by_key[key]))
    return found


def _is_steady(scenario: Scenario) -> bool:
    return scenario.group == "steady" and scenario.run.__name__ != _GENERATED


class _Names(NamedTuple):
    """What scenarios of the two contracts have in common: a key in the words of the newer one."""

    mapped: Map
    variant: str

    def of(self, scenario: Scenario) -> object:
        """The key of a scenario of the newer contract."""
        return _key(self.mapped.newer, scenario, self._unchanged)

    def now(self, scenario: Scenario) -> object | None:
        """The key that a scenario of the older contract has now; None where nothing takes its place."""
        try:
            return _key(self.mapped.older, scenario, self._renamed)
        except LookupError:
            return None

    def _unchanged(self, probe: Probe | None, value: Any) -> Any:
        return _change((), probe, {}, {}) if probe is not None else value

    def _renamed(self, probe: Probe | None, value: Any) -> Any:
        if probe is not None:
            operation = self.mapped.older.operation(probe.operation)
            request = operation.request.schema if operation.request is not None else None
            fixed = set(self.mapped.older.manifest.headers.items()) ^ set(
                self.mapped.newer.manifest.headers.items()
            )
            return _change(
                {name for name, _ in fixed}, probe, self._targets(request), self._targets(operation.query)
            )
        targets = self.mapped.operations(value)
        return targets[self.variant]

    def _targets(self, file: str | None) -> Mapping[str, str | None]:
        pair: Pair | None = next(
            (pair for pair in self.mapped.pairs if (pair.older_file, pair.variant) == (file, self.variant)),
            None,
        )
        return {at: pair.target(at) for at in pair.older} if pair is not None else {}


def _key(contract: Contract, scenario: Scenario, renamed: Any) -> tuple[object, ...]:
    found: list[object] = [scenario.run.__name__]
    for name, value in sorted(scenario.values.items()):
        if isinstance(value, Flow):
            parts = ((part, getattr(value, part)) for part in _PARTS)
            found += [(part, renamed(None, str(named))) for part, named in parts if named is not None]
        elif name == "probe_name":
            probe = contract.probes[value]
            found += [renamed(None, probe.operation), renamed(probe, None)]
        elif isinstance(value, str | Operation):
            found.append(renamed(None, str(value)))
        else:
            raise LookupError(name)
    return tuple(found)


def _change(
    fixed: Collection[str], probe: Probe, body: Mapping[str, str | None], query: Mapping[str, str | None]
) -> tuple[tuple[str, str], ...]:
    """What a probe changes, leaf by leaf, each where it stands now. Raises ``LookupError`` for what has gone."""
    found: dict[str, str] = {}
    for part, value in msgspec.to_builtins(probe.change).items():
        if value is None:
            continue
        if part == "headers" and set(fixed) & set(value):
            raise LookupError("a header that chooses the version")
        where = {"body": body, "query": query}.get(part, {})
        for at, leaf in _leaves(value, ""):
            target = where.get(at, at)
            if target is None:
                raise LookupError(at)
            found[f"{part}{target}"] = repr(_free(leaf))
    gone = [at for at, leaf in found.items() if leaf == _NOTHING]
    # what is taken away takes what is below with it
    below = [at for at in gone if any(at.startswith(f"{above}/") for above in gone)]
    return tuple(sorted((at, leaf) for at, leaf in found.items() if at not in below))


def _leaves(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and not any(name.startswith("$") for name in value):
        for name, child in value.items():
            yield from _leaves(child, f"{at}/{name}")
    else:
        yield at, value


def _free(leaf: Any) -> Any:
    if isinstance(leaf, dict):
        return next((name for name in _FREE if name in leaf), leaf)
    return leaf
