"""The contract room: what a vendor documents, loaded from data. It knows no HTTP."""

from batchproof.contract.catalog import default_contract, installed_contracts
from batchproof.contract.errors import ContractError
from batchproof.contract.loader import CompiledLaw, Contract, load_contract

__all__ = [
    "CompiledLaw",
    "Contract",
    "ContractError",
    "default_contract",
    "installed_contracts",
    "load_contract",
]
