"""A plan as people and programs read it."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from batchproof.client import Settings
from batchproof.history import START
from batchproof.plan.planning import Plan
from batchproof.plan.reach import Obstacle
from batchproof.plan.tally import Cost

WIDTH = 80
_NUMBERS = ("requests", "documents", "waits", "time", "shows")
_WIDTHS = (9, 13, 6, 7, 6)
_NAME = WIDTH - sum(_WIDTHS)
FORMAT = "batchproof-plan/1"


def exit_code(found: Iterable[Obstacle]) -> int:
    """0 when everything that is owed can be established, else 3."""
    return 3 if any(item.owed for item in found) else 0


def sum_line(plan: Plan, found: Iterable[Obstacle], settings: Settings) -> str:
    """The whole plan in one sentence."""
    cost = plan.cost
    lost = sum(len(item.requirements) for item in found if item.owed)
    in_doubt = sum(len(item.requirements) for item in found if item.in_doubt)
    rate = settings.requests_per_second
    paced = "" if rate is None else f" ({_time(cost.requests / rate)} at {rate:g} a second)"
    return (
        f"plan: {_counted(len(plan.items), 'scenario')}; at most {_counted(cost.requests, 'request')}{paced}, "
        f"{_counted(cost.documents, 'document')} and {_counted(cost.waits, 'wait')}; "
        f"can establish {len(plan.owed) - lost:,} of {len(plan.owed):,} requirements that are owed"
        + (f", and {in_doubt:,} more if lists show what they are about" if in_doubt else "")
    )


def plan_lines(
    plan: Plan, found: Sequence[Obstacle], settings: Settings, *, verbose: bool = False
) -> Iterator[str]:
    """A table, and what stands between the plan and the rest; ``verbose`` names the requirements."""
    rate = settings.requests_per_second
    yield _row("scenario", _NUMBERS if rate else [text if text != "time" else "" for text in _NUMBERS])
    for name, made in sorted(plan.prepared.items(), key=lambda item: item[0] != START):
        shows = plan.at_once if name == START else ()
        yield from _line(name, made.cost, rate, len(shows))
    for item in plan.items:
        if item.priced.does_anything:
            yield from _line(item.scenario.name, item.priced.cost, rate, len(item.establishes))
            if verbose:
                yield from _wrapped(", ".join(sorted(item.establishes)))
    yield from _line("all", plan.cost, rate, len(plan.owed))
    yield ""
    yield from _wrapped(
        "Bounds for a server that answers as documented. A wait is one object followed to its end: a look every "
        f"{settings.poll_interval_s:g} s, for {settings.poll_timeout_s:g} s at most. Documents behind a + must be "
        "allowed, but are refused. What stands first, with no test_ before its name, is made once for all.",
        indent="",
    )
    yield ""
    yield from textwrap.wrap(sum_line(plan, found, settings), WIDTH)
    for obstacle in found:
        yield ""
        yield from _wrapped(
            f"{_counted(len(obstacle.requirements), 'requirement')} {'in doubt' if obstacle.in_doubt else 'out of reach'}: "
            f"{obstacle.because}",
            indent="  ",
        )
        if obstacle.option is not None:
            yield f"    option: {obstacle.option}"
        if verbose:
            yield from _wrapped(", ".join(obstacle.requirements))


def plan_json(plan: Plan, found: Sequence[Obstacle], settings: Settings) -> dict[str, Any]:
    """The same as plain JSON values."""
    return {
        "format": FORMAT,
        "contract": settings.contract,
        "target": settings.base_url,
        "profile": settings.profile,
        "requests_per_second": settings.requests_per_second,
        "poll_interval_s": settings.poll_interval_s,
        "poll_timeout_s": settings.poll_timeout_s,
        "cost": _cost(plan.cost),
        "owed": sorted(plan.owed),
        "prepared": [
            {
                "name": name,
                **_cost(made.cost),
                "needs": sorted(made.needs),
                "establishes": sorted(plan.at_once) if name == START else [],
            }
            for name, made in plan.prepared.items()
        ],
        "scenarios": [
            {
                "name": item.scenario.name,
                "profile": item.scenario.profile,
                "operations": sorted(item.scenario.operations),
                **_cost(item.priced.cost),
                "needs": sorted(item.priced.needs),
                "lacks": None if item.priced.lacks is None else item.priced.lacks.detail,
                "establishes": sorted(item.establishes),
            }
            for item in plan.items
        ],
        "out_of_reach": [
            {
                "because": item.because,
                "option": item.option,
                "owed": item.owed,
                "in_doubt": item.in_doubt,
                "requirements": item.requirements,
            }
            for item in found
        ],
        "exit_code": exit_code(found),
    }


def _cost(cost: Cost) -> dict[str, int]:
    return {
        "requests": cost.requests,
        "documents": cost.documents,
        "headroom": cost.headroom,
        "waits": cost.waits,
    }


def _line(name: str, cost: Cost, rate: float | None, shows: int) -> Iterator[str]:
    documents = f"{cost.documents:,}" + (f" +{cost.headroom:,}" if cost.headroom else "")
    time = "" if rate is None else _time(cost.requests / rate)
    row = _row(name, [f"{cost.requests:,}", documents, f"{cost.waits:,}", time, f"{shows:,}"])
    if len(name) < _NAME:
        yield row
    else:
        yield name
        yield row.replace(name, " " * _NAME, 1)


def _row(name: str, cells: Sequence[str]) -> str:
    numbers = "".join(cell.rjust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
    return (name.ljust(_NAME) + numbers).rstrip()


def _wrapped(text: str, indent: str = "    ") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _time(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3_600:.1f} h"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
