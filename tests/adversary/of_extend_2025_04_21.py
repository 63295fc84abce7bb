"""Breaches and legal oddities, written from the documentation alone."""

import copy
import json
import re
from typing import Any

from proxy import Answer, Cut, Forward, Request, World, breach, oddity

CONTRACT = "extend/2025-04-21"
SEED = "seed 001, Get Batch Processor Run"
OAS = "OpenAPI 2025-04-21"
FACTS = "facts/extend.md"

# What a request is, and what an answer carries.


def _is(request: Request, method: str, *parts: str) -> bool:
    """Whether a request has this method and path, where ``*`` stands for any segment."""
    found = request.parts
    return (
        request.method == method
        and len(found) == len(parts)
        and all(want in ("*", have) for want, have in zip(parts, found, strict=True))
    )


def _reads_run(request: Request) -> bool:
    return _is(request, "GET", "processor_runs", "*")


def _reads_batch(request: Request) -> bool:
    return _is(request, "GET", "batch_processor_runs", "*")


def _lists(request: Request) -> bool:
    return _is(request, "GET", "processor_runs")


def _creates(request: Request) -> bool:
    return _is(request, "POST", "processor_runs")


def _cancels(request: Request) -> bool:
    return _is(request, "POST", "processor_runs", "*", "cancel")


def _deletes(request: Request) -> bool:
    return _is(request, "DELETE", "processor_runs", "*")


def _object(answer: Answer, key: str) -> dict[str, Any]:
    found = answer.body.get(key) if answer.status == 200 and isinstance(answer.body, dict) else None
    return found if isinstance(found, dict) else {}


def _run(answer: Answer) -> dict[str, Any]:
    """The run of an answer, empty where it has none."""
    return _object(answer, "processorRun")


def _batch(answer: Answer) -> dict[str, Any]:
    """The batch of an answer, empty where it has none."""
    return _object(answer, "batchProcessorRun")


def _rows(answer: Answer) -> list[dict[str, Any]]:
    """The rows of a list of runs, empty where there are none."""
    found = (
        answer.body.get("processorRuns") if answer.status == 200 and isinstance(answer.body, dict) else None
    )
    return found if isinstance(found, list) else []


def _processed(answer: Answer, kind: str) -> dict[str, Any]:
    """The run of an answer, where it is PROCESSED and of this type."""
    run = _run(answer)
    return run if run.get("status") == "PROCESSED" and run.get("type") == kind else {}


def _error(status: int, message: str = "Something is wrong.") -> Answer:
    return Answer(status, {"success": False, "error": message})


def _kept(world: World, request: Request, answer: Answer) -> None:
    """Remembers the token of the newest request that was served."""
    if answer.status == 200:
        world.memory.setdefault("token", request.headers.get("authorization"))


def _with_good_token(world: World, request: Request) -> Request:
    headers = {**request.headers, "authorization": world.memory["token"]}
    return Request(request.method, request.path, request.query, headers, request.body, request.raw)


def _without(request: Request, *names: str) -> Request:
    query = {name: value for name, value in request.query.items() if name not in names}
    return Request(request.method, request.path, query, request.headers, request.body, request.raw)


# Breaches: the envelope.


@breach(CONTRACT, "The answer about a batch carries success, a boolean.", f"{SEED}, response")
async def batch_without_success(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer):
        del answer.body["success"]
    return answer


@breach(CONTRACT, "A successful answer says success true.", f"{FACTS} EN-1")
async def cancelled_without_success(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _cancels(request) and answer.status == 200:
        answer.body["success"] = False
    return answer


@breach(CONTRACT, "success is a boolean, also when a run was deleted.", f"{FACTS} 5.1, EN-1")
async def deleted_with_success_as_text(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _deletes(request) and answer.status == 200:
        answer.body["success"] = "true"
    return answer


@breach(CONTRACT, "Deleting a run answers with its id in documentProcessorRunId.", f"{FACTS} 5.1")
async def deleted_names_no_run(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _deletes(request) and answer.status == 200:
        del answer.body["documentProcessorRunId"]
    return answer


@breach(CONTRACT, "Deleting a run answers with the id of that run.", f"{FACTS} 5.1")
async def deleted_names_another_run(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _deletes(request) and answer.status == 200:
        answer.body["documentProcessorRunId"] = "dpr_Xj8mK2pL9nR4vT7qY5wZ"
    return answer


@breach(CONTRACT, "Deleting a run answers with a message.", f"{FACTS} 5.1, EN-4")
async def deleted_without_message(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _deletes(request) and answer.status == 200:
        answer.body.pop("message")
    return answer


@breach(CONTRACT, "Cancelling answers with success and processorRun.", f"{FACTS} 5.1")
async def cancelled_run_has_no_envelope(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _cancels(request) and _run(answer):
        answer.body = answer.body["processorRun"]
    return answer


@breach(CONTRACT, "The rows of a list are in processorRuns, also when it is filtered.", f"{FACTS} PG-10")
async def filtered_rows_in_data(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _lists(request) and "processorType" in request.query and answer.status == 200:
        answer.body["data"] = answer.body.pop("processorRuns")
    return answer


@breach(CONTRACT, "processorRuns is an array, also when nothing matches.", f"{FACTS} PG-10")
async def no_rows_are_null(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _lists(request) and answer.status == 200 and not answer.body["processorRuns"]:
        answer.body["processorRuns"] = None
    return answer


# Breaches: the batch.


@breach(
    CONTRACT,
    "A batch has a processorVersionId, also while it is PENDING.",
    f"{OAS}, BatchProcessorRun, required",
)
async def pending_batch_without_version(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("status") == "PENDING":
        del answer.body["batchProcessorRun"]["processorVersionId"]
    return answer


@breach(CONTRACT, "The processorName of a batch is a string.", f"{OAS}, BatchProcessorRun")
async def batch_without_a_name_of_its_processor(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("source") == "STUDIO":
        answer.body["batchProcessorRun"]["processorName"] = None
    return answer


@breach(CONTRACT, "runCount is an integer.", f"{OAS}, BatchProcessorRun, runCount")
async def batch_run_count_with_a_half(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("status") == "FAILED":
        answer.body["batchProcessorRun"]["runCount"] += 0.5
    return answer


@breach(CONTRACT, "createdAt is the time at which the batch was created: it does not move.", f"{FACTS} 9")
async def batch_created_later_with_each_look(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("status") == "PROCESSED":
        world.memory["looks"] = world.memory.get("looks", 0) + 1
        answer.body["batchProcessorRun"]["createdAt"] = f"2026-06-30T12:00:{world.memory['looks']:02}Z"
    return answer


@breach(
    CONTRACT,
    "The status of a batch is PENDING, PROCESSING, PROCESSED or FAILED.",
    f"{OAS}, BatchProcessorRun, status",
)
async def failed_batch_is_an_error(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("status") == "FAILED":
        answer.body["batchProcessorRun"]["status"] = "ERROR"
    return answer


@breach(
    CONTRACT, "The source of a batch is EVAL_SET, PLAYGROUND or STUDIO.", f"{OAS}, BatchProcessorRun, source"
)
async def one_batch_made_by_the_api(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("source") == "PLAYGROUND":
        answer.body["batchProcessorRun"]["source"] = "API"
    return answer


@breach(
    CONTRACT, "The sourceId of a batch from the playground is not set.", f"{OAS}, BatchProcessorRun, source"
)
async def playground_batch_with_source(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("source") == "PLAYGROUND":
        answer.body["batchProcessorRun"]["sourceId"] = "ev_1234"
    return answer


@breach(
    CONTRACT,
    "The sourceId of a batch from Studio is the id of the processor.",
    f"{OAS}, BatchProcessorRun, source",
)
async def studio_batch_of_an_evaluation_set(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("source") == "STUDIO":
        answer.body["batchProcessorRun"]["sourceId"] = "ev_Yw5z-xQH_nExnTjqo8bYRA"
    return answer


@breach(
    CONTRACT,
    "The sourceId of a batch from an evaluation set is that set's id.",
    f"{OAS}, BatchProcessorRun, source",
)
async def evaluation_batch_without_source(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("source") == "EVAL_SET":
        del answer.body["batchProcessorRun"]["sourceId"]
    return answer


@breach(CONTRACT, "options is an object.", f"{OAS}, BatchProcessorRun, options")
async def batch_options_are_null(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("source") == "PLAYGROUND":
        answer.body["batchProcessorRun"]["options"] = None
    return answer


@breach(CONTRACT, "fuzzyMatchFields is an array of strings.", f"{OAS}, BatchProcessorRun, options")
async def batch_fuzzy_fields_in_one_text(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    options = _batch(answer).get("options", {})
    if "fuzzyMatchFields" in options:
        options["fuzzyMatchFields"] = ",".join(options["fuzzyMatchFields"])
    return answer


@breach(CONTRACT, "excludeFields is an array of strings.", f"{OAS}, BatchProcessorRun, options")
async def batch_excluded_fields_as_objects(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    options = _batch(answer).get("options", {})
    if "excludeFields" in options:
        options["excludeFields"] = [{"name": "total"}]
    return answer


@breach(CONTRACT, "numPages is a number.", f"{OAS}, BatchProcessorRun, metrics")
async def batch_pages_as_text(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    metrics = _batch(answer).get("metrics", {})
    if "numPages" in metrics:
        metrics["numPages"] = str(metrics["numPages"])
    return answer


@breach(CONTRACT, "A batch has metrics.", f"{OAS}, BatchProcessorRun, required")
async def pending_batch_without_metrics(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("status") == "PENDING":
        del answer.body["batchProcessorRun"]["metrics"]
    return answer


@breach(
    CONTRACT,
    "updatedAt is when the batch was last updated: never before it was created.",
    f"{OAS}, BatchProcessorRun",
)
async def batch_updated_before_it_was_created(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    batch = _batch(answer)
    if batch.get("status") == "FAILED":
        batch["createdAt"], batch["updatedAt"] = batch["updatedAt"], batch["createdAt"]
    return answer


@breach(CONTRACT, "createdAt follows RFC 3339.", f"{OAS}, BatchProcessorRun, createdAt")
async def batch_created_without_a_zone(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    batch = _batch(answer)
    if batch.get("status") == "PENDING":
        batch["createdAt"] = batch["createdAt"].removesuffix("Z")
    return answer


@breach(CONTRACT, "updatedAt follows RFC 3339, a string.", f"{OAS}, BatchProcessorRun, updatedAt")
async def batch_updated_in_seconds(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer):
        answer.body["batchProcessorRun"]["updatedAt"] = 1782820800
    return answer


@breach(CONTRACT, "Times are in UTC.", f"{OAS}, BatchProcessorRun, createdAt")
async def batch_times_of_new_york(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    batch = _batch(answer)
    for name in ("createdAt", "updatedAt"):
        if name in batch:
            batch[name] = batch[name].replace("Z", "-04:00")
    return answer


@breach(CONTRACT, "object is always batch_processor_run.", f"{OAS}, BatchProcessorRun, object")
async def batch_calls_itself_batch_run(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer):
        answer.body["batchProcessorRun"]["object"] = "batch_run"
    return answer


@breach(CONTRACT, "Reading a batch gives the batch with that id.", f"{SEED}, path parameter id")
async def first_batch_for_every_id(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer):
        first = world.memory.setdefault("first", copy.deepcopy(answer.body))
        answer.body = copy.deepcopy(first)
    return answer


@breach(CONTRACT, "A batch that does not exist gives 404.", f"{SEED}, errors")
async def unknown_batch_is_a_server_error(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_batch(request) and answer.status == 404:
        answer.status = 500
    return answer


@breach(CONTRACT, "A batch that does not exist gives 404.", f"{SEED}, errors")
async def unknown_batch_is_made_up(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer):
        world.memory["batch"] = copy.deepcopy(answer.body)
    if _reads_batch(request) and answer.status == 404 and "batch" in world.memory:
        body = copy.deepcopy(world.memory["batch"])
        body["batchProcessorRun"]["id"] = request.parts[1]
        return Answer(200, body)
    return answer


@breach(CONTRACT, "PROCESSED is an end: a batch does not start again.", f"{FACTS} 9")
async def batch_starts_again(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    batch = _batch(answer)
    if batch.get("status") == "PROCESSED":
        world.memory["looks"] = world.memory.get("looks", 0) + 1
        if world.memory["looks"] == 2:
            batch["status"] = "PROCESSING"
    return answer


@breach(CONTRACT, "A batch read without a token gives 401.", f"{SEED}, authentication and errors")
async def batch_without_token(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    _kept(world, request, answer)
    if _reads_batch(request) and answer.status == 401 and "token" in world.memory:
        return await forward(_with_good_token(world, request))
    return answer


@breach(CONTRACT, "A valid read of a batch is answered.", f"{SEED}, response")
async def one_batch_breaks_the_connection(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer).get("source") == "STUDIO":
        raise Cut
    return answer


# Breaches: the run.


@breach(CONTRACT, "object is always document_processor_run.", f"{OAS}, ProcessorRun, object")
async def cancelled_run_of_another_kind(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _cancels(request) and _run(answer):
        answer.body["processorRun"]["object"] = "extract_run"
    return answer


@breach(CONTRACT, "Reading a run gives the run with that id.", f"{FACTS} 5.1")
async def classification_read_as_another_run(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _run(answer).get("type") == "CLASSIFY":
        answer.body["processorRun"]["id"] = "dpr_Xj8mK2pL9nR4vT7qY5wZ"
    return answer


@breach(CONTRACT, "Cancelling gives the run with that id.", f"{FACTS} 5.1")
async def cancelling_gives_another_run(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and _run(answer):
        world.memory.setdefault("first", answer.body["processorRun"]["id"])
    if _cancels(request) and _run(answer):
        answer.body["processorRun"]["id"] = world.memory["first"]
    return answer


@breach(
    CONTRACT, "processorId is the id of the processor that the run used.", f"{OAS}, ProcessorRun, processorId"
)
async def run_of_another_processor(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _run(answer).get("type") == "SPLITTER":
        answer.body["processorRun"]["processorId"] = "dp_Xj8mK2pL9nR4vT7qY5wZ"
    return answer


@breach(
    CONTRACT,
    "A submitted run used the processor that the request named.",
    f"{OAS}, ProcessorRun, processorId",
)
async def submitted_run_of_another_processor(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and _run(answer):
        answer.body["processorRun"]["processorId"] = "dp_Xj8mK2pL9nR4vT7qY5wZ"
    return answer


@breach(
    CONTRACT,
    "processorVersionId is the version that the run used: the same in list and read.",
    f"{OAS}, ProcessorRun",
)
async def rows_of_another_version(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        row["processorVersionId"] = "dpv_Xj8mK2pL9nR4vT7qY5wZ"
    return answer


@breach(
    CONTRACT,
    "processorName is the name of the processor, in every view.",
    f"{OAS}, ProcessorRun; {FACTS} PR-13",
)
async def rows_with_one_name(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        row["processorName"] = "Processor"
    return answer


@breach(CONTRACT, "The type of the config matches the type of the processor.", f"{OAS}, ProcessorRun, config")
async def classification_with_config_to_extract(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _run(answer).get("type") == "CLASSIFY":
        answer.body["processorRun"]["config"]["type"] = "EXTRACT"
    return answer


@breach(CONTRACT, "The type of a run is CLASSIFY, EXTRACT or SPLITTER.", f"{OAS}, ProcessorRun, type")
async def rows_to_split_are_called_split(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        if row["type"] == "SPLITTER":
            row["type"] = "SPLIT"
    return answer


@breach(CONTRACT, "A run has files, an array.", f"{OAS}, ProcessorRun, files")
async def failed_run_has_null_for_files(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _run(answer).get("status") == "FAILED":
        answer.body["processorRun"]["files"] = None
    return answer


@breach(CONTRACT, "A file has an id.", f"{FACTS} PR-8")
async def submitted_file_without_id(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request):
        for file in _run(answer).get("files", []):
            del file["id"]
    return answer


@breach(CONTRACT, "The metadata of a file is an object.", f"{FACTS} PR-8")
async def cancelled_file_without_metadata(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _run(answer).get("status") == "CANCELLED":
        for file in answer.body["processorRun"]["files"]:
            file["metadata"] = None
    return answer


@breach(CONTRACT, "The times of a file are date-times.", f"{FACTS} PR-8")
async def file_of_a_day(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _processed(answer, "SPLITTER"):
        for file in answer.body["processorRun"]["files"]:
            file["createdAt"] = file["createdAt"][:10]
    return answer


@breach(
    CONTRACT, "mergedProcessors is an empty array unless a workflow merged something.", f"{OAS}, ProcessorRun"
)
async def submitted_run_is_merged(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _run(answer)
    if run and run.get("metadata"):
        names = ("processorId", "processorVersionId", "processorName")
        run["mergedProcessors"] = [{name: run[name] for name in names}]
    return answer


@breach(CONTRACT, "mergedProcessors is there, an empty array.", f"{OAS}, ProcessorRun, mergedProcessors")
async def nothing_merged_is_null(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _run(answer).get("type") == "CLASSIFY":
        answer.body["processorRun"]["mergedProcessors"] = None
    return answer


@breach(CONTRACT, "url is there: the URL to view the run.", f"{OAS}, ProcessorRun, url")
async def failed_run_without_url(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _run(answer).get("status") == "FAILED":
        del answer.body["processorRun"]["url"]
    return answer


@breach(CONTRACT, "url is the URL to view this run.", f"{OAS}, ProcessorRun, url")
async def url_is_no_url(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _run(answer):
        answer.body["processorRun"]["url"] = "see dashboard"
    return answer


@breach(CONTRACT, "reviewed is a boolean.", f"{OAS}, ProcessorRun, reviewed")
async def submitted_run_reviewed_as_number(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and _run(answer):
        answer.body["processorRun"]["reviewed"] = 0
    return answer


@breach(
    CONTRACT,
    "edited says whether the results have been edited: there are edits.",
    f"{OAS}, ProcessorRun, edits",
)
async def edits_as_list(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _run(answer)
    if run.get("edited"):
        run["edits"] = list(run["edits"].values())
    return answer


@breach(
    CONTRACT,
    "output is the final one: the first output of a run not reviewed.",
    f"{OAS}, ProcessorRun, output",
)
async def output_differs_from_the_only_one(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "CLASSIFY")
    if run and not run["reviewed"]:
        run["initialOutput"] = {**copy.deepcopy(run["output"]), "id": "other", "type": "other"}
    return answer


# Breaches: outputs.


@breach(CONTRACT, "A PROCESSED run has its output.", f"{OAS}, ProcessorRun, output, required")
async def processed_run_without_output(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _processed(answer, "EXTRACT"):
        del answer.body["processorRun"]["output"]
    return answer


@breach(CONTRACT, "An extraction's output has value and metadata.", f"{OAS}, JsonOutput, required")
async def extraction_output_is_empty(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _processed(answer, "EXTRACT"):
        answer.body["processorRun"]["output"] = {}
    return answer


@breach(CONTRACT, "The values conform to the schema of the config.", f"{OAS}, JsonOutput, value")
async def extracted_total_is_text(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "EXTRACT")
    for name in ("output", "initialOutput", "reviewedOutput"):
        if isinstance(run.get(name), dict) and "value" in run[name]:
            run[name]["value"]["total"] = "129.50"
    return answer


@breach(CONTRACT, "Each entry of the metadata has logprobsConfidence.", f"{OAS}, JsonOutput, metadata")
async def one_field_without_confidence(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "EXTRACT")
    for name in ("output", "initialOutput", "reviewedOutput"):
        if isinstance(run.get(name), dict):
            run[name]["metadata"]["total"].pop("logprobsConfidence", None)
    return answer


@breach(CONTRACT, "The page of a citation is a number.", f"{OAS}, JsonOutput, citations")
async def cited_page_is_an_object(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for entry in _processed(answer, "EXTRACT").get("output", {}).get("metadata", {}).values():
        for citation in entry.get("citations", []):
            citation["page"] = {"number": citation["page"], "width": 612, "height": 792}
    return answer


@breach(CONTRACT, "An insight is reasoning, issue or review_summary.", f"{FACTS} PR-15")
async def insight_of_another_type(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for insight in _processed(answer, "CLASSIFY").get("output", {}).get("insights", []):
        insight["type"] = "hint"
    return answer


@breach(
    CONTRACT, "The confidence of a classification is between 0 and 1.", f"{OAS}, ClassifierOutput, confidence"
)
async def confidence_in_percent(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "CLASSIFY")
    for name in ("output", "initialOutput"):
        if isinstance(run.get(name), dict):
            run[name]["confidence"] = 97
    return answer


@breach(CONTRACT, "A classification has insights.", f"{OAS}, ClassifierOutput, required")
async def classification_without_insights(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "CLASSIFY")
    for name in ("output", "initialOutput"):
        if isinstance(run.get(name), dict):
            run[name].pop("insights", None)
    return answer


@breach(
    CONTRACT,
    "The classificationId of a split is set in the config.",
    f"{OAS}, SplitterOutput, classificationId",
)
async def split_of_no_classification(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "SPLITTER")
    for name in ("output", "initialOutput"):
        for split in (run.get(name) or {}).get("splits", []):
            split["classificationId"] = "receipt"
    return answer


@breach(CONTRACT, "The endPage of a split is an integer.", f"{OAS}, SplitterOutput, endPage")
async def split_ends_nowhere(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "SPLITTER")
    for name in ("output", "initialOutput"):
        for split in (run.get(name) or {}).get("splits", [])[-1:]:
            split["endPage"] = None
    return answer


@breach(CONTRACT, "The id of a split is unique.", f"{OAS}, SplitterOutput, id")
async def splits_share_their_id(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "SPLITTER")
    for name in ("output", "initialOutput"):
        for split in (run.get(name) or {}).get("splits", []):
            split["id"] = "splt_1"
    return answer


# Breaches: failures, metadata, usage.


@breach(CONTRACT, "A failed run indicates the reason.", f"{OAS}, ProcessorRun, failureReason")
async def failure_without_reason(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _run(answer).get("status") == "FAILED":
        answer.body["processorRun"].pop("failureReason")
    return answer


@breach(CONTRACT, "A failed run has a detailed message.", f"{OAS}, ProcessorRun, failureMessage")
async def failure_without_message(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _run(answer).get("status") == "FAILED":
        answer.body["processorRun"]["failureMessage"] = None
    return answer


@breach(CONTRACT, "A failure has its reason if the run failed.", f"{OAS}, ProcessorRun, failureReason")
async def processed_run_with_reason_to_fail(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _processed(answer, "SPLITTER"):
        answer.body["processorRun"]["failureReason"] = "INTERNAL_ERROR"
    return answer


@breach(
    CONTRACT,
    "The metadata of the request is returned in the response.",
    f"{OAS}, POST /processor_runs, metadata",
)
async def submission_forgets_metadata(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request):
        _run(answer).pop("metadata", None)
    return answer


@breach(CONTRACT, "A run carries the metadata that it was created with.", f"{OAS}, ProcessorRun, metadata")
async def reads_carry_metadata_of_the_first_run(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _run(answer)
    if run.get("metadata"):
        first = world.memory.setdefault("first", copy.deepcopy(run["metadata"]))
        if _reads_run(request):
            run["metadata"] = copy.deepcopy(first)
    return answer


@breach(
    CONTRACT,
    "A run carries the metadata that it was created with, also when cancelled.",
    f"{OAS}, ProcessorRun",
)
async def cancelling_drops_metadata(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _run(answer).get("status") == "CANCELLED":
        answer.body["processorRun"]["metadata"] = {}
    return answer


@breach(CONTRACT, "The credits of a usage are a number.", f"{FACTS} 5.4")
async def row_credits_as_text(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        if "usage" in row:
            row["usage"]["credits"] = str(row["usage"]["credits"])
    return answer


@breach(CONTRACT, "List and read show the usage of the same run.", f"{FACTS} 5.4, PR-13")
async def row_credits_of_another_sum(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        if "usage" in row:
            row["usage"]["credits"] += 7
    return answer


# Breaches: life cycles.


@breach(CONTRACT, "The status of a run is one of five, in capitals.", f"{FACTS} PR-1")
async def rows_in_small_letters(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        row["status"] = row["status"].lower()
    return answer


@breach(CONTRACT, "A run that has ended does not start again.", f"{FACTS} 9")
async def one_run_starts_again_once(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _processed(answer, "CLASSIFY"):
        world.memory["looks"] = world.memory.get("looks", 0) + 1
        if world.memory["looks"] == 2:
            answer.body["processorRun"]["status"] = "PROCESSING"
    return answer


@breach(CONTRACT, "A failed run stays failed.", f"{FACTS} 9, PO-2")
async def failed_run_is_cancelled_later(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _run(answer).get("status") == "FAILED":
        seen = world.memory.setdefault("seen", set())
        if request.path in seen:
            answer.body["processorRun"]["status"] = "CANCELLED"
        seen.add(request.path)
    return answer


@breach(CONTRACT, "A run never goes back to an earlier state.", f"{FACTS} 9")
async def running_run_waits_again(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _run(answer).get("status") == "PROCESSING":
        looks = world.memory.setdefault("looks", {})
        looks[request.path] = looks.get(request.path, 0) + 1
        if looks[request.path] == 3:
            answer.body["processorRun"]["status"] = "PENDING"
    return answer


@breach(CONTRACT, "A submitted run is PROCESSING until it is complete.", f"{OAS}, POST /processor_runs")
async def submitted_run_is_processed_at_once_then_not(
    world: World, request: Request, forward: Forward
) -> Answer:
    answer = await forward(request)
    if _creates(request) and _run(answer):
        answer.body["processorRun"]["status"] = "PROCESSED"
    return answer


@breach(CONTRACT, "List and read agree about a run that has ended.", f"{FACTS} 9, PR-13")
async def rows_of_failed_runs_are_processed(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        if row["status"] in ("FAILED", "CANCELLED"):
            row["status"] = "PROCESSED"
    return answer


@breach(CONTRACT, "List and read agree about a run that has ended.", f"{FACTS} 9, PR-13")
async def rows_stay_under_way(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if not {"status", "maxPageSize"} & set(request.query):
        for row in _rows(answer)[:3]:
            row["status"] = "PROCESSING"
    return answer


@breach(CONTRACT, "createdAt of a row is when the run was created.", f"{FACTS} PR-13")
async def rows_created_in_1970(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        row["createdAt"] = "1970-01-01T00:00:00Z"
    return answer


@breach(CONTRACT, "updatedAt of a row is when the run was last updated: not in the future.", f"{FACTS} PR-13")
async def rows_updated_in_the_future(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        row["updatedAt"] = "2099-12-31T23:59:59Z"
    return answer


@breach(CONTRACT, "updatedAt is never before createdAt.", f"{FACTS} 9")
async def one_row_updated_before_it_was_created(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer)[-1:]:
        row["createdAt"], row["updatedAt"] = row["updatedAt"], row["createdAt"]
    return answer


@breach(CONTRACT, "createdAt of a run is constant.", f"{FACTS} 9")
async def rows_created_anew_with_each_list(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer)[:1]:
        row["createdAt"] = re.sub(r"\.\d+Z", f".{world.count % 1000:03}Z", row["createdAt"])
    return answer


@breach(CONTRACT, "A row has updatedAt.", f"{FACTS} PR-13")
async def rows_of_classifications_without_updated_at(
    world: World, request: Request, forward: Forward
) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        if row["type"] == "CLASSIFY":
            del row["updatedAt"]
    return answer


# Breaches: submitting.


@breach(CONTRACT, "No key makes two submissions one: each makes a run of its own.", f"{FACTS} RQ-3")
async def same_submission_gives_the_same_run(world: World, request: Request, forward: Forward) -> Answer:
    if not _creates(request) or request.body is None:
        return await forward(request)
    key = json.dumps(request.body, sort_keys=True)
    known = world.memory.setdefault(key, {})
    if known:
        return Answer(200, copy.deepcopy(known["body"]))
    answer = await forward(request)
    if _run(answer):
        known["body"] = copy.deepcopy(answer.body)
    return answer


async def _accepted(world: World, request: Request, forward: Forward, wrong: bool) -> Answer:
    """Accepts a submission that is wrong, as if it were the last one that was right."""
    if _creates(request) and wrong and "good" in world.memory:
        good = world.memory["good"]
        metadata = request.body.get("metadata") if isinstance(request.body, dict) else None
        body = {**good, **({"metadata": metadata} if metadata else {})}
        return await forward(Request(request.method, request.path, request.query, request.headers, body, b""))
    answer = await forward(request)
    if _creates(request) and _run(answer):
        world.memory["good"] = copy.deepcopy(request.body)
    return answer


def _sent(request: Request) -> dict[str, Any]:
    return request.body if isinstance(request.body, dict) else {}


@breach(CONTRACT, "priority is at most 100.", f"{OAS}, POST /processor_runs, priority")
async def priority_101_is_taken(world: World, request: Request, forward: Forward) -> Answer:
    return await _accepted(world, request, forward, _sent(request).get("priority") == 101)


@breach(CONTRACT, "priority is at least 1.", f"{OAS}, POST /processor_runs, priority")
async def priority_0_is_a_server_error(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and _sent(request).get("priority") == 0 and answer.status == 400:
        answer.status = 500
    return answer


@breach(CONTRACT, "One of file and rawText must be provided.", f"{OAS}, POST /processor_runs, file")
async def nothing_to_process_is_taken(world: World, request: Request, forward: Forward) -> Answer:
    sent = _sent(request)
    return await _accepted(world, request, forward, bool(sent) and not {"file", "rawText"} & set(sent))


@breach(
    CONTRACT,
    "The type of configuration must match the processor type.",
    f"{OAS}, POST /processor_runs, config",
)
async def config_of_another_type_is_taken(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and answer.status == 400 and "config" in _sent(request):
        body = {name: value for name, value in request.body.items() if name != "config"}
        return await forward(Request(request.method, request.path, request.query, request.headers, body, b""))
    return answer


@breach(CONTRACT, "processorId is required.", f"{OAS}, POST /processor_runs, required")
async def submission_without_processor_is_taken(world: World, request: Request, forward: Forward) -> Answer:
    sent = _sent(request)
    return await _accepted(world, request, forward, bool(sent) and "processorId" not in sent)


@breach(CONTRACT, "An unknown processor gives 404.", f"{FACTS} PR-11")
async def unknown_processor_is_a_server_error(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and answer.status == 404 and "version" not in _sent(request):
        answer.status = 500
    return answer


@breach(CONTRACT, "An unknown version gives 404.", f"{FACTS} PR-11")
async def unknown_version_falls_back(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and answer.status == 404 and "version" in _sent(request):
        body = {name: value for name, value in request.body.items() if name != "version"}
        return await forward(Request(request.method, request.path, request.query, request.headers, body, b""))
    return answer


@breach(CONTRACT, "rawText can be used in place of file.", f"{OAS}, POST /processor_runs, rawText")
async def raw_text_is_refused(world: World, request: Request, forward: Forward) -> Answer:
    if _creates(request) and "rawText" in _sent(request):
        return _error(400, "file is required.")
    return await forward(request)


@breach(CONTRACT, "An optional object can be passed as metadata.", f"{OAS}, POST /processor_runs, metadata")
async def longer_metadata_is_a_server_error(world: World, request: Request, forward: Forward) -> Answer:
    if _creates(request) and len(json.dumps(_sent(request).get("metadata"))) > 30:
        return _error(500)
    return await forward(request)


@breach(CONTRACT, "A body that is no JSON gives 400.", f"{OAS}, POST /processor_runs, responses")
async def no_json_is_a_server_error(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and request.body is None and answer.status == 400:
        answer.status = 500
    return answer


@breach(
    CONTRACT, "Creating a run is answered with 200.", f"{FACTS} 5.1; {OAS}, POST /processor_runs, responses"
)
async def submitted_with_202(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and answer.status == 200:
        answer.status = 202
    return answer


# Breaches: cancelling and deleting.


@breach(CONTRACT, "Only runs that are PROCESSING can be cancelled.", f"{FACTS} PR-14")
async def ended_run_can_be_cancelled(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _cancels(request) and answer.status == 400:
        path = request.path.removesuffix("/cancel")
        return await forward(Request("GET", path, request.query, request.headers))
    return answer


@breach(CONTRACT, "A run that is PROCESSING can be cancelled.", f"{FACTS} PR-14")
async def running_run_cannot_be_cancelled(world: World, request: Request, forward: Forward) -> Answer:
    if _cancels(request):
        read = await forward(
            Request("GET", request.path.removesuffix("/cancel"), request.query, request.headers)
        )
        if _run(read).get("status") == "PROCESSING":
            return _error(400, "This run cannot be cancelled.")
    return await forward(request)


@breach(CONTRACT, "A cancelled run stays cancelled.", f"{FACTS} 9, PO-2")
async def cancelled_run_goes_on(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _run(answer).get("status") == "CANCELLED":
        answer.body["processorRun"]["status"] = "PROCESSING"
    return answer


@breach(CONTRACT, "Cancelling an unknown run gives 404.", f"{FACTS} 5.1")
async def unknown_run_to_cancel_is_a_server_error(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _cancels(request) and answer.status == 404:
        answer.status = 500
    return answer


@breach(CONTRACT, "Deleting an unknown run gives 404.", f"{FACTS} 5.1")
async def unknown_run_is_deleted(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _deletes(request) and answer.status == 404:
        return Answer(
            200, {"success": True, "documentProcessorRunId": request.parts[1], "message": "Deleted."}
        )
    return answer


@breach(CONTRACT, "Deleting removes the run for good.", f"{FACTS} DE-1")
async def deleted_run_can_still_be_read(world: World, request: Request, forward: Forward) -> Answer:
    if _deletes(request):
        read = await forward(Request("GET", request.path, request.query, request.headers))
        if _run(read):
            world.memory[request.path] = copy.deepcopy(read.body)
    answer = await forward(request)
    if _reads_run(request) and answer.status == 404 and request.path in world.memory:
        return Answer(200, copy.deepcopy(world.memory[request.path]))
    return answer


@breach(CONTRACT, "Deleting removes the run for good: also from lists.", f"{FACTS} DE-1")
async def deleted_run_stays_in_lists(world: World, request: Request, forward: Forward) -> Answer:
    gone = world.memory.setdefault("gone", {})
    answer = await forward(request)
    rows = _rows(answer)
    for row in rows:
        world.memory[row["id"]] = row
    if _deletes(request) and answer.status == 200 and request.parts[1] in world.memory:
        gone[request.parts[1]] = copy.deepcopy(world.memory[request.parts[1]])
    if _lists(request) and rows and "nextPageToken" not in answer.body:
        rows.extend(
            copy.deepcopy([row for name, row in gone.items() if name not in {item["id"] for item in rows}])
        )
        rows.sort(key=lambda row: row[request.query.get("sortBy", "updatedAt")])
        if request.query.get("sortDir") != "asc":
            rows.reverse()
    return answer


# Breaches: lists.


@breach(CONTRACT, "A list filtered by status has runs of that status only.", f"{FACTS} PR-12")
async def filter_by_status_does_nothing(world: World, request: Request, forward: Forward) -> Answer:
    return await forward(_without(request, "status") if _lists(request) else request)


@breach(CONTRACT, "A list filtered by type has runs of that type.", f"{FACTS} PR-12")
async def filter_by_type_finds_nothing(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if request.query.get("processorType") == "SPLITTER" and _rows(answer):
        answer.body["processorRuns"] = []
        answer.body.pop("nextPageToken", None)
    return answer


@breach(CONTRACT, "A list filtered by processor has its runs only.", f"{FACTS} PR-12")
async def filter_by_processor_does_nothing(world: World, request: Request, forward: Forward) -> Answer:
    return await forward(_without(request, "processorId") if _lists(request) else request)


@breach(CONTRACT, "source filters: a run has one source.", f"{FACTS} PR-12")
async def filter_by_source_does_nothing(world: World, request: Request, forward: Forward) -> Answer:
    return await forward(_without(request, "source") if _lists(request) else request)


@breach(CONTRACT, "fileNameContains filters by the name of the file.", f"{FACTS} PR-12")
async def filter_by_file_name_does_nothing(world: World, request: Request, forward: Forward) -> Answer:
    return await forward(_without(request, "fileNameContains") if _lists(request) else request)


@breach(CONTRACT, "sortDir asc gives the earliest first.", f"{FACTS} PG-6")
async def sort_direction_does_nothing(world: World, request: Request, forward: Forward) -> Answer:
    return await forward(_without(request, "sortDir") if _lists(request) else request)


@breach(CONTRACT, "The default of sortDir is desc.", f"{OAS}, SortDirEnum")
async def earliest_first_by_default(world: World, request: Request, forward: Forward) -> Answer:
    if _lists(request) and "sortDir" not in request.query:
        query = {**request.query, "sortDir": "asc"}
        return await forward(Request(request.method, request.path, query, request.headers))
    return await forward(request)


@breach(CONTRACT, "maxPageSize is the greatest number of results in the answer.", f"{OAS}, MaxPageSize")
async def pages_with_one_too_many(world: World, request: Request, forward: Forward) -> Answer:
    size = request.query.get("maxPageSize", "")
    if _lists(request) and size.isdigit() and 0 < int(size) < 1000:
        query = {**request.query, "maxPageSize": str(int(size) + 1)}
        return await forward(Request(request.method, request.path, query, request.headers))
    return await forward(request)


@breach(CONTRACT, "The default of maxPageSize is 10.", f"{OAS}, MaxPageSize")
async def default_page_of_100(world: World, request: Request, forward: Forward) -> Answer:
    if _lists(request) and "maxPageSize" not in request.query:
        query = {**request.query, "maxPageSize": "100"}
        return await forward(Request(request.method, request.path, query, request.headers))
    return await forward(request)


@breach(CONTRACT, "A nextPageToken is returned if there are more results.", f"{OAS}, NextPageToken")
async def list_ends_with_its_first_page(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _lists(request) and answer.status == 200:
        answer.body.pop("nextPageToken", None)
    return answer


@breach(CONTRACT, "The nextPageToken fetches the next page.", f"{OAS}, NextPageToken")
async def next_page_is_a_server_error(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _lists(request) and "nextPageToken" in request.query and answer.status == 200:
        return _error(500)
    return answer


@breach(CONTRACT, "The nextPageToken leads on, and the last page has none.", f"{OAS}, NextPageToken")
async def last_page_leads_to_itself(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _lists(request) and _rows(answer) and "nextPageToken" in request.query:
        answer.body.setdefault("nextPageToken", request.query["nextPageToken"])
    return answer


@breach(
    CONTRACT, "The nextPageToken fetches the next page, not the first one again.", f"{OAS}, NextPageToken"
)
async def every_page_is_the_first(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _lists(request) and answer.status == 200 and "nextPageToken" in request.query:
        return await forward(_without(request, "nextPageToken"))
    return answer


@breach(CONTRACT, "Pages together are the list: nothing is lost between them.", f"{FACTS} PG-4")
async def next_page_begins_too_late(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if "nextPageToken" in request.query and _rows(answer):
        del answer.body["processorRuns"][0]
    return answer


@breach(CONTRACT, "A page of processors has no row twice.", f"{FACTS} PG-4")
async def processors_twice(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _is(request, "GET", "processors") and answer.status == 200 and answer.body["processors"]:
        answer.body["processors"].append(answer.body["processors"][0])
    return answer


@breach(CONTRACT, "A list has each run once.", f"{FACTS} PG-4")
async def last_row_twice(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    size = (
        int(request.query.get("maxPageSize", "10"))
        if request.query.get("maxPageSize", "10").isdigit()
        else 10
    )
    if _rows(answer) and len(_rows(answer)) < size:
        answer.body["processorRuns"].append(copy.deepcopy(answer.body["processorRuns"][-1]))
    return answer


@breach(CONTRACT, "nextPageToken is a string.", f"{OAS}, NextPageToken")
async def token_is_a_number(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _lists(request) and answer.status == 200 and "nextPageToken" in answer.body:
        answer.body["nextPageToken"] = 2
    return answer


@breach(CONTRACT, "A run that was created is listed.", f"{FACTS} 5.1, PG-4")
async def newest_run_is_not_listed(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and _run(answer):
        world.memory.setdefault("hidden", answer.body["processorRun"]["id"])
    if _rows(answer):
        hidden = world.memory.get("hidden")
        answer.body["processorRuns"] = [row for row in answer.body["processorRuns"] if row["id"] != hidden]
    return answer


@breach(CONTRACT, "maxPageSize is at most 1000.", f"{OAS}, MaxPageSize")
async def page_size_1001_is_taken(world: World, request: Request, forward: Forward) -> Answer:
    if _lists(request) and request.query.get("maxPageSize") == "1001":
        query = {**request.query, "maxPageSize": "1000"}
        return await forward(Request(request.method, request.path, query, request.headers))
    return await forward(request)


@breach(CONTRACT, "maxPageSize may be 100: it is between 1 and 1000.", f"{OAS}, MaxPageSize")
async def page_size_of_20_or_more_is_refused(world: World, request: Request, forward: Forward) -> Answer:
    size = request.query.get("maxPageSize", "")
    if _lists(request) and size.isdigit() and 20 <= int(size) <= 1000:
        return _error(400, "maxPageSize is too large.")
    return await forward(request)


@breach(CONTRACT, "sortBy may be createdAt.", f"{OAS}, SortByEnum")
async def sorting_by_creation_is_a_server_error(world: World, request: Request, forward: Forward) -> Answer:
    if _lists(request) and request.query.get("sortBy") == "createdAt":
        return _error(500)
    return await forward(request)


# Breaches: errors and authentication.


@breach(CONTRACT, "The body of an error says success false.", f"{OAS}, Error")
async def refusals_say_success(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.status in (400, 404) and isinstance(answer.body, dict):
        answer.body["success"] = True
    return answer


@breach(CONTRACT, "The error is a message, a string.", f"{OAS}, Error")
async def error_404_is_an_object(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.status == 404 and isinstance(answer.body, dict):
        answer.body["error"] = {"code": "NOT_FOUND", "message": answer.body.get("error")}
    return answer


@breach(CONTRACT, "An error has the JSON body of an error.", f"{OAS}, Error400")
async def error_400_is_a_page(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.status == 400:
        return Answer(400, None, {"content-type": "text/html"}, b"<html><h1>Bad Request</h1></html>")
    return answer


@breach(CONTRACT, "Failed authentication gives 401.", f"{FACTS} AU-2")
async def missing_token_is_forbidden(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.status == 401 and "authorization" not in request.headers:
        answer.status = 403
    return answer


@breach(CONTRACT, "A malformed token gives 401.", f"{FACTS} AU-1, AU-2")
async def basic_authentication_will_do(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    _kept(world, request, answer)
    if answer.status == 401 and request.headers.get("authorization", "").startswith("Basic"):
        return await forward(_with_good_token(world, request))
    return answer


@breach(CONTRACT, "A key is tied to its workspace.", f"{SEED}, x-extend-workspace-id")
async def runs_of_every_workspace_can_be_read(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    tokens = world.memory.setdefault("tokens", [])
    token = request.headers.get("authorization")
    if answer.status == 200 and token not in tokens:
        tokens.append(token)
    for other in tokens:
        if _reads_run(request) and answer.status == 404:
            headers = {**request.headers, "authorization": other}
            answer = await forward(Request(request.method, request.path, request.query, headers))
    return answer


@breach(CONTRACT, "A run that does not exist gives 404.", f"{FACTS} 5.1")
async def unknown_run_is_null(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and answer.status == 404:
        return Answer(200, {"success": True, "processorRun": None})
    return answer


@breach(CONTRACT, "A run that is listed can be read.", f"{FACTS} 5.1")
async def classification_cannot_be_found(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _run(answer).get("type") == "CLASSIFY":
        return _error(404, "The processor run was not found.")
    return answer


@breach(CONTRACT, "A valid read of a run is answered with 200.", f"{FACTS} 5.1")
async def every_fifth_read_is_refused(world: World, request: Request, forward: Forward) -> Answer:
    if _reads_run(request):
        world.memory["reads"] = world.memory.get("reads", 0) + 1
        if world.memory["reads"] % 5 == 0:
            return _error(400, "The id is not valid.")
    return await forward(request)


@breach(CONTRACT, "A valid read of a run is answered.", f"{FACTS} 5.1")
async def reads_of_splits_break_the_connection(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _run(answer).get("type") == "SPLITTER":
        raise Cut
    return answer


@breach(CONTRACT, "A failed run is read with 200: its failure is in the run.", f"{FACTS} 5.4, CR-7")
async def failed_run_is_a_server_error(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _run(answer).get("status") == "FAILED":
        return _error(500, answer.body["processorRun"]["failureMessage"])
    return answer


# Breaches: more of them, several once only.


@breach(
    CONTRACT,
    "runCount is the number of runs that were made: it stays.",
    f"{OAS}, BatchProcessorRun; {FACTS} 9",
)
async def batch_loses_a_run_once(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    batch = _batch(answer)
    if batch.get("source") == "EVAL_SET":
        world.memory["looks"] = world.memory.get("looks", 0) + 1
        if world.memory["looks"] == 2:
            batch["runCount"] -= 1
    return answer


@breach(CONTRACT, "updatedAt never decreases.", f"{FACTS} 9")
async def batch_updated_earlier_with_each_look(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    batch = _batch(answer)
    if batch.get("status") == "FAILED":
        world.memory["looks"] = world.memory.get("looks", 0) + 1
        batch["updatedAt"] = f"2026-06-30T13:{50 - world.memory['looks']}:00Z"
    return answer


@breach(CONTRACT, "updatedAt never decreases.", f"{FACTS} 9")
async def rows_updated_earlier_with_each_list(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        if row["type"] != "EXTRACT":
            row["updatedAt"] = re.sub(
                r"T\d\d:\d\d:", f"T12:{max(0, 59 - world.count // 5):02}:", row["updatedAt"]
            )
    return answer


@breach(CONTRACT, "updatedAt is when the run was last updated, and its end is an update.", f"{FACTS} PR-13")
async def rows_are_never_updated(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        row["updatedAt"] = row["createdAt"]
    return answer


@breach(
    CONTRACT,
    "Without version the most recent published version is used.",
    f"{OAS}, POST /processor_runs, version",
)
async def runs_use_the_draft(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _is(request, "GET", "processors") and answer.status == 200:
        for processor in answer.body["processors"]:
            for version in processor["versions"]:
                if version["version"] == "draft":
                    world.memory[processor["id"]] = version["id"]
    run = _run(answer)
    if run and run.get("metadata"):
        run["processorVersionId"] = world.memory.get(run["processorId"], run["processorVersionId"])
        world.memory.setdefault("mine", set()).add(run["id"])
    for row in _rows(answer):
        if row["id"] in world.memory.get("mine", set()):
            row["processorVersionId"] = world.memory.get(row["processorId"], row["processorVersionId"])
    return answer


@breach(CONTRACT, "fileName is the name of the file.", f"{OAS}, ProcessorRunFileInput, fileName")
async def file_has_lost_its_name(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for file in _run(answer).get("files", []):
        file["name"] = "upload.bin"
    return answer


@breach(CONTRACT, "The metadata is returned as it was given.", f"{OAS}, POST /processor_runs, metadata")
async def metadata_values_become_text(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _run(answer)
    if run.get("metadata"):
        run["metadata"] = {name: json.dumps(value) for name, value in run["metadata"].items()}
    return answer


@breach(CONTRACT, "A run carries its metadata, in every read.", f"{OAS}, ProcessorRun, metadata")
async def metadata_is_lost_once(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _run(answer).get("metadata"):
        world.memory["reads"] = world.memory.get("reads", 0) + 1
        if world.memory["reads"] == 4:
            del answer.body["processorRun"]["metadata"]
    return answer


@breach(CONTRACT, "A valid submission is answered with the run.", f"{OAS}, POST /processor_runs")
async def third_submission_is_refused(world: World, request: Request, forward: Forward) -> Answer:
    if _creates(request):
        world.memory["posts"] = world.memory.get("posts", 0) + 1
        if world.memory["posts"] == 3:
            return _error(400, "The file is not valid.")
    return await forward(request)


@breach(CONTRACT, "A good token is accepted.", f"{FACTS} AU-1, AU-2")
async def good_token_fails_now_and_then(world: World, request: Request, forward: Forward) -> Answer:
    if _reads_run(request):
        world.memory["reads"] = world.memory.get("reads", 0) + 1
        if world.memory["reads"] % 7 == 0:
            return _error(401, "The API key is not valid.")
    return await forward(request)


@breach(CONTRACT, "The body of a 401 is that of an error.", f"{OAS}, Error401")
async def error_401_is_empty(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    return Answer(401, None, answer.headers, b"") if answer.status == 401 else answer


@breach(CONTRACT, "Cancelling takes no body and is answered with 200.", f"{FACTS} 5.1")
async def cancelling_wants_a_body(world: World, request: Request, forward: Forward) -> Answer:
    if _cancels(request) and not request.raw:
        return _error(415, "The body must be JSON.")
    return await forward(request)


@breach(CONTRACT, "Deleting is answered with 200 and a body.", f"{FACTS} 5.1")
async def deleted_with_204(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    return Answer(204, None, {}, b"") if _deletes(request) and answer.status == 200 else answer


@breach(CONTRACT, "A run that has ended can be deleted.", f"{FACTS} 5.1, DE-1")
async def nothing_can_be_deleted(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(Request("GET", request.path, {}, request.headers)) if _deletes(request) else None
    return _error(400, "Not possible.") if answer and answer.status == 200 else await forward(request)


@breach(CONTRACT, "A row has an id.", f"{FACTS} PR-13")
async def cancelled_rows_without_id(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        if row["status"] == "CANCELLED":
            row["id"] = None
    return answer


@breach(CONTRACT, "A row has a processorId.", f"{FACTS} PR-13")
async def filtered_rows_without_processor(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for row in _rows(answer):
        if "status" in request.query:
            del row["processorId"]
    return answer


@breach(
    CONTRACT, "The run that was created is the one with this answer's id: it can be read.", f"{FACTS} 5.1"
)
async def second_submitted_run_is_never_found(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and _run(answer):
        ids = world.memory.setdefault("ids", [])
        ids.append(answer.body["processorRun"]["id"])
    if _reads_run(request) and request.parts[1] in world.memory.get("ids", [])[1:2]:
        return _error(404, "The processor run was not found.")
    return answer


@breach(CONTRACT, "A read is answered with JSON.", f"{OAS}, responses, application/json")
async def splits_are_read_as_text(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _reads_run(request) and _run(answer).get("type") == "SPLITTER":
        return Answer(200, None, {"content-type": "text/plain"}, b"see dashboard")
    return answer


@breach(
    CONTRACT,
    "output is final and initialOutput the initial one: they do not change by themselves.",
    f"{OAS}, ProcessorRun",
)
async def output_changes_with_each_read(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "EXTRACT")
    if run and not run["reviewed"]:
        for name in ("output", "initialOutput"):
            if run.get(name):
                run[name]["value"]["total"] = world.count
    return answer


@breach(CONTRACT, "processorRuns are runs of the list's filters together: status and type.", f"{FACTS} PR-12")
async def second_filter_does_nothing(world: World, request: Request, forward: Forward) -> Answer:
    both = {"status", "processorType"} <= set(request.query)
    return await forward(_without(request, "status") if _lists(request) and both else request)


@breach(CONTRACT, "sortBy createdAt sorts by that.", f"{FACTS} PG-7")
async def sorting_by_creation_is_by_id(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if request.query.get("sortBy") == "createdAt" and _rows(answer):
        answer.body["processorRuns"].sort(key=lambda row: row["id"])
    return answer


# Oddities: what servers, proxies and clocks do.


@oddity(CONTRACT, "New properties in answers are compatible.", f"{FACTS} LEN-3")
async def more_properties_everywhere(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for item in [_run(answer), _batch(answer), *_rows(answer)]:
        if item:
            item.update(success=False, error=None, batchId=None, presignedUrl="", nextPageToken=7, data=[])
    if isinstance(answer.body, dict):
        answer.body.update(apiVersion="2025-04-21", warnings=[])
    return answer


@oddity(CONTRACT, "The order of properties may differ.", f"{FACTS} LEN-4")
async def properties_backwards(world: World, request: Request, forward: Forward) -> Answer:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: turned(value[name]) for name in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    answer = await forward(request)
    answer.body = turned(answer.body)
    return answer


@oddity(CONTRACT, "No header but one or two is documented; more may come.", f"{FACTS} 14")
async def headers_of_a_proxy(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.headers |= {
        "via": "1.1 edge",
        "set-cookie": "a=b; Path=/",
        "server-timing": "app;dur=3",
        "age": "0",
    }
    answer.headers["content-type"] = "application/json; charset=utf-8"
    answer.headers.pop("x-extend-request-id", None)
    return answer


def _times_changed(value: Any, change: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: change(item)
            if name in ("createdAt", "updatedAt") and item
            else _times_changed(item, change)
            for name, item in value.items()
        }
    return [_times_changed(item, change) for item in value] if isinstance(value, list) else value


@oddity(
    CONTRACT,
    "RFC 3339 has +00:00 for UTC, and the examples have microseconds.",
    f"{OAS}, RunProcessorResponse",
)
async def times_with_offset_and_microseconds(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.body = _times_changed(answer.body, lambda time: time.replace("Z", "000+00:00"))
    return answer


@oddity(CONTRACT, "RFC 3339 times need no fraction: the examples have none.", f"{SEED}, example")
async def times_in_whole_seconds(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.body = _times_changed(answer.body, lambda time: re.sub(r"\.\d+", "", time))
    return answer


@oddity(CONTRACT, "RFC 3339 allows any number of digits, and small letters.", "RFC 3339, 5.6")
async def times_with_nanoseconds_in_small_letters(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.body = _times_changed(answer.body, lambda time: time.replace("Z", "000000z").replace("T", "t"))
    return answer


async def _renamed(request: Request, forward: Forward, old: str, new: str) -> Answer:
    """Lets every id begin differently, both ways. ``new`` must not occur anywhere else."""
    path = request.path.replace(new, old)
    query = {name: value.replace(new, old) for name, value in request.query.items()}
    body = json.loads(json.dumps(request.body).replace(new, old))
    answer = await forward(Request(request.method, path, query, request.headers, body, request.raw))
    answer.body = json.loads(re.sub(rf'"{old}(?=[\w-]{{6}})', f'"{new}', json.dumps(answer.body)))
    return answer


@oddity(
    CONTRACT,
    "Fixed prefixes of ids may go, and ids may be long: those of new runs are.",
    f"{FACTS} LEN-5 to LEN-7",
)
async def long_ids_of_new_runs_without_prefix(world: World, request: Request, forward: Forward) -> Answer:
    new = world.memory.setdefault("new", {})
    path = request.path
    for old, long in new.items():
        path = path.replace(long, old)
    answer = await forward(
        Request(request.method, path, request.query, request.headers, request.body, request.raw)
    )
    if _creates(request) and _run(answer):
        old = answer.body["processorRun"]["id"]
        new[old] = "0198f7c2." * 20 + old.removeprefix("dpr_")
    text = json.dumps(answer.body)
    for old, long in new.items():
        text = text.replace(f'"{old}"', f'"{long}"')
    answer.body = json.loads(text)
    return answer


@oddity(CONTRACT, "Fixed prefixes of ids may change.", f"{FACTS} LEN-6")
async def ids_of_processors_with_another_prefix(world: World, request: Request, forward: Forward) -> Answer:
    return await _renamed(request, forward, "dp_", "proc-")


@oddity(CONTRACT, "The examples of batches begin with batch_processor_run_.", f"{SEED}, example")
async def ids_of_batches_as_in_the_example(world: World, request: Request, forward: Forward) -> Answer:
    return await _renamed(request, forward, "bpr_", "batch_processor_run_")


@oddity(CONTRACT, "The vendor's example has null for optional fields that are not set.", f"{FACTS} PR-6")
async def null_for_what_is_not_set(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _run(answer)
    if run:
        for name in (
            "failureReason",
            "failureMessage",
            "metadata",
            "initialOutput",
            "reviewedOutput",
            "usage",
        ):
            run.setdefault(name, None)
        for file in run["files"]:
            for name in ("presignedUrl", "parentFileId", "contents", "type"):
                file.setdefault(name, None)
            file["metadata"] = {"pageCount": None, "parentSplit": None, **file["metadata"]}
    if _batch(answer):
        answer.body["batchProcessorRun"].setdefault("sourceId", None)
    if _lists(request) and answer.status == 200:
        answer.body.setdefault("nextPageToken", None)
    return answer


@oddity(
    CONTRACT, "Older pages have null for the output of a run under way, and for edits.", f"{FACTS} PR-4, PR-5"
)
async def no_output_is_null(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _run(answer)
    if run and not run["output"]:
        run["output"] = None
    if run and not run["edits"]:
        run["edits"] = None
    return answer


@oddity(CONTRACT, "Too many requests gives 429, maybe with Retry-After.", f"{FACTS} RL-1, RL-2")
async def too_many_requests_now_and_then(world: World, request: Request, forward: Forward) -> Answer:
    if world.count % 40 == 7:
        body = {"success": False, "error": "Too many requests."}
        return Answer(429, body, {"retry-after": "1"})
    return await forward(request)


@oddity(
    CONTRACT, "The body of a 429 has only error, and Retry-After need not be there.", f"{FACTS} ER-23, RL-2"
)
async def too_many_requests_with_a_short_body(world: World, request: Request, forward: Forward) -> Answer:
    if world.count in (2, 17, 30):
        return Answer(429, {"error": "Too many requests."})
    return await forward(request)


@oddity(CONTRACT, "A network in front of the server fails once in a while.", "HTTP; status codes of CDNs")
async def network_fails_once_in_a_while(world: World, request: Request, forward: Forward) -> Answer:
    if request.method == "GET" and world.count % 31 == 5:
        codes = (502, 503, 504, 520, 522, 525, 527, 530, 408)
        code = codes[world.count // 31 % len(codes)]
        return Answer(code, None, {"content-type": "text/html"}, b"<html>The origin is not reachable.</html>")
    return await forward(request)


@oddity(
    CONTRACT,
    "No page promises that a read shows the newest state: a replica may be a look behind.",
    f"{FACTS} 9",
)
async def reads_are_one_look_behind(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if not _reads_run(request) or not _run(answer):
        return answer
    older = world.memory.get(request.path, answer.body)
    world.memory[request.path] = copy.deepcopy(answer.body)
    return Answer(200, older)


@oddity(
    CONTRACT, "No page promises that a list shows the newest state: a replica may be behind.", f"{FACTS} 9"
)
async def lists_are_one_look_behind(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if not _lists(request) or answer.status != 200:
        return answer
    key = json.dumps([request.query, request.headers.get("authorization")], sort_keys=True)
    older = world.memory.get(key, answer.body)
    world.memory[key] = copy.deepcopy(answer.body)
    return Answer(200, older)


@oddity(
    CONTRACT, "Lists are of the workspace: other clients make runs there, at any time.", f"{FACTS} PG-4, AU-4"
)
async def other_clients_make_runs(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and _run(answer):
        world.memory["body"] = {**request.body, "metadata": {"client": "another"}}
        world.memory["token"] = request.headers["authorization"]
    mine = request.headers.get("authorization") == world.memory.get("token")
    if "body" in world.memory and mine and request.method == "GET" and world.count % 9 == 0:
        headers = {**request.headers, "content-type": "application/json"}
        await forward(Request("POST", "/processor_runs", {}, headers, world.memory["body"]))
    return answer


@oddity(CONTRACT, "Runs under way may be PENDING first.", f"{FACTS} PR-1, C-05")
async def runs_wait_first(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _run(answer)
    if run.get("status") == "PROCESSING":
        looks = world.memory[run["id"]] = world.memory.get(run["id"], 0) + 1
        if looks <= 3:
            run["status"] = "PENDING"
    return answer


@oddity(CONTRACT, "A poller may miss states: a run may end before the first look.", f"{FACTS} 9")
async def runs_end_at_once(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _creates(request) and _run(answer):
        path = f"/processor_runs/{answer.body['processorRun']['id']}"
        for _ in range(40):
            read = await forward(Request("GET", path, {}, request.headers))
            if _run(read).get("status") != "PROCESSING":
                break
    return answer


@oddity(CONTRACT, "A batch moves on between any two looks.", f"{FACTS} 9")
async def waiting_batch_moves_on(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    batch = _batch(answer)
    if batch.get("status") == "PENDING":
        looks = world.memory["looks"] = world.memory.get("looks", 0) + 1
        if looks > 1:
            batch["status"] = "PROCESSED"
            batch["updatedAt"] = "2026-07-01T12:00:00.500Z"
            batch["metrics"] = {"numFiles": 9, "numPages": 17}
    return answer


@oddity(CONTRACT, "numFiles and numPages are numbers: the example has 1.1.", f"{SEED}, example; {FACTS} C-17")
async def batch_metrics_as_in_the_example(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _batch(answer):
        answer.body["batchProcessorRun"]["metrics"] = {"numFiles": 1.1, "numPages": 1.1, "f1Score": 0.5}
    return answer


@oddity(CONTRACT, "Reasons of failure are an open set.", f"{FACTS} LEN-9")
async def failure_for_a_new_reason(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _run(answer).get("status") == "FAILED":
        answer.body["processorRun"]["failureReason"] = "QUOTA_OF_REGION_EXCEEDED"
    return answer


@oddity(CONTRACT, "usage is absent under legacy billing.", f"{FACTS} 5.4")
async def no_usage_at_all(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    for item in [_run(answer), *_rows(answer)]:
        item.pop("usage", None)
    return answer


@oddity(CONTRACT, "Messages may be any text, and new properties are compatible.", f"{FACTS} LEN-3, LEN-5")
async def errors_in_other_words(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.status in (400, 404) and isinstance(answer.body, dict):
        answer.body.update(error="¡No!", requestId="r", retryable=False, docUrl="https://docs.extend.ai")
    return answer


@oddity(CONTRACT, "Both properties of the body of an error are optional.", f"{OAS}, Error")
async def errors_without_success(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if answer.status in (400, 401, 404) and isinstance(answer.body, dict):
        answer.body.pop("success", None)
    return answer


@oddity(CONTRACT, "Cancelling is best effort: the run may still end PROCESSED.", f"{FACTS} CA-4, PR-14")
async def cancelling_comes_too_late(world: World, request: Request, forward: Forward) -> Answer:
    if not _cancels(request):
        return await forward(request)
    read = await forward(Request("GET", request.path.removesuffix("/cancel"), {}, request.headers))
    return read if _run(read).get("status") == "PROCESSING" else await forward(request)


@oddity(CONTRACT, "A human may review a run after it was PROCESSED.", f"{FACTS} PO-3")
async def run_is_reviewed_meanwhile(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "CLASSIFY")
    if run:
        looks = world.memory["looks"] = world.memory.get("looks", 0) + 1
        if looks > 1:
            other = {**copy.deepcopy(run["output"]), "id": "other", "type": "other"}
            run.update(reviewed=True, reviewedOutput=other, output=copy.deepcopy(other))
    return answer


@oddity(CONTRACT, "Without the header an old key is served as 2024-12-23.", f"{FACTS} VE-3; {SEED}, headers")
async def no_version_is_served(world: World, request: Request, forward: Forward) -> Answer:
    if "x-extend-api-version" not in request.headers:
        headers = {**request.headers, "x-extend-api-version": "2025-04-21"}
        return await forward(
            Request(request.method, request.path, request.query, headers, request.body, request.raw)
        )
    return await forward(request)


@oddity(CONTRACT, "What a second delete gives is not documented.", f"{FACTS} DE-2")
async def second_delete_is_confirmed(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if _deletes(request) and answer.status == 200:
        world.memory[request.path] = copy.deepcopy(answer.body)
    return (
        Answer(200, copy.deepcopy(world.memory[request.path]))
        if request.path in world.memory and _deletes(request)
        else answer
    )


@oddity(CONTRACT, "logprobsConfidence may be null, and citations need not be there.", f"{OAS}, JsonOutput")
async def nothing_known_about_confidence(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "EXTRACT")
    for name in ("output", "initialOutput", "reviewedOutput"):
        for entry in (run.get(name) or {}).get("metadata", {}).values():
            entry.pop("citations", None)
            entry.update(logprobsConfidence=None, ocrConfidence=None)
    return answer


@oddity(CONTRACT, "Fewer rows than maxPageSize may come.", f"{FACTS} PG-5")
async def pages_are_short(world: World, request: Request, forward: Forward) -> Answer:
    size = request.query.get("maxPageSize", "10")
    if _lists(request) and size.isdigit() and 4 < int(size) <= 1000:
        query = {**request.query, "maxPageSize": "4"}
        return await forward(Request(request.method, request.path, query, request.headers))
    return await forward(request)


@oddity(CONTRACT, "Tokens are opaque: the example has signs that must be encoded.", f"{OAS}, NextPageToken")
async def tokens_as_in_the_example(world: World, request: Request, forward: Forward) -> Answer:
    query = dict(request.query)
    if query.get("nextPageToken", "").endswith("==:zW/Q+C &d="):
        query["nextPageToken"] = query["nextPageToken"].removesuffix("==:zW/Q+C &d=")
    answer = await forward(
        Request(request.method, request.path, query, request.headers, request.body, request.raw)
    )
    if isinstance(answer.body, dict) and answer.body.get("nextPageToken"):
        answer.body["nextPageToken"] += "==:zW/Q+C &d="
    return answer


@oddity(CONTRACT, "An insight may be an issue or a review_summary.", f"{FACTS} PR-15")
async def insights_of_the_review_agent(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    run = _processed(answer, "CLASSIFY")
    for name in ("output", "initialOutput"):
        for insight in (run.get(name) or {}).get("insights", []):
            insight["type"] = "review_summary"
    return answer


@oddity(CONTRACT, "What an unknown version gives is not documented.", f"{FACTS} VE-8")
async def unknown_version_is_served(world: World, request: Request, forward: Forward) -> Answer:
    if request.headers.get("x-extend-api-version", "2025-04-21") != "2025-04-21":
        headers = {**request.headers, "x-extend-api-version": "2025-04-21"}
        return await forward(
            Request(request.method, request.path, request.query, headers, request.body, request.raw)
        )
    return await forward(request)


@oddity(CONTRACT, "A token that lacks permission for the resource gives 401.", f"{FACTS} AU-2")
async def run_of_another_workspace_gives_401(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    known = world.memory.setdefault("known", {})
    token = request.headers.get("authorization")
    if _run(answer):
        known.setdefault(answer.body["processorRun"]["id"], token)
    if _reads_run(request) and answer.status == 404 and known.get(request.parts[1], token) != token:
        return _error(401, "This key has no permission for this run.")
    return answer


@oddity(CONTRACT, "Other clients of the workspace may delete runs, at any time.", f"{FACTS} DE-1, AU-4")
async def another_client_deletes_an_old_run(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    token = request.headers.get("authorization")
    if _rows(answer) and "old" not in world.memory and not request.query:
        world.memory["old"] = (answer.body["processorRuns"][0]["id"], token)
    if world.count == 60 and "old" in world.memory:
        run, owner = world.memory["old"]
        await forward(
            Request("DELETE", f"/processor_runs/{run}", {}, {**request.headers, "authorization": owner})
        )
    return answer
