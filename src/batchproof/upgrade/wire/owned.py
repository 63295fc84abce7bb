"""Which objects a recorded run made itself: others have a past that the two versions do not share."""

from batchproof.contract import Contract, pointer
from batchproof.history import Exchange, History, has_body


def owned(contract: Contract, history: History) -> frozenset[str]:
    """The ids of all objects that answers to creations show."""
    return frozenset(
        identifier
        for exchange in history.exchanges
        if (operation := contract.operations.get(exchange.operation or "")) is not None
        and operation.creates is not None
        for identifier, _, _ in shown(contract, exchange)
    )


def shown(contract: Contract, exchange: Exchange) -> list[tuple[str, str, str | None]]:
    """The id, the resource and the status of every object that a successful answer shows."""
    operation = contract.operations.get(exchange.operation or "")
    response = exchange.response
    if operation is None or response is None or not has_body(response):
        return []
    if not operation.accepts(response.status):
        return []
    found: list[tuple[str, str, str | None]] = []
    for view in operation.success.shows:
        resource = view.resource
        for _, value in pointer.find(response.body, view.at):
            identifier = pointer.first(value, resource.id)
            status = None if resource.status is None else pointer.first(value, resource.status)
            if isinstance(identifier, str):
                found.append((identifier, resource.name, status if isinstance(status, str) else None))
    return found
