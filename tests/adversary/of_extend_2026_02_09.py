"""Breaches and legal oddities, written from the documentation alone."""

import copy
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from proxy import Answer, Cut, Forward, Request, World, breach, oddity

CONTRACT = "extend/2026-02-09"
VIEWS = ("create", "list", "detail", "cancel")
REFERENCES = {"extract": "extractor", "classify": "classifier", "split": "splitter"}
ENDED = ("PROCESSED", "FAILED", "CANCELLED")


def kind(request: Request) -> str:
    """Which runs a request is about: extract, classify, split, parse, or nothing."""
    first = request.parts[0] if request.parts else ""
    return first.removesuffix("_runs") if first.endswith("_runs") and first != "batch_runs" else ""


def view(request: Request) -> str:
    """What a request asks for: batch, submit, create, list, detail, cancel, delete."""
    match request.method, request.parts:
        case "GET", ["batch_runs", _]:
            return "batch"
        case _, ["batch_runs", *_]:
            return ""
        case "POST", [_, "batch"]:
            return "submit"
        case "POST", [_]:
            return "create"
        case "GET", [_]:
            return "list"
        case "GET", [_, _]:
            return "detail"
        case "POST", [_, _, "cancel"]:
            return "cancel"
        case "DELETE", [_, _]:
            return "delete"
    return ""


def good(answer: Answer) -> bool:
    """An answer that is a success, with an object in it."""
    return answer.status == 200 and isinstance(answer.body, dict)


def runs(
    request: Request, answer: Answer, of: str = "", views: tuple[str, ...] = VIEWS
) -> Iterator[dict[str, Any]]:
    """The runs that an answer shows."""
    if not (good(answer) and kind(request) and of in ("", kind(request)) and view(request) in views):
        return
    yield from answer.body.get("data", []) if view(request) == "list" else [answer.body]


async def changed(
    request: Request,
    forward: Forward,
    change: Callable[[dict[str, Any]], object],
    of: str = "",
    views: tuple[str, ...] = VIEWS,
) -> Answer:
    """The answer, with a change to each run in it."""
    answer = await forward(request)
    for run in runs(request, answer, of, views):
        change(run)
    return answer


async def batch_changed(
    request: Request, forward: Forward, change: Callable[[dict[str, Any]], object], views: tuple[str, ...]
) -> Answer:
    """The answer, with a change to the batch in it."""
    answer = await forward(request)
    if good(answer) and view(request) in views:
        change(answer.body)
    return answer


def the_one(world: World, name: str, number: int = 3) -> bool:
    """Whether this is the object that was seen as the third one (or another number)."""
    known = world.memory.setdefault("names", [])
    if name not in known:
        known.append(name)
    return known.index(name) == number - 1


def looks(world: World, name: str) -> int:
    """How often something was looked at, this time included."""
    counts = world.memory.setdefault("looks", {})
    counts[name] = counts.get(name, 0) + 1
    return counts[name]


def moved(time: str, **by: float) -> str:
    """A time, moved."""
    return stamp(datetime.fromisoformat(time) + timedelta(**by))


def stamp(time: datetime) -> str:
    """A time as the server writes it."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def refusal(status: int, code: str, *, retryable: bool = False) -> Answer:
    """An error, as documented."""
    return Answer(
        status,
        {"code": code, "message": "This cannot be done.", "retryable": retryable, "requestId": "req_1"},
    )


def with_token(world: World, request: Request) -> None:
    """Lends the first token that was seen to a request that has none."""
    token = request.headers.get("authorization") or world.memory.get("token")
    if token:
        request.headers["authorization"] = world.memory.setdefault("token", token)


def memo(world: World, request: Request, answer: Answer) -> None:
    """Remembers the newest full run of each kind."""
    for run in runs(request, answer, views=("create", "detail")):
        world.memory[f"full {kind(request)}"] = copy.deepcopy(run)


# Batches


@breach(CONTRACT, "runCount is the number of runs; each input makes one", "seed 000, runCount; facts BA-7")
async def one_batch_counts_one_too_few(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: dict[str, Any]) -> None:
        if the_one(world, batch["id"]) and batch["runCount"] > 1:
            batch["runCount"] -= 1

    return await batch_changed(request, forward, change, ("batch",))


@breach(
    CONTRACT, "the batch endpoint answers with a batch in status PENDING", "seed 003, How it works 1; BA-5"
)
async def parse_batch_starts_processing(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: dict[str, Any]) -> None:
        if kind(request) == "parse":
            batch["status"] = "PROCESSING"

    return await batch_changed(request, forward, change, ("submit",))


@breach(CONTRACT, "PROCESSED means that all runs have completed", "seed 000, status table")
async def one_batch_is_processed_while_a_run_goes_on(
    world: World, request: Request, forward: Forward
) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and the_one(world, request.query.get("batchId", "none"), 4):
        for run in list(runs(request, answer))[:1]:
            run.update(status="PROCESSING", usage=None)
    return answer


@breach(
    CONTRACT,
    "a batch that has ended stays as it is: PROCESSED, FAILED and CANCELLED end it",
    "seed 003, How it works 2",
)
async def batch_is_cancelled_after_processed(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: dict[str, Any]) -> None:
        if batch["status"] == "PROCESSED" and looks(world, batch["id"]) > 1:
            batch["status"] = "CANCELLED"

    return await batch_changed(request, forward, change, ("batch",))


@breach(CONTRACT, "createdAt is the time at which the batch was created", "seed 000, createdAt")
async def batch_created_with_each_look(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: dict[str, Any]) -> None:
        batch["createdAt"] = moved(batch["createdAt"], seconds=looks(world, batch["id"]) - 1)

    return await batch_changed(request, forward, change, ("batch", "submit"))


@breach(CONTRACT, "createdAt is in UTC, after RFC 3339", "seed 000, createdAt")
async def batch_time_has_no_offset(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: dict[str, Any]) -> None:
        batch["createdAt"] = batch["createdAt"].removesuffix("Z")

    return await batch_changed(request, forward, change, ("batch",))


@breach(CONTRACT, "createdAt is the time at which the object was created", "seed 000, createdAt")
async def batch_of_1970(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: dict[str, Any]) -> None:
        batch["createdAt"] = "1970-01-01T00:00:00Z"

    return await batch_changed(request, forward, change, ("batch", "submit"))


@breach(CONTRACT, "the answer is the batch that was asked for", "seed 000, path parameter id")
async def one_batch_answers_as_another(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "batch":
        first = world.memory.setdefault("first", request.path)
        if the_one(world, request.path, 5):
            request.path = first
    return await forward(request)


@breach(CONTRACT, "each submission creates a batch of its own", "seed 003, How it works 1; RQ-3")
async def a_batch_is_submitted_into_the_last_one(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "submit" and good(answer):
        size = f"{kind(request)} {answer.body['runCount']}"
        answer.body = world.memory.setdefault(size, copy.deepcopy(answer.body))
    return answer


@breach(CONTRACT, "object is always batch_run", "seed 000, object")
async def parse_batch_is_called_otherwise(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: dict[str, Any]) -> None:
        if batch["id"].startswith("bpar_"):
            batch["object"] = "batch_parse_run"

    return await batch_changed(request, forward, change, ("batch",))


@breach(CONTRACT, "runCount is an integer", "seed 000, runCount")
async def run_count_is_text_when_submitted(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: dict[str, Any]) -> None:
        if kind(request) == "split":
            batch["runCount"] = str(batch["runCount"])

    return await batch_changed(request, forward, change, ("submit",))


@breach(
    CONTRACT,
    "a batch goes PENDING, PROCESSING, PROCESSED; PENDING is queued, not yet started",
    "seed 000, status table",
)
async def batch_goes_back_to_pending(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: dict[str, Any]) -> None:
        if batch["status"] == "PROCESSING":
            world.memory[batch["id"]] = True
        elif batch["status"] == "PROCESSED" and world.memory.get(batch["id"]):
            batch["status"] = "PENDING" if looks(world, batch["id"]) < 6 else "PROCESSED"

    return await batch_changed(request, forward, change, ("batch",))


# Which runs there are


@breach(CONTRACT, "a list filtered by batchId shows the runs of that batch", "seed 000; BA-20")
async def a_batch_shows_a_run_of_another(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and (batch := request.query.get("batchId")):
        rows = list(runs(request, answer))
        known = world.memory.setdefault(kind(request), {})
        other = next((row for name, row in known.items() if name != batch), None)
        if other and len(rows) > 1 and rows[-1]["status"] in ENDED:
            rows[-1].clear()
            rows[-1].update(copy.deepcopy(other))
        elif rows and not other and rows[0]["status"] in ENDED:
            known[batch] = copy.deepcopy(rows[0])
    return answer


@breach(CONTRACT, "each input makes exactly one run", "BA-7, BA-20; seed 003")
async def classify_batch_loses_its_last_run(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    rows = list(runs(request, answer, "classify", ("list",)))
    if "batchId" in request.query and len(rows) > 1 and "nextPageToken" not in answer.body:
        answer.body["data"].pop()
    return answer


@breach(CONTRACT, "each input makes exactly one run", "BA-7, BA-20; seed 003")
async def one_run_is_listed_in_the_place_of_its_neighbour(
    world: World, request: Request, forward: Forward
) -> Answer:
    answer = await forward(request)
    rows = list(runs(request, answer, "parse", ("list",)))
    if "batchId" in request.query and len(rows) > 1:
        answer.body["data"][1] = copy.deepcopy(rows[0])
    return answer


@breach(CONTRACT, "metadata that was given is shown", "seed 004, metadata; CR-6")
async def one_run_has_its_neighbours_metadata(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    rows = list(runs(request, answer, "split"))
    borrowed = world.memory.setdefault("borrowed", {})
    if view(request) == "list" and "batchId" in request.query and len(rows) > 1 and not borrowed:
        first, second = sorted(rows, key=lambda row: row["id"])[:2]
        borrowed[first["id"]] = second["metadata"]
    for row in rows:
        if row["id"] in borrowed:
            row["metadata"] = borrowed[row["id"]]
    return answer


@breach(CONTRACT, "metadata that was given is shown", "seed 004, metadata; CR-6")
async def metadata_of_a_single_run_is_lost(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "create" and good(answer):
        world.memory[answer.body["id"]] = True
    for run in runs(request, answer, "classify", ("detail",)):
        if run["id"] in world.memory:
            run["metadata"] = None
    return answer


@breach(CONTRACT, "the answer is the run that was asked for", "seed 004, path parameter id")
async def one_parse_run_answers_as_another(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "detail" and kind(request) == "parse":
        first = world.memory.setdefault("first", request.path)
        if the_one(world, request.path):
            request.path = first
    return await forward(request)


@breach(
    CONTRACT,
    "a run that a list shows can be read by its id",
    "seed 004; seed 003, Fetching individual results",
)
async def one_listed_run_is_unknown(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "detail" and good(answer) and the_one(world, request.path):
        return refusal(404, "NOT_FOUND")
    return answer


@breach(CONTRACT, "batchId of a parse run is the batch that it came from", "TS ParseRun; facts 4.4")
async def one_parse_run_names_another_batch(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        first = world.memory.setdefault("first", run.get("batchId"))
        if run.get("batchId") and run["batchId"] != first and the_one(world, run["id"], 1):
            run["batchId"] = first

    return await changed(request, forward, change, "parse", ("detail",))


@breach(CONTRACT, "batchId is present when the run came from a batch", "facts 4.4, batchId")
async def parse_rows_have_no_batch(world: World, request: Request, forward: Forward) -> Answer:
    return await changed(request, forward, lambda run: run.update(batchId=None), "parse", ("list",))


# Embedded objects and outputs


@breach(CONTRACT, "a version names the processor that the run names", "EM-1")
async def rows_name_the_version_of_another_classifier(
    world: World, request: Request, forward: Forward
) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["classifierVersion"]:
            run["classifierVersion"]["classifierId"] = "cl_anotherOne1234567890A"

    return await changed(request, forward, change, "classify", ("list",))


@breach(CONTRACT, "all inputs of a batch use the same version of the processor", "BA-14")
async def one_run_of_a_batch_has_another_version(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["extractorVersion"] and the_one(world, run["id"]):
            run["extractorVersion"] |= {"id": "exv_anotherVersion123456", "version": "0.9"}

    return await changed(request, forward, change, "extract")


@breach(CONTRACT, "the charges of an entry add up to its credits", "EM-2")
async def charges_of_one_split_run_do_not_add_up(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["usage"] and the_one(world, run["id"], 2):
            run["usage"]["breakdown"][0]["charges"][0]["credits"] += 1

    return await changed(request, forward, change, "split", ("detail",))


@breach(CONTRACT, "for a parse run totalCredits equals credits", "EM-4")
async def parse_rows_total_more_than_their_credits(
    world: World, request: Request, forward: Forward
) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["usage"]:
            run["usage"]["totalCredits"] += 1

    return await changed(request, forward, change, "parse", ("list",))


@breach(CONTRACT, "the breakdown lists what makes up totalCredits", "EM-3")
async def breakdown_misses_the_parse_run(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["usage"] and len(run["usage"]["breakdown"]) > 1:
            run["usage"]["breakdown"].pop()

    return await changed(request, forward, change, "classify", ("detail",))


@breach(
    CONTRACT, "a run has used one number of credits", "facts 4.2, usage; list and detail show the same run"
)
async def rows_show_other_credits_than_the_run(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["usage"]:
            run["usage"]["credits"] += 1

    return await changed(request, forward, change, "extract", ("list",))


@breach(CONTRACT, "a citation names the file of a run with one file", "OU-8")
async def one_citation_names_another_file(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["output"] and the_one(world, run["id"]):
            entry = next(item for item in run["output"]["metadata"].values() if item.get("citations"))
            entry["citations"][-1]["fileId"] = "file_anotherFile12345678"

    return await changed(request, forward, change, "extract", ("detail",))


@breach(CONTRACT, "keys of metadata are paths of fields in value", "OU-2")
async def one_output_tells_about_a_field_that_is_not_there(
    world: World, request: Request, forward: Forward
) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["output"] and the_one(world, run["id"], 2):
            run["output"]["metadata"]["line_items[7].amount"] = {"logprobsConfidence": 0.9}

    return await changed(request, forward, change, "extract", ("detail",))


@breach(CONTRACT, "value conforms to the schema of the config", "OU-14")
async def one_value_does_not_fit_its_schema(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["output"] and the_one(world, run["id"], 4) and run["output"]["value"]:
            run["output"]["value"][next(iter(run["output"]["value"]))] = ["129.50"]

    return await changed(request, forward, change, "extract", ("detail",))


@breach(CONTRACT, "confidences lie between 0 and 1", "OU-4")
async def confidence_in_percent_for_one_classify_run(
    world: World, request: Request, forward: Forward
) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["output"] and the_one(world, run["id"]):
            run["output"]["confidence"] *= 100

    return await changed(request, forward, change, "classify", ("detail",))


@breach(CONTRACT, "id and type of the output come from the classifications of the config", "OU-11")
async def one_document_is_classified_as_something_unknown(
    world: World, request: Request, forward: Forward
) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["output"] and the_one(world, run["id"], 2):
            run["output"]["type"] = "shopping_list"

    return await changed(request, forward, change, "classify", ("detail",))


@breach(CONTRACT, "a split has classificationId, and it is one of the config's", "OU-13")
async def a_split_is_of_an_unknown_classification(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["output"] and the_one(world, run["id"]):
            run["output"]["splits"][-1]["classificationId"] = "unheard_of"

    return await changed(request, forward, change, "split", ("detail",))


@breach(CONTRACT, "a split starts before it ends", "OU-13")
async def a_split_ends_before_it_starts(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["output"] and the_one(world, run["id"], 1):
            last = run["output"]["splits"][-1]
            last["startPage"] = last["endPage"] + 1

    return await changed(request, forward, change, "split", ("detail",))


@breach(CONTRACT, "a citation's page has a number from 1 on", "OU-7")
async def citations_count_pages_from_zero(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        for entry in (run["output"] or {}).get("metadata", {}).values():
            for citation in entry.get("citations", []):
                citation["page"]["number"] -= 1

    return await changed(request, forward, change, "extract", ("detail",))


@breach(CONTRACT, "an entry of the metadata has logprobsConfidence", "OU-3")
async def one_confidence_is_missing(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["output"] and the_one(world, run["id"], 2):
            for entry in list(run["output"]["metadata"].values())[-1:]:
                entry.pop("logprobsConfidence")

    return await changed(request, forward, change, "extract", ("detail",))


@breach(
    CONTRACT,
    "the type of a file is one of PDF, CSV, IMG, TXT, DOCX, EXCEL, XML, HTML",
    "facts 4.5, file summary",
)
async def file_types_are_lower_case_in_rows(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["file"] and run["file"]["type"]:
            run["file"]["type"] = run["file"]["type"].lower()

    return await changed(request, forward, change, "split", ("list",))


# Fields of runs and when they are there


@breach(CONTRACT, "output is present when status is PROCESSED", "seed 004, output")
async def one_processed_split_run_has_no_output(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["status"] == "PROCESSED" and the_one(world, run["id"], 2):
            run["output"] = None

    return await changed(request, forward, change, "split", ("detail",))


@breach(
    CONTRACT, "failureReason and failureMessage are present when status is FAILED", "seed 004, failureReason"
)
async def failed_rows_give_no_message(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["status"] == "FAILED":
            run["failureMessage"] = None

    return await changed(request, forward, change, "classify", ("list",))


@breach(
    CONTRACT,
    "failureReason is present when status is FAILED, and only then",
    "seed 004, failureReason; facts 4.2",
)
async def one_processed_run_tells_why_it_failed(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["status"] == "PROCESSED" and the_one(world, run["id"]):
            run["failureReason"] = "INTERNAL_ERROR"

    return await changed(request, forward, change, "parse", ("detail",))


@breach(CONTRACT, "initialOutput is present when reviewed is true", "seed 004, initialOutput")
async def one_run_is_reviewed_without_outputs(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["status"] == "PROCESSED" and the_one(world, run["id"], 2):
            run["reviewed"] = True

    return await changed(request, forward, change, "classify", ("detail",))


@breach(
    CONTRACT,
    "list and detail show one run: reviewed and edited say the same in both",
    "facts 4.2, summary form",
)
async def rows_say_edited(world: World, request: Request, forward: Forward) -> Answer:
    return await changed(request, forward, lambda run: run.update(edited=True), "split", ("list",))


@breach(CONTRACT, "metadata is present when it was provided during creation", "seed 004, metadata; CR-6")
async def metadata_numbers_become_text(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        for name, value in (run["metadata"] or {}).items():
            run["metadata"][name] = f"{value} "

    return await changed(request, forward, change, "extract", ("detail",))


@breach(CONTRACT, "metrics are present when PROCESSED, with pageCount a number", "facts 4.4, metrics")
async def page_count_is_missing_in_parse_rows(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["metrics"]:
            run["metrics"].pop("pageCount")

    return await changed(request, forward, change, "parse", ("list",))


@breach(CONTRACT, "list and detail show one run with one pageCount", "facts 4.4, metrics")
async def parse_rows_have_more_pages(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["metrics"]:
            run["metrics"]["pageCount"] += 1

    return await changed(request, forward, change, "parse", ("list",))


@breach(CONTRACT, "responseType=url gives outputUrl, and no output", "facts 4.4, output and outputUrl")
async def response_type_is_ignored(world: World, request: Request, forward: Forward) -> Answer:
    request.query.pop("responseType", None)
    return await forward(request)


@breach(CONTRACT, "PENDING is for parse runs of batches only", "facts 4.4, status")
async def single_parse_run_starts_pending(world: World, request: Request, forward: Forward) -> Answer:
    return await changed(request, forward, lambda run: run.update(status="PENDING"), "parse", ("create",))


@breach(CONTRACT, "dashboardUrl is a string", "seed 004, dashboardUrl")
async def created_classify_run_has_no_dashboard(world: World, request: Request, forward: Forward) -> Answer:
    return await changed(request, forward, lambda run: run.update(dashboardUrl=None), "classify", ("create",))


@breach(CONTRACT, "reviewed is a boolean", "seed 004, reviewed")
async def cancel_answers_reviewed_as_a_number(world: World, request: Request, forward: Forward) -> Answer:
    return await changed(request, forward, lambda run: run.update(reviewed=0), views=("cancel",))


@breach(CONTRACT, "the extractor is present when a reference was provided", "seed 004, extractor")
async def one_row_has_no_extractor(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if the_one(world, run["id"], 5):
            run |= {"extractor": None, "extractorVersion": None}

    return await changed(request, forward, change, "extract", ("list",))


@breach(CONTRACT, "the extractor of a run is the one that was asked for", "seed 004, extractor; EM-1")
async def one_created_run_uses_another_classifier(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["classifier"]:
            run["classifier"]["id"] = "cl_anotherOne1234567890A"
            run["classifierVersion"]["classifierId"] = "cl_anotherOne1234567890A"

    return await changed(request, forward, change, "classify", ("create",))


@breach(CONTRACT, "the extractor is not present with an inline config", "seed 004, extractor")
async def inline_run_names_an_extractor(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for run in runs(request, answer, "extract", ("create", "detail")):
        if run["extractor"]:
            world.memory["known"] = {
                "extractor": run["extractor"],
                "extractorVersion": run["extractorVersion"],
            }
        else:
            run.update(copy.deepcopy(world.memory.get("known", {})))
    return answer


@breach(CONTRACT, "config is the configuration used for the run", "seed 004, config; BA-14")
async def one_run_of_a_batch_has_another_config(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if the_one(world, run["id"], 2):
            run["config"]["splitRules"] = "Never split."

    return await changed(request, forward, change, "split", ("detail",))


@breach(CONTRACT, "the object of a row is classify_run", "facts 4.3")
async def one_classify_row_is_called_extract_run(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if the_one(world, run["id"], 6):
            run["object"] = "extract_run"

    return await changed(request, forward, change, "classify", ("list",))


@breach(CONTRACT, "parentFileId is a string or null", "facts 4.5, file summary")
async def one_file_has_a_parent_with_a_number(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["file"] and the_one(world, run["id"]):
            run["file"]["parentFileId"] = 0

    return await changed(request, forward, change, "parse", ("list",))


@breach(CONTRACT, "a run has one file: it does not become another one", "seed 004, file")
async def rows_show_another_file(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["file"]:
            run["file"]["id"] += "x"

    return await changed(request, forward, change, "split", ("list",))


@breach(CONTRACT, "parseRunId is a string or null, the same in list and detail", "seed 004, parseRunId")
async def rows_show_the_run_as_its_parse_run(world: World, request: Request, forward: Forward) -> Answer:
    return await changed(
        request, forward, lambda run: run.update(parseRunId=run["id"]), "classify", ("list",)
    )


# Times and life cycles of runs


@breach(CONTRACT, "updatedAt is the time at which the run was last updated", "seed 004, updatedAt")
async def updated_at_never_moves(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if "updatedAt" in run:
            run["updatedAt"] = run["createdAt"]

    return await changed(request, forward, change)


@breach(CONTRACT, "updatedAt is not before createdAt", "seed 004; facts 9")
async def one_run_was_updated_before_it_was_created(
    world: World, request: Request, forward: Forward
) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if the_one(world, run["id"]):
            run["updatedAt"] = moved(run["createdAt"], seconds=-5)

    return await changed(request, forward, change, "classify")


@breach(CONTRACT, "updatedAt is the time of the last update: it does not run backwards", "seed 004; facts 9")
async def updated_at_goes_back_with_each_look(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        back = looks(world, run["id"])
        run["updatedAt"] = max(run["createdAt"], moved(run["updatedAt"], milliseconds=-10 * back))

    return await changed(request, forward, change, "split", ("detail",))


@breach(
    CONTRACT,
    "createdAt is the time at which the run was created: list and detail agree",
    "seed 004, createdAt",
)
async def rows_were_created_a_minute_earlier(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        run["createdAt"] = moved(run["createdAt"], minutes=-1)

    return await changed(request, forward, change, "classify", ("list",))


@breach(CONTRACT, "createdAt is the time at which the run was created", "seed 004, createdAt")
async def extract_runs_are_created_in_a_year(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        run |= {
            "createdAt": moved(run["createdAt"], days=365),
            "updatedAt": moved(run["updatedAt"], days=365),
        }

    return await changed(request, forward, change, "extract")


@breach(CONTRACT, "times are in UTC", "seed 004, createdAt")
async def split_times_have_a_local_offset(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        local = datetime.fromisoformat(run["updatedAt"]) + timedelta(hours=2)
        run["updatedAt"] = local.isoformat(timespec="milliseconds").replace("+00:00", "+02:00")

    return await changed(request, forward, change, "split", ("list", "detail"))


@breach(CONTRACT, "PROCESSED, FAILED and CANCELLED are terminal", "PO-2; facts 9")
async def one_processed_run_fails_afterwards(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["status"] == "PROCESSED" and the_one(world, run["id"], 2) and looks(world, run["id"]) > 1:
            run |= {"status": "FAILED", "output": None, "metrics": None, "usage": None}
            run |= {"failureReason": "INTERNAL_ERROR", "failureMessage": "It failed."}

    return await changed(request, forward, change, "parse", ("detail", "list"))


@breach(CONTRACT, "PROCESSED, FAILED and CANCELLED are terminal", "PO-2; facts 9")
async def cancelled_runs_go_on(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["status"] == "CANCELLED" and looks(world, run["id"]) > 1:
            run |= {"status": "PROCESSING", "failureReason": None, "failureMessage": None}

    return await changed(request, forward, change, views=("detail", "list", "cancel"))


@breach(
    CONTRACT, "a terminal state is not left; list and detail show one run", "PO-2; facts 4.2, summary form"
)
async def rows_of_processed_runs_say_processing(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["status"] == "PROCESSED":
            run |= {"status": "PROCESSING", "usage": None}

    return await changed(request, forward, change, "classify", ("list",))


@breach(
    CONTRACT,
    "the statuses of extract runs are PENDING, PROCESSING, PROCESSED, FAILED, CANCELLED",
    "facts 4.2, status",
)
async def one_run_is_completed(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["status"] == "PROCESSED" and the_one(world, run["id"], 4):
            run["status"] = "COMPLETED"

    return await changed(request, forward, change, "extract")


# Filters, sorting and pages


@breach(CONTRACT, "status filters the list", "LI-1")
async def status_filter_of_splits_is_ignored(world: World, request: Request, forward: Forward) -> Answer:
    if kind(request) == "split" and view(request) == "list":
        request.query.pop("status", None)
    return await forward(request)


@breach(
    CONTRACT, "source filters the list, and runs of batches have the source BATCH_PROCESSOR_RUN", "LI-1, LI-2"
)
async def source_filter_is_ignored(world: World, request: Request, forward: Forward) -> Answer:
    if kind(request) == "classify" and view(request) == "list":
        request.query.pop("source", None)
    return await forward(request)


@breach(CONTRACT, "sourceId filters the list", "LI-1")
async def source_id_filter_is_ignored(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list":
        request.query.pop("sourceId", None)
    return await forward(request)


@breach(CONTRACT, "fileNameContains filters the list", "LI-1, LI-3")
async def file_name_filter_is_ignored_for_parse_runs(
    world: World, request: Request, forward: Forward
) -> Answer:
    if kind(request) == "parse":
        request.query.pop("fileNameContains", None)
    return await forward(request)


@breach(CONTRACT, "source is ignored when batchId is given", "LI-3")
async def source_counts_beside_the_batch(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    rows = list(runs(request, answer, "parse", ("list",)))
    if (
        rows
        and "batchId" in request.query
        and request.query.get("source", "BATCH_PARSER_RUN") != "BATCH_PARSER_RUN"
    ):
        answer.body = {"object": "list", "data": []}
    return answer


@breach(CONTRACT, "classifierId filters the list", "LI-1")
async def processor_filter_is_ignored(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list":
        request.query.pop("classifierId", None)
    return await forward(request)


@breach(CONTRACT, "sortDir=asc gives the earliest first", "PG-6")
async def ascending_is_ignored_for_splits(world: World, request: Request, forward: Forward) -> Answer:
    if kind(request) == "split":
        request.query.pop("sortDir", None)
    return await forward(request)


@breach(CONTRACT, "sortBy names the time that sorts", "PG-7")
async def sort_by_is_ignored(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list":
        request.query.pop("sortBy", None)
    return await forward(request)


@breach(CONTRACT, "the newest come first without sortDir", "PG-6, default desc")
async def oldest_come_first(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list" and kind(request) in REFERENCES:
        request.query.setdefault("sortDir", "asc")
    return await forward(request)


@breach(CONTRACT, "a page has at most maxPageSize rows", "PG-5")
async def later_pages_are_too_large(world: World, request: Request, forward: Forward) -> Answer:
    size = request.query.get("maxPageSize", "")
    if view(request) == "list" and "nextPageToken" in request.query and size.isdigit() and int(size) < 1000:
        request.query["maxPageSize"] = str(int(size) + 1)
    return await forward(request)


@breach(CONTRACT, "a page has 10 rows by default", "PG-5")
async def default_page_has_twelve_rows(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list":
        request.query.setdefault("maxPageSize", "12")
    return await forward(request)


@breach(CONTRACT, "the pages together are the list: no row is lost", "PG-4")
async def the_first_page_loses_a_row(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if (
        view(request) == "list"
        and kind(request) == "parse"
        and good(answer)
        and answer.body.get("nextPageToken")
    ):
        answer.body["data"] = answer.body["data"][:-1]
    return answer


@breach(CONTRACT, "the pages together are the list: no row comes twice", "PG-4")
async def the_second_page_repeats_a_row(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and kind(request) == "split" and good(answer) and answer.body["data"]:
        if "nextPageToken" in request.query and world.memory.get("last"):
            answer.body["data"][0] = world.memory["last"]
        world.memory["last"] = copy.deepcopy(answer.body["data"][-1])
    return answer


@breach(CONTRACT, "the token leads on", "PG-3, PG-4")
async def tokens_lead_to_the_first_page(world: World, request: Request, forward: Forward) -> Answer:
    if kind(request) == "extract":
        request.query.pop("nextPageToken", None)
    return await forward(request)


@breach(CONTRACT, "nextPageToken is returned when more results exist", "PG-3")
async def lists_end_with_their_first_page(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and kind(request) == "classify" and good(answer):
        answer.body.pop("nextPageToken", None)
    return answer


@breach(CONTRACT, "a token is taken in the query of the next request", "PG-4")
async def the_second_page_is_refused(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list" and kind(request) == "split" and "nextPageToken" in request.query:
        return refusal(400, "INVALID_REQUEST")
    return await forward(request)


@breach(CONTRACT, "a token is taken in the query of the next request", "PG-4")
async def the_second_page_breaks(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list" and kind(request) == "parse" and "nextPageToken" in request.query:
        return refusal(500, "INTERNAL_ERROR", retryable=True)
    return await forward(request)


@breach(CONTRACT, "the object of a list is always list", "PG-2")
async def later_pages_are_called_page(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and "nextPageToken" in request.query and good(answer):
        answer.body["object"] = "page"
    return answer


@breach(CONTRACT, "data is a list", "PG-1")
async def empty_lists_are_null(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and good(answer) and answer.body["data"] == []:
        answer.body["data"] = None
    return answer


# Errors: what is refused, and how


@breach(CONTRACT, "an unknown batch gives 404", "seed 000, Errors; BA-2")
async def unknown_batch_gives_400(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "batch" and answer.status == 404:
        answer.status = 400
    return answer


@breach(CONTRACT, "an unknown run gives 404", "facts 4.1, ER-10")
async def unknown_parse_run_breaks(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "detail" and kind(request) == "parse" and answer.status == 404:
        return refusal(500, "INTERNAL_ERROR", retryable=True)
    return answer


@breach(CONTRACT, "an unknown run gives 404", "facts 4.1, ER-10")
async def deleting_something_unknown_works(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "delete" and answer.status == 404 and request.path not in world.memory:
        return Answer(200, {"id": request.parts[1]})
    world.memory[request.path] = True
    return answer


@breach(CONTRACT, "an unknown run gives 404", "facts 4.1, ER-10")
async def cancelling_something_unknown_gives_an_empty_answer(
    world: World, request: Request, forward: Forward
) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and answer.status == 404:
        return Answer(200, {})
    return answer


@breach(CONTRACT, "an error has retryable", "ER-1")
async def error_of_cancel_lacks_retryable(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and answer.status >= 400:
        answer.body.pop("retryable")
    return answer


@breach(CONTRACT, "retryable is a boolean; NOT_FOUND is not retryable", "ER-1, ER-3")
async def not_found_is_retryable_in_delete(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "delete" and answer.status == 404:
        answer.body["retryable"] = True
    return answer


@breach(CONTRACT, "an error is at the top level, with code and message as text", "facts 7.1")
async def refused_batches_have_a_list_as_message(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "submit" and answer.status == 400:
        answer.body["message"] = [answer.body["message"]]
    return answer


@breach(CONTRACT, "an error has a code", "ER-1")
async def unauthorized_lists_give_text(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and answer.status == 401:
        return Answer(401, None, {"content-type": "text/plain"}, b"Unauthorized")
    return answer


@breach(CONTRACT, "a missing or malformed token gives 401", "AU-2")
async def batches_are_public(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "batch" and answer.status == 200:
        world.memory[request.path] = copy.deepcopy(answer.body)
    if view(request) == "batch" and answer.status == 401 and request.path in world.memory:
        return Answer(200, world.memory[request.path])
    return answer


@breach(CONTRACT, "a missing token gives 401", "AU-2")
async def anyone_may_cancel(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "cancel" or "token" not in world.memory:
        with_token(world, request)
    return await forward(request)


@breach(CONTRACT, "an unknown processor gives an error", "facts 4.1: 404; CR-7")
async def unknown_classifier_is_accepted_for_single_runs(
    world: World, request: Request, forward: Forward
) -> Answer:
    answer = await forward(request)
    memo(world, request, answer)
    run = world.memory.get("full classify")
    if view(request) == "create" and kind(request) == "classify" and answer.status == 404 and run:
        return Answer(200, copy.deepcopy(run))
    return answer


@breach(CONTRACT, "metadata has at most 10 KB", "CR-6")
async def metadata_has_no_limit_in_split_batches(world: World, request: Request, forward: Forward) -> Answer:
    body = request.body if isinstance(request.body, dict) else {}
    if view(request) == "submit" and kind(request) == "split":
        for item in body.get("inputs") or []:
            if isinstance(item, dict) and len(str(item.get("metadata"))) > 10_000:
                item["metadata"] = {}
    return await forward(request)


@breach(CONTRACT, "maxPageSize may be 1000", "PG-5")
async def pages_of_more_than_100_are_refused(world: World, request: Request, forward: Forward) -> Answer:
    size = request.query.get("maxPageSize", "")
    if view(request) == "list" and size.isdigit() and int(size) > 100:
        return refusal(400, "INVALID_REQUEST")
    return await forward(request)


@breach(CONTRACT, "sortBy=createdAt is a value of sortBy", "PG-7")
async def sort_by_created_at_is_refused(world: World, request: Request, forward: Forward) -> Answer:
    if kind(request) == "classify" and request.query.get("sortBy") == "createdAt":
        return refusal(400, "INVALID_REQUEST")
    return await forward(request)


@breach(CONTRACT, "CANCELLED is a value of the filter status", "LI-1; facts 4.2, status")
async def filter_for_cancelled_is_refused(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "list" and request.query.get("status") == "CANCELLED":
        return refusal(400, "INVALID_REQUEST")
    return await forward(request)


@breach(CONTRACT, "a list without a match is a list", "PG-1, LI-1")
async def empty_lists_are_not_found(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if (
        view(request) == "list"
        and good(answer)
        and not answer.body["data"]
        and "batchId" not in request.query
    ):
        return refusal(404, "NOT_FOUND")
    return answer


@breach(CONTRACT, "a run can be polled at any time", "seed 004; seed 003, Checking batch status")
async def pending_batches_cannot_be_read(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "batch" and good(answer) and answer.body["status"] == "PENDING":
        return refusal(404, "NOT_FOUND")
    return answer


@breach(CONTRACT, "the batch endpoint can be polled at any time", "seed 003, Checking batch status")
async def reading_one_batch_always_breaks_off(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "batch" and good(answer) and the_one(world, request.path, 4):
        raise Cut
    return answer


@breach(CONTRACT, "a run can be read by its id", "seed 004")
async def reading_one_split_run_always_breaks(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if (
        view(request) == "detail"
        and kind(request) == "split"
        and good(answer)
        and the_one(world, request.path, 1)
    ):
        return refusal(500, "INTERNAL_ERROR", retryable=True)
    return answer


# Cancelling and deleting


@breach(CONTRACT, "completed runs cannot be cancelled", "CA-1")
async def processed_classify_runs_can_be_cancelled(
    world: World, request: Request, forward: Forward
) -> Answer:
    answer = await forward(request)
    if view(request) == "detail" and good(answer):
        world.memory[answer.body["id"]] = copy.deepcopy(answer.body)
    if view(request) == "cancel" and kind(request) == "classify" and answer.status == 400:
        known = world.memory.get(request.parts[1])
        return Answer(200, known) if known else answer
    return answer


@breach(CONTRACT, "cancelled runs cannot be cancelled", "CA-1")
async def cancel_works_a_second_time(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel":
        if good(answer):
            world.memory[request.path] = copy.deepcopy(answer.body)
        elif answer.status == 400 and request.path in world.memory:
            return Answer(200, world.memory[request.path])
    return answer


@breach(CONTRACT, "cancel answers with the run that was cancelled", "CA-3")
async def cancel_answers_with_another_id(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and good(answer):
        answer.body["id"] = answer.body["id"][:-1] + ("a" if answer.body["id"][-1] != "a" else "b")
    return answer


@breach(CONTRACT, "a run with status PROCESSING can be cancelled", "CA-1")
async def processing_extract_runs_cannot_be_cancelled(
    world: World, request: Request, forward: Forward
) -> Answer:
    if view(request) == "cancel" and kind(request) == "extract":
        found = await forward(Request("GET", f"/extract_runs/{request.parts[1]}", {}, dict(request.headers)))
        if good(found):
            return refusal(400, "INVALID_REQUEST")
    return await forward(request)


@breach(CONTRACT, "delete removes the run permanently", "DE-1")
async def deleted_parse_runs_can_still_be_read(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "detail" and kind(request) == "parse":
        if good(answer):
            world.memory[request.path] = copy.deepcopy(answer.body)
        elif answer.status == 404 and request.path in world.memory:
            return Answer(200, world.memory[request.path])
    return answer


@breach(CONTRACT, "delete removes the run: it leaves the lists", "DE-1")
async def deleted_runs_stay_in_lists(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for run in runs(request, answer):
        world.memory[run["id"]] = copy.deepcopy(run)
    if view(request) == "delete" and good(answer) and request.parts[1] in world.memory:
        world.memory.setdefault(f"gone {kind(request)}", []).append(world.memory[request.parts[1]])
    if view(request) == "list" and good(answer) and not set(request.query) - {"maxPageSize"}:
        answer.body["data"] = [*world.memory.get(f"gone {kind(request)}", [])[-1:], *answer.body["data"][:-1]]
    return answer


@breach(CONTRACT, "delete removes the run, and no other run", "DE-1")
async def delete_takes_a_neighbour_along(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    known = world.memory.setdefault(kind(request), [])
    known += [run["id"] for run in runs(request, answer) if run["id"] not in known]
    if view(request) == "delete" and good(answer):
        for other in [name for name in known if name != request.parts[1]][-1:]:
            await forward(Request("DELETE", f"/{request.parts[0]}/{other}", {}, dict(request.headers)))
    return answer


@breach(CONTRACT, "an answer with 200 is the object in JSON", "seed 000, Response")
async def one_answer_is_cut_short(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if (
        view(request) == "batch"
        and good(answer)
        and the_one(world, f"{request.path}{looks(world, 'all')}", 6)
    ):
        return Answer(200, None, {"content-type": "application/json"}, b'{"object": "batch_run", "id": "bpr_')
    return answer


# Oddities: what the documentation allows


def each(value: Any) -> Iterator[dict[str, Any]]:
    """All objects in a body, the innermost first."""
    if isinstance(value, dict):
        for item in value.values():
            yield from each(item)
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from each(item)


def rewritten(value: Any, change: Callable[[str], str]) -> Any:
    """A body in which every text is changed."""
    if isinstance(value, dict):
        return {name: rewritten(item, change) for name, item in value.items()}
    if isinstance(value, list):
        return [rewritten(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


async def times_written(request: Request, forward: Forward, change: Callable[[str], str]) -> Answer:
    """The answer, with its times written in another way."""
    answer = await forward(request)
    for item in each(answer.body):
        for name in ("createdAt", "updatedAt"):
            if isinstance(item.get(name), str):
                item[name] = change(item[name])
    return answer


async def ids_written(
    request: Request, forward: Forward, there: Callable[[str], str], back: Callable[[str], str]
) -> Answer:
    """The answer, with other ids: ``there`` changes them for the client, ``back`` for the server."""
    request.path = back(request.path)
    request.query = {name: back(value) for name, value in request.query.items()}
    request.body = rewritten(request.body, back)
    answer = await forward(request)
    answer.body = rewritten(answer.body, there)
    return answer


def page(status: int) -> Answer:
    """The page of a CDN."""
    return Answer(
        status, None, {"content-type": "text/html", "server": "cdn"}, b"<html><h1>Try again</h1></html>"
    )


@oddity(CONTRACT, "new properties may appear in answers", "LEN-3")
async def more_fields_everywhere(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for item in each(answer.body):
        if "object" in item:
            item |= {
                "success": True,
                "_links": {"self": request.path},
                "requestId": "req_1",
                "retryable": None,
            }
    return answer


@oddity(
    CONTRACT, "batches may have processorType and updatedAt, runs may have more fields", "C-02, BA-24, LEN-3"
)
async def batches_tell_their_type(world: World, request: Request, forward: Forward) -> Answer:
    def change(batch: dict[str, Any]) -> None:
        batch |= {
            "processorType": "EXTRACT",
            "updatedAt": stamp(datetime.now(UTC)),
            "metrics": {"numFiles": 1.1},
        }

    return await batch_changed(request, forward, change, ("batch", "submit"))


@oddity(CONTRACT, "the examples of times have no fraction", "seed 000, createdAt: 2024-03-21T16:45:00Z")
async def times_in_whole_seconds(world: World, request: Request, forward: Forward) -> Answer:
    return await times_written(request, forward, lambda time: time[:19] + "Z")


@oddity(CONTRACT, "ids may have any length up to 255, any format", "LEN-5, LEN-7")
async def ids_are_very_long(world: World, request: Request, forward: Forward) -> Answer:
    tail = "-" + "l0ng" * 50
    known = re.compile(r"\b(?:bpr|bpar|exr|clr|splr|pr|file)_[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])")
    return await ids_written(
        request,
        forward,
        lambda text: known.sub(lambda found: found[0] + tail, text),
        lambda text: text.replace(tail, ""),
    )


@oddity(CONTRACT, "fixed prefixes of ids may be removed or added", "LEN-6")
async def ids_have_other_prefixes(world: World, request: Request, forward: Forward) -> Answer:
    return await ids_written(
        request,
        forward,
        lambda text: re.sub(
            r"\b(bpr|bpar|exr|clr|splr|pr|file|ex|cl|spl)_(?=[A-Za-z0-9_-]{22})", r"9.\1.", text
        ),
        lambda text: re.sub(r"9\.([a-z]+)\.(?=[A-Za-z0-9_-]{22})", r"\1_", text),
    )


@oddity(
    CONTRACT,
    "429 is documented everywhere, Retry-After may be there, the body may be an error text",
    "RL-1, RL-2, C-30",
)
async def sometimes_too_many_requests(world: World, request: Request, forward: Forward) -> Answer:
    if world.count % 40 == 0:
        return Answer(429, {"error": "Too many requests"}, {"retry-after": "1"})
    return await forward(request)


@oddity(CONTRACT, "429 with the code RATE_LIMIT_EXCEEDED may meet a submission, too", "RL-1; facts 4.1")
async def submissions_are_slowed_down(world: World, request: Request, forward: Forward) -> Answer:
    if request.method == "POST" and looks(world, "posts") % 9 == 0:
        return refusal(429, "RATE_LIMIT_EXCEEDED", retryable=True)
    return await forward(request)


@oddity(CONTRACT, "500 is documented everywhere, and retryable", "ER-3; seed 000, Errors")
async def reading_sometimes_breaks(world: World, request: Request, forward: Forward) -> Answer:
    if request.method == "GET" and looks(world, "reads") % 45 == 0:
        return refusal(500, "INTERNAL_ERROR", retryable=True)
    return await forward(request)


@oddity(
    CONTRACT,
    "a gateway before the server may fail for a moment",
    "no statement about gateways; RL-6: clients retry 5xx",
)
async def gateway_sometimes_fails(world: World, request: Request, forward: Forward) -> Answer:
    if request.method == "GET" and looks(world, "reads") % 30 == 0:
        return page((502, 503, 504, 520, 524, 530)[world.count % 6])
    return await forward(request)


@oddity(CONTRACT, "a gateway before the server may give up waiting once", "RL-6: clients retry 408")
async def gateway_times_out(world: World, request: Request, forward: Forward) -> Answer:
    if request.method == "GET" and looks(world, "reads") in (25, 90):
        return page(408)
    return await forward(request)


@oddity(CONTRACT, "a connection may break once", "no statement about connections")
async def connection_breaks_once(world: World, request: Request, forward: Forward) -> Answer:
    if request.method == "GET" and looks(world, "reads") == 40:
        raise Cut
    return await forward(request)


@oddity(
    CONTRACT,
    "a replica may be one look behind: nothing says that reads are synchronous",
    "no statement; facts 9",
)
async def replica_is_one_look_behind(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) in ("batch", "detail") and good(answer):
        old = world.memory.get(request.path)
        world.memory[request.path] = copy.deepcopy(answer.body)
        if old and old["status"] != answer.body["status"]:
            answer.body = old
    return answer


@oddity(CONTRACT, "lists may be a look behind the details", "no statement; facts 9")
async def lists_are_one_look_behind(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and good(answer) and "batchId" in request.query:
        place = request.path + str(sorted(request.query.items()))
        old = world.memory.get(place)
        world.memory[place] = copy.deepcopy(answer.body)
        if old and str(old) != str(answer.body) and len(old["data"]) == len(answer.body["data"]):
            answer.body = old
    return answer


@oddity(
    CONTRACT,
    "runs of a batch are enqueued one by one: while it waits the list may be empty",
    "seed 003, How it works 2",
)
async def runs_of_a_young_batch_are_not_listed_yet(
    world: World, request: Request, forward: Forward
) -> Answer:
    answer = await forward(request)
    rows = list(runs(request, answer, views=("list",)))
    if "batchId" in request.query and rows and all(row["status"] == "PENDING" for row in rows):
        answer.body = {"object": "list", "data": []}
    return answer


@oddity(
    CONTRACT, "a client may miss PENDING and PROCESSING", "facts 9: a poller may miss intermediate states"
)
async def batches_end_before_the_first_look(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for _ in range(300):
        if not (view(request) == "batch" and good(answer) and answer.body["status"] not in ENDED):
            break
        answer = await forward(request)
    return answer


@oddity(CONTRACT, "cancelling is best effort: the run may end PROCESSED", "CA-4")
async def cancelling_comes_too_late(world: World, request: Request, forward: Forward) -> Answer:
    if view(request) == "cancel":
        look = Request("GET", f"/{request.parts[0]}/{request.parts[1]}", {}, dict(request.headers))
        answer = await forward(look)
        if good(answer) and answer.body["status"] == "PROCESSING":
            return answer
    return await forward(request)


@oddity(CONTRACT, "a run on its way to CANCELLED may say CANCELLING", "C-08, CA-5")
async def cancel_answers_cancelling(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["status"] == "CANCELLED":
            run["status"] = "CANCELLING"

    return await changed(request, forward, change, views=("cancel",))


@oddity(CONTRACT, "a second delete is not documented: it may succeed", "DE-2")
async def delete_twice_succeeds(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "delete":
        if good(answer):
            world.memory[request.path] = True
        elif answer.status == 404 and request.path in world.memory:
            return Answer(200, {"id": request.parts[1]})
    return answer


@oddity(CONTRACT, "a request without a version may be served", "VE-3, VE-7; C-20")
async def version_may_be_left_out(world: World, request: Request, forward: Forward) -> Answer:
    request.headers.setdefault("x-extend-api-version", "2026-02-09")
    return await forward(request)


@oddity(CONTRACT, "nextPageToken may be null on the last page", "C-22; PG-3")
async def last_token_is_null(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "list" and good(answer):
        answer.body.setdefault("nextPageToken", None)
    return answer


@oddity(CONTRACT, "a page may have fewer rows than maxPageSize", "PG-5: fewer items may be returned")
async def pages_are_half_full(world: World, request: Request, forward: Forward) -> Answer:
    size = request.query.get("maxPageSize", "10")
    if view(request) == "list" and size.isdigit() and 1 < int(size) <= 1000:
        request.query["maxPageSize"] = str((int(size) + 1) // 2)
    return await forward(request)


@oddity(CONTRACT, "422 is documented beside 400, and nothing says when", "C-28; ER-6")
async def refused_with_422(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    views = ("create", "submit", "list", "cancel")
    if answer.status == 400 and view(request) in views and "x-extend-api-version" in request.headers:
        answer.status = 422
    return answer


@oddity(CONTRACT, "requestId is there when available; docUrl and more may be there", "ER-1, LEN-3")
async def errors_without_request_id(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.status >= 400 and isinstance(answer.body, dict):
        answer.body.pop("requestId", None)
        answer.body |= {"docUrl": "https://docs.extend.ai/errors", "message": "", "details": []}
        answer.headers.pop("x-extend-request-id", None)
    return answer


@oddity(CONTRACT, "file is null when it could not be processed", "facts 4.2, file; C-06, C-07")
async def failed_runs_have_no_file(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        if run["status"] == "FAILED":
            run["file"] = None

    return await changed(request, forward, change)


@oddity(CONTRACT, "credits are numbers: sums of fractions are rounded", "facts 4.5, credits: number")
async def credits_are_fractions(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for item in each(answer.body):
        if "charges" in item:
            whole = item["charges"][0]
            item |= {"charges": [{**whole, "credits": 0.1}, {**whole, "credits": 0.2}], "credits": 0.3}
    for run in runs(request, answer):
        if run["usage"]:
            run["usage"].update(credits=0.3, totalCredits=0.3 if kind(request) == "parse" else 0.6)
    return answer


@oddity(CONTRACT, "lists may show more than the summary", "C-45, LEN-3")
async def rows_show_config_and_output(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for run in runs(request, answer, views=("list",)):
        full = await forward(Request("GET", f"{request.path}/{run['id']}", {}, dict(request.headers)))
        if good(full) and full.body["status"] == run["status"]:
            run |= {name: full.body[name] for name in full.body if name not in run}
    return answer


@oddity(CONTRACT, "answers may have more headers, and others", "no statement about headers")
async def headers_of_a_cdn(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.headers.pop("x-extend-request-id", None)
    answer.headers |= {"content-type": "application/json; charset=utf-8", "cf-ray": "8a1", "retry-after": "0"}
    answer.headers |= {"cache-control": "max-age=60", "etag": 'W/"1"', "x-ratelimit-remaining": "0"}
    return answer


@oddity(
    CONTRACT,
    "other clients of the workspace work at the same time",
    "no statement; unfiltered lists show all runs",
)
async def another_client_is_busy(world: World, request: Request, forward: Forward) -> Answer:
    body = request.body if isinstance(request.body, dict) else {}
    answer = await forward(request)
    known = world.memory.setdefault("known", {})
    if view(request) == "create" and good(answer) and REFERENCES.get(kind(request), "file") in body:
        other = {name: copy.deepcopy(body[name]) for name in REFERENCES.values() if name in body}
        other["file"] = {"url": "https://example.com/other.pdf", "name": "other.pdf"}
        known[request.path] = Request("POST", request.path, {}, dict(request.headers), other)
    if request.method == "GET" and looks(world, "reads") % 6 == 0:
        for another in known.values():
            await forward(copy.deepcopy(another))
    return answer


@oddity(CONTRACT, "type of a file may be null, createdBy may be null", "facts 4.5")
async def nullable_details_are_null(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for item in each(answer.body):
        if item.get("object") == "file":
            item |= {"type": None, "parentFileId": None, "metadata": {}}
        if str(item.get("object")).endswith("_version"):
            item |= {"createdBy": None, "description": None}
    return answer


@oddity(
    CONTRACT,
    "citations and insights are optional; the insight types issue and review_summary may come",
    "OU-3, C-11",
)
async def insights_of_a_review_agent(world: World, request: Request, forward: Forward) -> Answer:
    def change(run: dict[str, Any]) -> None:
        outputs = [run[name] for name in ("output", "initialOutput", "reviewedOutput") if run[name]]
        for entry in [entry for output in outputs for entry in output.get("metadata", {}).values()]:
            entry.pop("citations", None)
            entry.pop("ocrConfidence", None)
            entry |= {
                "logprobsConfidence": None,
                "insights": [{"type": "issue", "content": "Is it legible?"}],
            }

    return await changed(request, forward, change, "extract", ("create", "detail", "cancel"))


@oddity(CONTRACT, "FAILED and PROCESSED both fit a batch with a failed run", "C-03; BA-17")
async def batch_with_a_failed_run_fails(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "batch" and good(answer) and answer.body["status"] == "PROCESSED":
        for path in ("/extract_runs", "/classify_runs", "/split_runs", "/parse_runs"):
            query = {"batchId": request.parts[1], "status": "FAILED"}
            found = await forward(Request("GET", path, query, dict(request.headers)))
            if good(found) and found.body["data"]:
                answer.body["status"] = "FAILED"
    return answer


@oddity(CONTRACT, "a single run may start with PROCESSING", "CR-4, C-05")
async def single_runs_start_processing(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if view(request) == "cancel" and answer.status == 400 and request.parts[1] in world.memory:
        look = Request("GET", f"/{request.parts[0]}/{request.parts[1]}", {}, dict(request.headers))
        for _ in range(50):
            found = await forward(look)
            if not good(found) or found.body["status"] != "PENDING":
                break
        answer = await forward(request)
    if view(request) == "create" and good(answer):
        world.memory[answer.body["id"]] = True
    if request.query.get("status") != "PENDING":
        for run in runs(request, answer):
            if run["id"] in world.memory and run["status"] == "PENDING":
                run["status"] = "PROCESSING"
    return answer
