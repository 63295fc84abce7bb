"""``batchproof explain``: one requirement."""

import click

from batchproof import emulator
from batchproof.commands import options
from batchproof.commands.loading import loaded_contract
from batchproof.report.card import Planted
from batchproof.report.explanation import UnknownRequirementError, explain
from batchproof.saying import fail


@click.command("explain")
@click.argument("requirement")
@options.contract
def explain_command(requirement: str, contract: str | None) -> None:
    """Explain one requirement and how it is tested.

    Example: batchproof explain batch_run.status.enum
    """
    loaded = loaded_contract(contract)
    known = emulator.faults(loaded.id) if loaded.id in emulator.contracts() else {}
    planted = {name: Planted(fault.breaks, fault.doc) for name, fault in known.items()}
    try:
        click.echo(explain(loaded, requirement, planted))
    except UnknownRequirementError as error:
        fail(error)
