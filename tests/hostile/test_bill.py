"""What a run costs is counted at the server: the limit or less, whatever happens to the answers."""

import asyncio
import random

import pytest

from .table import EITHER, Asked, Behaviour, always
from .trial import Limits, attempt
from .wire import Request, Wire
from .world import World

FAULTS = ("created-at-drifts", "not-found-is-200", "list-loses-a-run", "terminal-reopens")
# the first two in CI: limits that end a run in its scenarios, and where it sends its findings again
LIMITS = [
    Limits(40, 9),
    Limits(47, 15, profile="core", only="test_batch_runs_to_its_end"),
    Limits(90, 14, profile="core", only="test_batch_runs_to_its_end"),
    Limits(400, 30),
    Limits(300, 25, profile="core"),
    Limits(2_500, 160, profile="core"),
    Limits(500, 40, profile="full"),
    Limits(4_000, 2_200, profile="full"),
]


def unreliable(seed: int) -> Asked:
    """The server does what it is asked; of a hundred answers six are lost, one is a gateway's, and two are late."""
    chance = random.Random(seed)

    async def answer(world: World, wire: Wire, request: Request) -> None:
        healthy = await world.forward(request)
        luck = chance.random()
        if luck < 0.06:
            wire.reset()
        elif luck < 0.07:
            await wire.answer(503, b"<h1>upstream</h1>", [("Content-Type", "text/html")])
        else:
            await asyncio.sleep(1.2 if luck < 0.09 else 0)
            await wire.answer(healthy.status, healthy.body, healthy.headers)

    return answer


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Two small runs in CI; ten seeds of all, as the whole proof."""
    whole = metafunc.config.getoption("--proof") == "whole"
    seeds = range(10 if whole else 1)
    runs = [
        limits._replace(seed=seed, seconds=1_200)
        for limits in LIMITS[: None if whole else 2]
        for seed in seeds
    ]
    metafunc.parametrize(
        "limits", runs, ids=lambda limits: f"{limits.profile}-{limits.requests}-{limits.seed}"
    )


def test_server_is_asked_for_the_limit_or_less(limits: Limits) -> None:
    behaviour = Behaviour("unreliable", "", EITHER, asked=unreliable(limits.seed), when=always, faults=FAULTS)
    seen = attempt(behaviour, limits)
    assert (seen.wrong, 0 < seen.requests <= limits.requests, seen.documents <= limits.documents) == (
        [],
        True,
        True,
    )
