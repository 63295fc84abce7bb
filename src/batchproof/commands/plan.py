"""``batchproof plan``: what a run would cost and could establish."""

import json
import sys
from typing import Any

import click

from batchproof.commands.of_a_run import configured, of_a_run
from batchproof.plan import exit_code, obstacles, plan, plan_json, plan_lines
from batchproof.session import foreseen

PLAN_CODES = """\b
Exit codes:
  0    everything that the profile owes can be established
  2    bad usage or configuration
  3    limits or fixtures keep some of it out of reach
"""


@click.command("plan", epilog=PLAN_CODES)
@of_a_run
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Name the requirements, too.")
def plan_command(*, as_json: bool, verbose: bool, **given: Any) -> None:
    """Tell what a run would cost at most, and what it could establish. Nothing is sent.

    Scenarios are listed in the order in which they would be driven: what establishes most for what it costs
    comes first.

    Example: batchproof plan --target https://staging.example.com --max-runs 40
    """
    contract, settings = configured(given)
    settings = foreseen(contract, settings)
    planned = plan(contract, settings)
    found = obstacles(contract, settings, planned)
    if as_json:
        click.echo(json.dumps(plan_json(planned, found, settings), indent=2))
    else:
        for line in plan_lines(planned, found, settings, verbose=verbose):
            click.echo(line)
    sys.exit(exit_code(found))
