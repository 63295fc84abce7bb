"""Lists: rows that are lost, doubled, or not filtered out."""

from collections.abc import Callable
from dataclasses import replace

from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_2025_04_21.store import (
    Run,
)

fault = registry.fault

_LIST = "list_processor_runs"
_FILTERS = {"status", "processorType", "processorId", "source", "sourceId", "fileNameContains"}
_NO_FILTERS = {"maxPageSize", "nextPageToken", "sortBy", "sortDir"}
_SECOND_MS = 1_000


@fault("source-ignored", breaks="list_processor_runs.filter.source")
def source_ignored(behaviour: Behaviour) -> None:
    """List Processor Runs, source: only runs of that source; here STUDIO has those of the list before."""
    _ignore(
        behaviour,
        lambda call: call.query.get("source") == "STUDIO" and call.query.keys() & _FILTERS == {"source"},
    )


@fault("file-name-ignored", breaks="list_processor_runs.filter.file_name_contains")
def file_name_ignored(behaviour: Behaviour) -> None:
    """List Processor Runs, fileNameContains: only runs of such files; here every run of the list before."""
    _ignore(behaviour, lambda call: "fileNameContains" in call.query)


@fault(
    "filter-slips-type",
    breaks="list_processor_runs.filter.processor_type",
    collateral={
        "The row that slipped in takes the place of one that fits.": ["list_processor_runs.filter.finds"]
    },
)
def filter_slips_type(behaviour: Behaviour) -> None:
    """List Processor Runs, processorType: only runs of that type; here the first row has another one."""
    _slip_type(behaviour, _LIST, "processorType", "processorRuns")


@fault(
    "filter-slips-processor-type",
    breaks="list_processors.filter.type",
    collateral={
        "A processor of another type stands in the place of one that fits.": ["list_processors.finds"]
    },
)
def filter_slips_processor_type(behaviour: Behaviour) -> None:
    """List Processors, type: only processors of that type; here the first row has another one."""
    _slip_type(behaviour, "list_processors", "type", "processors")


@fault("first-run-unlisted", breaks="list_processor_runs.finds")
def first_run_unlisted(behaviour: Behaviour) -> None:
    """List Processor Runs: all of them; here the first that was created with metadata is missing without a filter."""
    hidden: list[str] = []

    def hide(runs: list[Run], call: Call) -> list[Run]:
        if call.query.keys() & _FILTERS:
            return runs
        if not hidden:
            hidden.extend(run.id for run in sorted(runs, key=lambda run: run.number) if run.metadata)
        return [run for run in runs if run.id not in hidden[:1]]

    behaviour.on_records(_LIST, hide)


@fault("deleted-run-still-listed", breaks="delete_processor_run.unlisted")
def deleted_run_still_listed(behaviour: Behaviour) -> None:
    """Delete Processor Run: the run is gone for good; here a list without a filter goes on to show what it has shown."""
    shown: dict[str, Run] = {}

    def keep(runs: list[Run], call: Call) -> list[Run]:
        if not call.query.keys() <= _NO_FILTERS:
            return runs
        shown.update((run.id, run) for run in runs)
        return list(shown.values())

    behaviour.on_records("list_processor_runs", keep)


@fault(
    "run-listed-twice",
    breaks="list_processor_runs.distinct",
    collateral={
        "A run that stands twice on one page stands twice in the list.": [
            "list_processor_runs.next_page_token.advances"
        ]
    },
)
def run_listed_twice(behaviour: Behaviour) -> None:
    """List Processor Runs: each run once; here the last of a list stands there twice, if there is room."""
    _double_last(behaviour, _LIST, "processorRuns")


@fault(
    "processor-listed-twice",
    breaks="list_processors.distinct",
    collateral={"It speaks of the same rows.": ["list_processors.next_page_token.advances"]},
)
def processor_listed_twice(behaviour: Behaviour) -> None:
    """List Processors: each processor once; here the last of a list stands there twice, if there is room."""
    _double_last(behaviour, "list_processors", "processors")


@fault(
    "pages-overlap",
    breaks="list_processor_runs.next_page_token.advances",
    collateral={"The row that is repeated takes the place of another.": ["list_processor_runs.finds"]},
)
def pages_overlap(behaviour: Behaviour) -> None:
    """Pagination, nextPageToken: it leads to further results; here the next page begins with the last row once more."""
    _overlap_pages(behaviour, "processorRuns")


@fault(
    "pages-of-processors-overlap",
    breaks="list_processors.next_page_token.advances",
    collateral={"What a page repeats stands in the place of another processor.": ["list_processors.finds"]},
)
def pages_of_processors_overlap(behaviour: Behaviour) -> None:
    """List Processors, nextPageToken: the next page of results; here that begins with the last row once more."""
    _overlap_pages(behaviour, "processors")


def _ignore(behaviour: Behaviour, when: Callable[[Call], bool]) -> None:
    """Where a filter is to be ignored, the list shows what it has shown before."""
    shown: list[Run] = []

    def keep(runs: list[Run], call: Call) -> list[Run]:
        if when(call):
            return list(shown)
        shown[:] = runs or shown
        return runs

    behaviour.on_records(_LIST, keep)


def _slip_type(behaviour: Behaviour, operation: str, parameter: str, rows: str) -> None:
    def slip(page: JsonObject, call: Call) -> None:
        if parameter in call.query and page[rows]:
            row = page[rows][0]
            other = "CLASSIFY" if row["type"] != "CLASSIFY" else "EXTRACT"
            page[rows][0] = row | {"type": other, "id": row["id"] + "x"}

    _change_page(behaviour, operation, slip)


def _change_page(behaviour: Behaviour, operation: str, change: Callable[[JsonObject, Call], object]) -> None:
    def hook(answer: Answer, call: Call) -> Answer:
        if answer.status != 200:
            return answer
        page = dict(answer.body)
        change(page, call)
        return replace(answer, body=page)

    behaviour.on_answer(operation, hook)


def _double_last(behaviour: Behaviour, operation: str, name: str) -> None:
    def double(answer: Answer, call: Call) -> Answer:
        size = call.query.get("maxPageSize", "10")
        if answer.status != 200 or not size.isdigit() or not 0 < len(answer.body[name]) < int(size):
            return answer
        page: JsonObject = answer.body | {name: [*answer.body[name], answer.body[name][-1]]}
        return replace(answer, body=page)

    behaviour.on_answer(operation, double)


def _overlap_pages(behaviour: Behaviour, listed: str) -> None:
    """Lets each later page of the list whose rows stand at ``listed`` begin with the last row of the page before."""
    lasts: dict[str, JsonObject] = {}

    def change(body: JsonObject, rows: list[JsonObject], call: Call) -> None:
        if listed in body and rows:
            token = call.query.get("nextPageToken")
            if token in lasts:
                rows[0] = lasts[token]
            if "nextPageToken" in body:
                lasts[body["nextPageToken"]] = rows[-1]

    behaviour.on_object("envelope", change)
