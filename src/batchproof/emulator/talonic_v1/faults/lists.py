"""Defects of the list of batches and its pages."""

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import Batch

fault = registry.fault


@fault("default-page-of-ten", breaks="list_batches.pagination.limit.default")
def default_page_of_ten(behaviour: Behaviour) -> None:
    """Pagination, limit: 20 by default; here it is 10."""
    behaviour.limits.default_page_size = 10


@fault("limit-exceeded", breaks="list_batches.pagination.limit.most")
def limit_exceeded(behaviour: Behaviour) -> None:
    """Pagination, limit: the number of items on a page; here there is one more."""
    behaviour.on_page_size(ANY, lambda wanted, _call: wanted + 1)


@fault("last-page-with-cursor", breaks="list_batches.pagination.next_cursor.last")
def last_page_with_cursor(behaviour: Behaviour) -> None:
    """Pagination, next_cursor: null on the last page; here it is a string."""

    def change(body: JsonObject, _page: list[Batch], _call: Call) -> None:
        body["next_cursor"] = body["next_cursor"] or "ZW5k"

    behaviour.on_object("pagination", change)


@fault("has-more-always", breaks="list_batches.pagination.next_cursor.more")
def has_more_always(behaviour: Behaviour) -> None:
    """Pagination, has_more: true if there are more pages; here it is true on the last one, too."""
    tricks.put(behaviour, "pagination", has_more=True)


@fault("total-of-page", breaks="list_batches.pagination.total.enough")
def total_of_page(behaviour: Behaviour) -> None:
    """Pagination, total: all matching items; here it counts the items of this page."""
    behaviour.on_object("pagination", lambda body, page, _call: body.update(total=len(page)))


@fault("pages-overlap", breaks="list_batches.walk.once")
def pages_overlap(behaviour: Behaviour) -> None:
    """Pagination, next_cursor: it leads to further batches; here the next page begins with the last one once more."""
    lasts: dict[str, JsonObject] = {}

    def change(answer: Answer, call: Call) -> Answer:
        rows = answer.body.get("data")
        if rows:
            rows[0] = lasts.get(call.query.get("cursor", ""), rows[0])
            lasts[answer.body["pagination"].get("next_cursor")] = rows[-1]
        return answer

    behaviour.on_answer("list_batches", change)


@fault("list-shows-items", breaks="list_batches.items")
def list_shows_items(behaviour: Behaviour) -> None:
    """List Batches, data: batches without items; here each has an empty list of them."""
    tricks.in_operation(behaviour, "list_batches", "batch", lambda body, *_: body.update(items=[]))


@fault("list-without-self", breaks="batch.links.self")
def list_without_self(behaviour: Behaviour) -> None:
    """Batch Detail, links.self: the URL to this batch; here the batches of the list have none."""
    tricks.in_operation(behaviour, "list_batches", "links", lambda body, *_: body.pop("self"))


@fault("list-times-with-offset", breaks="batch.timestamps.form")
def list_times_with_offset(behaviour: Behaviour) -> None:
    """Batch Detail, Response: moments in UTC end with Z; here updated_at ends with +00:00 in the list."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        body["updated_at"] = body["updated_at"].replace("Z", "+00:00")

    tricks.in_operation(behaviour, "list_batches", "batch", change)
