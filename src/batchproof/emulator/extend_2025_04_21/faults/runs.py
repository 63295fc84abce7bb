"""Defects of processor runs and their operations."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.faults.overlapping import overlap_pages
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_2025_04_21.seeds import seed_id
from batchproof.emulator.extend_2025_04_21.store import EXTRACT, Run
from batchproof.emulator.extend_common.files import File
from batchproof.emulator.extend_common.life import CANCELLED, FAILED, PENDING, PROCESSING, TERMINAL

fault = registry.fault

_EIGHT_HOURS = 8 * 60 * 60 * 1000
_NO_FILTERS = {"maxPageSize", "nextPageToken", "sortBy", "sortDir"}


@fault("run-status-lower-case", breaks="processor_run.status.enum")
def run_status_lower_case(behaviour: Behaviour) -> None:
    """Get Processor Run, status: five values in upper case; here they come in lower case."""
    behaviour.on_object("processor_run", lambda body, *_: body.update(status=body["status"].lower()))


@fault("run-type-unknown", breaks="processor_run.type.enum")
def run_type_unknown(behaviour: Behaviour) -> None:
    """Get Processor Run, type: CLASSIFY, EXTRACT or SPLITTER; here it is `READ`."""
    tricks.put(behaviour, "processor_run", type="READ")


@fault("config-type-differs", breaks="processor_run.config.type")
def config_type_differs(behaviour: Behaviour) -> None:
    """Get Processor Run, config: its type is that of the run; here another one."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        other = "CLASSIFY" if run.processor.type == EXTRACT else EXTRACT
        body["config"] = {**body["config"], "type": other}

    behaviour.on_object("processor_run", change)


@fault("failure-without-reason", breaks="processor_run.failure_reason.present")
def failure_without_reason(behaviour: Behaviour) -> None:
    """Get Processor Run, failureReason: the reason if the run failed; here it is null."""
    tricks.put_where(behaviour, "processor_run", FAILED, failureReason=None)


@fault("merged-processors-null", breaks="processor_run.merged_processors")
def merged_processors_null(behaviour: Behaviour) -> None:
    """Get Processor Run, mergedProcessors: an array, empty without a merge; here it is null."""
    tricks.put(behaviour, "processor_run", mergedProcessors=None)


@fault("files-missing", breaks="processor_run.files")
def files_missing(behaviour: Behaviour) -> None:
    """Get Processor Run, files: the processed files; here they are missing."""
    tricks.drop(behaviour, "processor_run", "files")


@fault("file-type-unknown", breaks="file.type.known")
def file_type_unknown(behaviour: Behaviour) -> None:
    """File, type: one of eight; here that of a raw text is TEXT."""
    _put_in_texts(behaviour, type="TEXT")


def _put_in_texts(behaviour: Behaviour, /, **values: object) -> None:
    def change(body: JsonObject, file: File, _call: Call) -> None:
        if file.type == "TXT":
            body.update(values)

    behaviour.on_object("file", change)


@fault("metadata-lost", breaks="processor_run.metadata.echo")
def metadata_lost(behaviour: Behaviour) -> None:
    """Get Processor Run, metadata: what was given at the creation; here it is not shown."""
    tricks.drop(behaviour, "processor_run", "metadata")


@fault("run-reopens", breaks="processor_run.status.terminal")
def run_reopens(behaviour: Behaviour) -> None:
    """Get Processor Run: PROCESSED is an end; here the third look at an ended run shows it PROCESSING."""
    tricks.from_look(behaviour, "processor_run", TERMINAL, 3, lambda body, *_: body.update(status=PROCESSING))


@fault("run-back-to-pending", breaks="processor_run.status.order")
def run_back_to_pending(behaviour: Behaviour) -> None:
    """Get Processor Run: PENDING, then PROCESSING; here the third look at a run that is PROCESSING shows it PENDING."""
    tricks.from_look(
        behaviour, "processor_run", {PROCESSING}, 3, lambda body, *_: body.update(status=PENDING)
    )


@fault("reviewed-run-differs", breaks="get_processor_run.id")
def reviewed_run_differs(behaviour: Behaviour) -> None:
    """Get Processor Run, id: the run that was asked for; here a reviewed run shows the id of its review."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.reviewed:
            body["id"] = seed_id("dpr", f"review of {run.id}")

    tricks.in_operation(behaviour, "get_processor_run", "processor_run", change)


@fault("created-with-other-processor", breaks="processor_run.processor_id.request")
def created_with_other_processor(behaviour: Behaviour) -> None:
    """Run Processor, processorId: the one that was asked for; here the answer names its version instead."""
    tricks.in_operation(
        behaviour,
        "create_processor_run",
        "processor_run",
        lambda body, run, _call: body.update(processorId=run.version.id),
    )


@fault("created-with-draft", breaks="processor_run.processor.constant")
def created_with_draft(behaviour: Behaviour) -> None:
    """Get Processor Run, processorVersionId: the version that is used; here the first answer names the draft instead."""
    tricks.in_operation(
        behaviour,
        "create_processor_run",
        "processor_run",
        lambda body, run, _call: body.update(processorVersionId=run.processor.versions["draft"].id),
    )


@fault("accepts-no-input", breaks="create_processor_run.input")
def accepts_no_input(behaviour: Behaviour) -> None:
    """Run Processor, Errors: 400 if neither file nor rawText is given; here a run is created."""
    behaviour.requires_input = False


@fault("accepts-priority-101", breaks="create_processor_run.priority")
def accepts_priority_101(behaviour: Behaviour) -> None:
    """Run Processor, priority: 1 to 100; here 101 is accepted."""
    behaviour.limits.priority = 101


@fault("accepts-other-config-type", breaks="create_processor_run.config")
def accepts_other_config_type(behaviour: Behaviour) -> None:
    """Run Processor, config: its type matches that of the processor; here any type is accepted."""
    behaviour.requires_config_type = False


@fault("unknown-processor-is-400", breaks="create_processor_run.processor_id.not_found")
def unknown_processor_is_400(behaviour: Behaviour) -> None:
    """Run Processor, Errors: 404 for an unknown processor; here 400."""

    def change(answer: Answer, call: Call) -> Answer:
        unknown = answer.status == 404 and b'"version"' not in call.body
        return Answer(400, answer.body, answer.headers) if unknown else answer

    behaviour.on_answer("create_processor_run", change)


@fault("list-ignores-status", breaks="list_processor_runs.filter.status")
def list_ignores_status(behaviour: Behaviour) -> None:
    """List Processor Runs, status: only runs with that status; here all runs."""
    behaviour.filters_status = False


@fault("page-too-long", breaks="list_processor_runs.max_page_size")
def page_too_long(behaviour: Behaviour) -> None:
    """Pagination, maxPageSize: the most items of a page; here there is one more."""
    behaviour.on_page_size("list_processor_runs", lambda wanted, _call: wanted + 1)


@fault("oldest-first", breaks="list_processor_runs.sort.default")
def oldest_first(behaviour: Behaviour) -> None:
    """Pagination, sortDir: desc by default; here a page without it begins with its oldest."""

    def change(body: JsonObject, _rows: list[JsonObject], call: Call) -> None:
        if "processorRuns" in body and "sortDir" not in call.query:
            body["processorRuns"].reverse()

    behaviour.on_object("envelope", change)


@fault("pages-overlap", breaks="list_processor_runs.next_page_token.advances")
def pages_overlap(behaviour: Behaviour) -> None:
    """Pagination, nextPageToken: it leads to further results; here the next page begins with the last row once more."""
    overlap_pages(behaviour, "processorRuns")


@fault("list-disagrees", breaks="list_processor_runs.agrees")
def list_disagrees(behaviour: Behaviour) -> None:
    """List Processor Runs, processorName: that of the processor; here it is its id."""
    behaviour.on_object(
        "processor_run_summary", lambda body, run, _call: body.update(processorName=run.processor.id)
    )


@fault("list-updated-at-in-local-time", breaks="processor_run.updated_at.order")
def list_updated_at_in_local_time(behaviour: Behaviour) -> None:
    """List Processor Runs, updatedAt: in UTC; here it is eight hours behind, as in San Francisco, under the name of UTC."""

    def change(body: JsonObject, run: Run, call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(run.updated(call.now) - _EIGHT_HOURS)

    behaviour.on_object("processor_run_summary", change)


@fault("list-updated-at-forgotten", breaks="processor_run.updated_at.monotone")
def list_updated_at_forgotten(behaviour: Behaviour) -> None:
    """List Processor Runs, updatedAt: the last update; here a list that is sorted by creation shows the creation."""

    def change(body: JsonObject, run: Run, call: Call) -> None:
        if call.query.get("sortBy") == "createdAt":
            body["updatedAt"] = behaviour.timestamp(run.created)

    behaviour.on_object("processor_run_summary", change)


@fault("cancel-of-cancelled", breaks="cancel_processor_run.ended")
def cancel_of_cancelled(behaviour: Behaviour) -> None:
    """Cancel Processor Run: only a run in progress can be cancelled; here a cancelled one can be, again."""
    behaviour.uncancellable = TERMINAL - {CANCELLED}


@fault("cancel-forgotten", breaks="processor_run.status.terminal")
def cancel_forgotten(behaviour: Behaviour) -> None:
    """Cancel Processor Run: the run is cancelled; here the answer says so, and nothing has happened."""

    def forget(_body: JsonObject, run: Run, _call: Call) -> None:
        run.cancelled = None

    tricks.in_operation(behaviour, "cancel_processor_run", "processor_run", forget)


@fault("cancel-answers-another", breaks="cancel_processor_run.id")
def cancel_answers_another(behaviour: Behaviour) -> None:
    """Cancel Processor Run: the answer shows the cancelled run; here it has another id."""
    tricks.in_operation(
        behaviour,
        "cancel_processor_run",
        "processor_run",
        lambda body, run, _call: body.update(id=seed_id("dpr", f"other than {run.id}")),
    )


@fault("delete-forgotten", breaks="delete_processor_run.gone")
def delete_forgotten(behaviour: Behaviour) -> None:
    """Delete Processor Run: the run is gone for good; here it can still be read."""
    behaviour.deletes = False


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


@fault("delete-without-id", breaks="delete_processor_run.body")
def delete_without_id(behaviour: Behaviour) -> None:
    """Delete Processor Run, Response: documentProcessorRunId is the deleted run; here it is missing."""
    tricks.drop(behaviour, "envelope", "documentProcessorRunId")
