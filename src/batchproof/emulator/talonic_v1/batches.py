"""Batches: list, get, sync, cancel. There is no endpoint that creates one."""

import uuid

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.paging import BadTokenError, Window, cut_page
from batchproof.emulator.query import Query

from . import objects
from .errors import bad_request, invalid, not_found
from .interface import Store
from .store import CANCELLED, SUBMITTED, Batch


def list_batches(store: Store, call: Call) -> JsonObject:
    """List Batches; its parameters are those of Pagination."""
    behaviour, workspace = store.behaviour, store.workspace(call)
    query = Query(call, invalid)
    limits = behaviour.limits
    limit = query.integer("limit", default=limits.default_page_size, most=limits.page_size)
    descending = query.choice("order", ("asc", "desc")) != "asc"
    window = Window(behaviour.page_size(limit, call), query.single("cursor"), False, descending)
    selected = behaviour.select(workspace.batches.values(), call)
    try:
        page, cursor = cut_page(selected, window, now=call.now, newest=workspace.numbers)
    except BadTokenError:
        raise invalid("The cursor is not valid.") from None
    pagination = {
        "total": sum(batch.created <= call.now for batch in workspace.batches.values()),
        "limit": limit,
        "has_more": cursor is not None,
        "next_cursor": cursor,
    }
    body = {
        "data": [objects.batch(behaviour, batch, call) for batch in page],
        "pagination": behaviour.shape("pagination", pagination, page, call),
    }
    return behaviour.shape("batch_list", body, page, call)


def get_batch(store: Store, call: Call) -> JsonObject:
    """Batch Detail."""
    return objects.batch(store.behaviour, _batch(store, call), call, detailed=True)


def sync_batch(store: Store, call: Call) -> JsonObject:
    """Sync Batch: finds results that are ready; in any other state nothing changes."""
    batch = _batch(store, call)
    if batch.status(call.now) == SUBMITTED and call.now >= batch.ready:
        batch.synced = call.now
    return objects.batch(store.behaviour, batch, call)


def cancel_batch(store: Store, call: Call) -> JsonObject:
    """Cancel Batch: only before it has ended."""
    batch = _batch(store, call)
    status = batch.status(call.now)
    if status in store.behaviour.uncancellable:
        raise bad_request(f"A batch with the status {status} cannot be cancelled.")
    if status != CANCELLED:
        batch.cancelled = call.now
    return objects.batch(store.behaviour, batch, call)


def _batch(store: Store, call: Call) -> Batch:
    batch = store.named(call, lambda workspace: workspace.batches)
    if batch is None:
        if store.behaviour.checks_uuids and not _is_uuid(call.path["id"]):
            raise invalid("The id must be a UUID.")
        raise not_found("batch")
    return batch


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
