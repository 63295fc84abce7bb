"""Batch submission and batch status."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.errors import not_found, refuse
from batchproof.emulator.extend_common.life import FAILED, PENDING, PROCESSED
from batchproof.emulator.extend_common.requests import body_of, metadata, priority

from . import objects, processors, requests, webhooks
from .creation import add_run
from .families import Family
from .interface import Store
from .processors import Reference, Setup
from .store import Batch

_FATAL = "fatal"


def submit_batch(store: Store, family: Family, call: Call) -> JsonObject:
    """Create Extract Run Batch and its likes: 1 to 1,000 inputs, each of which becomes one run; PENDING at first."""
    limits = store.behaviour.limits
    body = body_of(call)
    setup = _setup(family, body)
    priority(body, limits)
    inputs = body.get("inputs")
    most = limits.inputs_of.get(family.name, limits.inputs)
    if not isinstance(inputs, list) or not 1 <= len(inputs) <= most:
        refuse(f"inputs must hold 1 to {most} items.")
    wanted = []
    for index, item in enumerate(inputs):
        where = f"inputs[{index}]"
        if not isinstance(item, dict):
            refuse(f"{where} must be an object.")
        file = requests.file_input(item.get("file"), f"{where}.file", text=family.batch_text)
        wanted.append((file, metadata(item.get("metadata"), f"{where}.metadata", limits)))

    workspace = store.workspace(call)
    if isinstance(setup, Reference):
        setup = setup.resolve(family, workspace)
    # Neighbours end one step apart, so that a batch in progress holds runs in different states.
    steps = [1 + index % 2 for index in range(len(wanted))]
    # Batch Processing, Checking batch status: FAILED is a fatal error of the batch; nothing documented makes one.
    fatal = any(_FATAL in file.name.lower() for file, _ in wanted)
    schedule = store.schedule(call, max(steps), FAILED if fatal else PROCESSED)
    batch = Batch(store.behaviour.new_id(family.batch_prefix), schedule, len(wanted))
    workspace.batches[batch.id] = batch
    for (file, note), processing_steps in zip(wanted, steps, strict=True):
        add_run(
            store,
            workspace,
            call,
            family,
            (file,),
            setup=setup,
            metadata=note,
            batch=batch,
            processing_steps=processing_steps,
        )
    webhooks.watch(store, workspace, family, batch)
    return objects.batch_run(store.behaviour, batch, call, PENDING)


def _setup(family: Family, body: JsonObject) -> Reference | Setup:
    """Create Parse Run Batch takes a configuration for all inputs; the others take a reference only."""
    kind, form = family.processor, family.config
    if kind is None:
        given = {} if body.get("config") is None else requests.config(body["config"], "config", form)
        return Setup(None, None, form.default | given)
    if "config" in body:
        refuse(f"Inline config is not supported for batches; reference one {kind.name}.")
    return processors.reference(body.get(kind.name), family, kind)


def get_batch_run(store: Store, call: Call) -> JsonObject:
    """Get Batch Run."""
    batch = store.workspace(call).batches.get(call.path["id"])
    if batch is None:
        raise not_found("batch run")
    return objects.batch_run(store.behaviour, batch, call)
