"""Several versions of one vendor's API at one address: a header of the request chooses which of them answers."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from . import catalog
from .behaviour import Behaviour
from .clock import Clock, SystemClock
from .registry import pick


class SideBySide:
    """Applications of emulators, each with the value of `header` that chooses it.

    What chooses none of them is answered by the first, as it answers whatever it does not know.
    """

    def __init__(self, header: str, versions: Sequence[tuple[str, Starlette]]) -> None:
        self._header = header
        self._versions = dict(versions)
        self._first = versions[0][1]
        self._life = Starlette(lifespan=self._together)

    @asynccontextmanager
    async def _together(self, _: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in self._versions.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._life(scope, receive, send)
            return
        app = self._first
        if scope["type"] == "http":
            given = set(Headers(scope=scope).getlist(self._header))
            app = self._versions.get(given.pop(), app) if len(given) == 1 else app
        await app(scope, receive, send)


def create_apps(
    contracts: Sequence[str],
    *,
    clock: Clock | None = None,
    faults: Sequence[str] = (),
    variants: Sequence[str] = (),
    **about: Any,
) -> tuple[ASGIApp, list[Behaviour]]:
    """Make an application of one emulator, or of several versions of one vendor, and what each of them can be made to do.

    Versions share the address, the clock, what tokens mean, and the objects that each of them has a form for. A fault or a
    variant is planted into every version that has it, and into one
    alone if it is named as `contract:name`. The other arguments are those of `create_app`. Raises `ValueError`.
    """
    moved_by = clock or SystemClock()
    for_each = {name: _planted(contracts, "fault", faults, catalog.faults, name) for name in contracts}
    more = {name: _planted(contracts, "variant", variants, catalog.variants, name) for name in contracts}
    apps = [
        catalog.create_app(name, clock=moved_by, faults=for_each[name], variants=more[name], **about)
        for name in contracts
    ]
    behaviours = [app.state.emulator.behaviour for app in apps]
    if len(apps) == 1:
        return apps[0], behaviours
    choices = [choice for name in contracts if (choice := catalog.chosen_by(name)) is not None]
    headers = {header for header, _ in choices}
    if len(headers) != 1 or len({value for _, value in choices}) < len(apps):
        raise ValueError(f"no header tells {' from '.join(contracts)}; serve each on a port of its own")
    catalog.join(dict(zip(contracts, apps, strict=True)))
    return SideBySide(headers.pop(), [(choices[at][1], app) for at, app in enumerate(apps)]), behaviours


def _planted(
    contracts: Sequence[str],
    kind: str,
    names: Sequence[str],
    known: Callable[[str], Mapping[str, object]],
    contract: str,
) -> list[str]:
    """Those of `names` that are planted into the emulator of `contract`, by their names there; all have to be known to one."""
    everywhere: Collection[str] = {
        text for one in contracts for name in known(one) for text in (name, f"{one}:{name}")
    }
    pick(kind, [name for name in names if name not in everywhere], known(contract))
    own = [name.removeprefix(f"{contract}:") for name in names]
    return [name for name in own if name in known(contract)]
