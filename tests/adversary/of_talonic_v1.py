"""Breaches and legal oddities, written from the documentation alone."""

import asyncio
import gzip
import json
import time
import uuid
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any

from proxy import Answer, Cut, Forward, Request, World, breach, oddity

TALONIC = "talonic/v1"
SEED = "seed 002, response fields"
VIEWS = ("list", "detail", "sync", "cancel")
ENDED = ("completed", "failed", "cancelled")
COUNTS = ("succeeded_count", "errored_count", "expired_count")
TIMES = ("created_at", "updated_at", "submitted_at", "completed_at", "processed_at", "timestamp")
NOBODY = "0b0e6c1a-5d3f-4a77-9b52-3f0c8d1e2a44"

Batch = dict[str, Any]


def view(request: Request) -> str:
    """Which endpoint is asked: list, detail, sync, cancel, ingest, document, sources, or something else."""
    known = {
        ("GET", 2, "batches"): "list",
        ("GET", 3, "batches"): "detail",
        ("GET", 2, "sources"): "sources",
        ("GET", 3, "documents"): "document",
        ("POST", 4, "sources"): "ingest",
    }
    parts = request.parts
    if len(parts) == 4 and parts[1] == "batches" and request.method == "POST":
        return parts[3]
    return known.get((request.method, len(parts), parts[1] if len(parts) > 1 else ""), "other")


def asked_id(request: Request) -> str:
    """The id in the path."""
    return request.parts[2] if len(request.parts) > 2 else ""


def now() -> datetime:
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    """A time as the documentation writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def moved(text: str, **by: float) -> str:
    """A time, earlier or later."""
    return written(datetime.fromisoformat(text) + timedelta(**by))


def batches_in(request: Request, answer: Answer, views: tuple[str, ...] = VIEWS) -> list[Batch]:
    """The batches in an answer."""
    if view(request) not in views or answer.status != 200 or not isinstance(answer.body, dict):
        return []
    return answer.body["data"] if view(request) == "list" else [answer.body]


def items_in(request: Request, answer: Answer) -> list[Batch]:
    """The items in the detail of a batch."""
    return [item for batch in batches_in(request, answer, ("detail",)) for item in batch.get("items") or []]


async def edited(
    request: Request,
    forward: Forward,
    change: Callable[[Batch], Any],
    *views: str,
    where: Callable[[Batch], bool] = lambda batch: True,
) -> Answer:
    """The answer, with ``change`` made to the batches in it."""
    answer = await forward(request)
    for batch in batches_in(request, answer, views or VIEWS):
        if where(batch):
            change(batch)
    return answer


async def edited_items(
    request: Request,
    forward: Forward,
    change: Callable[[Batch], Any],
    where: Callable[[Batch], bool] = lambda item: True,
) -> Answer:
    """The answer, with ``change`` made to the items in it."""
    answer = await forward(request)
    for item in items_in(request, answer):
        if where(item):
            change(item)
    return answer


def being(*statuses: str) -> Callable[[Batch], bool]:
    """Whether a batch or an item has one of these statuses."""
    return lambda batch: batch["status"] in statuses


def own_headers(request: Request) -> dict[str, str]:
    """The headers of the client, without those of this one request."""
    dropped = ("content-", "idempotency-key")
    return {name: value for name, value in request.headers.items() if not name.startswith(dropped)}


def ask(request: Request, forward: Forward, method: str, path: str, **query: str) -> Any:
    """Another request in the name of the same client."""
    headers = own_headers(request)
    return forward(Request(method, path, query, headers))


async def batch_now(request: Request, forward: Forward) -> Batch | None:
    """How the batch that is asked about stands, read by ourselves."""
    answer = await ask(request, forward, "GET", f"/v1/batches/{asked_id(request)}")
    return answer.body if answer.status == 200 else None


async def another_batch(request: Request, forward: Forward) -> Batch:
    """A batch that is not the one asked about."""
    rows = (await ask(request, forward, "GET", "/v1/batches", limit="50")).body["data"]
    row = next(row for row in rows if row["id"] != asked_id(request))
    return (await ask(request, forward, "GET", f"/v1/batches/{row['id']}")).body


def without_items(batch: Batch) -> Batch:
    return {name: value for name, value in batch.items() if name != "items"}


def refused(world: World, request: Request, answer: Answer, status: int, code: str) -> Answer:
    """A refusal in the documented envelope, by the clock of the server, in place of ``answer``."""
    body = {
        "statusCode": status,
        "code": code,
        "error": HTTPStatus(status).phrase,
        "message": "The request was refused.",
        "retryable": status == 429 or status >= 500,
        "request_id": "req_" + uuid.uuid4().hex[:16],
        "timestamp": written(world.now()),
        "path": request.path,
    }
    return Answer(status, body, dict(answer.headers))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """All JSON objects in a value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


async def with_errors(
    request: Request, forward: Forward, change: Callable[[Batch], Any], *statuses: int
) -> Answer:
    """The answer, with ``change`` made to its body if it is an error."""
    answer = await forward(request)
    if answer.status >= 400 and (not statuses or answer.status in statuses) and isinstance(answer.body, dict):
        change(answer.body)
    return answer


async def let_in(world: World, request: Request, forward: Forward, where: str) -> Answer:
    """At one endpoint a key that is missing or wrong does not matter."""
    answer = await forward(request)
    if answer.status != 401:
        world.memory["key"] = request.headers.get("authorization", "")
    elif view(request) == where and "key" in world.memory:
        return await forward(
            Request(
                request.method,
                request.path,
                request.query,
                {**request.headers, "authorization": world.memory["key"]},
                request.body,
                request.raw,
            )
        )
    return answer


# Breaches: the fields of a batch


@breach(TALONIC, "The status of a batch is one of the documented ones.", "get-batch, status")
async def list_status_processing(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(status="processing"), "list", where=being("submitted")
    )


@breach(TALONIC, "The status is spelled cancelled.", "cancel-batch; " + SEED)
async def cancel_status_american(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(status="canceled"), "cancel")


@breach(TALONIC, "Provider: anthropic or bedrock.", SEED)
async def detail_third_provider(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(provider="openai"), "detail")


@breach(TALONIC, "Provider: anthropic or bedrock.", "list-batches, provider")
async def list_provider_title_case(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(provider=b["provider"].title()), "list")


@breach(TALONIC, "The provider is a string.", "sync-batch, provider")
async def sync_provider_null(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(provider=None), "sync")


@breach(
    TALONIC, "A batch has the provider that it has, in every view.", "list-batches and seed 002, provider"
)
async def list_provider_constant(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(provider="anthropic"), "list")


@breach(TALONIC, "item_count is an integer.", "sync-batch, item_count")
async def sync_item_count_text(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(item_count=str(b["item_count"])), "sync")


@breach(TALONIC, "expired_count is an integer.", "list-batches, expired_count")
async def list_expired_count_null_at_first(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(expired_count=None), "list", where=being("accumulating")
    )


@breach(TALONIC, "errored_count is an integer.", SEED)
async def detail_errored_count_fraction(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(errored_count=0.5), "detail", where=being("completed")
    )


@breach(TALONIC, "A cancelled batch has its four counts.", "cancel-batch, response fields")
async def cancel_expired_count_missing(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.pop("expired_count"), "cancel")


@breach(TALONIC, "errored_count is a number of items.", SEED)
async def list_negative_count(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(errored_count=-1), "list", where=being("failed"))


@breach(TALONIC, "item_count is the total, so no more items can succeed.", SEED)
async def more_successes_than_items(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(succeeded_count=b["item_count"] + 1), where=being("completed")
    )


@breach(TALONIC, "item_count is the total number of items in the batch.", "list-batches, item_count")
async def list_item_count_constant(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(item_count=1), "list")


@breach(TALONIC, "item_count is the total number of items in the batch.", SEED)
async def item_count_grows_after_the_end(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        looks = world.memory[batch["id"]] = world.memory.get(batch["id"], -1) + 1
        batch["item_count"] += looks

    return await edited(request, forward, change, "detail", where=being("completed"))


@breach(TALONIC, "succeeded_count and errored_count say what they are called.", "list-batches, counts")
async def list_counts_swapped(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        batch["succeeded_count"], batch["errored_count"] = batch["errored_count"], batch["succeeded_count"]

    return await edited(request, forward, change, "list")


@breach(TALONIC, "The counts of a completed batch are filled.", "sync-batch; " + SEED)
async def completed_without_counts(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(dict.fromkeys(COUNTS, 0)), where=being("completed")
    )


@breach(
    TALONIC, "Expired items are counted as expired, the same in every view.", "list-batches, expired_count"
)
async def list_expired_as_errored(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        batch["errored_count"] += batch["expired_count"]
        batch["expired_count"] = 0

    return await edited(request, forward, change, "list")


@breach(TALONIC, "id is a UUID.", SEED)
async def ids_with_a_prefix(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(id="batch_" + b["id"]), "detail", "sync")


@breach(TALONIC, "links.self is the URL of this batch.", "list-batches, links.self")
async def list_links_of_the_first(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    rows = batches_in(request, answer, ("list",))
    for row in rows:
        row["links"] = dict(rows[0]["links"])
    return answer


@breach(TALONIC, "links.self is the URL of this batch.", SEED)
async def detail_link_to_the_list(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b["links"].update(self="/v1/batches"), "detail")


@breach(TALONIC, "links.self is a string.", "cancel-batch, links.self")
async def cancel_link_null(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b["links"].update(self=None), "cancel")


@breach(TALONIC, "A batch has links.", "sync-batch, links; OpenAPI")
async def sync_links_missing(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.pop("links"), "sync")


@breach(TALONIC, "error_message is a string or null.", SEED)
async def failed_error_message_object(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request,
        forward,
        lambda b: b.update(error_message={"message": b["error_message"]}),
        "detail",
        where=being("failed"),
    )


@breach(TALONIC, "error_message is the provider's message if the batch failed.", SEED)
async def completed_with_error_message(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(error_message="All is well."), where=being("completed")
    )


@breach(TALONIC, "error_message is the provider's message if the batch failed.", SEED)
async def failed_without_error_message(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(error_message=None), where=being("failed"))


# Breaches of statements about times


@breach(TALONIC, "created_at is an ISO 8601 time.", "list-batches, created_at")
async def list_created_at_epoch(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(created_at=1727761500), "list")


@breach(TALONIC, "created_at is an ISO 8601 time.", SEED)
async def detail_created_at_as_in_mail(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(created_at="Tue, 01 Oct 2024 05:45:00 GMT"), "detail"
    )


@breach(TALONIC, "created_at is the time of creation.", SEED)
async def created_in_1970(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(created_at="1970-01-01T00:00:00.000Z"), "detail")


@breach(TALONIC, "created_at is the time of creation, which is over.", SEED)
async def created_next_year(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(created_at=moved(b["created_at"], days=365)))


@breach(TALONIC, "created_at is the time of creation.", SEED)
async def created_at_every_look(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(created_at=written(now())), "detail")


@breach(TALONIC, "updated_at is an ISO 8601 time.", SEED)
async def detail_updated_at_epoch(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(updated_at=1727792580), "detail")


@breach(TALONIC, "updated_at is the time of the last update.", SEED)
async def updated_at_frozen(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(updated_at=b["created_at"]))


@breach(TALONIC, "After a cancel updated_at is the moment of the cancellation.", "cancel-batch, updated_at")
async def cancel_keeps_updated_at(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "cancel" and (before := await batch_now(request, forward)):
        old = world.memory.setdefault(before["id"], before["updated_at"])
        return await edited(request, forward, lambda b: b.update(updated_at=old), "cancel")
    return await forward(request)


@breach(TALONIC, "The last update is not before the creation.", SEED)
async def updated_before_created(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request,
        forward,
        lambda b: b.update(updated_at=moved(b["created_at"], hours=-1)),
        where=being("completed"),
    )


@breach(TALONIC, "completed_at is null for a cancelled batch.", "cancel-batch, completed_at")
async def cancel_sets_completed_at(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(completed_at=b["updated_at"]), "cancel")


@breach(TALONIC, "completed_at is null for a cancelled batch.", "cancel-batch, completed_at")
async def list_cancelled_with_completed_at(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(completed_at=b["updated_at"]), "list", where=being("cancelled")
    )


@breach(TALONIC, "submitted_at is the time when a batch was sent to the provider.", SEED)
async def completed_never_submitted(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(submitted_at=None), where=being("completed"))


@breach(TALONIC, "A submitted batch was submitted at some time.", "sync-batch; list-batches, submitted_at")
async def list_submitted_without_time(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(submitted_at=None), "list", where=being("submitted")
    )


@breach(TALONIC, "submitted_at is the time of submission; an accumulating batch has none.", SEED)
async def accumulating_with_submitted_at(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(submitted_at=b["updated_at"]), where=being("accumulating")
    )


@breach(TALONIC, "completed_at is the time when the batch completed.", SEED)
async def completed_without_completed_at(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(completed_at=None), "detail", where=being("completed")
    )


@breach(TALONIC, "completed_at is the time when the batch completed; a submitted one has not.", SEED)
async def submitted_with_completed_at(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(completed_at=b["submitted_at"]), where=being("submitted")
    )


@breach(TALONIC, "A batch is submitted before it completes.", SEED)
async def times_of_the_end_swapped(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        batch["submitted_at"], batch["completed_at"] = batch["completed_at"], batch["submitted_at"]

    return await edited(request, forward, change, where=being("completed"))


@breach(TALONIC, "completed_at is when the batch completed, not when it is read.", SEED)
async def completed_at_every_look(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(completed_at=written(now())), "detail", where=being("completed")
    )


# Breaches of statements about identity


@breach(TALONIC, "GET /v1/batches/:id gives the batch with that id.", "get-batch")
async def detail_of_another(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "detail" and answer.status == 200:
        answer.body = await another_batch(request, forward)
    return answer


@breach(TALONIC, "Sync gives the batch that was asked about.", "sync-batch")
async def sync_of_another(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "sync" and answer.status == 200:
        answer.body = without_items(await another_batch(request, forward))
    return answer


@breach(TALONIC, "Cancel gives the batch that was cancelled.", "cancel-batch")
async def cancel_of_another(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and answer.status == 200:
        other = await another_batch(request, forward)
        answer.body.update(id=other["id"], links=other["links"])
    return answer


@breach(TALONIC, "items is the breakdown of this batch.", SEED)
async def items_of_another(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for batch in batches_in(request, answer, ("detail",)):
        batch["items"] = (await another_batch(request, forward))["items"]
    return answer


# Breaches of statements about items


@breach(TALONIC, "Item status: pending, processing, completed, or failed.", SEED)
async def item_status_succeeded(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(status="succeeded"), being("completed"))


@breach(TALONIC, "Item status: pending, processing, completed, or failed.", SEED)
async def item_status_cancelled(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for batch in batches_in(request, answer, ("detail",)):
        for item in batch["items"] if batch["status"] == "cancelled" else []:
            item["status"] = "cancelled"
    return answer


@breach(TALONIC, "A completed batch shows its items.", SEED)
async def completed_items_missing(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.pop("items"), "detail", where=being("completed"))


@breach(TALONIC, "A completed batch shows its items.", SEED)
async def completed_items_empty(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(items=[]), "detail", where=being("completed"))


@breach(TALONIC, "items is an array.", SEED)
async def items_by_id(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request,
        forward,
        lambda b: b.update(items={i["id"]: i for i in b["items"]}),
        "detail",
        where=being("completed"),
    )


@breach(TALONIC, "items is the per-item breakdown: an item is there once.", SEED)
async def items_doubled(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b["items"].extend(deepcopy(b["items"])), "detail")


@breach(TALONIC, "items is the per-item breakdown of item_count items.", SEED)
async def completed_item_lost(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b["items"].pop(), "detail", where=being("completed"))


@breach(TALONIC, "An item has an id, a string.", SEED)
async def item_id_null(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(id=None))


@breach(TALONIC, "An item has an id of its own.", SEED)
async def item_id_constant(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(id=NOBODY))


@breach(TALONIC, "An item keeps its id.", SEED)
async def item_ids_new_every_look(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(id=str(uuid.uuid4())))


@breach(TALONIC, "An item has the id of its document.", SEED)
async def item_document_missing(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.pop("document_id"))


@breach(
    TALONIC, "document_id is the associated document, to be read at /v1/documents/:id.", "get-batch; seed 002"
)
async def item_documents_unknown(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(
        request, forward, lambda i: i.update(document_id=str(uuid.uuid5(uuid.UUID(NOBODY), i["id"])))
    )


@breach(TALONIC, "document_filename is the name of the associated document.", SEED)
async def item_filename_constant(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(document_filename="document.pdf"))


@breach(TALONIC, "custom_id is a string or null.", SEED)
async def item_custom_id_number(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(custom_id=7))


@breach(TALONIC, "An item has a time of creation.", SEED)
async def item_created_at_null(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(created_at=None))


@breach(TALONIC, "processed_at is when the item was processed; a completed item was.", SEED)
async def item_completed_never_processed(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(processed_at=None), being("completed"))


@breach(TALONIC, "processed_at is when the item was processed; a pending item was not.", SEED)
async def item_pending_but_processed(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(
        request, forward, lambda i: i.update(processed_at=i["created_at"]), being("pending")
    )


@breach(TALONIC, "An item is created before it is processed.", SEED)
async def item_processed_before_created(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(
        request, forward, lambda i: i.update(processed_at=moved(i["created_at"], days=-2)), being("completed")
    )


@breach(TALONIC, "processed_at is when the item was processed, not in the future.", SEED)
async def item_processed_next_year(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(
        request,
        forward,
        lambda i: i.update(processed_at=moved(i["processed_at"], days=365)),
        being("completed"),
    )


@breach(TALONIC, "error_message is the message if this item failed.", SEED)
async def item_completed_with_error(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(error_message="none"), being("completed"))


@breach(TALONIC, "error_message is the message if this item failed.", SEED)
async def item_failed_without_error(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(error_message=None), being("failed"))


@breach(TALONIC, "Once the batch is completed each item shows its outcome.", "get-batch, prose")
async def completed_with_pending_items(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for batch in batches_in(request, answer, ("detail",)):
        for item in batch["items"] if batch["status"] == "completed" else []:
            item.update(status="pending", processed_at=None, error_message=None)
    return answer


@breach(TALONIC, "errored_count is the number of items that errored; here all of the items failed.", SEED)
async def completed_but_items_failed(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for batch in batches_in(request, answer, ("detail",)):
        for item in batch["items"] if batch["status"] == "completed" else []:
            item.update(status="failed", error_message="It could not be read.")
    return answer


@breach(TALONIC, "An item that is completed stays so.", "get-batch, prose")
async def items_restart(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for item in items_in(request, answer):
        if item["status"] == "completed":
            if item["id"] in world.memory:
                item.update(status="processing", processed_at=None)
            world.memory[item["id"]] = True
    return answer


# Breaches: life cycle, sync, cancel


@breach(
    TALONIC,
    "After completed, failed and cancelled nothing more happens; polling can stop.",
    "get-batch, prose",
)
async def completed_is_submitted_again(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        looks = world.memory[batch["id"]] = world.memory.get(batch["id"], 0) + 1
        if looks > 2:
            batch.update(dict.fromkeys(COUNTS, 0), status="submitted", completed_at=None)

    return await edited(request, forward, change, "detail", where=being("completed"))


@breach(TALONIC, "A cancelled batch is not submitted any more.", "cancel-batch; get-batch, prose")
async def cancelled_is_submitted_in_the_end(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        looks = world.memory[batch["id"]] = world.memory.get(batch["id"], 0) + 1
        if looks > 1:
            batch.update(status="submitted", submitted_at=batch["submitted_at"] or batch["updated_at"])

    return await edited(request, forward, change, "detail", where=being("cancelled"))


@breach(TALONIC, "A batch that was submitted does not accumulate again.", "batch-monitoring; list-batches")
async def submitted_accumulates_again(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        looks = world.memory[batch["id"]] = world.memory.get(batch["id"], 0) + 1
        if looks == 2:
            batch.update(status="accumulating", submitted_at=None)

    return await edited(request, forward, change, "detail", where=being("submitted"))


@breach(TALONIC, "Cancel cancels the batch.", "cancel-batch")
async def cancel_says_so_only(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "cancel":
        batch = await batch_now(request, forward)
        if batch and batch["status"] not in ENDED:
            read = await ask(request, forward, "GET", f"/v1/batches/{asked_id(request)}")
            body = {**without_items(batch), "status": "cancelled", "updated_at": written(now())}
            return Answer(200, body, read.headers)
    return await forward(request)


@breach(TALONIC, "The status in the answer to a cancel is always cancelled.", "cancel-batch, status")
async def cancel_answers_with_before(world: World, request: Request, forward: Forward) -> Answer:
    before = await batch_now(request, forward) if view(request) == "cancel" else None
    answer = await forward(request)
    if before and answer.status == 200:
        answer.body = without_items(before)
    return answer


@breach(TALONIC, "A completed batch cannot be cancelled: 400.", "cancel-batch, errors")
async def cancel_accepts_completed(world: World, request: Request, forward: Forward) -> Answer:
    return await accepted(request, forward, "completed")


@breach(TALONIC, "A failed batch cannot be cancelled: 400.", "cancel-batch, errors")
async def cancel_accepts_failed(world: World, request: Request, forward: Forward) -> Answer:
    return await accepted(request, forward, "failed")


@breach(TALONIC, "A cancelled batch cannot be cancelled again: 400.", "cancel-batch, errors")
async def cancel_accepts_cancelled(world: World, request: Request, forward: Forward) -> Answer:
    return await accepted(request, forward, "cancelled")


async def accepted(request: Request, forward: Forward, status: str) -> Answer:
    """A cancel of a batch that has ended in ``status`` is answered as if it were fine."""
    answer = await forward(request)
    if view(request) == "cancel" and answer.status == 400:
        batch = await batch_now(request, forward)
        if batch and batch["status"] == status:
            body = {
                **without_items(batch),
                "status": "cancelled",
                "completed_at": None,
                "updated_at": written(now()),
            }
            return Answer(200, body, answer.headers)
    return answer


@breach(
    TALONIC,
    "A batch that has ended cannot be cancelled: 400; the answer is 200 with the batch as it was.",
    "cancel-batch",
)
async def cancel_does_nothing_quietly(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and answer.status == 400 and (batch := await batch_now(request, forward)):
        return Answer(200, without_items(batch), answer.headers)
    return answer


@breach(TALONIC, "A submitted batch can be cancelled.", "cancel-batch, prose")
async def cancel_refuses_submitted(world: World, request: Request, forward: Forward) -> Answer:
    return await cancel_refused(world, request, forward, "submitted")


@breach(TALONIC, "An accumulating batch can be cancelled.", "cancel-batch, prose")
async def cancel_refuses_accumulating(world: World, request: Request, forward: Forward) -> Answer:
    return await cancel_refused(world, request, forward, "accumulating")


async def cancel_refused(world: World, request: Request, forward: Forward, status: str) -> Answer:
    """A cancel of a batch in ``status`` is refused as if it had ended."""
    if view(request) == "cancel":
        batch = await batch_now(request, forward)
        if batch and batch["status"] == status:
            read = await ask(request, forward, "GET", f"/v1/batches/{asked_id(request)}")
            return refused(world, request, read, 400, "bad_request")
    return await forward(request)


@breach(TALONIC, "To cancel a batch that has ended gives 400.", "cancel-batch, errors")
async def cancel_ended_422(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and answer.status == 400:
        return refused(world, request, answer, 422, "unprocessable")
    return answer


@breach(TALONIC, "To cancel a batch that has ended gives 400.", "cancel-batch, errors")
async def cancel_ended_500(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and answer.status == 400:
        return refused(world, request, answer, 500, "internal_error")
    return answer


@breach(TALONIC, "To cancel a batch that has ended gives bad_request.", "cancel-batch, errors")
async def cancel_ended_code_not_found(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(code="not_found"), 400)


@breach(TALONIC, "A cancelled batch is there, with the status cancelled.", "cancel-batch; get-batch")
async def cancelled_are_deleted(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and answer.status == 200:
        world.memory[asked_id(request)] = True
    elif view(request) == "detail" and asked_id(request) in world.memory:
        return refused(world, request, answer, 404, "not_found")
    return answer


@breach(
    TALONIC,
    "The status of a batch is cancelled after a cancel, in the list too.",
    "cancel-batch; list-batches",
)
async def list_knows_no_cancelled(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        batch["status"] = "submitted" if batch["submitted_at"] else "accumulating"

    return await edited(request, forward, change, "list", where=being("cancelled"))


@breach(TALONIC, "List and detail show the same status.", "list-batches and seed 002, status")
async def list_failed_as_completed(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request,
        forward,
        lambda b: b.update(status="completed", error_message=None),
        "list",
        where=being("failed"),
    )


@breach(TALONIC, "Sync on an accumulating batch changes nothing.", "sync-batch")
async def sync_submits(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request,
        forward,
        lambda b: b.update(status="submitted", submitted_at=written(now()), updated_at=written(now())),
        "sync",
        where=being("accumulating"),
    )


@breach(TALONIC, "Sync on an accumulating batch changes nothing, and is no error.", "sync-batch")
async def sync_refuses_accumulating(world: World, request: Request, forward: Forward) -> Answer:
    return await sync_refused(world, request, forward, "accumulating", 400, "bad_request")


@breach(TALONIC, "Sync on a completed batch is safe.", "sync-batch")
async def sync_refuses_completed(world: World, request: Request, forward: Forward) -> Answer:
    return await sync_refused(world, request, forward, "completed", 409, "conflict")


@breach(TALONIC, "Sync on a cancelled batch is safe.", "sync-batch")
async def sync_refuses_cancelled(world: World, request: Request, forward: Forward) -> Answer:
    return await sync_refused(world, request, forward, "cancelled", 400, "bad_request")


async def sync_refused(
    world: World, request: Request, forward: Forward, status: str, refusal: int, code: str
) -> Answer:
    answer = await forward(request)
    if any(batch["status"] == status for batch in batches_in(request, answer, ("sync",))):
        return refused(world, request, answer, refusal, code)
    return answer


@breach(TALONIC, "Sync on a completed batch returns the same data.", "sync-batch")
async def sync_completes_anew(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(completed_at=written(now())), "sync", where=being("completed")
    )


@breach(TALONIC, "Sync on a completed batch returns the same data.", "sync-batch")
async def sync_halves_counts(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request,
        forward,
        lambda b: b.update(succeeded_count=b["succeeded_count"] // 2),
        "sync",
        where=being("completed"),
    )


@breach(TALONIC, "Sync on a cancelled batch returns the same data.", "sync-batch")
async def sync_revives_cancelled(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(status="accumulating"), "sync", where=being("cancelled")
    )


@breach(TALONIC, "The outcome counts stay zero until the results are ready.", "sync-batch")
async def sync_counts_while_submitted(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(succeeded_count=1), "sync", where=being("submitted")
    )


@breach(TALONIC, "Sync returns the full batch.", "sync-batch")
async def sync_answers_empty(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "sync" and answer.status == 200:
        answer.body = {}
    return answer


@breach(TALONIC, "Sync returns the full batch.", "sync-batch")
async def sync_answers_wrapped(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "sync" and answer.status == 200:
        answer.body = {"data": answer.body}
    return answer


@breach(TALONIC, "A repeated Idempotency-Key gives the original answer without running again.", "idempotency")
async def idempotency_key_ignored(world: World, request: Request, forward: Forward) -> Answer:
    request.headers.pop("idempotency-key", None)
    return await forward(request)


# Breaches: the list


@breach(TALONIC, "The list has its rows in data.", "list-batches, response")
async def list_rows_elsewhere(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if batches_in(request, answer, ("list",)):
        answer.body["batches"] = answer.body.pop("data")
    return answer


def paging(request: Request, answer: Answer) -> dict[str, Any] | None:
    """The pagination of a list of batches."""
    return answer.body["pagination"] if batches_in(request, answer, ("list",)) else None


@breach(TALONIC, "pagination.total is an integer.", "list-batches, pagination; OpenAPI")
async def total_missing(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if page := paging(request, answer):
        page.pop("total")
    return answer


@breach(TALONIC, "pagination.total is the number of batches.", "list-batches, pagination.total")
async def total_of_the_page(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if page := paging(request, answer):
        page["total"] = len(answer.body["data"])
    return answer


@breach(TALONIC, "pagination.total is the number of batches.", "list-batches, pagination.total")
async def total_zero(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if page := paging(request, answer):
        page["total"] = 0
    return answer


@breach(TALONIC, "pagination.limit is an integer.", "list-batches, pagination")
async def limit_text(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if page := paging(request, answer):
        page["limit"] = str(page["limit"])
    return answer


@breach(TALONIC, "has_more is a boolean.", "list-batches, pagination")
async def has_more_number(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if page := paging(request, answer):
        page["has_more"] = int(page["has_more"])
    return answer


@breach(TALONIC, "next_cursor is there, null on the last page.", "list-batches, pagination.next_cursor")
async def last_cursor_missing(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if (page := paging(request, answer)) and page["next_cursor"] is None:
        page.pop("next_cursor")
    return answer


@breach(
    TALONIC, "has_more says whether there are more batches; here it is never true.", "list-batches, has_more"
)
async def never_more(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if page := paging(request, answer):
        page["has_more"] = False
    return answer


@breach(
    TALONIC, "has_more says whether there are more batches; here it is always true.", "list-batches, has_more"
)
async def always_more(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if page := paging(request, answer):
        page["has_more"] = True
    return answer


@breach(TALONIC, "The list goes on after its first page.", "list-batches, pagination")
async def list_ends_with_first_page(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if page := paging(request, answer):
        page.update(has_more=False, next_cursor=None)
    return answer


@breach(TALONIC, "A cursor leads to the next page; here it leads to the first.", "list-batches, next_cursor")
async def cursor_ignored(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list":
        request.query.pop("cursor", None)
    return await forward(request)


@breach(TALONIC, "A cursor leads to the next page; here it is refused.", "list-batches, next_cursor")
async def cursor_refused(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and "cursor" in request.query:
        return refused(world, request, answer, 400, "validation_error")
    return answer


@breach(TALONIC, "A cursor leads to the next page; here to an error.", "list-batches, next_cursor")
async def cursor_breaks_the_server(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and "cursor" in request.query:
        return refused(world, request, answer, 500, "internal_error")
    return answer


@breach(
    TALONIC, "The pages together are the list; the last row of a page is missing.", "list-batches, pagination"
)
async def page_loses_a_row(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if (page := paging(request, answer)) and page["has_more"]:
        answer.body["data"].pop()
    return answer


@breach(
    TALONIC,
    "The pages together are the list; the first row of a page is that of the page before.",
    "list-batches",
)
async def page_repeats_a_row(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if paging(request, answer):
        if "cursor" in request.query and "last" in world.memory:
            answer.body["data"][0] = world.memory["last"]
        world.memory["last"] = deepcopy(answer.body["data"][-1])
    return answer


@breach(TALONIC, "limit is the most rows of a page.", "list-batches, pagination.limit")
async def page_too_large(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if page := paging(request, answer):
        page["limit"] = max(1, len(answer.body["data"]) - 1)
    return answer


@breach(TALONIC, "The list shows the batches; one that can be read is never in it.", "list-batches")
async def list_hides_cancelled(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if paging(request, answer):
        answer.body["data"] = [row for row in answer.body["data"] if row["status"] != "cancelled"]
    return answer


# Breaches of statements about refusals


@breach(TALONIC, "No batch with this id: 404.", "seed 002, errors")
async def detail_of_unknown_is_another(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "detail" and answer.status == 404:
        return Answer(200, await another_batch(request, forward), answer.headers)
    return answer


@breach(TALONIC, "No batch with this id: 404.", "seed 002, errors")
async def detail_of_unknown_500(world: World, request: Request, forward: Forward) -> Answer:
    return await other_refusal(world, request, forward, "detail", 404, 500, "internal_error")


@breach(TALONIC, "No batch with this id: 404.", "sync-batch, errors")
async def sync_of_unknown_400(world: World, request: Request, forward: Forward) -> Answer:
    return await other_refusal(world, request, forward, "sync", 404, 400, "bad_request")


@breach(TALONIC, "No batch with this id: 404.", "cancel-batch, errors")
async def cancel_of_unknown_403(world: World, request: Request, forward: Forward) -> Answer:
    return await other_refusal(world, request, forward, "cancel", 404, 403, "forbidden")


@breach(TALONIC, "Missing or invalid API key: 401.", "cancel-batch, errors")
async def cancel_without_key_403(world: World, request: Request, forward: Forward) -> Answer:
    return await other_refusal(world, request, forward, "cancel", 401, 403, "forbidden")


@breach(TALONIC, "Missing or invalid API key: 401.", "seed 002, errors")
async def detail_without_key_404(world: World, request: Request, forward: Forward) -> Answer:
    return await other_refusal(world, request, forward, "detail", 401, 404, "not_found")


@breach(TALONIC, "Missing or invalid API key: 401.", "source documents, errors")
async def ingest_without_key_400(world: World, request: Request, forward: Forward) -> Answer:
    return await other_refusal(world, request, forward, "ingest", 401, 400, "missing_document")


async def other_refusal(
    world: World, request: Request, forward: Forward, where: str, given: int, status: int, code: str
) -> Answer:
    """At one endpoint the refusal ``given`` becomes another one."""
    answer = await forward(request)
    if view(request) == where and answer.status == given:
        return refused(world, request, answer, status, code)
    return answer


@breach(TALONIC, "Every request needs a key.", "authentication")
async def list_needs_no_key(world: World, request: Request, forward: Forward) -> Answer:
    return await let_in(world, request, forward, "list")


@breach(TALONIC, "Missing or invalid API key: 401.", "sync-batch, errors")
async def sync_needs_no_key(world: World, request: Request, forward: Forward) -> Answer:
    return await let_in(world, request, forward, "sync")


@breach(TALONIC, "Missing or invalid API key: 401.", "seed 002, errors")
async def detail_needs_no_key(world: World, request: Request, forward: Forward) -> Answer:
    return await let_in(world, request, forward, "detail")


@breach(
    TALONIC,
    "Missing or invalid API key: 401; here the missing one is refused, but any invalid one is good.",
    "seed 002, errors",
)
async def detail_takes_any_key(world: World, request: Request, forward: Forward) -> Answer:
    if "authorization" in request.headers:
        return await let_in(world, request, forward, "detail")
    return await forward(request)


@breach(TALONIC, "statusCode equals the HTTP status.", "error-format")
async def error_status_code_zero(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(statusCode=400), 404)


@breach(TALONIC, "statusCode is an integer.", "error-format")
async def error_status_code_text(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(statusCode=str(e["statusCode"])))


@breach(TALONIC, "An error has a code.", "error-format")
async def error_code_missing(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.pop("code"), 401)


@breach(TALONIC, "No batch with this id: not_found.", "seed 002, errors")
async def error_code_of_another_error(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(code="unauthorized"), 404)


@breach(TALONIC, "error is the HTTP reason.", "error-format")
async def error_reason_wrong(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(error="Teapot"))


@breach(TALONIC, "An error has a message.", "error-format")
async def error_message_null(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(message=None), 404)


@breach(TALONIC, "retryable is a boolean.", "error-format")
async def error_retryable_text(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(retryable="no"))


@breach(TALONIC, "request_id starts with req_.", "error-format")
async def error_request_id_plain(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(request_id=str(uuid.uuid4())))


@breach(TALONIC, "timestamp is an ISO 8601 time.", "error-format")
async def error_timestamp_epoch(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(timestamp=int(time.time())))


@breach(TALONIC, "path is the endpoint that failed.", "error-format")
async def error_path_constant(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(path="/v1/documents"))


@breach(TALONIC, "An error is a JSON object.", "error-format")
async def error_page_of_html(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.status == 404:
        answer.raw = b"<html><body>Not found</body></html>"
        answer.headers["content-type"] = "text/html"
    return answer


@breach(TALONIC, "An error is a JSON object, here an empty body.", "error-format")
async def cancel_refusal_empty(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and answer.status == 400:
        answer.raw = b""
    return answer


# Breaches: valid requests that fail


@breach(TALONIC, "A batch of the list can be read.", "list-batches; get-batch")
async def failed_batches_unreadable(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if any(batch["status"] == "failed" for batch in batches_in(request, answer, ("detail",))):
        return refused(world, request, answer, 404, "not_found")
    return answer


@breach(TALONIC, "A batch can be read, also when it is cancelled.", "get-batch")
async def cancelled_batches_500(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if any(batch["status"] == "cancelled" for batch in batches_in(request, answer, ("detail",))):
        return refused(world, request, answer, 500, "internal_error")
    return answer


@breach(TALONIC, "A batch can be synced.", "sync-batch")
async def sync_breaks_the_connection(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "sync":
        raise Cut
    return await forward(request)


@breach(TALONIC, "A batch can be cancelled, and the answer is the batch.", "cancel-batch")
async def cancel_works_but_500(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and answer.status == 200:
        return refused(world, request, answer, 500, "internal_error")
    return answer


@breach(TALONIC, "A key with the scope read can read any of its batches.", "authentication; get-batch")
async def bedrock_batches_forbidden(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if any(batch["provider"] == "bedrock" for batch in batches_in(request, answer, ("detail",))):
        return refused(world, request, answer, 401, "unauthorized")
    return answer


# Breaches: rate limits


@breach(
    TALONIC, "With 429 comes Retry-After, or at least X-RateLimit-Reset.", "seed 002, errors; error-codes"
)
async def rate_limited_until_unknown(world: World, request: Request, forward: Forward) -> Answer:
    if world.count % 12 == 0:
        return refused(world, request, Answer(429), 429, "rate_limited")
    return await forward(request)


@breach(TALONIC, "Retry-After says when to try again.", "seed 002, errors")
async def rate_limited_retry_soon(world: World, request: Request, forward: Forward) -> Answer:
    if world.count % 12 == 0:
        return refused(world, request, Answer(429, headers={"retry-after": "soon"}), 429, "rate_limited")
    return await forward(request)


@breach(TALONIC, "Three headers of the rate limit are on every response.", "rate-limits")
async def rate_limit_header_lost(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.headers.pop("x-ratelimit-remaining", None)
    return answer


@breach(TALONIC, "What remains is a part of the limit.", "rate-limits")
async def rate_limit_more_remains(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if "x-ratelimit-limit" in answer.headers:
        answer.headers["x-ratelimit-remaining"] = str(int(answer.headers["x-ratelimit-limit"]) + 5)
    return answer


@breach(TALONIC, "X-RateLimit-Reset is a time.", "rate-limits; error-codes")
async def rate_limit_reset_tomorrow(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.headers["x-ratelimit-reset"] = "tomorrow"
    return answer


# Breaches: ingest, documents, sources


async def edited_ingest(
    request: Request, forward: Forward, change: Callable[[Batch], Any], *statuses: str
) -> Answer:
    """The answer, with ``change`` made if it says that a document was taken."""
    answer = await forward(request)
    taken = view(request) == "ingest" and answer.status == 200
    if taken and (not statuses or answer.body["status"] in statuses):
        change(answer.body)
    return answer


@breach(TALONIC, "Status: queued or duplicate.", "source documents, status")
async def ingest_status_accepted(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(request, forward, lambda d: d.update(status="accepted"), "queued")


@breach(TALONIC, "Processing mode: realtime or batch.", "source documents, processing_mode")
async def ingest_mode_async(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(request, forward, lambda d: d.update(processing_mode="async"))


@breach(TALONIC, "source_id is the source.", "source documents, source_id")
async def ingest_source_of_another(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(request, forward, lambda d: d.update(source_id=NOBODY))


@breach(TALONIC, "filename is the name of the file.", "source documents, filename")
async def ingest_filename_constant(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(request, forward, lambda d: d.update(filename="upload.bin"))


@breach(TALONIC, "document_id is the new document.", "source documents, document_id")
async def ingest_document_unknown(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(request, forward, lambda d: d.update(document_id=str(uuid.uuid4())), "queued")


@breach(TALONIC, "links.document leads to the document.", "source documents, links")
async def ingest_link_elsewhere(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(
        request, forward, lambda d: d["links"].update(document="/v1/documents/" + NOBODY), "queued"
    )


@breach(TALONIC, "existing_document_id is set for a duplicate.", "source documents, existing_document_id")
async def duplicate_of_nothing(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(request, forward, lambda d: d.update(existing_document_id=None), "duplicate")


@breach(
    TALONIC,
    "existing_document_id is the document with the same bytes.",
    "source documents, existing_document_id",
)
async def duplicate_of_another(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(request, forward, lambda d: d.update(existing_document_id=NOBODY), "duplicate")


@breach(TALONIC, "The same bytes are a duplicate.", "source documents, status")
async def duplicate_taken(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(
        request,
        forward,
        lambda d: d.update(status="queued", document_id=d["existing_document_id"], existing_document_id=None),
        "duplicate",
    )


@breach(TALONIC, "A request without a file is refused: 400.", "source documents, errors")
async def ingest_of_nothing(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "ingest" and answer.status == 400:
        source = asked_id(request)
        body = {
            "document_id": NOBODY,
            "filename": "file",
            "status": "queued",
            "processing_mode": "batch",
            "source_id": source,
            "existing_document_id": None,
            "links": {"document": "/v1/documents/" + NOBODY, "source": "/v1/sources/" + source},
        }
        return Answer(200, body, answer.headers)
    return answer


@breach(TALONIC, "A request without a file is refused: 400.", "source documents, errors")
async def ingest_of_nothing_500(world: World, request: Request, forward: Forward) -> Answer:
    return await other_refusal(world, request, forward, "ingest", 400, 500, "internal_error")


@breach(TALONIC, "No source with this id: 404.", "source documents, errors")
async def ingest_unknown_source_400(world: World, request: Request, forward: Forward) -> Answer:
    return await other_refusal(world, request, forward, "ingest", 404, 400, "bad_request")


@breach(TALONIC, "The status of a document is one of the documented ones.", "get-document, status")
async def document_status_done(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "document" and answer.status == 200:
        answer.body["status"] = "done"
    return answer


@breach(TALONIC, "GET /v1/documents/:id gives the document with that id.", "get-document")
async def document_of_another(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "document" and answer.status == 200:
        answer.body["id"] = NOBODY
    return answer


@breach(TALONIC, "A document has the name of its file.", "get-document, filename; seed 002")
async def document_filename_constant(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "document" and answer.status == 200:
        answer.body["filename"] = "document.pdf"
    return answer


# Breaches of all kinds, mostly rare: one object, one view, one time


@breach(TALONIC, "A batch is in the list once.", "list-batches, data")
async def row_twice_on_a_page(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    rows = batches_in(request, answer, ("list",))
    if len(rows) > 2:
        rows[1] = deepcopy(rows[0])
    return answer


@breach(TALONIC, "A row of the list has the id of its batch.", "list-batches, id")
async def one_row_without_id(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if rows := batches_in(request, answer, ("list",)):
        rows[-1].pop("id")
    return answer


@breach(TALONIC, "A batch has a time of creation.", "list-batches, created_at")
async def failed_rows_without_created_at(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.pop("created_at"), "list", where=being("failed"))


@breach(TALONIC, "A completed batch stays completed; the list forgets it once.", "get-batch, prose")
async def list_forgets_the_end_once(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for batch in batches_in(request, answer, ("list", "detail")):
        if batch["status"] == "completed" and "done" not in world.memory:
            if view(request) == "list" and batch["id"] in world.memory:
                batch.update(dict.fromkeys(COUNTS, 0), status="submitted", completed_at=None)
                world.memory["done"] = True
            world.memory[batch["id"]] = True
    return answer


async def after_two_looks(world: World, request: Request, forward: Forward, ended: str, **new: Any) -> Answer:
    """From the third look at its detail on, a batch that has ended as ``ended`` is another."""

    def change(batch: Batch) -> None:
        looks = world.memory[batch["id"]] = world.memory.get(batch["id"], 0) + 1
        if looks > 2:
            batch.update(new)

    return await edited(request, forward, change, "detail", where=being(ended))


@breach(TALONIC, "After failed nothing more happens; polling can stop.", "get-batch, prose")
async def failed_completes_later(world: World, request: Request, forward: Forward) -> Answer:
    return await after_two_looks(world, request, forward, "failed", status="completed", error_message=None)


@breach(TALONIC, "After cancelled nothing more happens; polling can stop.", "get-batch, prose; cancel-batch")
async def cancelled_completes_later(world: World, request: Request, forward: Forward) -> Answer:
    later = written(now())
    return await after_two_looks(
        world, request, forward, "cancelled", status="completed", submitted_at=later, completed_at=later
    )


@breach(TALONIC, "A batch has one provider.", SEED)
async def provider_changes(world: World, request: Request, forward: Forward) -> Answer:
    return await after_two_looks(world, request, forward, "completed", provider="bedrock")


@breach(TALONIC, "A batch is created before it is submitted.", SEED)
async def submitted_before_created(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        batch["submitted_at"] = moved(batch["created_at"], hours=-2)

    return await edited(request, forward, change, where=being("submitted", "completed"))


@breach(TALONIC, "submitted_at is when the batch was submitted, not when it is read.", SEED)
async def submitted_at_every_look(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(submitted_at=written(now())), "detail", where=being("submitted")
    )


@breach(TALONIC, "submitted_at is when the batch was submitted; a cancel does not undo it.", SEED)
async def cancel_forgets_submission(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(submitted_at=None), "cancel")


@breach(TALONIC, "item_count is the total number of items, cancelled or not.", "cancel-batch, item_count")
async def cancel_empties_the_batch(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(item_count=0), "cancel")


@breach(TALONIC, "Sync on an accumulating batch changes nothing.", "sync-batch")
async def sync_loses_an_item(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request,
        forward,
        lambda b: b.update(item_count=b["item_count"] - 1),
        "sync",
        where=being("accumulating"),
    )


@breach(TALONIC, "Sync on an accumulating batch changes nothing.", "sync-batch")
async def sync_completes_accumulating(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        later = written(now())
        batch.update(
            status="completed", succeeded_count=batch["item_count"], submitted_at=later, completed_at=later
        )

    return await edited(request, forward, change, "sync", where=being("accumulating"))


@breach(
    TALONIC,
    "error_message is the provider's message, in every view.",
    "list-batches and seed 002, error_message",
)
async def list_other_error_message(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request, forward, lambda b: b.update(error_message="error"), "list", where=being("failed")
    )


@breach(TALONIC, "An item has the id of its own document.", SEED)
async def item_documents_constant(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    items = items_in(request, answer)
    for item in items:
        item["document_id"] = items[0]["document_id"]
    return answer


@breach(TALONIC, "An item has a status, a string.", SEED)
async def one_item_status_null(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if items := items_in(request, answer):
        items[-1]["status"] = None
    return answer


@breach(TALONIC, "error_message of an item is a string or null.", SEED)
async def item_error_object(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(
        request, forward, lambda i: i.update(error_message={"code": "unreadable"}), being("failed")
    )


@breach(TALONIC, "A list of batches has its pagination.", "list-batches, response; OpenAPI")
async def pagination_missing(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if paging(request, answer):
        answer.body.pop("pagination")
    return answer


@breach(TALONIC, "next_cursor is a string or null.", "list-batches, pagination.next_cursor")
async def cursor_number(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if (page := paging(request, answer)) and page["next_cursor"]:
        page["next_cursor"] = 2
    return answer


@breach(TALONIC, "next_cursor is null on the last page.", "list-batches, pagination.next_cursor")
async def last_page_with_cursor(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if (page := paging(request, answer)) and page["next_cursor"] is None:
        page["next_cursor"] = request.query.get("cursor", "MQ==")
    return answer


@breach(TALONIC, "A page has at most limit rows.", "pagination, limit")
async def limit_ignored(world: World, request: Request, forward: Forward) -> Answer:
    asked = request.query.pop("limit", None) if view(request) == "list" else None
    answer = await forward(request)
    if asked and asked.isdigit() and (page := paging(request, answer)):
        page["limit"] = int(asked)
    return answer


@breach(TALONIC, "Missing or invalid API key: 401.", "cancel-batch, errors")
async def cancel_needs_no_key(world: World, request: Request, forward: Forward) -> Answer:
    return await let_in(world, request, forward, "cancel")


@breach(TALONIC, "Missing or invalid API key: 401.", "source documents, errors")
async def ingest_needs_no_key(world: World, request: Request, forward: Forward) -> Answer:
    return await let_in(world, request, forward, "ingest")


@breach(TALONIC, "Every request needs a key.", "authentication")
async def documents_need_no_key(world: World, request: Request, forward: Forward) -> Answer:
    return await let_in(world, request, forward, "document")


@breach(TALONIC, "Every request needs a key.", "authentication")
async def sources_need_no_key(world: World, request: Request, forward: Forward) -> Answer:
    return await let_in(world, request, forward, "sources")


@breach(TALONIC, "The key comes as a bearer token; another scheme is refused.", "authentication")
async def any_scheme_of_authorization(world: World, request: Request, forward: Forward) -> Answer:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if key and scheme.lower() != "bearer":
        request.headers["authorization"] = world.memory.get("key", "Bearer " + key)
    elif key and "key" not in world.memory:
        world.memory["key"] = request.headers["authorization"]
    return await forward(request)


@breach(TALONIC, "No document with this id: 404.", "get-document, errors")
async def document_of_unknown_400(world: World, request: Request, forward: Forward) -> Answer:
    return await other_refusal(world, request, forward, "document", 404, 400, "bad_request")


@breach(
    TALONIC, "A batch that exists can be read; now and then it is not found.", "get-batch; seed 002, errors"
)
async def now_and_then_not_found(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if batches_in(request, answer, ("detail",)):
        reads = world.memory["reads"] = world.memory.get("reads", 0) + 1
        if reads % 5 == 0:
            return refused(world, request, answer, 404, "not_found")
    return answer


@breach(TALONIC, "A valid key is accepted; now and then it is not.", "authentication")
async def now_and_then_unauthorized(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.status == 200 and world.count % 15 == 0:
        return refused(world, request, answer, 401, "unauthorized")
    return answer


@breach(
    TALONIC, "A batch of the list can be read; with one the connection breaks.", "list-batches; get-batch"
)
async def one_batch_breaks_the_connection(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for batch in batches_in(request, answer, ("detail",)):
        if batch["status"] == "completed" and world.memory.setdefault("id", batch["id"]) == batch["id"]:
            raise Cut
    return answer


@breach(TALONIC, "The headers of the rate limit are on every response.", "rate-limits")
async def rate_limit_headers_not_on_errors(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.status >= 400:
        answer.headers = {name: v for name, v in answer.headers.items() if not name.startswith("x-ratelimit")}
    return answer


@breach(TALONIC, "What remains is a number of requests.", "rate-limits")
async def rate_limit_remaining_negative(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.headers["x-ratelimit-remaining"] = "-1"
    return answer


@breach(TALONIC, "A queued document has an id.", "source documents, document_id")
async def ingest_document_null(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(request, forward, lambda d: d.update(document_id=None), "queued")


@breach(TALONIC, "existing_document_id is for duplicates.", "source documents, existing_document_id")
async def ingest_new_but_existing(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(
        request, forward, lambda d: d.update(existing_document_id=d["document_id"]), "queued"
    )


@breach(TALONIC, "An ingest answer has the links of document and source.", "source documents, links")
async def ingest_links_missing(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(request, forward, lambda d: d.pop("links"))


@breach(TALONIC, "Images are never batched, they are done in real time.", "batch-processing")
async def images_are_batched(world: World, request: Request, forward: Forward) -> Answer:
    image = b"Content-Type: image/" in request.raw or b".png" in request.raw or b"\x89PNG" in request.raw
    return await edited_ingest(
        request, forward, lambda d: d.update(processing_mode="batch") if image else None
    )


@breach(TALONIC, "Without processing_mode a document is done in real time.", "ingest, processing_mode")
async def batch_by_default(world: World, request: Request, forward: Forward) -> Answer:
    plain = b"processing_mode" not in request.raw
    return await edited_ingest(
        request, forward, lambda d: d.update(processing_mode="batch") if plain else None
    )


# Oddities of the form of answers


@oddity(TALONIC, "No schema forbids further fields.", "OpenAPI")
async def further_fields(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for found in objects(answer.body):
        found.update(success=False, presignedUrl=None, deleted_at=None, object="thing")
    return answer


@oddity(TALONIC, "Nothing forbids further headers.", "HTTP")
async def further_headers(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.headers.update(
        {"x-served-by": "node-7", "cf-ray": "8f-FRA", "cache-control": "no-store", "age": "0"}
    )
    return answer


@oddity(TALONIC, "JSON objects have no order.", "RFC 8259")
async def keys_in_another_order(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.body is not None:
        answer.raw = json.dumps(answer.body, sort_keys=True, indent=3).encode()
    return answer


@oddity(TALONIC, "An answer may be compressed for a client that accepts it.", "RFC 9110")
async def compressed(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.body is not None and "gzip" in request.headers.get("accept-encoding", ""):
        answer.raw = gzip.compress(json.dumps(answer.body).encode())
        answer.headers["content-encoding"] = "gzip"
    return answer


@oddity(TALONIC, "Names of headers have no case, and a media type may have a charset.", "RFC 9110")
async def headers_in_capitals(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.headers = {
        name.title() if name.startswith("x-") else name: v for name, v in answer.headers.items()
    }
    answer.headers["content-type"] = "application/json; charset=utf-8"
    return answer


async def rewritten_times(request: Request, forward: Forward, change: Callable[[datetime], str]) -> Answer:
    """The answer, with all times written in another way."""
    answer = await forward(request)
    for found in objects(answer.body):
        for name in TIMES:
            if isinstance(found.get(name), str):
                found[name] = change(datetime.fromisoformat(found[name]))
    return answer


@oddity(TALONIC, "ISO 8601 does not say how many digits a second has.", SEED)
async def times_in_microseconds(world: World, request: Request, forward: Forward) -> Answer:
    return await rewritten_times(request, forward, lambda t: t.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z")


@oddity(TALONIC, "ISO 8601 does not say how many digits a second has.", SEED)
async def times_in_whole_seconds(world: World, request: Request, forward: Forward) -> Answer:
    return await rewritten_times(request, forward, lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ"))


@oddity(TALONIC, "ISO 8601 allows any offset.", SEED)
async def times_with_an_offset(world: World, request: Request, forward: Forward) -> Answer:
    zone = timezone(timedelta(hours=-9, minutes=-30))
    return await rewritten_times(
        request, forward, lambda t: t.astimezone(zone).isoformat(timespec="milliseconds")
    )


@oddity(TALONIC, "ISO 8601 allows any offset; two endpoints may write it in two ways.", SEED)
async def times_with_an_offset_for_each_view(world: World, request: Request, forward: Forward) -> Answer:
    zone = timezone(timedelta(hours=len(view(request))))
    return await rewritten_times(
        request, forward, lambda t: t.astimezone(zone).isoformat(timespec="milliseconds")
    )


@oddity(TALONIC, "links.self is a URL, of which only examples are relative.", SEED)
async def absolute_links(world: World, request: Request, forward: Forward) -> Answer:
    base = "http://" + request.headers.get("host", "api.talonic.com")
    return await edited(request, forward, lambda b: b["links"].update(self=base + b["links"]["self"]))


@oddity(TALONIC, "Filename and custom_id of an item may be null.", SEED)
async def items_without_names(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_items(request, forward, lambda i: i.update(document_filename=None, custom_id=None))


@oddity(TALONIC, "A filename is any string.", "seed 002; get-document")
async def filenames_from_afar(world: World, request: Request, forward: Forward) -> Answer:
    answer = await edited_items(
        request, forward, lambda i: i.update(document_filename=f"請求書 №{i['document_id']} \U0001f4c4.pdf")
    )
    if view(request) == "document" and answer.status == 200:
        answer.body["filename"] = f"請求書 №{answer.body['id']} \U0001f4c4.pdf"
    return answer


@oddity(TALONIC, "The field tables of sync and cancel have no error_message.", "sync-batch, cancel-batch")
async def sync_and_cancel_without_message(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.pop("error_message"), "sync", "cancel")


@oddity(
    TALONIC,
    "The breakdown is promised for completed batches; before, items may be absent.",
    "seed 002, header; OpenAPI",
)
async def no_items_before_the_end(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request,
        forward,
        lambda b: b.pop("items"),
        "detail",
        where=being("accumulating", "submitted", "cancelled"),
    )


@oddity(
    TALONIC,
    "The breakdown is promised for completed batches; before, items may be empty.",
    "seed 002, header",
)
async def empty_items_before_the_end(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(
        request,
        forward,
        lambda b: b.update(items=[]),
        "detail",
        where=being("accumulating", "submitted", "failed"),
    )


@oddity(TALONIC, "When a failed batch completed is not documented; completed_at may be null.", SEED)
async def failed_never_completed(world: World, request: Request, forward: Forward) -> Answer:
    return await edited(request, forward, lambda b: b.update(completed_at=None), where=being("failed"))


@oddity(TALONIC, "A cancelled batch may have items that succeeded before.", "cancel-batch, succeeded_count")
async def cancelled_with_successes(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: Batch) -> None:
        if batch["submitted_at"]:
            batch["succeeded_count"] = max(1, batch["succeeded_count"])

    return await edited(request, forward, change, where=being("cancelled"))


@oddity(TALONIC, "The items of a submitted batch may be processing or still pending.", SEED)
async def items_still_pending(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for batch in batches_in(request, answer, ("detail",)):
        for item in (batch.get("items") or [])[::2] if batch["status"] == "submitted" else []:
            if item["status"] == "processing":
                item["status"] = "pending"
    return answer


# Oddities of errors


@oddity(TALONIC, "The published schema of errors has codes in capitals.", "error-format; OpenAPI")
async def codes_in_capitals(world: World, request: Request, forward: Forward) -> Answer:
    codes = {
        "unauthorized": "AUTH_REQUIRED",
        "not_found": "RESOURCE_NOT_FOUND",
        "validation_error": "VALIDATION_ERROR",
    }
    return await with_errors(request, forward, lambda e: e.update(code=codes.get(e["code"], e["code"])))


@oddity(TALONIC, "The published schema of errors has no request_id, and the header is optional.", "OpenAPI")
async def no_request_ids(world: World, request: Request, forward: Forward) -> Answer:
    answer = await with_errors(request, forward, lambda e: e.pop("request_id", None))
    answer.headers.pop("x-request-id", None)
    return answer


@oddity(TALONIC, "The text of a message is free.", "error-format")
async def messages_in_french(world: World, request: Request, forward: Forward) -> Answer:
    return await with_errors(request, forward, lambda e: e.update(message="Rien de tel ici."))


@oddity(
    TALONIC, "An id that is no UUID may be refused as a validation error, as with jobs.", "get-job, errors"
)
async def malformed_ids_invalid(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) in ("detail", "sync", "cancel") and answer.status == 404:
        try:
            uuid.UUID(asked_id(request))
        except ValueError:
            return refused(world, request, answer, 400, "validation_error")
    return answer


@oddity(TALONIC, "Too many requests: 429 with Retry-After, on any request.", "seed 002, errors")
async def now_and_then_429(world: World, request: Request, forward: Forward) -> Answer:
    if world.count % 25 == 0:
        answer = refused(world, request, Answer(429), 429, "rate_limited")
        answer.headers["retry-after"] = "1"
        return answer
    return await forward(request)


@oddity(TALONIC, "429 comes with X-RateLimit-Reset and without Retry-After.", "error-codes")
async def now_and_then_429_with_reset(world: World, request: Request, forward: Forward) -> Answer:
    if world.count % 30 == 0:
        answer = refused(world, request, Answer(429), 429, "RATE_LIMIT_EXCEEDED")
        answer.headers.update(
            {
                "x-ratelimit-limit": "500",
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": written(now() + timedelta(seconds=1)),
            }
        )
        return answer
    return await forward(request)


def gateway(status: int) -> Answer:
    """A page from something in front of the server."""
    return Answer(
        status, None, {"content-type": "text/html", "server": "cloudflare"}, b"<html>Bad gateway</html>"
    )


@oddity(TALONIC, "A gateway in front of the server may fail for a moment.", "RFC 9110; SDKs retry")
async def now_and_then_502(world: World, request: Request, forward: Forward) -> Answer:
    return gateway(502) if world.count % 20 == 0 else await forward(request)


@oddity(TALONIC, "A gateway may give up although the server did the work.", "RFC 9110; SDKs retry")
async def now_and_then_504_after_the_work(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    return gateway(504) if world.count % 17 == 0 else answer


@oddity(TALONIC, "A CDN has statuses of its own.", "SDKs retry all of 5xx")
async def now_and_then_52x(world: World, request: Request, forward: Forward) -> Answer:
    return gateway(520 + world.count // 20 % 8) if world.count % 20 == 0 else await forward(request)


@oddity(
    TALONIC, "A server may be away for a moment, and says so in its envelope.", "error-format; SDKs retry"
)
async def now_and_then_503(world: World, request: Request, forward: Forward) -> Answer:
    if world.count % 22 == 0:
        return refused(world, request, Answer(503, headers={"retry-after": "1"}), 503, "LLM_UNAVAILABLE")
    return await forward(request)


@oddity(TALONIC, "A gateway may find a request too slow.", "RFC 9110")
async def now_and_then_408(world: World, request: Request, forward: Forward) -> Answer:
    return gateway(408) if world.count % 31 == 0 else await forward(request)


@oddity(TALONIC, "A connection may break once.", "TCP")
async def one_broken_connection(world: World, request: Request, forward: Forward) -> Answer:
    if world.count == 23:
        raise Cut
    return await forward(request)


# Oddities: time and other clients


@oddity(
    TALONIC,
    "Nothing says that a read sees the newest state at once: the list is a moment behind.",
    "list-batches",
)
async def list_a_moment_behind(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if paging(request, answer):
        key = (request.headers.get("authorization"), *sorted(request.query.items()))
        old = world.memory.get(key)
        if old and world.now() - old[0] < timedelta(seconds=0.4):
            return deepcopy(old[1])
        world.memory[key] = (world.now(), deepcopy(answer))
    return answer


@oddity(
    TALONIC,
    "Nothing says that a read sees the newest state at once: a replica is a moment behind.",
    "get-batch",
)
async def detail_a_moment_behind(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if batches_in(request, answer, ("detail",)):
        key = (request.headers.get("authorization"), request.path)
        old = world.memory.get(key)
        if old and world.now() - old[0] < timedelta(seconds=0.3):
            return deepcopy(old[1])
        world.memory[key] = (world.now(), deepcopy(answer))
    return answer


@oddity(TALONIC, "Nothing says how fast the server is.", "absence")
async def slow_answers(world: World, request: Request, forward: Forward) -> Answer:
    await asyncio.sleep(0.04)
    return await forward(request)


@oddity(
    TALONIC, "Batches move at any time, also between two requests that follow each other.", "batch-monitoring"
)
async def all_moves_before_the_answer(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) in ("ingest", "sources") or world.count == 1:
        await ask(request, forward, "GET", "/v1/batches")
        await asyncio.sleep(0.8)
    return await forward(request)


async def ingested_by_another(world: World, request: Request, forward: Forward) -> None:
    """Another client of the same organisation puts a document into a batch."""
    sources = await ask(request, forward, "GET", "/v1/sources")
    if sources.status != 200:
        return
    mark = "----other"
    fields = (
        f'--{mark}\r\nContent-Disposition: form-data; name="processing_mode"\r\n\r\nbatch\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="other-{world.count}.pdf"\r\n'
        f"Content-Type: application/pdf\r\n\r\n%PDF-1.4 {world.count}\r\n--{mark}--\r\n"
    )
    headers = own_headers(request)
    headers["content-type"] = f"multipart/form-data; boundary={mark}"
    path = f"/v1/sources/{sources.body['data'][0]['id']}/documents"
    await forward(Request("POST", path, {}, headers, None, fields.encode()))


@oddity(
    TALONIC,
    "Other clients of the organisation make batches, also while the list is traversed.",
    "list-batches",
)
async def another_client_ingests(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list" and world.count % 2:
        await ingested_by_another(world, request, forward)
    return await forward(request)


@oddity(
    TALONIC,
    "Another client of the organisation may have cancelled the batch a moment before: 400.",
    "cancel-batch",
)
async def another_client_cancels_first(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "cancel" and "done" not in world.memory:
        first = await ask(request, forward, "POST", request.path)
        if first.status == 200:
            world.memory["done"] = True
    return await forward(request)


@oddity(
    TALONIC,
    "Another client may have a batch synced at any time, which shows as an update.",
    "sync-batch, updated_at",
)
async def sync_is_an_update(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for batch in batches_in(request, answer):
        key = (request.headers.get("authorization"), batch["id"])
        if view(request) == "sync" and batch["status"] == "submitted":
            world.memory[key] = written(world.now())
        batch["updated_at"] = max(batch["updated_at"], world.memory.get(key, ""))
    return answer


# Oddities: lists, limits, ingest


@oddity(TALONIC, "No order of the list is documented.", "list-batches")
async def rows_in_another_order(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if paging(request, answer):
        answer.body["data"].reverse()
    return answer


@oddity(
    TALONIC,
    "No default and no maximum of limit is documented: this server gives seven rows at most.",
    "list-batches",
)
async def short_pages(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list":
        given = request.query.get("limit", "7")
        request.query["limit"] = str(min(7, int(given))) if given.isdigit() else given
    return await forward(request)


@oddity(TALONIC, "A cursor is opaque, of any characters.", "list-batches, next_cursor")
async def cursors_of_other_characters(world: World, request: Request, forward: Forward) -> Answer:
    mark = "id|2026-01-01T00:00:00+00:00/é&="
    if view(request) == "list" and request.query.get("cursor", "").startswith(mark):
        request.query["cursor"] = request.query["cursor"].removeprefix(mark)
    answer = await forward(request)
    if (page := paging(request, answer)) and page["next_cursor"]:
        page["next_cursor"] = mark + page["next_cursor"]
    return answer


@oddity(
    TALONIC,
    "X-RateLimit-Reset is in seconds since 1970 for the official SDKs.",
    "talonic-python, talonic-node",
)
async def reset_in_epoch_seconds(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if reset := answer.headers.get("x-ratelimit-reset"):
        answer.headers["x-ratelimit-reset"] = str(int(datetime.fromisoformat(reset).timestamp()))
    return answer


@oddity(
    TALONIC, "With fewer than 100 items a batch falls back to real time, with a warning.", "batch-processing"
)
async def ingest_falls_back(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(
        request, forward, lambda d: d.update(processing_mode="realtime", warning="Too few items for a batch.")
    )


@oddity(TALONIC, "The status code of an ingest is not documented.", "source documents")
async def ingest_answers_202(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "ingest" and answer.status == 200:
        answer.status = 202
    return answer


@oddity(
    TALONIC, "A duplicate may have a row of its own, linked to the existing document.", "OpenAPI, document_id"
)
async def duplicates_have_rows(world: World, request: Request, forward: Forward) -> Answer:
    return await edited_ingest(
        request, forward, lambda d: d.update(document_id=str(uuid.uuid4())), "duplicate"
    )


@oddity(
    TALONIC,
    "Documents of a batch that is not done have the status batch_queued.",
    "batch-processing; cancel-batch",
)
async def documents_batch_queued(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "document" and answer.status == 200 and answer.body["status"] == "pending":
        answer.body["status"] = "batch_queued"
    return answer
