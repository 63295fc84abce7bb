"""The answers of a step as documents to compare: one for each object that they show, by what the object has come to."""

from collections.abc import Iterator
from typing import NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.contract.pointer import join, parse
from batchproof.history import Exchange, has_body
from batchproof.json_values import Json
from batchproof.upgrade.wire.steps import Step

ON_THE_WAY = "on the way"


class Document(NamedTuple):
    """An answer, of a list with one row only. ``state`` is the status of what it shows if that has ended."""

    state: str
    body: Json


def documents(contract: Contract, own: frozenset[str], step: Step) -> list[Document]:
    """What a step shows of objects that the run made itself, and of those that nobody can make.

    What somebody else made has a past that explains how it differs from another object.
    """
    return [document for exchange in step.exchanges for document in _of(contract, own, exchange)]


def _of(contract: Contract, own: frozenset[str], exchange: Exchange) -> Iterator[Document]:
    operation = contract.operation(exchange.operation or "")
    if exchange.response is None or not has_body(exchange.response):
        return
    body = exchange.response.body
    if not operation.success.shows:
        yield Document("", body)
        return
    view = operation.success.shows[0]
    resource = view.resource
    made = any(item.creates is resource for item in contract.operations.values())
    for at, value in pointer.find(body, view.at):
        if made and pointer.first(value, resource.id) not in own:
            continue
        status = None if resource.status is None else pointer.first(value, resource.status)
        life = resource.lifecycle
        state = "" if life is None else str(status) if status in life.terminal else ON_THE_WAY
        yield Document(state, body if operation.pages is None else _with_one_row(body, at))


def _with_one_row(body: Json, at: str) -> Json:
    """``body`` with nothing but the row at ``at`` in its list."""
    *above, _ = parse(at)
    row = pointer.first(body, at)

    def changed(value: Json, segments: list[str]) -> Json:
        if not segments:
            return [row]
        return {**value, segments[0]: changed(value[segments[0]], segments[1:])}

    return changed(body, above) if pointer.first(body, join(above)) is not None else body
