"""Batches: their shape and their answers."""

from dataclasses import replace

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import EXTRACT, Family
from batchproof.emulator.extend_2026_02_09.store import Batch
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import PENDING, PROCESSED, PROCESSING

from . import doing
from .table import each_family

# These faults show in all batches; one family's are enough to see them.


@each_family("batch-run-is-a-list", breaks="batch_run", families=(EXTRACT,))
def batch_is_a_list(behaviour: Behaviour, _family: Family) -> None:
    """Get Batch Run, Response: the batch, an object; here an array that holds it."""
    behaviour.on_answer(
        "get_batch_run",
        lambda answer, _: replace(answer, body=[answer.body]) if answer.status == 200 else answer,
    )


@each_family("batch-run-object-other", breaks="batch_run.object", families=(EXTRACT,))
def object_other(behaviour: Behaviour, _family: Family) -> None:
    """Get Batch Run, object: always batch_run; here batch."""
    tricks.put(behaviour, "batch_run", object="batch")


@each_family("batch-run-id-too-long", breaks="batch_run.id", families=(EXTRACT,))
def id_too_long(behaviour: Behaviour, _family: Family) -> None:
    """API Versioning: an id has at most 255 characters; here that of an ended batch has more."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == PROCESSED:
            body["id"] += "x" * 256

    behaviour.on_object("batch_run", change)


@each_family("batch-run-status-as-number", breaks="batch_run.status", families=(EXTRACT,))
def status_as_number(behaviour: Behaviour, _family: Family) -> None:
    """Get Batch Run, status: a string; here, once PROCESSED, a number."""
    tricks.put_where(behaviour, "batch_run", PROCESSED, status=3)


@each_family("batch-run-steps-back", breaks="batch_run.status.order", families=(EXTRACT,))
def steps_back(behaviour: Behaviour, _family: Family) -> None:
    """Get Batch Run, status: never back; here the second look at a batch that is PROCESSING shows it PENDING."""
    tricks.from_look(behaviour, "batch_run", (PROCESSING,), 2, lambda body, *_: body.update(status=PENDING))


@each_family("batch-run-count-as-text", breaks="batch_run.run_count.type", families=(EXTRACT,))
def count_as_text(behaviour: Behaviour, _family: Family) -> None:
    """Get Batch Run, runCount: an integer; here a text."""
    behaviour.on_object("batch_run", lambda body, *_: body.update(runCount=str(body["runCount"])))


@each_family("batch-run-created-at-with-offset", breaks="batch_run.created_at", families=(EXTRACT,))
def created_at_local(behaviour: Behaviour, _family: Family) -> None:
    """Get Batch Run, createdAt: a date-time in UTC; here in the time of another zone."""

    def shift(body: JsonObject, batch: Batch, _call: Call) -> None:
        text = behaviour.timestamp(batch.created + 2 * 60 * 60 * 1000)
        body["createdAt"] = text.removesuffix("Z") + "+02:00"

    behaviour.on_object("batch_run", shift)


@each_family("get-batch-run-is-201", breaks="get_batch_run.success", families=(EXTRACT,))
def get_is_201(behaviour: Behaviour, _family: Family) -> None:
    """Get Batch Run, Response: 200; here 201."""
    doing.with_status(behaviour, "get_batch_run", 201)


@each_family("get-batch-run-only-at-the-end", breaks="get_batch_run.any_time", families=(EXTRACT,))
def only_at_the_end(behaviour: Behaviour, _family: Family) -> None:
    """Get Batch Run: can be polled; here a batch that has not ended is answered with 404."""

    def refuse(answer: Answer, call: Call) -> Answer:
        if answer.body.get("status") not in (PENDING, PROCESSING):
            return answer
        error = {"code": "NOT_FOUND", "message": "Not yet.", "retryable": False, "requestId": call.request_id}
        return Answer(404, error)

    behaviour.on_answer("get_batch_run", refuse)
