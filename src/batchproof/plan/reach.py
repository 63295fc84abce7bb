"""What a run cannot establish with its limits and fixtures, and which line would change that."""

from collections import defaultdict
from typing import NamedTuple

from msgspec import Struct

from batchproof.client import Settings
from batchproof.contract import Contract, owes, what_is_claimed
from batchproof.drive.errors import NOTHING_CHANGED
from batchproof.history import START
from batchproof.plan.costs import Priced
from batchproof.plan.planning import Plan
from batchproof.plan.showing import needed
from batchproof.plan.tally import Cost, receives
from batchproof.plan.value import LOOKS


class _Why(NamedTuple):
    because: str
    option: str | None
    in_doubt: bool = False


_UNSHOWN = _Why("no scenario of this plan shows them", None)


class Obstacle(Struct, frozen=True, kw_only=True):
    """Why ``requirements`` cannot be established, and the ``option`` that would help, if there is one.

    They are ``owed``, or would be if it were otherwise. Some are only ``in_doubt``: what lists show may establish them.
    """

    because: str
    option: str | None
    requirements: list[str]
    owed: bool = True
    in_doubt: bool = False


def requests_of(cost: Cost) -> int:
    """The requests of ``cost``, and some looks at each object that is followed to its end."""
    return cost.requests + LOOKS * cost.waits


def obstacles(contract: Contract, settings: Settings, plan: Plan) -> list[Obstacle]:
    """What stands between a plan and the requirements that its run owes, the largest obstacle first.

    In the end come those that nobody owes without a receiver of webhooks.
    """
    reached, stopped = _driven(settings, plan)
    grouped: dict[_Why, list[str]] = defaultdict(list)
    for identifier in sorted(plan.owed):
        lacking = [name for name in needed(contract, identifier) if not _is_there(contract, settings, name)]
        if lacking:
            in_doubt = identifier in reached
            why = _Why(
                f"the fixture {lacking[0]} is not given" + (", and lists may show none" if in_doubt else ""),
                f"give {lacking[0]} in [fixtures]",
                in_doubt,
            )
            grouped[why].append(identifier)
        elif identifier not in reached:
            grouped[stopped.get(identifier, _UNSHOWN)].append(identifier)
    found = [
        Obstacle(because=why.because, option=why.option, requirements=rows, in_doubt=why.in_doubt)
        for why, rows in grouped.items()
    ]
    return sorted(found, key=lambda item: -len(item.requirements)) + _undelivered(contract, settings)


def _driven(settings: Settings, plan: Plan) -> tuple[set[str], dict[str, _Why]]:
    """What the scenarios establish that the limits let through, and why others are not established."""
    reached: set[str] = set(plan.at_once)
    stopped: dict[str, _Why] = {}
    spent = plan.prepared[START].cost
    for item, cost in plan.steps:
        why = _stopped(settings, plan, item.priced, spent, cost)
        if why is None:
            spent += cost
            reached |= item.establishes
        else:
            stopped = dict.fromkeys(item.establishes | item.lost, why) | stopped
    return reached, stopped


def _stopped(settings: Settings, plan: Plan, priced: Priced, spent: Cost, cost: Cost) -> _Why | None:
    documents = cost.documents + cost.headroom
    changes_nothing = priced.lacks is not None and priced.lacks.detail == NOTHING_CHANGED
    if changes_nothing or (documents and spent.documents + documents > settings.max_runs):
        return _Why(
            f"{settings.max_runs or 'no'} documents may be processed",
            f"--max-runs {plan.documents_needed} or more",
        )
    if priced.lacks is not None:
        return _Why(priced.lacks.detail, priced.lacks.option)
    if requests_of(spent) + requests_of(cost) > settings.max_requests:
        return _Why(
            f"{settings.max_requests:,} requests may not last",
            f"--max-requests {requests_of(plan.cost)} or more",
        )
    return None


def _is_there(contract: Contract, settings: Settings, fixture: str) -> bool:
    return bool(settings.fixtures.get(fixture)) or contract.manifest.fixtures[fixture].discover is not None


def _undelivered(contract: Contract, settings: Settings) -> list[Obstacle]:
    if receives(contract, settings):
        return []
    left_out = what_is_claimed(contract, settings.claims).left_out
    rows = [
        row.id
        for row in contract.requirements.values()
        if row.id not in left_out
        and contract.only_delivered(row.id)
        and owes(contract, row, settings.profile, received=True)
    ]
    because = "no receiver of webhooks is open; nobody owes them without one"
    return (
        [Obstacle(because=because, option="--webhook-url URL", requirements=rows, owed=False)] if rows else []
    )
