"""What ``batchproof upgrade`` says to one program, from the traffic that it is given."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from batchproof.client import ConfigError
from batchproof.commands.inputs import Input
from batchproof.commands.upgrade_files import events_of, messages_in, read_handles, read_reads, traces_of
from batchproof.contract import Contract
from batchproof.history import HistoryError
from batchproof.upgrade import load_map
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.model import Grade
from batchproof.upgrade.todo import Todo, todo
from batchproof.upgrade.todo.model import Item

_F = TypeVar("_F", bound=Callable[..., Any])
_TRAFFIC = Input("a HAR file or a history")
_DELIVERIES = Input("recorded deliveries, one a line")
_READS = Input("a file with one 'operation: /pointer' a line")
_HANDLES = Input("a file with one status, event or code a line")


class Given(NamedTuple):
    """The options that are about one program."""

    traffic: tuple[Path, ...]
    webhooks: tuple[Path, ...]
    reads: Path | None
    handles: Path | None
    check: tuple[Path, ...]
    check_reads: Path | None
    check_handles: Path | None
    route: str | None
    base_url: str | None
    redact: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether there is a program to speak of."""
        return bool(self.traffic or self.webhooks)


def traffic_options(command: _F) -> _F:
    """The options that tell of one program."""
    options = [
        click.option(
            "--traffic",
            type=_TRAFFIC,
            multiple=True,
            metavar="FILE",
            help="Traffic of your program with FROM (HAR, or a history): tell what it has to do; may be given again.",
        ),
        click.option(
            "--webhooks",
            type=_DELIVERIES,
            multiple=True,
            metavar="FILE",
            help='Deliveries that your program got, one a line: {"headers": {…}, "body": "the raw body"}.',
        ),
        click.option(
            "--reads",
            type=_READS,
            metavar="FILE",
            help="What your code reads, one 'operation: /pointer' a line, with * for elements; or everything answered.",
        ),
        click.option(
            "--handles",
            type=_HANDLES,
            metavar="FILE",
            help="The statuses, events and error codes that your code knows, one a line; or all that FROM documents.",
        ),
        click.option(
            "--check",
            type=_TRAFFIC,
            multiple=True,
            metavar="FILE",
            help="Traffic of the migrated program with TO: say which things are still to be done; may be given again.",
        ),
        click.option(
            "--check-reads", type=_READS, metavar="FILE", help="What the migrated program reads, as --reads."
        ),
        click.option(
            "--check-handles",
            type=_HANDLES,
            metavar="FILE",
            help="What the migrated program knows, as --handles.",
        ),
        click.option(
            "--route",
            metavar="NAME",
            help="The way to go, where TO names several (default: the one on which every call moves).",
        ),
        click.option(
            "--base-url", metavar="URL", help="Which server of a HAR file it is, if there are several."
        ),
        click.option(
            "--redact",
            multiple=True,
            metavar="POINTER",
            help="A place in bodies that is secret, too (a JSON Pointer); may be given again.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def todo_of(before: Contract, after: Contract, described: Upgrade, given: Given) -> Todo | None:
    """The to-do list, None without traffic. Raises ``ConfigError``, ``HistoryError`` and ``ContractError``."""
    mapped = load_map(before, after)
    _check_options(mapped, given)
    if not given.any:
        return None
    messages = messages_in([*given.traffic, *given.check])
    about: dict[str, Any] = {"base_url": given.base_url, "redact": given.redact}
    traces = traces_of(given.traffic, [before], messages, **about)
    check = traces_of(given.check, [after, before], messages, **about) if given.check else None
    events = [event for file in given.webhooks for event in events_of(file, messages, given.redact)]
    found = todo(
        mapped,
        described,
        traces,
        events,
        reads=None if given.reads is None else read_reads(given.reads, before),
        handles=None if given.handles is None else read_handles(given.handles, mapped),
        check=check,
        check_reads=None if given.check_reads is None else read_reads(given.check_reads, after),
        check_handles=None if given.check_handles is None else read_handles(given.check_handles, mapped),
        route=given.route,
    )
    if not any(call.count for call in found.calls):
        files = ", ".join(map(str, (*given.traffic, *given.webhooks)))
        raise HistoryError(
            f"{files}: holds no call and no event of {before.id}; was it recorded with --contract {before.id}?"
        )
    return found


def _check_options(mapped: Map, given: Given) -> None:
    if not given.any:
        named = {
            "--reads": given.reads,
            "--handles": given.handles,
            "--check": given.check,
            "--route": given.route,
            "--base-url": given.base_url,
            "--redact": given.redact,
        }
        for option, value in named.items():
            if value:
                raise ConfigError(
                    option, "", "says something of a program; give its traffic with --traffic FILE"
                )
    if not given.check:
        for option, file in (("--check-reads", given.check_reads), ("--check-handles", given.check_handles)):
            if file is not None:
                raise ConfigError(
                    option, "", "is about a migrated program; give its traffic with --check FILE"
                )
    routes = mapped.migration.routes
    if given.route is not None and given.route not in routes:
        known = f"one of {', '.join(routes)}" if routes else f"nothing: {mapped.newer.id} names no routes"
        raise ConfigError("--route", "", f"{given.route!r} is no route; give {known}")


def exit_code(found: Todo, grades: list[Grade]) -> int:
    """0 when nothing is open that the program has to do, 1 when something is, 3 when that could not be established."""
    if not grades:
        return 0
    if any(item.open and item.grade in grades for item in found.items):
        return 1
    doubt = any(route.chosen and route.unsettled for route in found.routes.values())
    return 3 if doubt or found.unknown or any(_is_unseen(item, grades) for item in found.items) else 0


def _is_unseen(item: Item, grades: list[Grade]) -> bool:
    return item.state == "unseen" and item.grade in grades and not item.taken and not item.information
