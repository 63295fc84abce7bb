"""``batchproof contract``: what helps whoever writes a contract folder."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from batchproof.commands.inputs import Input
from batchproof.contract import Contract, ContractError
from batchproof.contract.catalog import contract_folder
from batchproof.contract.inspection import Inspected, inspect
from batchproof.contract.problems import Problem
from batchproof.plan.undriven import undriven
from batchproof.saying import fail

_CHECK_CODES = """\b
Exit codes:
  0    nothing is wrong; there may be drafts
  1    something is; each problem is one line: file:line:column: what: remedy
       (with --strict also where there are drafts)
  2    there is no such folder
"""
_NEW_CODES = """\b
Exit codes:
  0    the folder is there, and loads
  1    the folder is there, and each line says what is wrong with it
  2    it was there before, or the OpenAPI document cannot be used; nothing was written
"""


@click.group("contract")
def contract_command() -> None:
    """Help with writing a contract folder."""


@contract_command.command("check", epilog=_CHECK_CODES)
@click.option("--strict", is_flag=True, help="Drafts are problems, too: end with 1 where there are any.")
@click.argument("reference", metavar="FOLDER|ID")
def check_command(reference: str, *, strict: bool) -> None:
    """List every problem of a contract folder, with its line and what to do. Nothing is sent.

    Besides what keeps the folder from loading: paths that no shape has, placeholders that nothing fills, examples that
    contradict their shape, fixtures that nothing uses, and operations that no scenario drives. Drafts are listed, too: rows
    of which nobody has judged level and sentence yet. They are no problems, and fail no run.

    Example: batchproof contract check schemas/vendor/1
    """
    try:
        folder = contract_folder(reference)
    except ContractError as error:
        fail(error)
    found = inspect(folder, _undriven)
    for line in (*found.problems, *found.drafts):
        click.echo(str(line))
    if not found.whole:
        click.echo("What stands between the files was not checked: mend these first, and check again.")
    click.echo(_summary(folder, found))
    sys.exit(1 if found.problems or (strict and found.drafts) else 0)


@contract_command.command("new", epilog=_NEW_CODES)
@click.option(
    "--openapi",
    "file",
    type=Input("an OpenAPI document, JSON or YAML"),
    metavar="FILE",
    help="An OpenAPI 3.0 or 3.1 document, JSON or YAML, from which the folder is drafted.",
)
@click.option(
    "--path",
    "patterns",
    multiple=True,
    metavar="PATTERN",
    help="Only paths of the document that match, such as '/batches*'; may be given several times.",
)
@click.option(
    "--schemas",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("schemas"),
    metavar="DIR",
    help="Where the folder of the vendor is, or will be.  [default: schemas]",
)
@click.argument("contract_id", metavar="VENDOR/VERSION")
def new_command(contract_id: str, file: Path | None, patterns: tuple[str, ...], schemas: Path) -> None:
    """Make a contract folder that loads: drafted from an OpenAPI document, or a skeleton with comments.

    Of the document come operations, shapes, values and limits, each keyword with a row that names its place. All rows
    are drafts with level SHOULD: judge level and sentence of each, and remove `draft`. What the document does not say, or
    what was not recognised, is left out and told in one line each. Nothing is overwritten.

    Example: batchproof contract new acme/1 --openapi openapi.yaml
    """
    # reading OpenAPI costs other commands nothing
    from batchproof import drafting  # noqa: PLC0415

    try:
        folder = drafting.new_folder(schemas, contract_id)
        draft = drafting.drafted(contract_id, file, patterns) if file is not None else None
    except ContractError as error:
        fail(error)
    texts = drafting.skeleton(contract_id) if draft is None else drafting.texts_of(draft)
    drafting.write(folder, texts, schemas)
    for note in draft.notes if draft is not None else ():
        click.echo(note)
    if draft is not None:
        click.echo(draft.summary)
    found = inspect(folder, _undriven)
    for problem in found.problems:
        click.echo(str(problem))
    click.echo(_summary(folder, found))
    click.echo(f"next: batchproof contract check {folder}")
    sys.exit(1 if found.problems else 0)


def _summary(folder: Path, found: Inspected) -> str:
    """How many problems and drafts there are, in one line."""
    drafts = f"{len(found.drafts)} draft{'' if len(found.drafts) == 1 else 's'}"
    if not found.problems:
        return f"{folder}: nothing is wrong" + (f"; {drafts} to judge" if found.drafts else "")
    files = len({problem.file for problem in found.problems})
    return f"{len(found.problems)} problems in {files} files" + (f", and {drafts}" if found.drafts else "")


def _undriven(contract: Contract) -> Iterator[Problem]:
    for name in undriven(contract):
        remedy = (
            "is driven by no scenario: no flow names it, and it has neither `pages` nor `reads` nor `request` nor a probe; "
            "name it in `flows`, or write a probe"
        )
        at = ("operations", name)
        yield Problem(contract.folder / "contract.yaml", ".".join(at), remedy, at, missing=name)
