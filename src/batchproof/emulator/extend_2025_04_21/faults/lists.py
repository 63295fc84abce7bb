"""Defects of lists: rows that are lost, doubled, or not filtered out."""

from collections.abc import Callable
from dataclasses import replace

from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_2025_04_21.store import Run

fault = registry.fault

_LIST = "list_processor_runs"
_FILTERS = {"status", "processorType", "processorId", "source", "sourceId", "fileNameContains"}


def _ignore(behaviour: Behaviour, when: Callable[[Call], bool]) -> None:
    """Where a filter is to be ignored, the list shows what it has shown before."""
    shown: list[Run] = []

    def keep(runs: list[Run], call: Call) -> list[Run]:
        if when(call):
            return list(shown)
        shown[:] = runs or shown
        return runs

    behaviour.on_records(_LIST, keep)


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


@fault("filter-loses-a-run", breaks="list_processor_runs.filter.finds")
def filter_loses_a_run(behaviour: Behaviour) -> None:
    """List Processor Runs, processorType: the runs of that type; here a review hides a run from it."""

    def lose(runs: list[Run], call: Call) -> list[Run]:
        return [run for run in runs if not ("processorType" in call.query and run.reviewed)]

    behaviour.on_records(_LIST, lose)


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


@fault("run-listed-twice", breaks="list_processor_runs.distinct")
def run_listed_twice(behaviour: Behaviour) -> None:
    """List Processor Runs: each run once; here the last of a list stands there twice, if there is room."""
    _double_last(behaviour, _LIST, "processorRuns")


@fault("processor-listed-twice", breaks="list_processors.distinct")
def processor_listed_twice(behaviour: Behaviour) -> None:
    """List Processors: each processor once; here the last of a list stands there twice, if there is room."""
    _double_last(behaviour, "list_processors", "processors")


def _double_last(behaviour: Behaviour, operation: str, name: str) -> None:
    def double(answer: Answer, call: Call) -> Answer:
        size = call.query.get("maxPageSize", "10")
        if answer.status != 200 or not size.isdigit() or not 0 < len(answer.body[name]) < int(size):
            return answer
        page: JsonObject = answer.body | {name: [*answer.body[name], answer.body[name][-1]]}
        return replace(answer, body=page)

    behaviour.on_answer(operation, double)
