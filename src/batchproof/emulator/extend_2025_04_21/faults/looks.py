"""Defects that show from look to look, or beside another value of the same look: what is one thing shows as two."""

from collections import Counter

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.faults.overlapping import overlap_pages
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_2025_04_21.store import Processor, Run
from batchproof.emulator.extend_common.life import FAILED, PROCESSED, PROCESSING

fault = registry.fault

_SECOND_MS = 1_000
_DAY_MS = 24 * 60 * 60 * _SECOND_MS
_LIST = "list_processors"


@fault("failed-batch-counts-on", breaks="batch_processor_run.run_count.fixed")
def failed_batch_counts_on(behaviour: Behaviour) -> None:
    """runCount: the number of runs that were made; here a batch that has failed makes one more after the first look."""
    tricks.from_look(
        behaviour,
        "batch_processor_run",
        {FAILED},
        2,
        lambda body, *_: body.update(runCount=body["runCount"] + 1),
    )


@fault("rows-updated-at-their-creation", breaks="processor_run.updated_at.moves")
def rows_updated_at_their_creation(behaviour: Behaviour) -> None:
    """List Processor Runs, updatedAt: the time of the last update; here it stays that of the creation."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(run.created)

    behaviour.on_object("processor_run_summary", change)


@fault("version-named-as-run", breaks="processor_run.id.own")
def version_named_as_run(behaviour: Behaviour) -> None:
    """Get Processor Run, id: the unique identifier of the run; here the version of a reviewed one has the same."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.reviewed:
            body["processorVersionId"] = run.id

    behaviour.on_object("processor_run", change)
    behaviour.on_object("processor_run_summary", change)


@fault("config-of-later", breaks="processor_run.config.constant")
def config_of_later(behaviour: Behaviour) -> None:
    """Get Processor Run, config: the one that was used; here every look after the end shows another base version."""
    looks: Counter[str] = Counter()

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if body["status"] == PROCESSED:
            looks[run.id] += 1
            body["config"]["baseVersion"] = f"4.{looks[run.id]}.0"

    behaviour.on_object("processor_run", change)


@fault("failure-reason-differs-later", breaks="processor_run.failure_reason.constant")
def failure_reason_differs_later(behaviour: Behaviour) -> None:
    """Get Processor Run, failureReason: why the run failed; here from the second look on it is an internal error."""
    tricks.from_look(
        behaviour, "processor_run", {FAILED}, 2, lambda body, *_: body.update(failureReason="INTERNAL_ERROR")
    )


@fault("reviewed-in-advance", breaks="processor_run.reviewed.early")
def reviewed_in_advance(behaviour: Behaviour) -> None:
    """Get Processor Run, edited: whether the results have been edited; here those of a run at work have been."""
    tricks.put_where(behaviour, "processor_run", PROCESSING, edited=True, edits={"total": {"notes": "soon"}})


@fault("file-of-another-upload", breaks="processor_run.files.constant")
def file_of_another_upload(behaviour: Behaviour) -> None:
    """Get Processor Run, files: those that were processed; here from the third look on it is another one."""
    looks: Counter[str] = Counter()

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        looks[run.id] += 1
        if looks[run.id] > 2:
            body["files"][0]["id"] += "_1"

    behaviour.on_object("processor_run", change)


@fault("file-updated-before-its-creation", breaks="file.times")
def file_updated_before_its_creation(behaviour: Behaviour) -> None:
    """File, updatedAt: the last update; here it lies a day before the creation."""
    behaviour.on_object(
        "file",
        lambda body, file, _call: body.update(updatedAt=behaviour.timestamp(file.created - _DAY_MS)),
    )


@fault("processors-get-older", breaks="processor.constant")
def processors_get_older(behaviour: Behaviour) -> None:
    """List Processors, createdAt: the time of creation; here it is a second earlier with each list."""
    looks: Counter[str] = Counter()

    def change(body: JsonObject, record: Processor, _call: Call) -> None:
        looks[record.id] += 1
        body["createdAt"] = behaviour.timestamp(record.created - looks[record.id] * _SECOND_MS)

    behaviour.on_object("processor", change)


@fault("processor-updated-before-its-creation", breaks="processor.times")
def processor_updated_before_its_creation(behaviour: Behaviour) -> None:
    """List Processors, updatedAt: the last update; here it lies a day before the creation."""

    def change(body: JsonObject, record: Processor, _call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(record.created - _DAY_MS)

    behaviour.on_object("processor", change)


@fault("last-processor-unlisted", breaks="list_processors.finds")
def last_processor_unlisted(behaviour: Behaviour) -> None:
    """List Processors: all of them; here, with a maxPageSize, the last one is missing."""

    def hide(records: list[Processor], call: Call) -> list[Processor]:
        return records[:-1] if "maxPageSize" in call.query else records

    behaviour.on_records(_LIST, hide)


@fault("pages-of-processors-overlap", breaks="list_processors.next_page_token.advances")
def pages_of_processors_overlap(behaviour: Behaviour) -> None:
    """List Processors, nextPageToken: the next page of results; here that begins with the last row once more."""
    overlap_pages(behaviour, "processors")
