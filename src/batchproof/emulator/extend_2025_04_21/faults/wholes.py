"""Objects and answers that are wrong as a whole."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_2025_04_21.store import EXTRACT, SPLITTER, STUDIO, BatchRun, Run
from batchproof.emulator.extend_common.life import PROCESSED

fault = registry.fault


def _inside(behaviour: Behaviour, operation: str, change: Callable[[JsonObject], object]) -> None:
    """The body of a success is changed."""

    def hook(answer: Any, _call: Call) -> Any:
        if answer.status != 200:
            return answer
        body = dict(answer.body)
        change(body)
        return replace(answer, body=body)

    behaviour.on_answer(operation, hook)


@fault("error-is-a-list", breaks="error")
def error_is_a_list(behaviour: Behaviour) -> None:
    """Error Handling: the body is an object; here that of a 404 is an array."""
    behaviour.on_answer(
        ANY, lambda answer, _: replace(answer, body=[answer.body]) if answer.status == 404 else answer
    )


@fault("batch-is-a-text", breaks="batch_processor_run")
def batch_is_a_text(behaviour: Behaviour) -> None:
    """Get Batch Processor Run: an object; here its id alone."""
    _inside(
        behaviour,
        "get_batch_processor_run",
        lambda body: body.update(batchProcessorRun=body["batchProcessorRun"]["id"]),
    )


@fault("batch-under-another-name", breaks="get_batch_processor_run.body")
def batch_under_another_name(behaviour: Behaviour) -> None:
    """Get Batch Processor Run: the answer has the batch in batchProcessorRun; here in batchRun."""
    _inside(
        behaviour,
        "get_batch_processor_run",
        lambda body: body.update(batchRun=body.pop("batchProcessorRun")),
    )


@fault("run-is-a-list", breaks="processor_run")
def run_is_a_list(behaviour: Behaviour) -> None:
    """Get Processor Run: an object; here an array that holds it."""
    _inside(behaviour, "get_processor_run", lambda body: body.update(processorRun=[body["processorRun"]]))


@fault("rows-are-texts", breaks="processor_run.summary")
def rows_are_texts(behaviour: Behaviour) -> None:
    """List Processor Runs: summaries, which are objects; here ids."""
    _inside(
        behaviour,
        "list_processor_runs",
        lambda body: body.update(processorRuns=[row["id"] for row in body["processorRuns"]]),
    )


@fault("runs-as-object", breaks="list_processor_runs.body")
def runs_as_object(behaviour: Behaviour) -> None:
    """List Processor Runs: processorRuns is an array; here a map."""
    _inside(behaviour, "list_processor_runs", lambda body: body.update(processorRuns={}))


@fault("runs-as-in-the-next-version", breaks="version.header.accepted")
def runs_as_in_the_next_version(behaviour: Behaviour) -> None:
    """Headers: a request that names 2025-04-21 is answered in it; here a list has its runs in data, as in the next one."""
    _inside(behaviour, "list_processor_runs", lambda body: body.update(data=body.pop("processorRuns")))


@fault("processors-missing", breaks="list_processors.body")
def processors_missing(behaviour: Behaviour) -> None:
    """List Processors: processors is an array; here it is missing."""
    _inside(behaviour, "list_processors", lambda body: body.pop("processors"))


@fault("deletion-without-message", breaks="delete_processor_run.message")
def deletion_without_message(behaviour: Behaviour) -> None:
    """Delete Processor Run: the answer has a message; here it is missing."""
    _inside(behaviour, "delete_processor_run", lambda body: body.pop("message"))


@fault("deletion-of-another", breaks="delete_processor_run.id")
def deletion_of_another(behaviour: Behaviour) -> None:
    """Delete Processor Run, documentProcessorRunId: the id of the deleted run; here another one."""
    _inside(
        behaviour,
        "delete_processor_run",
        lambda body: body.update(documentProcessorRunId=body["documentProcessorRunId"] + "x"),
    )


@fault("studio-batch-without-source-id", breaks="batch_processor_run.source_id.studio")
def studio_without_source_id(behaviour: Behaviour) -> None:
    """Get Batch Processor Run, sourceId: the processor, for a batch from Studio; here it is missing."""

    def forget(body: JsonObject, batch: BatchRun, _call: Call) -> None:
        if batch.source == STUDIO:
            body.pop("sourceId", None)

    behaviour.on_object("batch_processor_run", forget)


@fault("run-created-at-drifts", breaks="processor_run.created_at.constant")
def run_created_at_drifts(behaviour: Behaviour) -> None:
    """List Processor Runs, createdAt: the time of creation; here each look shows a slightly earlier one."""
    tricks.drift(behaviour, "processor_run_summary", "createdAt", by_ms=-1)


def _config(behaviour: Behaviour, type_: str, key: str, value: Any) -> None:
    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.processor.type == type_ and (key in body["config"] or type_ == EXTRACT):
            body["config"] = body["config"] | {key: value}

    behaviour.on_object("processor_run", change)


@fault("extract-config-schema-as-text", breaks="processor_run.config.extract")
def extract_config_schema(behaviour: Behaviour) -> None:
    """Get Processor Run, config: the schema is an object; here a text."""
    _config(behaviour, EXTRACT, "schema", "{}")


@fault("base-processor-unknown", breaks="processor_run.config.base_processor.known")
def base_processor_unknown(behaviour: Behaviour) -> None:
    """Get Processor Run, config: the base processor is one that is known; here that of an extraction is not."""
    _config(behaviour, EXTRACT, "baseProcessor", "extraction_magic")


@fault("parser-as-text", breaks="processor_run.config.parser")
def parser_as_text(behaviour: Behaviour) -> None:
    """Get Processor Run, config: the parser is an object; here its target alone."""
    _config(behaviour, EXTRACT, "parser", "markdown")


@fault("advanced-options-as-list", breaks="processor_run.config.advanced_options")
def advanced_options_as_list(behaviour: Behaviour) -> None:
    """Get Processor Run, config: the advanced options are an object; here an array."""
    _config(behaviour, EXTRACT, "advancedOptions", [])


@fault("split-method-of-the-next-version", breaks="processor_run.config.split_method.known")
def split_method_of_the_next_version(behaviour: Behaviour) -> None:
    """SplitterAdvancedOptions, splitMethod: high_precision or low_latency; here basic_precision, as in the next version."""
    _config(behaviour, SPLITTER, "advancedOptions", {"splitMethod": "basic_precision"})


def _output(behaviour: Behaviour, type_: str, output: Any) -> None:
    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if body["status"] == PROCESSED and run.processor.type == type_:
            body["output"] = output

    behaviour.on_object("processor_run", change)


@fault("extraction-without-metadata", breaks="extraction_output.fields")
def extraction_without_metadata(behaviour: Behaviour) -> None:
    """Output Types: value and metadata, or fields with id and type; here the metadata are an array, which is neither."""
    _change_output(behaviour, lambda body: body.update(metadata=[]))


@fault("extraction-metadata-of-lists", breaks="extraction_output.json")
def extraction_metadata_of_lists(behaviour: Behaviour) -> None:
    """Output Types: the metadata of an extraction are a map of objects; here of arrays."""
    _change_output(behaviour, lambda body: body.update(metadata={key: [] for key in body["metadata"]}))


def _change_output(behaviour: Behaviour, change: Callable[[JsonObject], object]) -> None:
    def hook(body: JsonObject, run: Run, _call: Call) -> None:
        if run.processor.type == EXTRACT and "value" in body:
            change(body)

    behaviour.on_object("output", hook)


@fault("extraction-as-text", breaks="extraction_output")
def extraction_as_text(behaviour: Behaviour) -> None:
    """Output Types: the output of an extraction is an object; here its JSON as a text."""
    _output(behaviour, EXTRACT, '{"value": {}, "metadata": {}}')
