"""What an output of an extraction holds against the configuration, the file or the age of its run."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour

fault = registry.fault


@fault("extract-logprobs-of-light", breaks="extract_output.logprobs_confidence.absent")
def logprobs_of_light(behaviour: Behaviour) -> None:
    """Confidence Scores: extraction_light never has a logprobsConfidence; here it has one."""
    _logprobs(behaviour, "baseProcessor", "extraction_light")


@fault("extract-logprobs-of-newer", breaks="extract_output.logprobs_confidence.absent")
def logprobs_of_newer(behaviour: Behaviour) -> None:
    """Confidence Scores: from version 4.6.0 on logprobsConfidence is null; here 4.6.0 still has one."""
    _logprobs(behaviour, "baseVersion", "4.6.0")


@fault("extract-score-unasked", breaks="extract_output.review_agent_score.enabled")
def score_unasked(behaviour: Behaviour) -> None:
    """ExtractOutputMetadataValue, reviewAgentScore: there when the review agent is enabled; here without it, too."""
    behaviour.on_object("output_entry", lambda body, *_: body.setdefault("reviewAgentScore", 3))


@fault("extract-metadata-incomplete", breaks="extract_output.metadata.complete")
def metadata_incomplete(behaviour: Behaviour) -> None:
    """Response Format, Metadata: an array has an entry, as its items have; here only the items have."""

    def forget(body: JsonObject, _run: Run, _call: Call) -> None:
        for key, value in body["value"].items():
            if isinstance(value, list):
                body["metadata"].pop(key, None)

    behaviour.on_object("extract_output", forget)


@fault("extract-citation-outside-package", breaks="extract_output.citations.files")
def citation_outside_package(behaviour: Behaviour) -> None:
    """Citation, fileId: it is found among the files of a multifile run; here it is none of them."""

    def rename(body: JsonObject, run: Run, _call: Call) -> None:
        if run.multifile:
            body["fileId"] = "file_other"

    behaviour.on_object("citation", rename)


@fault("extract-cell-beside-polygon", breaks="extract_output.citations.cell_range")
def cell_beside_polygon(behaviour: Behaviour) -> None:
    """Citation, cellRange: returned instead of a polygon; here beside one."""

    def draw(body: JsonObject, _run: Run, _call: Call) -> None:
        if "cellRange" in body:
            body["polygon"] = [{"x": 10, "y": 10}, {"x": 90, "y": 20}]

    behaviour.on_object("citation", draw)


@fault("extract-cell-by-row-and-column", breaks="extract_output.citations.cell_range.a1")
def cell_by_row_and_column(behaviour: Behaviour) -> None:
    """Citation, cellRange: in A1 notation; here in R1C1 notation."""
    tricks.put_instead(behaviour, "citation", "cellRange", "R2C2")


@fault("legacy-field-of-unknown-type", breaks="extract_output.legacy.type.known")
def legacy_type_unknown(behaviour: Behaviour) -> None:
    """ExtractionFieldResult, type: one of nine; here a name that is none of them."""
    tricks.put(behaviour, "legacy_field", type="text")


@fault("legacy-reference-without-page", breaks="extract_output.legacy.references")
def legacy_reference_without_page(behaviour: Behaviour) -> None:
    """ExtractionFieldResult, references: each has a page; here it is missing."""
    tricks.drop(behaviour, "legacy_reference", "page")


def _logprobs(behaviour: Behaviour, key: str, value: str) -> None:
    """Runs with this value in their configuration have a confidence."""

    def claim(body: JsonObject, run: Run, _call: Call) -> None:
        if run.config.get(key) == value:
            body["logprobsConfidence"] = 0.98

    behaviour.on_object("output_entry", claim)
