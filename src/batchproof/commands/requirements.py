"""``batchproof requirements``: every requirement of a contract."""

import json
from typing import Any

import click

from batchproof.commands import options
from batchproof.commands.loading import loaded_contract
from batchproof.report.catalogue import requirement_lines, requirements_json
from batchproof.report.coverage import coverage, coverage_lines


@click.command("requirements")
@options.contract
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--coverage", "as_coverage", is_flag=True, help="How much of the documentation is tested.")
def requirements_command(contract: str | None, *, as_json: bool, as_coverage: bool) -> None:
    """List every requirement of a contract.

    Example: batchproof requirements --json
    """
    loaded = loaded_contract(contract)
    if as_json:
        listed: Any = coverage(loaded) if as_coverage else requirements_json(loaded)
        click.echo(json.dumps(listed, indent=2))
        return
    for line in coverage_lines(loaded) if as_coverage else requirement_lines(loaded):
        click.echo(line)
