"""Defects of what a processor run has found: its output, its review, its configuration."""

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ObjectHook
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2025_04_21 import output
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_2025_04_21.store import CLASSIFY, SPLITTER, Run
from batchproof.emulator.extend_common.life import FAILED, PROCESSED, PROCESSING

fault = registry.fault


@fault("output-missing", breaks="processor_run.output.final")
def output_missing(behaviour: Behaviour) -> None:
    """Get Processor Run, output: the final output; here it is empty when the run is PROCESSED."""
    tricks.put_where(behaviour, "processor_run", PROCESSED, output={})


@fault("value-misses-schema", breaks="extraction_output.json.schema")
def value_misses_schema(behaviour: Behaviour) -> None:
    """Get Processor Run, output.value: it conforms to the schema; here each number at its root is a string."""

    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if isinstance(body.get("value"), dict):
            root = body["value"]
            body["value"] = {key: str(x) if isinstance(x, int | float) else x for key, x in root.items()}

    behaviour.on_object("output", change)


@fault("confidence-above-one", breaks="extraction_output.confidence.range")
def confidence_above_one(behaviour: Behaviour) -> None:
    """Get Processor Run, output: a confidence lies between 0 and 1; here it is a percentage."""
    tricks.put(behaviour, "output_entry", logprobsConfidence=98, ocrConfidence=97)


@fault("fields-without-type", breaks="extraction_output.fields")
def fields_without_type(behaviour: Behaviour) -> None:
    """FieldsArrayOutput, type: each field of an output has one; here it is missing."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        for found in body.values() if "fields" in run.config else ():
            del found["type"]

    behaviour.on_object("output", change)


@fault("fields-of-another-type", breaks="extraction_output.fields.type.known")
def fields_of_another_type(behaviour: Behaviour) -> None:
    """ExtractionFieldResult, type: one of nine; here it is `text`."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        for found in body.values() if "fields" in run.config else ():
            found["type"] = "text"

    behaviour.on_object("output", change)


@fault("review-score-of-ten", breaks="extraction_output.review_agent_score")
def review_score_of_ten(behaviour: Behaviour) -> None:
    """JsonOutputMetadataValue, reviewAgentScore: 1 to 5; here it is twice as high."""

    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if "reviewAgentScore" in body:
            body["reviewAgentScore"] *= 2

    behaviour.on_object("output_entry", change)


@fault("insights-as-text", breaks="extraction_output.insights")
def insights_as_text(behaviour: Behaviour) -> None:
    """Insight: an object with type and content; here an extraction has the content alone."""

    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if "insights" in body:
            body["insights"] = [insight["content"] for insight in body["insights"]]

    behaviour.on_object("output_entry", change)


@fault("insight-type-unknown", breaks="extraction_output.insights.type.known")
def insight_type_unknown(behaviour: Behaviour) -> None:
    """Insight, type: reasoning, issue or review_summary; here an extraction has another one."""

    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if "insights" in body:
            body["insights"] = [insight | {"type": "hunch"} for insight in body["insights"]]

    behaviour.on_object("output_entry", change)


@fault("classified-by-percent", breaks="classification_output")
def classified_by_percent(behaviour: Behaviour) -> None:
    """ClassifierOutput, confidence: between 0 and 1; here it is a percentage."""
    _in_outputs_of(behaviour, CLASSIFY, confidence=97)


@fault("splits-missing", breaks="splitter_output")
def splits_missing(behaviour: Behaviour) -> None:
    """SplitterOutput, splits: an array; here it is null."""
    _in_outputs_of(behaviour, SPLITTER, splits=None)


@fault("classifications-missing", breaks="processor_run.config.classify")
def classifications_missing(behaviour: Behaviour) -> None:
    """ClassificationConfig, classifications: an array; here it is missing."""
    behaviour.on_object("processor_run", lambda body, *_: body["config"].pop("classifications", None))


@fault("split-classifications-by-id", breaks="processor_run.config.splitter")
def split_classifications_by_id(behaviour: Behaviour) -> None:
    """SplitterConfig, splitClassifications: an array of objects; here it is an array of their ids."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.processor.type == SPLITTER:
            classes = body["config"]["splitClassifications"]
            body["config"]["splitClassifications"] = [item["id"] for item in classes]

    behaviour.on_object("processor_run", change)


@fault("reviewed-output-as-text", breaks="processor_run.reviewed_output")
def reviewed_output_as_text(behaviour: Behaviour) -> None:
    """Get Processor Run, reviewedOutput: an object; here it is a string."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.reviewed:
            body["reviewedOutput"] = str(body["reviewedOutput"])

    behaviour.on_object("processor_run", change)


@fault("reviewed-output-missing", breaks="processor_run.reviewed_output.present")
def reviewed_output_missing(behaviour: Behaviour) -> None:
    """Get Processor Run, reviewedOutput: the output after the review; here it is missing."""
    tricks.drop(behaviour, "processor_run", "reviewedOutput")


@fault("edits-forgotten", breaks="processor_run.edits.present")
def edits_forgotten(behaviour: Behaviour) -> None:
    """Get Processor Run, edits: what was edited; here there are none in a run that was."""
    tricks.put(behaviour, "processor_run", edits={})


@fault("reviewed-output-unreviewed", breaks="processor_run.reviewed_output.absent")
def reviewed_output_unreviewed(behaviour: Behaviour) -> None:
    """OpenAPI description, ProcessorRun: reviewedOutput comes with a review; here a run that has none shows its output."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if body["status"] == PROCESSED and not run.reviewed:
            body["reviewedOutput"] = body["output"]

    behaviour.on_object("processor_run", change)


@fault("edits-of-nobody", breaks="processor_run.edits.absent")
def edits_of_nobody(behaviour: Behaviour) -> None:
    """OpenAPI description, ProcessorRun: edits come with edited; here a classification has one although it is not."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.processor.type == CLASSIFY:
            body["edits"] = {"type": {"notes": "Looked at.", "page": 1}}

    behaviour.on_object("processor_run", change)


@fault("message-of-success", breaks="processor_run.failure_reason.absent")
def message_of_success(behaviour: Behaviour) -> None:
    """OpenAPI description, ProcessorRun: failureMessage comes with a failure; here it is empty when PROCESSED."""
    tricks.put_where(behaviour, "processor_run", PROCESSED, failureMessage="")


@fault("output-too-early", breaks="processor_run.output.early")
def output_too_early(behaviour: Behaviour) -> None:
    """The ProcessorRun object, output: the results once there are any; here a run shows them while it is PROCESSING."""

    def change(body: JsonObject, run: Run, call: Call) -> None:
        body["output"] = output.of_run(behaviour, run, call)

    _in_reads(behaviour, PROCESSING, change)


@fault("failure-without-message", breaks="processor_run.failure_message.present")
def failure_without_message(behaviour: Behaviour) -> None:
    """Get Processor Run, failureMessage: what went wrong if the run failed; here it is null."""
    _in_reads(behaviour, FAILED, lambda body, *_: body.update(failureMessage=None))


def _in_reads(behaviour: Behaviour, state: str, change: ObjectHook) -> None:
    def hook(body: JsonObject, run: Run, call: Call) -> None:
        if body["status"] == state:
            change(body, run, call)

    tricks.in_operation(behaviour, "get_processor_run", "processor_run", hook)


def _in_outputs_of(behaviour: Behaviour, type_: str, /, **values: object) -> None:
    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.processor.type == type_:
            body.update(values)

    behaviour.on_object("output", change)
