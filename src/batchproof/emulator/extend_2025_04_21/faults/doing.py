"""What the faults of this contract do to answers."""

import json
from collections.abc import Callable

from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour

When = Callable[[Call], bool]

CREATE = "create_processor_run"
ERROR: JsonObject = {"success": False, "error": "The request cannot be answered."}


def body_of(call: Call) -> JsonObject:
    """What a request says, or an empty object where it says nothing that is a JSON object."""
    try:
        body = json.loads(call.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def refuse(behaviour: Behaviour, operation: str, when: When) -> None:
    """What is accepted is answered with an error."""

    def change(answer: Answer, call: Call) -> Answer:
        return Answer(400, ERROR) if answer.status == 200 and when(call) else answer

    behaviour.on_answer(operation, change)


def accept(behaviour: Behaviour, when: When, *, refused: tuple[int, ...] = (400, 404)) -> None:
    """A creation that is refused is answered like the last one that was accepted, under a new id."""
    last: list[JsonObject] = []

    def pretend(answer: Answer, call: Call) -> Answer:
        if answer.status == 200:
            last[:] = [answer.body]
        elif last and answer.status in refused and when(call):
            run = last[0]["processorRun"] | {"id": behaviour.new_id("dpr")}
            return Answer(200, last[0] | {"processorRun": run})
        return answer

    behaviour.on_answer(CREATE, pretend)
