"""Faults and variants: small functions that change a behaviour, registered under a name."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .behaviour import Behaviour

B = TypeVar("B", bound=Behaviour)
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted defect; `breaks` is the id of the documented statement that it breaks."""

    name: str
    breaks: str
    doc: str
    apply: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Variant:
    """Unusual but legal behaviour."""

    name: str
    doc: str
    apply: Callable[[Any], None]


class Registry(Generic[B]):
    """The faults and variants of one emulated contract."""

    def __init__(self) -> None:
        self.faults: dict[str, Fault] = {}
        self.variants: dict[str, Variant] = {}

    def fault(self, name: str, *, breaks: str) -> Callable[[Callable[[B], None]], Callable[[B], None]]:
        """Register the decorated function as a fault; its docstring tells which sentence it breaks."""

        def register(apply: Callable[[B], None]) -> Callable[[B], None]:
            _add(self.faults, name, Fault(name, breaks, inspect.getdoc(apply) or "", apply))
            return apply

        return register

    def add(self, fault: Fault) -> None:
        """Register a fault that was made from a table."""
        _add(self.faults, fault.name, fault)

    def variant(self, name: str) -> Callable[[Callable[[B], None]], Callable[[B], None]]:
        """Register the decorated function as a variant."""

        def register(apply: Callable[[B], None]) -> Callable[[B], None]:
            _add(self.variants, name, Variant(name, inspect.getdoc(apply) or "", apply))
            return apply

        return register

    def take(self, others: "Registry[Any]") -> None:
        """Register what was registered elsewhere, for behaviours that this registry's extend."""
        for fault in others.faults.values():
            _add(self.faults, fault.name, fault)
        for variant in others.variants.values():
            _add(self.variants, variant.name, variant)


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
