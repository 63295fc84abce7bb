"""Lists that show something twice, forget something, or come in another order than was asked for."""

from typing import Any

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import Family
from batchproof.emulator.extend_common.behaviour import Behaviour

from .lists import in_list, longer
from .table import PROCESSED_WITH, each_family, operation

_UNFILTERED = {"maxPageSize", "sortBy", "sortDir"}


@each_family("list-{run}s-shows-one-twice", breaks="list_{run}s.distinct")
def shows_one_twice(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, Response: a page of runs; here, by source, the first one takes the place of the second, too."""

    def double(body: JsonObject, _record: Any, call: Call) -> None:
        if "source" in call.query and "batchId" not in call.query and len(body["data"]) > 1:
            body["data"][1] = body["data"][0]

    in_list(behaviour, family, "list", double)


@each_family("list-{run}s-forgets-one", breaks="list_{run}s.distinct")
def forgets_one(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, Response: the runs; here every second list without filters leaves out the last of a page."""
    _forget(behaviour, family, operation(family, "list"))


@each_family("list-{run}s-misses-a-name", breaks="list_{run}s.filter.file_name_contains")
def misses_a_name(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, fileNameContains: the runs of files with that name; here one of several is missing."""

    def lose(body: JsonObject, _record: Any, call: Call) -> None:
        if "fileNameContains" in call.query and len(body["data"]) > 1:
            body["data"].pop()

    in_list(behaviour, family, "list", lose)


@each_family(
    "list-{processor}s-shows-one-twice", breaks="list_{processor}s.distinct", families=PROCESSED_WITH
)
def processor_twice(behaviour: Behaviour, family: Family) -> None:
    """List {Processor}s, Response: a page of them; here, without a query, the first stands there twice."""

    def double(body: JsonObject, _record: Any, call: Call) -> None:
        if not call.query:
            body["data"].insert(1, body["data"][0])

    behaviour.on_object("list", double, [operation(family, "processors")])


@each_family("list-{processor}s-forgets-one", breaks="list_{processor}s.distinct", families=PROCESSED_WITH)
def processor_forgotten(behaviour: Behaviour, family: Family) -> None:
    """List {Processor}s, Response: all of them; here every second list leaves out the last of a page."""
    _forget(behaviour, family, operation(family, "processors"))


@each_family(
    "list-{processor}s-page-too-long",
    breaks="list_{processor}s.max_page_size",
    families=PROCESSED_WITH,
)
def processor_page_too_long(behaviour: Behaviour, family: Family) -> None:
    """Pagination: a page holds at most maxPageSize {processor}s; here one more, when a size is given."""
    longer(behaviour, operation(family, "processors"), given=True)


@each_family("list-{processor}s-latest-last", breaks="list_{processor}s.sort.by", families=PROCESSED_WITH)
def processor_latest_last(behaviour: Behaviour, family: Family) -> None:
    """List {Processor}s, sortBy: the latest first; here, without sortDir=asc, it comes last."""
    _turn(behaviour, family, ascending=False)


@each_family("list-{processor}s-asc-is-desc", breaks="list_{processor}s.sort.dir", families=PROCESSED_WITH)
def processor_asc_is_desc(behaviour: Behaviour, family: Family) -> None:
    """List {Processor}s, sortDir: asc puts the earliest first; here it comes last."""
    _turn(behaviour, family, ascending=True)


def _turn(behaviour: Behaviour, family: Family, *, ascending: bool) -> None:
    def turn(body: JsonObject, _record: Any, call: Call) -> None:
        if "sortBy" in call.query and (call.query.get("sortDir") == "asc") is ascending:
            body["data"].reverse()

    behaviour.on_object("list", turn, [operation(family, "processors")])


def _forget(behaviour: Behaviour, family: Family, name: str) -> None:
    asked: list[str] = []

    def forget(body: JsonObject, _record: Any, call: Call) -> None:
        if set(call.query) <= _UNFILTERED:
            asked.append(family.name)
            if len(asked) % 2 == 0 and len(body["data"]) > 1:
                body["data"].pop()

    behaviour.on_object("list", forget, [name])
