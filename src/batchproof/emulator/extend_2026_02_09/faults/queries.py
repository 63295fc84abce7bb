"""What the parameters of a list or a detail do, and what goes without them."""

from typing import Any

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import EXTRACT, PARSE, SPLIT, Family
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour

from . import doing
from .lists import in_list, longer
from .table import SORTED_LISTS, each_family, operation


@each_family("list-{run}s-ignores-file-name", breaks="list_{run}s.filter.file_name_contains")
def ignores_file_name(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, fileNameContains: only runs of such files; here the first of a page has a file of another name."""

    def slip(body: JsonObject, _record: Any, call: Call) -> None:
        if "fileNameContains" in call.query and body["data"] and body["data"][0]["file"]:
            row = body["data"][0]
            body["data"][0] = row | {"file": row["file"] | {"name": "letter.pdf"}, "id": row["id"] + "x"}

    in_list(behaviour, family, "list", slip)


@each_family("list-{run}s-unsorted", breaks="list_{run}s.sort.default", families=SORTED_LISTS)
def unsorted(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, sortBy: the last updated run first, unless asked otherwise; here each page runs the other way round."""

    def move(body: JsonObject, _record: Any, call: Call) -> None:
        if not {"sortBy", "sortDir"} & set(call.query) and len(body["data"]) > 1:
            body["data"].reverse()

    in_list(behaviour, family, "list", move)


@each_family(
    "list-{run}s-accepts-1001-a-page",
    breaks="list_{run}s.max_page_size.range",
    families=(EXTRACT, SPLIT),
)
def accepts_1001_a_page(behaviour: Behaviour, family: Family) -> None:
    """Pagination, maxPageSize: 1 to 1,000; here 1,001 is accepted."""
    doing.answer_as_before(
        behaviour, operation(family, "list"), lambda call: call.query.get("maxPageSize") == "1001"
    )


@each_family(
    "list-{run}s-default-page-of-11",
    breaks="list_{run}s.max_page_size.default",
    families=(PARSE,),
)
def default_page_of_11(behaviour: Behaviour, family: Family) -> None:
    """Pagination: 10 runs a page, where no size is given; here 11."""
    longer(behaviour, operation(family, "list"), given=False)


@each_family("list-{run}s-shows-deleted", breaks="delete_{run}.unlisted")
def shows_deleted(behaviour: Behaviour, family: Family) -> None:
    """Delete {Run}: gone for good; here a list without parameters still has the run."""
    deleted: list[Run] = []

    def remember(_body: JsonObject, run: Run, _call: Call) -> None:
        deleted.append(run)

    behaviour.on_object("deleted", remember, [operation(family, "delete")])
    behaviour.on_records(operation(family, "list"), lambda runs, call: runs if call.query else runs + deleted)


@each_family("get-{run}-refuses-json", breaks="get_{run}.response_type", families=(PARSE,))
def refuses_json(behaviour: Behaviour, family: Family) -> None:
    """Get Parse Run, responseType: json or url; here json is refused."""
    doing.refuse(behaviour, operation(family, "get"), lambda call: call.query.get("responseType") == "json")
