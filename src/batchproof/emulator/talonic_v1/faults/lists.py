"""Defects of the list of batches and its pages."""

from collections.abc import Callable

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import Batch

fault = registry.fault


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
    _mix_with_page_before(behaviour, lambda before, rows: [before[-1], *rows[1:]])


@fault("cursor-leads-nowhere", breaks="list_batches.cursor")
def cursor_leads_nowhere(behaviour: Behaviour) -> None:
    """List Batches, next_cursor: for the next page; here that has the same batches as the page before."""
    _mix_with_page_before(behaviour, lambda before, _: before)


@fault("limit-ignored-below-default", breaks="list_batches.limit")
def limit_ignored_below_default(behaviour: Behaviour) -> None:
    """Pagination, limit: the number of items on a page; here a page is never shorter than by default, and says so."""
    least = behaviour.limits.default_page_size
    behaviour.on_page_size("list_batches", lambda wanted, _call: max(wanted, least))
    _show_limit_of_at_least(behaviour, least)


@fault("limit-shown-as-default", breaks="list_batches.pagination.limit.echo")
def limit_shown_as_default(behaviour: Behaviour) -> None:
    """Pagination, limit: the page size that was asked for; here it is shown as 20 where it is less."""
    _show_limit_of_at_least(behaviour, behaviour.limits.default_page_size)


@fault("total-one-too-many", breaks="list_batches.pagination.total.single")
def total_one_too_many(behaviour: Behaviour) -> None:
    """Pagination, total: all matching items; here it counts one that is not in the list."""
    behaviour.on_object("pagination", lambda body, *_: body.update(total=body["total"] + 1))


@fault("list-shows-items", breaks="list_batches.items")
def list_shows_items(behaviour: Behaviour) -> None:
    """List Batches, data: batches without items; here each has an empty list of them."""
    tricks.in_operation(behaviour, "list_batches", "batch", lambda body, *_: body.update(items=[]))


@fault("list-without-self", breaks="batch.links.self")
def list_without_self(behaviour: Behaviour) -> None:
    """Batch Detail, links.self: the URL to this batch; here the batches of the list have none."""
    tricks.in_operation(behaviour, "list_batches", "links", lambda body, *_: body.pop("self"))


def _mix_with_page_before(
    behaviour: Behaviour, mix: Callable[[list[JsonObject], list[JsonObject]], list[JsonObject]]
) -> None:
    pages: dict[str, list[JsonObject]] = {}

    def change(answer: Answer, call: Call) -> Answer:
        rows = answer.body.get("data")
        if rows:
            before = pages.get(call.query.get("cursor", ""))
            if before is not None:
                rows[:] = mix(before, rows)
            pages[answer.body["pagination"].get("next_cursor")] = rows
        return answer

    behaviour.on_answer("list_batches", change)


def _show_limit_of_at_least(behaviour: Behaviour, least: int) -> None:
    behaviour.on_object("pagination", lambda body, *_: body.update(limit=max(body["limit"], least)))
