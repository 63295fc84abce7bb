"""``batchproof upgrade``: what changes for an integrator from one version of an API to another."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from batchproof.client import ConfigError, read_config
from batchproof.client.accepted import accepted_sections
from batchproof.commands.accepted import accepted_items, entries, with_accepted, with_observed
from batchproof.commands.inputs import Input
from batchproof.commands.upgrade_traffic import Given, todo_of, traffic_options
from batchproof.commands.upgrade_traffic import exit_code as of_todo
from batchproof.commands.upgrade_wire import Wire, rehearsed, wire_options
from batchproof.commands.upgrade_wire import exit_code as of_rehearsal
from batchproof.console import console
from batchproof.contract import ContractError, load_contract
from batchproof.failing import EXIT_BROKEN, described
from batchproof.history import HistoryError
from batchproof.leaks import LeakError
from batchproof.report.files import write_whole
from batchproof.report.page import Page
from batchproof.saying import fail
from batchproof.upgrade import documents, print_upgrade, to_json, upgrade, upgrade_markdown
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.model import Grade
from batchproof.upgrade.todo import print_todo, recounted, todo_markdown
from batchproof.upgrade.wire.pages import print_rehearsal

_CODES = """\b
Exit codes:
  0    no change of a grade that --fail-on names, or all of them are accepted
  1    there is one; with --traffic: one that your program has to follow;
       with a rehearsal: one that the paper does not know, or an accepted one
       that is gone, or whose date has passed
  2    bad usage, or contracts of which one did not become the other
  3    with --traffic: none is known, but not everything could be established;
       with a rehearsal: nothing could be established
  4    something could not be written
"""


@click.command("upgrade", epilog=_CODES)
@click.argument("older", metavar="FROM")
@click.argument("newer", metavar="TO")
@traffic_options
@wire_options
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "risky", "unknown", "none"]),
    default="breaking",
    help="The mildest grade of change that is exit 1 (default: breaking); unknown: only what a rehearsal shows "
    "and the paper does not know.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("reports/upgrade"),
    metavar="DIR",
    help="Folder for upgrade.json and upgrade.md (default: reports/upgrade).",
)
@click.option(
    "--config",
    type=Input("a configuration in TOML", as_text=True),
    metavar="FILE",
    help="Configuration file (default: batchproof.toml, if it is there).",
)
@click.option(
    "--accepted",
    type=Input("a file of [[accepted]] in TOML"),
    metavar="FILE",
    help="What fails nothing: [[accepted]] with change or observed, reason and, if you like, link and until.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print reasons and examples, too.")
def upgrade_command(
    older: str,
    newer: str,
    fail_on: str,
    output: Path,
    config: str | None,
    accepted: Path | None,
    wire: Wire,
    *,
    verbose: bool,
    **given: Any,
) -> None:
    """Tell what changes from contract FROM to contract TO. Nothing is sent, unless a rehearsal is asked for.

    Both are ids or contract folders; TO says in its migration.yaml what became of everything in FROM. Changes that
    nothing tells of come first: the call is answered, and means something else. Breaking is what the vendor does
    not list as compatible, risky what code may stumble over. With --traffic it is a to-do list for one program:
    what it calls, sends and reads, and nothing else. Secrets in the traffic are found by themselves, and written
    nowhere.

    With --rehearse, or with a server, the same scenarios run under both versions, and what differs is told beside
    whether the paper knew it. Nothing that is billed is created on a server unless --max-runs allows it.

    Example: batchproof upgrade vendor/2025-04 vendor/2026-02 --traffic traffic.har
    """
    about = Given(**given)
    if fail_on == "unknown" and not wire.asked:
        fail(
            "--fail-on unknown: is about what a rehearsal shows; add --rehearse, a server or --recorded, or name a grade"
        )
    if about.any and wire.asked:
        fail("--traffic: is about one program, a rehearsal about a server; ask for one of them at a time")
    try:
        before, after = load_contract(older), load_contract(newer)
        found = upgrade(before, after)
        todo = todo_of(before, after, found, about)
        file, path = read_config(config)
        sections, path = accepted_sections(accepted, file.accepted, path)
        today = datetime.now(UTC).date()
        taken = entries(sections, path, today, found, todo)
        found = with_accepted(found, taken)
        if todo is not None:
            todo = recounted(todo, accepted_items(todo, taken))
        rehearsal = rehearsed(before, after, found, wire, config, output)
        if rehearsal is not None:
            rehearsal = with_observed(rehearsal, sections, path, today)
        cited = documents(before, after)
        markdown = (
            upgrade_markdown(found, cited, rehearsal) if todo is None else todo_markdown(found, todo, cited)
        )
    except (ConfigError, ContractError, HistoryError) as error:
        fail(error)
    except LeakError as error:
        fail(error, EXIT_BROKEN)
    try:
        output.mkdir(parents=True, exist_ok=True)
        write_whole(output / "upgrade.json", to_json(found, rehearsal=rehearsal, todo=todo))
        write_whole(output / "upgrade.md", markdown.encode("utf-8", "backslashreplace"))
    except OSError as error:
        fail(described(error), EXIT_BROKEN)
    grades, page = _GRADES[fail_on], Page(console())
    if todo is not None:
        print_todo(found, todo, page, folder=str(output), verbose=verbose)
        sys.exit(of_todo(todo, grades))
    if rehearsal is not None:
        print_rehearsal(found, rehearsal, page, folder=str(output), verbose=verbose)
        sys.exit(of_rehearsal(found, rehearsal, fail_on, _GRADES))
    print_upgrade(found, page, folder=str(output), verbose=verbose)
    sys.exit(1 if _fails(found, grades) else 0)


_GRADES: dict[str, list[Grade]] = {
    "breaking": ["breaking"],
    "risky": ["breaking", "risky"],
    "unknown": [],
    "none": [],
}


def _fails(found: Upgrade, grades: list[Grade]) -> bool:
    return any(change.open and change.grade in grades for change in found.changes)
