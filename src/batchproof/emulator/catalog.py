"""The emulated contracts, by name."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

from . import application, extend_2025_04_21, extend_2026_02_09, talonic_v1
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
    delivering: Callable[[Any, Clock, TokenPolicy, Webhook], application.Emulator] | None = None


_STAND_INS: Mapping[str, _StandIn] = {
    "extend/2026-02-09": _StandIn(
        extend_2026_02_09.Behaviour,
        extend_2026_02_09.Emulator,
        extend_2026_02_09.registry,
        extend_2026_02_09.FIXTURES,
        extend_2026_02_09.Emulator,
    ),
    "extend/2025-04-21": _StandIn(
        extend_2025_04_21.Behaviour,
        extend_2025_04_21.Emulator,
        extend_2025_04_21.registry,
        extend_2025_04_21.FIXTURES,
        extend_2025_04_21.Emulator,
    ),
    "talonic/v1": _StandIn(
        talonic_v1.Behaviour, talonic_v1.Emulator, talonic_v1.registry, talonic_v1.FIXTURES
    ),
}


def contracts() -> tuple[str, ...]:
    """The names of the contracts that can be emulated."""
    return tuple(_STAND_INS)


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
    for fault in pick("fault", faults, stand_in.registry.faults):
        fault.apply(behaviour)
    for variant in pick("variant", variants, stand_in.registry.variants):
        variant.apply(behaviour)
    policy = TokenPolicy(tokens)
    if webhook is None:
        return application.build(stand_in.emulator(behaviour, clock or SystemClock(), policy))
    if stand_in.delivering is None:
        raise ValueError(f"the emulator of {contract} sends no webhooks")
    return application.build(stand_in.delivering(behaviour, clock or SystemClock(), policy, webhook))


def _stand_in(contract: str) -> _StandIn:
    return pick("contract", [contract], _STAND_INS)[0]
