"""The contract that a command is about."""

from batchproof.contract import Contract, ContractError, default_contract, load_contract
from batchproof.saying import fail


def loaded_contract(reference: str | None) -> Contract:
    """The contract that ``--contract`` names, or the default one; ends the process where it cannot be loaded."""
    try:
        return load_contract(reference or default_contract())
    except ContractError as error:
        fail(error)
