"""``batchproof openapi``: a contract as an OpenAPI document."""

import json

import click

from batchproof.commands import options
from batchproof.commands.loading import loaded_contract
from batchproof.contract.openapi import openapi_document


@click.command("openapi")
@options.contract
def openapi_command(contract: str | None) -> None:
    """Print an OpenAPI 3.1 document made from the contract.

    Example: batchproof openapi > openapi.json
    """
    click.echo(json.dumps(openapi_document(loaded_contract(contract)), indent=2))
