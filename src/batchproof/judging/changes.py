"""Calls that may have changed an object, whatever was answered: what is not known to be refused may have been done."""

from collections.abc import Iterable

from batchproof.contract import Contract
from batchproof.history import Exchange


def may_have_changed(contract: Contract, exchange: Exchange) -> bool:
    """Whether the exchange may have changed the object that ``{id}`` names."""
    operation = contract.manifest.operations.get(exchange.operation or "")
    if operation is None or operation.method == "GET" or "id" not in exchange.request.path:
        return False
    return exchange.response is None or not 400 <= exchange.response.status < 500


def can_be_deleted(contract: Contract, resource: str) -> bool:
    """Whether any client may delete an object of ``resource``."""
    operations = contract.manifest.operations.values()
    return any(
        operation.deletes is not None and operation.deletes.resource == resource for operation in operations
    )


def possible_deletions(contract: Contract, exchanges: Iterable[Exchange], resource: str) -> list[Exchange]:
    """The exchanges that may have deleted an object of ``resource``."""
    found = []
    for exchange in exchanges:
        operation = contract.manifest.operations.get(exchange.operation or "")
        deletes = None if operation is None else operation.deletes
        if deletes is not None and deletes.resource == resource and may_have_changed(contract, exchange):
            found.append(exchange)
    return found
