"""What the faults of this contract do to answers."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour

When = Callable[[Call], bool]


def body_of(call: Call) -> Any:
    """What a request says, or an empty object where it says nothing that is JSON."""
    try:
        return json.loads(call.body)
    except ValueError:
        return {}


def breaks_off(call: Call) -> bool:
    """Whether a request is no whole JSON object: its end is missing."""
    return not call.body.endswith(b"}")


def with_status(behaviour: Behaviour, operation: str, status: int, *, instead_of: int = 200) -> None:
    """The answers of an operation come with another status."""
    behaviour.on_answer(
        operation, lambda answer, _: replace(answer, status=status) if answer.status == instead_of else answer
    )


def with_code(
    behaviour: Behaviour, operation: str, status: int, code: str, when: When = lambda _: True
) -> None:
    """The errors of an operation that come with a status have another code."""

    def change(answer: Answer, call: Call) -> Answer:
        wrong = answer.status == status and when(call)
        return replace(answer, body=answer.body | {"code": code}) if wrong else answer

    behaviour.on_answer(operation, change)


def accept(
    behaviour: Behaviour, operation: str, prefix: str, when: When, *, refused: tuple[int, ...] = (400, 404)
) -> None:
    """What is refused is answered like the last request that was accepted, under a new id.

    A batch has as many runs as the request has inputs.
    """
    last: list[JsonObject] = []

    def pretend(answer: Answer, call: Call) -> Answer:
        if answer.status == 200:
            last[:] = [answer.body]
        elif last and answer.status in refused and when(call):
            body = last[0] | {"id": behaviour.new_id(prefix)}
            inputs = body_of(call).get("inputs")
            return Answer(200, body | {"runCount": len(inputs)} if isinstance(inputs, list) else body)
        return answer

    behaviour.on_answer(operation, pretend)


def answer_as_before(behaviour: Behaviour, operation: str, when: When) -> None:
    """What is refused is answered with the last success of the operation."""
    last: list[Answer] = []

    def pretend(answer: Answer, call: Call) -> Answer:
        if answer.status == 200:
            last[:] = [answer]
            return answer
        return last[0] if last and when(call) else answer

    behaviour.on_answer(operation, pretend)


def find(behaviour: Behaviour, operation: str) -> None:
    """An id of nothing is answered like the last object that was found, under that id."""
    last: list[JsonObject] = []

    def pretend(answer: Answer, call: Call) -> Answer:
        if answer.status == 200:
            last[:] = [answer.body]
        elif answer.status == 404 and last:
            return Answer(200, last[0] | {"id": call.path["id"]})
        return answer

    behaviour.on_answer(operation, pretend)


def refuse(behaviour: Behaviour, operation: str, when: When, *, status: int = 400) -> None:
    """What is accepted is answered with an error."""

    def change(answer: Answer, call: Call) -> Answer:
        if answer.status != 200 or not when(call):
            return answer
        error = {
            "code": "NOT_FOUND" if status == 404 else "INVALID_REQUEST",
            "message": "The request cannot be answered.",
            "retryable": False,
            "requestId": call.request_id,
        }
        return Answer(status, error)

    behaviour.on_answer(operation, change)


def envelope(behaviour: Behaviour, operation: str, key: str) -> None:
    """The body of a success is wrapped into another object."""
    behaviour.on_answer(
        operation,
        lambda answer, _: replace(answer, body={key: answer.body}) if answer.status == 200 else answer,
    )
