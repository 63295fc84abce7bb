"""Batch submission and batch status."""

from typing import TYPE_CHECKING

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.errors import not_found, refuse
from batchproof.emulator.extend_common.life import PENDING, PROCESSED
from batchproof.emulator.extend_common.requests import body_of, metadata, priority

from . import objects, requests
from .store import Batch

if TYPE_CHECKING:
    from .emulator import Emulator


def submit_extract_batch(emulator: "Emulator", call: Call) -> JsonObject:
    """Create Extract Run Batch: 1 to 1,000 inputs, each of which becomes one run; answered as PENDING."""
    limits = emulator.behaviour.limits
    body = body_of(call)
    if "config" in body:
        refuse("Inline config is not supported for batches; reference an extractor.")
    reference = requests.extractor_reference(body.get("extractor"))
    priority(body, limits)
    inputs = body.get("inputs")
    if not isinstance(inputs, list) or not 1 <= len(inputs) <= limits.inputs:
        refuse(f"inputs must hold 1 to {limits.inputs} items.")
    wanted = []
    for index, item in enumerate(inputs):
        where = f"inputs[{index}]"
        if not isinstance(item, dict):
            refuse(f"{where} must be an object.")
        file = requests.file_input(item.get("file"), f"{where}.file")
        wanted.append((file, metadata(item.get("metadata"), f"{where}.metadata", limits)))

    workspace = emulator.workspace(call)
    extractor, version, config = emulator.resolve(reference, workspace)
    # Neighbours end one step apart, so that a batch in progress holds runs in different states.
    steps = [1 + index % 2 for index in range(len(wanted))]
    batch = Batch(
        emulator.behaviour.new_id("bpr"), emulator.schedule(call, max(steps), PROCESSED), len(wanted)
    )
    workspace.batches[batch.id] = batch
    for (file, note), processing_steps in zip(wanted, steps, strict=True):
        emulator.add_run(
            workspace,
            call,
            (file,),
            config=config,
            metadata=note,
            extractor=extractor,
            version=version,
            batch=batch,
            processing_steps=processing_steps,
        )
    return objects.batch_run(emulator.behaviour, batch, call, PENDING)


def get_batch_run(emulator: "Emulator", call: Call) -> JsonObject:
    """Get Batch Run."""
    batch = emulator.workspace(call).batches.get(call.path["id"])
    if batch is None:
        raise not_found("batch run")
    return objects.batch_run(emulator.behaviour, batch, call)
