"""The emulated contracts, by name."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from starlette.applications import Starlette

from . import application
from .clock import Clock, SystemClock
from .postman import Webhook
from .registry import Fault, Registry, Variant, pick
from .tokens import TokenPolicy


@dataclass(frozen=True, slots=True)
class _StandIn:
    """What a vendor's package brings."""

    behaviour: Callable[[int], Any]
    emulator: Callable[[Any, Clock, TokenPolicy], application.Emulator]
    registry: Registry[Any]
    fixtures: Mapping[str, str | list[str]]
    chosen_by: tuple[str, str] | None
    delivering: Callable[[Any, Clock, TokenPolicy, Webhook], application.Emulator] | None = None


# each is loaded when it is asked for: one takes longer than the rest of a start
_PACKAGES = {
    "extend/2026-02-09": "extend_2026_02_09",
    "extend/2025-04-21": "extend_2025_04_21",
    "talonic/v1": "talonic_v1",
}
# the versions of one vendor that have one store, and what joins them
_JOINED = {("extend/2025-04-21", "extend/2026-02-09"): "extend_both"}
# the emulators that send webhooks
_DELIVERING = frozenset({"extend/2026-02-09", "extend/2025-04-21"})


def contracts() -> tuple[str, ...]:
    """The names of the contracts that can be emulated."""
    return tuple(_PACKAGES)


def faults(contract: str) -> Mapping[str, Fault]:
    """The defects that can be planted into the emulator of a contract."""
    return dict(_stand_in(contract).registry.faults)


def variants(contract: str) -> Mapping[str, Variant]:
    """The unusual but legal behaviours of the emulator of a contract."""
    return dict(_stand_in(contract).registry.variants)


def fixtures(contract: str) -> Mapping[str, str | list[str]]:
    """Values which the emulator of a contract understands, for requests that need some."""
    return dict(_stand_in(contract).fixtures)


def create_app(
    contract: str,
    *,
    clock: Clock | None = None,
    step_ms: int = 50,
    faults: Sequence[str] = (),
    variants: Sequence[str] = (),
    tokens: Collection[str] | None = None,
    showcase: bool = True,
    seed: int | None = None,
    webhook: Webhook | None = None,
) -> Starlette:
    """Make an emulator of `contract`, empty and in memory; it is found again at `app.state.emulator`.

    `step_ms` is how long a run or a batch stays in one status. `tokens` are the only bearer tokens accepted; without
    them every token is, except one whose text says that it is bad (`unknown`, `invalid`, `wrong`, …).
    Each token has a workspace of its own. That of a token whose text holds `second` is another organisation's, and empty;
    a token whose text holds `limited` has used up its quota, and one with `unpaid` in it its credits.
    Without `showcase` a workspace lacks the runs of the past that some emulators put there, since no request could make
    them. With a `seed` the same requests are given the same ids.
    To `webhook` go the events of all workspaces, of the vendors that send any.
    """
    stand_in = _stand_in(contract)
    behaviour = stand_in.behaviour(step_ms)
    behaviour.showcase = showcase
    if seed is not None:
        behaviour.repeat(seed)
    # a healthy emulator does not read the table of faults
    for fault in pick("fault", faults, stand_in.registry.faults) if faults else ():
        fault.apply(behaviour)
    for variant in pick("variant", variants, stand_in.registry.variants):
        variant.apply(behaviour)
    policy = TokenPolicy(tokens)
    if webhook is None:
        return application.build(stand_in.emulator(behaviour, clock or SystemClock(), policy))
    if stand_in.delivering is None:
        raise ValueError(f"the emulator of {contract} sends no webhooks")
    return application.build(stand_in.delivering(behaviour, clock or SystemClock(), policy, webhook))


def join(apps: Mapping[str, Starlette]) -> None:
    """Let the applications of several versions, by their contracts, have one store, where an emulator of them is written for that."""
    for contracts, package in _JOINED.items():
        if set(contracts) == set(apps):
            joining: Any = import_module(f".{package}", __package__)
            joining.join(*(apps[contract].state.emulator for contract in contracts))


def chosen_by(contract: str) -> tuple[str, str] | None:
    """The header, and its value, by which a request chooses this version of its vendor's API; None where nothing does."""
    return _stand_in(contract).chosen_by


def _stand_in(contract: str) -> _StandIn:
    return _loaded(*pick("contract", [contract], {name: name for name in _PACKAGES}))


@cache
def _loaded(contract: str) -> _StandIn:
    package: Any = import_module(f".{_PACKAGES[contract]}", __package__)
    return _StandIn(
        package.Behaviour,
        package.Emulator,
        package.registry,
        package.FIXTURES,
        getattr(package, "CHOSEN_BY", None),
        package.Emulator if contract in _DELIVERING else None,
    )
