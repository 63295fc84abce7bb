"""What is accepted and what is refused, and what lists make of their queries."""

from collections.abc import Callable
from dataclasses import replace

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry

from . import doing

fault = registry.fault

_LIST = "list_processor_runs"


@fault("create-needs-no-processor", breaks="create_processor_run.processor_id")
def needs_no_processor(behaviour: Behaviour) -> None:
    """Run Processor, processorId: required; here it is not."""
    doing.accept(behaviour, lambda call: "processorId" not in doing.body_of(call))


@fault("create-accepts-broken-off", breaks="create_processor_run.request")
def accepts_broken_off(behaviour: Behaviour) -> None:
    """Run Processor, Request: a body in JSON; here one that breaks off is accepted."""

    def breaks_off(call: Call) -> bool:
        body = call.body.strip()
        return body.startswith(b"{") and not body.endswith(b"}")

    doing.accept(behaviour, breaks_off, refused=(400,))


@fault("create-accepts-unknown-processor", breaks="create_processor_run.processor_id.existing")
def accepts_unknown_processor(behaviour: Behaviour) -> None:
    """Run Processor, processorId: one that exists; here any is accepted."""
    doing.accept(behaviour, lambda call: "version" not in doing.body_of(call), refused=(404,))


@fault("create-refuses-unknown-version", breaks="create_processor_run.version.existing")
def refuses_unknown_version(behaviour: Behaviour) -> None:
    """Run Processor, Errors: 404 for an unknown version; here 400."""

    def change(answer: Answer, call: Call) -> Answer:
        unknown = answer.status == 404 and "version" in doing.body_of(call)
        return replace(answer, status=400) if unknown else answer

    behaviour.on_answer(doing.CREATE, change)


@fault("create-accepts-priority-zero", breaks="create_processor_run.priority.min")
def accepts_priority_zero(behaviour: Behaviour) -> None:
    """Run Processor, Errors: 400 for a priority outside 1 to 100; here 0 is accepted."""
    doing.accept(behaviour, lambda call: doing.body_of(call).get("priority") == 0)


@fault("create-accepts-any-url", breaks="create_processor_run.file.url.invalid")
def accepts_any_url(behaviour: Behaviour) -> None:
    """Run Processor, Errors: 400 for a bad URL; here what is no address is accepted."""

    def addressless(call: Call) -> bool:
        url = (doing.body_of(call).get("file") or {}).get("fileUrl")
        return isinstance(url, str) and ":" not in url

    doing.accept(behaviour, addressless)


@fault("create-accepts-file-without-source", breaks="create_processor_run.file.source")
def accepts_file_without_source(behaviour: Behaviour) -> None:
    """Run Processor, file: fileUrl or fileId; here neither is needed."""

    def sourceless(call: Call) -> bool:
        file = doing.body_of(call).get("file")
        return isinstance(file, dict) and not {"fileUrl", "fileId"} & {key for key, x in file.items() if x}

    doing.accept(behaviour, sourceless)


@fault("create-refuses-url", breaks="create_processor_run.file.url")
def refuses_url(behaviour: Behaviour) -> None:
    """Run Processor, file.fileUrl: one way to give a file; here it is refused where the file is named invoice.pdf."""
    doing.refuse(
        behaviour,
        doing.CREATE,
        lambda call: (doing.body_of(call).get("file") or {}).get("fileName") == "invoice.pdf",
    )


@fault("create-refuses-text", breaks="create_processor_run.raw_text")
def refuses_text(behaviour: Behaviour) -> None:
    """Run Processor, rawText: one way to give a document; here it is refused."""
    doing.refuse(behaviour, doing.CREATE, lambda call: "rawText" in doing.body_of(call))


@fault("create-waits", breaks="create_processor_run.started")
def create_waits(behaviour: Behaviour) -> None:
    """Run Processor: an asynchronous run is answered before it is finished; here the answer says FAILED."""

    def change(body: JsonObject, _run: object, call: Call) -> None:
        if not doing.body_of(call).get("sync"):
            body.update(status="FAILED", failureReason="INTERNAL_ERROR", failureMessage="It took too long.")

    tricks.in_operation(behaviour, doing.CREATE, "processor_run", change)


@fault("run-only-at-the-end", breaks="get_processor_run.poll")
def run_only_at_the_end(behaviour: Behaviour) -> None:
    """Get Processor Run: can be polled; here a run that is at work is answered with 404."""

    def refuse(answer: Answer, _call: Call) -> Answer:
        run = answer.body.get("processorRun", {})
        if run.get("status") not in ("PENDING", "PROCESSING"):
            return answer
        return Answer(404, {"success": False, "error": "Not yet."})

    behaviour.on_answer("get_processor_run", refuse)


@fault("list-needs-a-workspace", breaks="auth.workspace.optional")
def list_needs_a_workspace(behaviour: Behaviour) -> None:
    """Headers: the key of a workspace may leave x-extend-workspace-id out; here a list of runs asks for it."""

    def refuse(answer: Answer, call: Call) -> Answer:
        if answer.status != 200 or "x-extend-workspace-id" in call.headers:
            return answer
        return Answer(400, {"success": False, "error": "The workspace must be named."})

    behaviour.on_answer(_LIST, refuse)


@fault("list-needs-a-query", breaks="list_processor_runs.query")
def list_needs_a_query(behaviour: Behaviour) -> None:
    """List Processor Runs: every parameter is optional; here a request without any is refused."""
    doing.refuse(behaviour, _LIST, lambda call: not call.query)


@fault("token-as-number", breaks="list_processor_runs.next_page_token")
def token_as_number(behaviour: Behaviour) -> None:
    """Pagination: nextPageToken is a string; here a number."""
    _change_page(behaviour, _LIST, lambda page, _: page.update(nextPageToken=2))


@fault("sorts-by-nothing", breaks="list_processor_runs.sort.by")
def sorts_by_nothing(behaviour: Behaviour) -> None:
    """List Processor Runs, sortBy: createdAt sorts by creation; here the first run of a page stands at its end."""

    def move(page: JsonObject, call: Call) -> None:
        if call.query.get("sortBy") == "createdAt" and len(page["processorRuns"]) > 2:
            page["processorRuns"].append(page["processorRuns"].pop(0))

    _change_page(behaviour, _LIST, move)


@fault("asc-is-desc", breaks="list_processor_runs.sort.dir")
def asc_is_desc(behaviour: Behaviour) -> None:
    """List Processor Runs, sortDir: asc puts the earliest first; here the page comes in the other direction."""

    def turn(page: JsonObject, call: Call) -> None:
        if call.query.get("sortDir") == "asc":
            page["processorRuns"].reverse()

    _change_page(behaviour, _LIST, turn)


@fault("filter-slips-processor", breaks="list_processor_runs.filter.processor_id")
def filter_slips_processor(behaviour: Behaviour) -> None:
    """List Processor Runs, processorId: only runs of that processor; here the first row has another one."""

    def slip(page: JsonObject, call: Call) -> None:
        if "processorId" in call.query and page["processorRuns"]:
            row = page["processorRuns"][0]
            page["processorRuns"][0] = row | {"processorId": row["processorId"] + "x", "id": row["id"] + "x"}

    _change_page(behaviour, _LIST, slip)


@fault("filter-slips-type", breaks="list_processor_runs.filter.processor_type")
def filter_slips_type(behaviour: Behaviour) -> None:
    """List Processor Runs, processorType: only runs of that type; here the first row has another one."""
    _slip_type(behaviour, _LIST, "processorType", "processorRuns")


@fault("filter-slips-processor-type", breaks="list_processors.filter.type")
def filter_slips_processor_type(behaviour: Behaviour) -> None:
    """List Processors, type: only processors of that type; here the first row has another one."""
    _slip_type(behaviour, "list_processors", "type", "processors")


def _slip_type(behaviour: Behaviour, operation: str, parameter: str, rows: str) -> None:
    def slip(page: JsonObject, call: Call) -> None:
        if parameter in call.query and page[rows]:
            row = page[rows][0]
            other = "CLASSIFY" if row["type"] != "CLASSIFY" else "EXTRACT"
            page[rows][0] = row | {"type": other, "id": row["id"] + "x"}

    _change_page(behaviour, operation, slip)


@fault("default-page-of-eleven", breaks="list_processor_runs.max_page_size.default")
def default_page_of_eleven(behaviour: Behaviour) -> None:
    """OpenAPI description, MaxPageSize: 10 by default; here a page without it holds one more."""
    behaviour.on_page_size(_LIST, lambda wanted, call: wanted + ("maxPageSize" not in call.query))


@fault("processors-token-as-number", breaks="list_processors.next_page_token")
def processors_token_as_number(behaviour: Behaviour) -> None:
    """List Processors, nextPageToken: a string or null; here a number."""
    _change_page(behaviour, "list_processors", lambda page, _: page.update(nextPageToken=2))


@fault("processors-page-too-long", breaks="list_processors.max_page_size")
def processors_page_too_long(behaviour: Behaviour) -> None:
    """List Processors, maxPageSize: a page holds no more; here it holds one more."""
    behaviour.on_page_size("list_processors", lambda wanted, call: wanted + ("maxPageSize" in call.query))


@fault("processors-unsorted", breaks="list_processors.sort")
def processors_unsorted(behaviour: Behaviour) -> None:
    """List Processors, sortBy: createdAt sorts by creation; here the first of a page stands at its end."""

    def move(page: JsonObject, call: Call) -> None:
        if call.query.get("sortBy") == "createdAt" and len(page["processors"]) > 1:
            page["processors"].append(page["processors"].pop(0))

    _change_page(behaviour, "list_processors", move)


def _change_page(behaviour: Behaviour, operation: str, change: Callable[[JsonObject, Call], object]) -> None:
    def hook(answer: Answer, call: Call) -> Answer:
        if answer.status != 200:
            return answer
        page = dict(answer.body)
        change(page, call)
        return replace(answer, body=page)

    behaviour.on_answer(operation, hook)
