"""The list of batches, page by page."""

from collections.abc import Callable

from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import Batch

fault = registry.fault


@fault("total-of-page", breaks="list_batches.pagination.total.enough")
def total_of_page(behaviour: Behaviour) -> None:
    """Pagination, total: all matching items; here it counts the items of this page."""
    behaviour.on_object("pagination", lambda body, page, _call: body.update(total=len(page)))


@fault("total-of-several-pages-one-more", breaks="list_batches.pagination.total.all")
def total_of_several_pages_one_more(behaviour: Behaviour) -> None:
    """Pagination, total: all batches; here, if they do not fit on one page, it counts one that is not there."""

    def change(body: JsonObject, _page: list[Batch], call: Call) -> None:
        body["total"] += bool(body["has_more"] or "cursor" in call.query)

    behaviour.on_object("pagination", change)


@fault(
    "pages-overlap",
    breaks="list_batches.walk.once",
    collateral={"What a page repeats stands in the place of another batch.": ["list_batches.walk.whole"]},
)
def pages_overlap(behaviour: Behaviour) -> None:
    """Pagination, next_cursor: it leads to further batches; here the next page begins with the last one once more."""
    _mix_with_page_before(behaviour, lambda before, rows: [before[-1], *rows[1:]])


@fault(
    "cursor-leads-nowhere",
    breaks="list_batches.cursor",
    collateral={
        "What is on the later pages is never shown.": [
            "list_batches.pagination.total.all",
            "list_batches.walk.whole",
        ],
        "All batches of the page are those of the page before, so the traversal meets each twice.": [
            "list_batches.walk.once"
        ],
    },
)
def cursor_leads_nowhere(behaviour: Behaviour) -> None:
    """List Batches, next_cursor: for the next page; here that has the same batches as the page before."""
    _mix_with_page_before(behaviour, lambda before, _: before)


@fault(
    "limit-ignored-below-default",
    breaks="list_batches.limit",
    collateral={
        "The limit that is shown is not the one that was asked for, either.": [
            "list_batches.pagination.limit.echo"
        ]
    },
)
def limit_ignored_below_default(behaviour: Behaviour) -> None:
    """Pagination, limit: the number of items on a page; here a page is never shorter than by default, and says so."""
    least = behaviour.limits.default_page_size
    behaviour.on_page_size("list_batches", lambda wanted, _call: max(wanted, least))
    _show_limit_of_at_least(behaviour, least)


@fault("limit-shown-as-default", breaks="list_batches.pagination.limit.echo")
def limit_shown_as_default(behaviour: Behaviour) -> None:
    """Pagination, limit: the page size that was asked for; here it is shown as 20 where it is less."""
    _show_limit_of_at_least(behaviour, behaviour.limits.default_page_size)


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
