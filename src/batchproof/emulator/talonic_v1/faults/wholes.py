"""Answers that are wrong as a whole."""

from dataclasses import replace

from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import ACCUMULATING, SUBMITTED, TERMINAL

from .refusals import refusal

fault = registry.fault


def _in_an_array(behaviour: Behaviour, operation: str, statuses: tuple[int, ...]) -> None:
    behaviour.on_answer(
        operation,
        lambda answer, _: replace(answer, body=[answer.body]) if answer.status in statuses else answer,
    )


@fault("error-is-a-list", breaks="error")
def error_is_a_list(behaviour: Behaviour) -> None:
    """Error Format: the body is an object; here that of a 404 is an array."""
    _in_an_array(behaviour, ANY, (404,))


@fault("batch-is-a-list", breaks="batch")
def batch_is_a_list(behaviour: Behaviour) -> None:
    """Batch Detail, Response fields: an object; here an array that holds it."""
    _in_an_array(behaviour, "get_batch", (200,))


@fault("document-is-a-list", breaks="document")
def document_is_a_list(behaviour: Behaviour) -> None:
    """Get Document, Response fields: an object; here an array that holds it."""
    _in_an_array(behaviour, "get_document", (200,))


@fault("ingestion-is-a-list", breaks="ingestion")
def ingestion_is_a_list(behaviour: Behaviour) -> None:
    """Source Documents, Response fields: an object; here an array that holds it."""
    _in_an_array(behaviour, "ingest_document", (200, 201, 202))


@fault("source-is-a-text", breaks="source")
def source_is_a_text(behaviour: Behaviour) -> None:
    """List Inputs, Response fields: sources are objects; here each is its name."""
    behaviour.on_object(
        "source_list", lambda body, *_: body.update(data=[source["name"] for source in body["data"]])
    )


@fault("item-is-a-text", breaks="batch_item")
def item_is_a_text(behaviour: Behaviour) -> None:
    """Batch Detail, items: objects; here each is the id of its document."""

    def change(body: JsonObject, _batch: object, _call: Call) -> None:
        if "items" in body:
            body["items"] = [item["document_id"] for item in body["items"]]

    behaviour.on_object("batch", change)


@fault("batch-only-at-the-end", breaks="get_batch.poll")
def batch_only_at_the_end(behaviour: Behaviour) -> None:
    """Batch Detail: can be polled; here a batch that has not ended is answered with 404."""

    def refuse(answer: Answer, call: Call) -> Answer:
        if answer.status != 200 or answer.body["status"] in ("completed", "failed", "cancelled"):
            return answer
        return refusal(call, 404, "not_found")

    behaviour.on_answer("get_batch", refuse)


@fault("cancel-always-refused", breaks="cancel_batch.accepted")
def cancel_always_refused(behaviour: Behaviour) -> None:
    """Cancel Batch: a batch that is accumulating or submitted; here that is refused, too."""
    behaviour.uncancellable = TERMINAL | {ACCUMULATING, SUBMITTED}
