"""Lists: pages, tokens, sorting, filters, and what a list of a batch holds."""

from dataclasses import replace
from typing import Any

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import EXTRACT, PARSE, Family
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import PROCESSED, PROCESSING

from . import doing
from .table import PROCESSED_WITH, SORTED_LISTS, each_family, operation


@each_family("list-{run}s-is-201", breaks="list_{run}s.success")
def list_is_201(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, Response: 200; here 201."""
    doing.with_status(behaviour, operation(family, "list"), 201)


@each_family("list-{run}s-as-object-page", breaks="list_{run}s.body")
def object_page(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, Response: the object of a page is list; here page."""
    in_list(behaviour, family, "list", lambda body, *_: body.update(object="page"))


@each_family("list-{run}s-token-as-number", breaks="list_{run}s.next_page_token")
def token_as_number(behaviour: Behaviour, family: Family) -> None:
    """Pagination: nextPageToken is a string; here a number."""

    def change(body: JsonObject, _record: Any, _call: Call) -> None:
        if "nextPageToken" in body:
            body["nextPageToken"] = 2

    in_list(behaviour, family, "list", change)


@each_family("list-{run}s-needs-status", breaks="list_{run}s.query")
def needs_status(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, Query parameters: all are optional; here a request without any is refused."""
    doing.refuse(behaviour, operation(family, "list"), lambda call: not call.query)


@each_family("list-{run}s-second-page-overlaps", breaks="list_{run}s.next_page_token.advances")
def second_page_overlaps(behaviour: Behaviour, family: Family) -> None:
    """Pagination: a token leads to further runs; here the second page starts with a run of the first one."""
    first: dict[str, Any] = {}

    def repeat(answer: Answer, call: Call) -> Answer:
        data = answer.body.get("data")
        if answer.status != 200 or not data:
            return answer
        if "nextPageToken" not in call.query:
            if "nextPageToken" in answer.body:
                first[answer.body["nextPageToken"]] = data[-1]
            return answer
        again = first.get(call.query["nextPageToken"])
        return replace(answer, body=answer.body | {"data": [again, *data[1:]]}) if again else answer

    behaviour.on_answer(operation(family, "list"), repeat)


@each_family("list-{run}s-page-too-long", breaks="list_{run}s.max_page_size", families=SORTED_LISTS)
def page_too_long(behaviour: Behaviour, family: Family) -> None:
    """Pagination: a page holds at most maxPageSize runs; here one more, when a size is given."""
    longer(behaviour, operation(family, "list"), given=True)


@each_family(
    "list-{run}s-default-page-of-11",
    breaks="list_{run}s.max_page_size.default",
    families=SORTED_LISTS,
)
def default_page_of_11(behaviour: Behaviour, family: Family) -> None:
    """Pagination: 10 runs a page, where no size is given; here 11."""
    longer(behaviour, operation(family, "list"), given=False)


def longer(behaviour: Behaviour, name: str, *, given: bool) -> None:
    """Pages of a list hold one record more than they may, with or without a size in the query."""
    behaviour.on_page_size(name, lambda wanted, call: wanted + (("maxPageSize" in call.query) == given))


@each_family("list-{run}s-sorts-by-update", breaks="list_{run}s.sort.by", families=SORTED_LISTS)
def sorts_by_update(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, sortBy: createdAt sorts by creation; here the first run of a page stands at its end."""

    def move(body: JsonObject, _record: Any, call: Call) -> None:
        if call.query.get("sortBy") == "createdAt" and len(body["data"]) > 2:
            body["data"].append(body["data"].pop(0))

    in_list(behaviour, family, "list", move)


@each_family("list-{run}s-asc-is-desc", breaks="list_{run}s.sort.dir", families=SORTED_LISTS)
def asc_is_desc(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, sortDir: asc puts the earliest first; here the page comes in the other direction."""

    def turn(body: JsonObject, _record: Any, call: Call) -> None:
        if call.query.get("sortDir") == "asc":
            body["data"].reverse()

    in_list(behaviour, family, "list", turn)


@each_family("list-{run}s-ignores-status", breaks="list_{run}s.filter.status")
def ignores_status(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, status: only runs in that status; here the last of a page comes with another one."""

    def slip(body: JsonObject, _record: Any, call: Call) -> None:
        if call.query.get("status") == PROCESSED and len(body["data"]) > 1:
            row = body["data"][-1]
            hidden = dict.fromkeys({"usage", "metrics"} & set(row))
            body["data"][-1] = row | hidden | {"status": PROCESSING, "id": row["id"] + "x"}

    in_list(behaviour, family, "list", slip)


@each_family(
    "list-{run}s-ignores-{processor}",
    breaks="list_{run}s.filter.{processor}_id",
    families=PROCESSED_WITH,
)
def ignores_processor(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, {processor}Id: only runs of that {processor}; here the first of a page has another one."""
    assert family.processor is not None
    kind = family.processor.name

    def slip(body: JsonObject, _record: Any, call: Call) -> None:
        if f"{kind}Id" in call.query and body["data"] and body["data"][0][kind]:
            row = body["data"][0]
            other = {kind: row[kind] | {"id": row[kind]["id"] + "x"}, f"{kind}Version": None}
            body["data"][0] = row | other | {"id": row["id"] + "x"}

    in_list(behaviour, family, "list", slip)


@each_family("list-{run}s-ignores-source", breaks="list_{run}s.filter.source")
def ignores_source(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, source: only runs of that source; here Studio has those of the API, too."""
    last: list[JsonObject] = []

    def slip(body: JsonObject, _record: Any, call: Call) -> None:
        if dict(call.query) == {"source": "API"}:
            last[:] = body["data"]
        elif dict(call.query) == {"source": "STUDIO"}:
            body["data"] = [*body["data"], *last]

    in_list(behaviour, family, "list", slip)


@each_family("list-{run}s-refuses-unknown-parameters", breaks="list_{run}s.query.unknown")
def refuses_unknown_parameters(behaviour: Behaviour, family: Family) -> None:
    """The vendor's client: unknown parameters of a list of {run}s are dropped; here one is refused."""
    doing.refuse(behaviour, operation(family, "list"), lambda call: "batchproof" in call.query)


@each_family("list-{run}s-loses-one-of-a-batch", breaks="list_{run}s.batch.complete")
def loses_one_of_a_batch(behaviour: Behaviour, family: Family) -> None:
    """Get Batch Run: the list by batchId has every run of the batch; here the last of several is never there."""

    def lose(runs: list[Run], call: Call) -> list[Run]:
        return runs[:-1] if "batchId" in call.query and len(runs) > 1 else runs

    behaviour.on_records(operation(family, "list"), lose)


@each_family("list-{run}s-loses-the-eleventh", breaks="list_{run}s.batch.complete")
def loses_the_eleventh(behaviour: Behaviour, family: Family) -> None:
    """Get Batch Run: the list by batchId has every run of the batch; here not the eleventh of a batch of more than ten."""

    def lose(runs: list[Run], call: Call) -> list[Run]:
        return runs[:10] + runs[11:] if "batchId" in call.query else runs

    behaviour.on_records(operation(family, "list"), lose)


@each_family("list-{run}s-of-a-batch-has-more", breaks="list_{run}s.batch.only")
def batch_has_more(behaviour: Behaviour, family: Family) -> None:
    """Get Batch Run: the list by batchId has the runs of that batch; here two more, of another one."""
    known: dict[str, Run] = {}

    def remember(_body: JsonObject, run: Run, _call: Call) -> None:
        known[run.id] = run

    def add(runs: list[Run], call: Call) -> list[Run]:
        if not runs or "batchId" not in call.query:
            return runs
        return runs + [run for run in known.values() if run.batch is not runs[0].batch][:2]

    behaviour.on_object(f"{family.kind}_summary", remember)
    behaviour.on_records(operation(family, "list"), add)


@each_family("list-{run}s-of-an-ended-batch-still-works", breaks="list_{run}s.batch.ended")
def still_works(behaviour: Behaviour, family: Family) -> None:
    """Get Batch Run, status: PROCESSED once every run has ended; here the list shows one of them at work."""

    def change(body: JsonObject, run: Run, call: Call) -> None:
        if run.batch is not None and "batchId" in call.query and run is run.batch.runs[0]:
            body.update(status=PROCESSING, failureReason=None, failureMessage=None, usage=None)

    in_list(behaviour, family, f"{family.kind}_summary", change)


@each_family("list-{run}s-disagrees", breaks="list_{run}s.agrees")
def disagrees(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, Response: a shortened version of the run; here the list names another file."""

    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if body["file"]:
            body["file"] = body["file"] | {"id": body["file"]["id"] + "x"}

    in_list(behaviour, family, f"{family.kind}_summary", change)


@each_family(
    "list-{run}s-message-differs",
    breaks="list_{run}s.agrees",
    families=(EXTRACT, PARSE),
)
def message_differs(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, Response: a shortened version of the run; here failed runs give another message in the list."""

    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if body["failureMessage"]:
            body["failureMessage"] = "See the details."

    in_list(behaviour, family, f"{family.kind}_summary", change)


@each_family(
    "list-{processor}s-is-206",
    breaks="list_{processor}s.success",
    families=PROCESSED_WITH,
)
def processors_206(behaviour: Behaviour, family: Family) -> None:
    """List {Processor}s, Response: 200; here 206."""
    doing.with_status(behaviour, operation(family, "processors"), 206)


@each_family(
    "list-{processor}s-without-object",
    breaks="list_{processor}s.body",
    families=PROCESSED_WITH,
)
def processors_without_object(behaviour: Behaviour, family: Family) -> None:
    """List {Processor}s, Response: the object list; here the key is missing."""
    tricks.in_operation(
        behaviour, operation(family, "processors"), "list", lambda body, *_: body.pop("object")
    )


def in_list(behaviour: Behaviour, family: Family, kind: str, hook: Any) -> None:
    """The objects of a kind are changed in the list of a family's runs only."""
    tricks.in_operation(behaviour, operation(family, "list"), kind, hook)
