"""Processor runs and what they have found."""

from collections import Counter

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2025_04_21 import output
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_2025_04_21.seeds import seed_id
from batchproof.emulator.extend_2025_04_21.store import (
    EXTRACT,
    Run,
)
from batchproof.emulator.extend_common.life import (
    PROCESSED,
    PROCESSING,
)
from batchproof.emulator.verbs import said_members

fault = registry.fault


@fault("config-type-differs", breaks="processor_run.config.type")
def config_type_differs(behaviour: Behaviour) -> None:
    """Get Processor Run, config: its type is that of the run; here another one."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        other = "CLASSIFY" if run.processor.type == EXTRACT else EXTRACT
        body["config"] = {**body["config"], "type": other}

    behaviour.on_object("processor_run", change)


@fault("config-of-later", breaks="processor_run.config.constant")
def config_of_later(behaviour: Behaviour) -> None:
    """Get Processor Run, config: the one that was used; here every look after the end shows another base version."""
    looks: Counter[str] = Counter()

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if body["status"] == PROCESSED:
            looks[run.id] += 1
            body["config"]["baseVersion"] = f"4.{looks[run.id]}.0"

    behaviour.on_object("processor_run", change)


@fault(
    "output-too-early",
    breaks="processor_run.output.early",
    collateral={
        "It speaks of the same value, which no interpretation of the documentation has.": [
            "processor_run.output.waiting"
        ]
    },
)
def output_too_early(behaviour: Behaviour) -> None:
    """The ProcessorRun object, output: the results once there are any; here a run shows them while it is PROCESSING."""

    def change(body: JsonObject, run: Run, call: Call) -> None:
        if body["status"] == PROCESSING:
            body["output"] = output.of_run(behaviour, run, call)

    tricks.in_operation(behaviour, "get_processor_run", "processor_run", change)


@fault("value-misses-schema", breaks="extraction_output.json.schema")
def value_misses_schema(behaviour: Behaviour) -> None:
    """Get Processor Run, output.value: it conforms to the schema; here each number at its root is a string."""

    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if isinstance(body.get("value"), dict):
            root = body["value"]
            body["value"] = {key: str(x) if isinstance(x, int | float) else x for key, x in root.items()}

    behaviour.on_object("output", change)


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


@fault("insight-type-unknown", breaks="extraction_output.insights.type.known")
def insight_type_unknown(behaviour: Behaviour) -> None:
    """Insight, type: reasoning, issue or review_summary; here an extraction has another one."""

    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if "insights" in body:
            body["insights"] = [insight | {"type": "hunch"} for insight in body["insights"]]

    behaviour.on_object("output_entry", change)


@fault("latest-is-draft", breaks="create_processor_run.version.latest")
def latest_is_draft(behaviour: Behaviour) -> None:
    """Run Processor, version: without it the latest; here who names latest gets the draft."""

    def change(body: JsonObject, run: Run, call: Call) -> None:
        if said_members(call).get("version") == "latest":
            run.version = run.processor.versions["draft"]
            body["processorVersionId"] = run.version.id

    tricks.in_operation(behaviour, "create_processor_run", "processor_run", change)


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


@fault("reviewed-run-differs", breaks="get_processor_run.id")
def reviewed_run_differs(behaviour: Behaviour) -> None:
    """Get Processor Run, id: the run that was asked for; here a reviewed run shows the id of its review."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.reviewed:
            body["id"] = seed_id("dpr", f"review of {run.id}")

    tricks.in_operation(behaviour, "get_processor_run", "processor_run", change)
