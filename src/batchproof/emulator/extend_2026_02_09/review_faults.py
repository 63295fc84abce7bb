"""Defects of what only a review, an old configuration or a special option makes a run show."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour

from .plants import registry
from .store import Run

fault = registry.fault


@fault("review-not-final", breaks="extract_run.output.final")
def review_not_final(behaviour: Behaviour) -> None:
    """Get Extract Run, output: "the final output, either reviewed or initial"; here it is always the initial one."""
    _keep_initial(behaviour, "extract_run")


@fault("classify-review-not-final", breaks="classify_run.output.final")
def classify_review_not_final(behaviour: Behaviour) -> None:
    """Get Classify Run, output: the final output; here it is always the initial one."""
    _keep_initial(behaviour, "classify_run")


@fault("split-review-not-final", breaks="split_run.output.final")
def split_review_not_final(behaviour: Behaviour) -> None:
    """Get Split Run, output: the final output; here it is always the initial one."""
    _keep_initial(behaviour, "split_run")


@fault("initial-output-forgotten", breaks="extract_run.initial_output.present")
def initial_output_forgotten(behaviour: Behaviour) -> None:
    """Get Extract Run, initialOutput: present when reviewed is true; here it is always null."""
    tricks.put(behaviour, "extract_run", initialOutput=None)


@fault("classify-initial-output-forgotten", breaks="classify_run.initial_output.present")
def classify_initial_output_forgotten(behaviour: Behaviour) -> None:
    """Get Classify Run, initialOutput: present when reviewed is true; here it is always null."""
    tricks.put(behaviour, "classify_run", initialOutput=None)


@fault("split-initial-output-forgotten", breaks="split_run.initial_output.present")
def split_initial_output_forgotten(behaviour: Behaviour) -> None:
    """Get Split Run, initialOutput: present when reviewed is true; here it is always null."""
    tricks.put(behaviour, "split_run", initialOutput=None)


@fault("reviewed-output-forgotten", breaks="extract_run.reviewed_output.present")
def reviewed_output_forgotten(behaviour: Behaviour) -> None:
    """Get Extract Run, reviewedOutput: present when reviewed is true; here it is always null."""
    tricks.put(behaviour, "extract_run", reviewedOutput=None)


@fault("classify-reviewed-output-forgotten", breaks="classify_run.reviewed_output.present")
def classify_reviewed_output_forgotten(behaviour: Behaviour) -> None:
    """Get Classify Run, reviewedOutput: present when reviewed is true; here it is always null."""
    tricks.put(behaviour, "classify_run", reviewedOutput=None)


@fault("split-reviewed-output-forgotten", breaks="split_run.reviewed_output.present")
def split_reviewed_output_forgotten(behaviour: Behaviour) -> None:
    """Get Split Run, reviewedOutput: present when reviewed is true; here it is always null."""
    tricks.put(behaviour, "split_run", reviewedOutput=None)


@fault("edits-forgotten", breaks="extract_run.edits.present")
def edits_forgotten(behaviour: Behaviour) -> None:
    """Get Extract Run, edits: present when edited is true; here they are always null."""
    tricks.put(behaviour, "extract_run", edits=None)


@fault("ocr-confidence-in-percent", breaks="extract_output.ocr_confidence")
def ocr_confidence_in_percent(behaviour: Behaviour) -> None:
    """Extraction, Response Format, ocrConfidence: between 0 and 1; here it is a percentage."""
    _times(behaviour, "ocrConfidence", 100)


@fault("review-score-of-ten", breaks="extract_output.review_agent_score")
def review_score_of_ten(behaviour: Behaviour) -> None:
    """ExtractOutputMetadataValue, reviewAgentScore: 1 to 5; here it is twice as high."""
    _times(behaviour, "reviewAgentScore", 2)


@fault("insights-as-text", breaks="extract_output.insights")
def insights_as_text(behaviour: Behaviour) -> None:
    """Insight: an object with type and content; here an extraction has the content alone."""

    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if "insights" in body:
            body["insights"] = [insight["content"] for insight in body["insights"]]

    behaviour.on_object("output_entry", change)


@fault("ocr-word-without-page", breaks="parse_output.ocr")
def ocr_word_without_page(behaviour: Behaviour) -> None:
    """ParseRunOutputOcr, words, pageNumber: each word has one; here it is missing."""
    tricks.drop(behaviour, "ocr_words", "pageNumber")


@fault("legacy-field-without-type", breaks="extract_output.legacy")
def legacy_field_without_type(behaviour: Behaviour) -> None:
    """Get Extract Run, legacy output: each field has an id and a type; here the type is missing."""
    tricks.drop(behaviour, "legacy_field", "type")


@fault("legacy-output-of-current-runs", breaks="extract_run.output.legacy")
def legacy_output_of_current_runs(behaviour: Behaviour) -> None:
    """Get Extract Run, output: the legacy shape only for runs with a legacy config; here every run has it."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if body["output"] is not None and run.review is None and "fields" not in run.config:
            body["output"] = {"total": {"id": "field_1", "type": "number", "value": 129.5}}

    behaviour.on_object("extract_run", change)


def _keep_initial(behaviour: Behaviour, kind: str) -> None:
    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.review is not None:
            body["output"] = body["initialOutput"]

    behaviour.on_object(kind, change)


def _times(behaviour: Behaviour, key: str, factor: int) -> None:
    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if body.get(key) is not None:
            body[key] *= factor

    behaviour.on_object("output_entry", change)
