"""Answers that are taken from others, or that lack their envelope."""

from dataclasses import replace

from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry

fault = registry.fault

_NAMES = ("batchProcessorRun", "processorRun")


@fault(
    "envelope-missing",
    breaks="processor_run.envelope",
    collateral={"It speaks of the same value.": ["envelope.success", "get_batch_processor_run.body"]},
)
def envelope_missing(behaviour: Behaviour) -> None:
    """A successful answer has one named object; here the object itself is the answer, as in the next version."""

    def unpack(answer: Answer, _call: Call) -> Answer:
        content = next((answer.body[name] for name in _NAMES if name in answer.body), None)
        return answer if content is None else replace(answer, body=content)

    behaviour.on_answer(ANY, unpack)


@fault("same-body-same-run", breaks="create_processor_run.repeat.apart")
def same_body_same_run(behaviour: Behaviour) -> None:
    """Run Processor: each request runs a processor; here a body that comes again is answered with the first run."""
    known: dict[bytes, Answer] = {}

    def again(answer: Answer, call: Call) -> Answer:
        return known.setdefault(call.body, answer) if answer.status == 200 else answer

    behaviour.on_answer("create_processor_run", again)


@fault("runs-of-every-key", breaks="auth.workspace.apart")
def runs_of_every_key(behaviour: Behaviour) -> None:
    """Authentication: a key without permission is refused; here a run can be read with every key."""
    shown: dict[str, tuple[str, Answer]] = {}

    def share(answer: Answer, call: Call) -> Answer:
        key, id_ = call.headers.get("authorization", ""), call.path["id"]
        if answer.status == 200:
            shown[id_] = (key, answer)
        elif answer.status == 404 and id_ in shown and shown[id_][0] != key:
            return shown[id_][1]
        return answer

    behaviour.on_answer("get_processor_run", share)


@fault("second-deletion-is-410", breaks="delete_processor_run.errors")
def second_deletion_is_410(behaviour: Behaviour) -> None:
    """Delete Processor Run, Errors: 404 and 500; here the deletion of what was deleted before is answered with 410."""
    deleted: set[str] = set()

    def change(answer: Answer, call: Call) -> Answer:
        if answer.status == 200:
            deleted.add(call.path["id"])
        again = answer.status == 404 and call.path["id"] in deleted
        return replace(answer, status=410) if again else answer

    behaviour.on_answer("delete_processor_run", change)


@fault(
    "processors-by-update-are-501",
    breaks="list_processors.errors",
    collateral={
        "The list that is refused is a valid request.": ["error.internal", "list_processors.success"],
    },
)
def processors_by_update_are_501(behaviour: Behaviour) -> None:
    """SDK, List processors, Errors: 400, 401, 429 and 500; here sortBy=updatedAt is answered with 501."""

    def change(answer: Answer, call: Call) -> Answer:
        if call.query.get("sortBy") != "updatedAt":
            return answer
        if answer.status != 200:
            return replace(answer, status=501)
        return behaviour.refusal(501, "The request cannot be answered.", call)

    behaviour.on_answer("list_processors", change)


@fault("nothing-is-deleted", breaks="delete_processor_run.accepted")
def nothing_is_deleted(behaviour: Behaviour) -> None:
    """Delete Processor Run: a run can be deleted; here the deletion of one that has ended is answered with 404."""
    behaviour.deletes = False
    behaviour.on_answer(
        "delete_processor_run",
        lambda answer, call: (
            behaviour.refusal(404, "The request cannot be answered.", call)
            if answer.status == 200
            else answer
        ),
    )
