"""``batchproof upgrade`` on the wire: what a rehearsal under both versions needs to know, and how it is done."""

import functools
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec

from batchproof.client import ConfigError, Options, Settings, read_config, settle
from batchproof.commands.inputs import Input
from batchproof.contract import Contract
from batchproof.folders import HISTORY
from batchproof.history import History, HistoryError, read_history
from batchproof.saying import say
from batchproof.upgrade import load_map
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.model import Grade
from batchproof.upgrade.wire import Rehearsal, observe, variant_of

if TYPE_CHECKING:
    from batchproof.rehearsal import Plan, Side


class Wire(NamedTuple):
    """What the command line says of a rehearsal."""

    rehearse: bool
    target: str | None
    from_target: str | None
    to_target: str | None
    recorded: Path | None
    token_env: str | None
    token_file: str | None
    ca_file: str | None
    profile: str | None
    max_runs: int | None
    seed: int | None

    @property
    def asked(self) -> bool:
        """Whether anything is to be compared on the wire."""
        return self.rehearse or self.sends or self.recorded is not None

    @property
    def sends(self) -> bool:
        """Whether a server is named that both versions are asked at."""
        return any(url is not None for url in (self.target, self.from_target, self.to_target))


_OPTIONS = (
    click.option(
        "--rehearse",
        is_flag=True,
        help="Compare on the wire, too: the same scenarios under both versions, on the embedded emulator of both.",
    ),
    click.option(
        "--target", metavar="URL", help="Rehearse on this server, which chooses the version by header."
    ),
    click.option(
        "--from-target", metavar="URL", help="Where version FROM is, if each has a server of its own."
    ),
    click.option("--to-target", metavar="URL", help="Where version TO is."),
    click.option(
        "--recorded",
        type=Input("the folder of an earlier rehearsal", kind="folder"),
        metavar="DIR",
        help="Compare again what an earlier rehearsal recorded in DIR; nothing is sent.",
    ),
    click.option(
        "--token-env", metavar="NAME", help="Environment variable with the token (default: BATCHPROOF_TOKEN)."
    ),
    click.option(
        "--token-file",
        type=Input("a file that holds the token", as_text=True),
        metavar="FILE",
        help="File with the token.",
    ),
    click.option(
        "--ca-file",
        type=Input("a file of certificates (PEM)", as_text=True),
        metavar="FILE",
        help="Certificates (PEM) that the server's is verified by.",
    ),
    click.option(
        "--profile",
        type=click.Choice(["quick", "core"]),
        help="How much to rehearse (default: core).",
    ),
    click.option(
        "--max-runs",
        type=click.IntRange(0),
        metavar="N",
        help="Documents that may be processed, and billed, half of them under each version (default with a server: 0).",
    ),
    click.option(
        "--seed", type=click.IntRange(0), metavar="N", help="Seed of all random choices (default: 0)."
    ),
)


def wire_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options of a rehearsal; it takes them as ``wire``."""

    @functools.wraps(command)
    def taking(**given: Any) -> Any:
        wire = Wire(**{name: given.pop(name) for name in Wire._fields})
        return command(wire=wire, **given)

    for option in reversed(_OPTIONS):
        taking = option(taking)
    return taking


def rehearsed(
    older: Contract, newer: Contract, described: Upgrade, wire: Wire, config: str | None, folder: Path
) -> Rehearsal | None:
    """What a rehearsal shows; None where none is asked for. What it sends is recorded in ``folder``.

    Raises ``ConfigError``, ``ContractError``, ``HistoryError``, ``LeakError``, and ``OSError``.
    """
    if not wire.asked:
        return None
    # only what is driven needs the libraries that generate requests
    from batchproof.rehearsal import AFTER, BEFORE, endpoints, plan_rehearsal, record  # noqa: PLC0415

    mapped = load_map(older, newer)
    if wire.recorded is not None:
        if wire.rehearse or wire.sends:
            raise ConfigError("--recorded", "", "sends nothing; leave out --rehearse and the targets")
        before, after = (
            _recorded(wire.recorded / name / HISTORY, side)
            for name, side in ((BEFORE, older), (AFTER, newer))
        )
        return observe(mapped, described, before, after, variant_of(mapped, before))
    sides = _sides(older, newer, wire, config)
    plan = plan_rehearsal(mapped, *sides)
    say(_cost(plan, sides))
    with ExitStack() as stack:
        before, after, troubles = record(
            mapped,
            sides,
            endpoints((older, sides[0].settings), (newer, sides[1].settings), stack),
            plan,
            folder,
            say,
        )
    found = observe(mapped, described, before, after, variant_of(mapped, before))
    return msgspec.structs.replace(found, left_out=[*troubles, *found.left_out])


def exit_code(described: Upgrade, found: Rehearsal, fail_on: str, grades: Mapping[str, list[Grade]]) -> int:
    """3 where nothing could be compared; 1 where something of a grade that ``fail_on`` names is open, or an entry is stale."""
    if not found.established:
        return 3
    if found.stale and fail_on != "none":
        return 1
    if fail_on == "unknown":
        return 1 if found.open else 0
    on_paper = any(change.open and change.grade in grades[fail_on] for change in described.changes)
    return 1 if on_paper or any(item.grade in grades[fail_on] for item in found.open) else 0


def _recorded(file: Path, contract: Contract) -> History:
    found = read_history(file)
    if found.header.contract != contract.id:
        raise HistoryError(
            f"{file}: is of {found.header.contract}, not of {contract.id}; give the folder of its rehearsal"
        )
    return found


def _sides(older: Contract, newer: Contract, wire: Wire, config: str | None) -> "tuple[Side, Side]":
    if (wire.from_target is None) != (wire.to_target is None):
        raise ConfigError(
            "--from-target", "", "and --to-target belong together; give both, or --target for one server"
        )
    if wire.target is not None and wire.from_target is not None:
        raise ConfigError(
            "--target", "", "is for one server of both versions; leave out --from-target and --to-target"
        )
    file, path = read_config(config)
    known = {*older.manifest.fixtures, *newer.manifest.fixtures}
    for name in file.fixtures:
        if name not in known:
            raise ConfigError(
                path,
                f"fixtures.{name}",
                f"neither contract knows such a fixture; use: {', '.join(sorted(known))}",
            )
    from batchproof.rehearsal import Side  # noqa: PLC0415

    found = []
    for contract, target in ((older, wire.from_target), (newer, wire.to_target)):
        fixtures = {
            name: value for name, value in file.fixtures.items() if name in contract.manifest.fixtures
        }
        # what else the file says is about a run of one of the contracts
        own = msgspec.structs.replace(
            file,
            fixtures=fixtures,
            expected=[],
            target=msgspec.structs.replace(file.target, claims=None, base_url=None),
        )
        options = Options(
            target=wire.target or target,
            token_env=wire.token_env,
            token_file=wire.token_file,
            ca_file=wire.ca_file,
            profile=wire.profile,
            max_runs=wire.max_runs,
            seed=wire.seed,
        )
        found.append(Side(contract, settle(options, own, path, contract, os.environ)))
    return found[0], found[1]


def _cost(plan: "Plan", sides: "tuple[Side, Side]") -> str:
    settings: Settings = sides[0].settings
    described = (
        f"{len(plan.scenarios)} scenarios, each twice under both versions: "
        f"up to {plan.documents} documents would be processed"
    )
    if settings.base_url is None:
        return f"{described}, on the embedded emulator, where nothing is billed"
    if settings.max_runs < plan.documents:
        return f"{described} and billed; --max-runs allows {settings.max_runs}, so some of it is left out"
    return f"{described} and billed; --max-runs allows {settings.max_runs}"
