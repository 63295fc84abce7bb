"""``batchproof upgrade``: what changes for an integrator from one version of an API to another."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from batchproof.commands.accepted import accepted_items, entries, with_accepted
from batchproof.commands.upgrade_traffic import Given, exit_code, todo_of, traffic_options
from batchproof.contract import ContractError, load_contract
from batchproof.failing import EXIT_BROKEN, told
from batchproof.history import HistoryError
from batchproof.report.files import write_whole
from batchproof.report.page import Page
from batchproof.target import ConfigError, read_config
from batchproof.target.accepted import accepted_sections
from batchproof.telling import console, fail
from batchproof.upgrade import documents, print_upgrade, to_json, upgrade, upgrade_markdown
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.model import Grade
from batchproof.upgrade.todo import print_todo, recounted, todo_markdown

_CODES = """\b
Exit codes:
  0    no change of a grade that --fail-on names, or all of them are accepted
  1    there is one; with --traffic: one that your program has to follow
  2    bad usage, or contracts of which one did not become the other
  3    with --traffic: none is known, but not everything could be established
  4    something could not be written
"""


@click.command("upgrade", epilog=_CODES)
@click.argument("older", metavar="FROM")
@click.argument("newer", metavar="TO")
@traffic_options
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "risky", "none"]),
    default="breaking",
    help="The mildest grade of change that is exit 1 (default: breaking).",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("reports/upgrade"),
    metavar="DIR",
    help="Folder for upgrade.json and upgrade.md (default: reports/upgrade).",
)
@click.option(
    "--config", metavar="FILE", help="Where [[accepted]] stands (default: batchproof.toml, if it is there)."
)
@click.option(
    "--accepted",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Changes that fail nothing: [[accepted]] with change, reason and, if you like, link and until.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print reasons and examples, too.")
def upgrade_command(
    older: str,
    newer: str,
    fail_on: str,
    output: Path,
    config: str | None,
    accepted: Path | None,
    *,
    verbose: bool,
    **given: Any,
) -> None:
    """Tell what changes from contract FROM to contract TO. Nothing is sent.

    Both are ids or contract folders; TO says in its migration.yaml what became of everything in FROM. Changes that
    nothing tells of come first: the call is answered, and means something else. Breaking is what the vendor does
    not list as compatible, risky what code may stumble over. With --traffic it is a to-do list for one program:
    what it calls, sends and reads, and nothing else. Secrets in the traffic are found by themselves, and written
    nowhere.

    Example: batchproof upgrade vendor/2025-04 vendor/2026-02 --traffic traffic.har
    """
    try:
        before, after = load_contract(older), load_contract(newer)
        found = upgrade(before, after)
        todo = todo_of(before, after, found, Given(**given))
        file, path = read_config(config)
        sections, path = accepted_sections(accepted, file.accepted, path)
        taken = entries(sections, path, datetime.now(UTC).date(), found, todo)
        found = with_accepted(found, taken)
        if todo is not None:
            todo = recounted(todo, accepted_items(todo, taken))
        cited = documents(before, after)
        markdown = upgrade_markdown(found, cited) if todo is None else todo_markdown(found, todo, cited)
    except (ConfigError, ContractError, HistoryError) as error:
        fail(error)
    try:
        output.mkdir(parents=True, exist_ok=True)
        write_whole(output / "upgrade.json", to_json(found, todo))
        write_whole(output / "upgrade.md", markdown.encode("utf-8", "backslashreplace"))
    except OSError as error:
        fail(told(error), EXIT_BROKEN)
    grades = _GRADES[fail_on]
    if todo is not None:
        print_todo(found, todo, Page(console()), folder=str(output), verbose=verbose)
        sys.exit(exit_code(todo, grades))
    print_upgrade(found, Page(console()), folder=str(output), verbose=verbose)
    sys.exit(1 if _fails(found, grades) else 0)


_GRADES: dict[str, list[Grade]] = {"breaking": ["breaking"], "risky": ["breaking", "risky"], "none": []}


def _fails(found: Upgrade, grades: list[Grade]) -> bool:
    return any(change.open and change.grade in grades for change in found.changes)
