"""``batchproof contract``: what helps whoever writes a contract folder."""

import sys
from collections.abc import Iterator

import click

from batchproof.contract import Contract, ContractError
from batchproof.contract.catalog import contract_folder
from batchproof.contract.inspection import inspect
from batchproof.contract.problems import Problem
from batchproof.plan.undriven import undriven
from batchproof.telling import fail

_CODES = """\b
Exit codes:
  0    nothing is wrong
  1    something is; each problem is one line: file:line:column: what: remedy
  2    there is no such folder
"""


@click.group("contract")
def contract_command() -> None:
    """Help with writing a contract folder."""


@contract_command.command("check", epilog=_CODES)
@click.argument("reference", metavar="FOLDER|ID")
def check_command(reference: str) -> None:
    """List every problem of a contract folder, with its line and what to do. Nothing is sent.

    Besides what keeps the folder from loading: paths that no shape has, placeholders that nothing fills, examples that
    contradict their shape, fixtures that nothing uses, and operations that no scenario drives.

    Example: batchproof contract check schemas/vendor/1
    """
    try:
        folder = contract_folder(reference)
    except ContractError as error:
        fail(error)
    problems, whole = inspect(folder, _undriven)
    for problem in problems:
        click.echo(str(problem))
    if not whole:
        click.echo("What stands between the files was not checked: mend these first, and check again.")
    files = len({problem.file for problem in problems})
    click.echo(f"{len(problems)} problems in {files} files" if problems else f"{folder}: nothing is wrong")
    sys.exit(1 if problems else 0)


def _undriven(contract: Contract) -> Iterator[Problem]:
    for name in undriven(contract):
        remedy = (
            "is driven by no scenario: no flow names it, and it has neither `pages` nor `reads` nor `request` nor a probe; "
            "name it in `flows`, or write a probe"
        )
        at = ("operations", name)
        yield Problem(contract.folder / "contract.yaml", ".".join(at), remedy, at, missing=name)
