"""Faults and variants: what changes a behaviour, registered under a name."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from .behaviour import Behaviour

B = TypeVar("B", bound=Behaviour)
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted defect; `breaks` is the id of the documented statement that it breaks, `doc` tells both sides.

    The emulator makes nothing of the rest, which is declared for those who look for the fault: `collateral` are other
    statements that fail with it, each with the reason; `withheld` says why the one that it breaks cannot fail.
    """

    name: str
    breaks: str
    doc: str
    apply: Callable[[Any], None]
    collateral: Mapping[str, str] = field(default_factory=dict)
    withheld: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """Unusual but legal behaviour."""

    name: str
    doc: str
    apply: Callable[[Any], None]


class Registry(Generic[B]):
    """The faults and variants of one emulated contract."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._tables: list[Callable[[], Iterable[Fault]]] = []
        self.variants: dict[str, Variant] = {}

    @property
    def faults(self) -> Mapping[str, Fault]:
        """The faults by their names. Their tables are read when they are asked for first: a healthy emulator needs none."""
        while self._tables:
            for fault in self._tables.pop()():
                self.add(fault)
        return self._faults

    def fault(
        self,
        name: str,
        *,
        breaks: str,
        collateral: Mapping[str, Sequence[str]] | None = None,
        withheld: str | None = None,
    ) -> Callable[[Callable[[B], None]], Callable[[B], None]]:
        """Register the decorated function as a fault; its docstring tells which sentence it breaks.

        `collateral` are the statements that fail with it, by the reasons.
        """

        def register(apply: Callable[[B], None]) -> Callable[[B], None]:
            doc = inspect.getdoc(apply) or ""
            self.add(Fault(name, breaks, doc, apply, by_statement(collateral or {}), withheld))
            return apply

        return register

    def add(self, fault: Fault) -> None:
        """Register a fault that was made elsewhere."""
        _add(self._faults, fault.name, fault)

    def add_table(self, read: Callable[[], Iterable[Fault]]) -> None:
        """Register the faults of a table, as soon as anybody asks for faults."""
        self._tables.append(read)

    def variant(self, name: str) -> Callable[[Callable[[B], None]], Callable[[B], None]]:
        """Register the decorated function as a variant."""

        def register(apply: Callable[[B], None]) -> Callable[[B], None]:
            _add(self.variants, name, Variant(name, inspect.getdoc(apply) or "", apply))
            return apply

        return register

    def take(self, others: "Registry[Any]") -> None:
        """Register what was registered elsewhere, for behaviours that this registry's extend."""
        for fault in others.faults.values():
            self.add(fault)
        for variant in others.variants.values():
            _add(self.variants, variant.name, variant)


def by_statement(collateral: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The reason for each statement, of the statements for each reason."""
    return {statement: why for why, statements in collateral.items() for statement in statements}


def merged(*parts: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The statements for each reason, of several such maps."""
    reasons = dict.fromkeys(why for part in parts for why in part)
    return {why: [statement for part in parts for statement in part.get(why, ())] for why in reasons}


def _add(known: dict[str, P], name: str, entry: P) -> None:
    if name in known:
        raise ValueError(f"{name!r} is registered twice")
    known[name] = entry


def pick(what: str, names: Sequence[str], known: Mapping[str, P]) -> list[P]:
    """Look names up; an unknown one is a `ValueError` that lists the known ones."""
    for name in names:
        if name not in known:
            raise ValueError(f"unknown {what} {name!r}; known: {', '.join(sorted(known)) or 'none'}")
    return [known[name] for name in dict.fromkeys(names)]
