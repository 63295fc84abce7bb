"""The contract room: what a vendor documents, loaded from data. It knows no HTTP."""

from batchproof.contract.catalog import default_contract, installed_contracts
from batchproof.contract.claims import ClaimError, claimed, in_order_of, what_is_claimed
from batchproof.contract.errors import ContractError
from batchproof.contract.loader import CompiledInvariant, Contract, load_contract
from batchproof.contract.owing import owes

__all__ = [
    "ClaimError",
    "CompiledInvariant",
    "Contract",
    "ContractError",
    "claimed",
    "default_contract",
    "in_order_of",
    "installed_contracts",
    "load_contract",
    "owes",
    "what_is_claimed",
]
