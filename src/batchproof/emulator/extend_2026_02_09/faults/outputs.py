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


@fault("extract-metadata-of-no-field", breaks="extract_output.metadata.path")
def metadata_of_no_field(behaviour: Behaviour) -> None:
    """Response Format, Metadata: each key is the path of a field; here one is not."""

    def add(body: JsonObject, _run: Run, _call: Call) -> None:
        body["metadata"]["nowhere"] = {"logprobsConfidence": None}

    behaviour.on_object("extract_output", add)


@fault("classify-output-unconfigured", breaks="classify_output.classification")
def classify_output_unconfigured(behaviour: Behaviour) -> None:
    """Get Classify Run, output.id: one of the configured classifications; here none of them."""
    behaviour.on_object("classify_output", lambda body, *_: body.update(id=body["id"] + "-like"))


@fault("split-unconfigured", breaks="split_output.splits.classification")
def split_unconfigured(behaviour: Behaviour) -> None:
    """Get Split Run, output.splits.classificationId: one of the configured ones; here the last split has none of them."""

    def rename(body: JsonObject, run: Run, _call: Call) -> None:
        if body["startPage"] == run.page_count:
            body["classificationId"] += "-like"

    behaviour.on_object("split", rename)


@fault("split-ends-before-it-starts", breaks="split_output.splits.pages")
def split_ends_before_it_starts(behaviour: Behaviour) -> None:
    """Get Split Run, output.splits: startPage and endPage; here all splits but the first end before they start."""

    def end(body: JsonObject, _run: Run, _call: Call) -> None:
        if body["startPage"] > 1:
            body["endPage"] = body["startPage"] - 1

    behaviour.on_object("split", end)


@fault("parse-chunk-ends-before-it-starts", breaks="parse_output.chunks.pages")
def chunk_ends_before_it_starts(behaviour: Behaviour) -> None:
    """Get Parse Run, output.chunks, pageRange: start and end; here they are the wrong way round."""

    def turn(body: JsonObject, _run: Run, _call: Call) -> None:
        body["metadata"]["pageRange"] = {"start": 2, "end": 1}

    behaviour.on_object("chunk", turn)


@fault("parse-chunk-of-unknown-type", breaks="parse_output.chunks.type.known")
def chunk_of_unknown_type(behaviour: Behaviour) -> None:
    """Get Parse Run, output.chunks, type: one of three; here none of them."""
    tricks.put(behaviour, "chunk", type="paragraph")


@fault("parse-block-of-unknown-type", breaks="parse_output.blocks.type.known")
def block_of_unknown_type(behaviour: Behaviour) -> None:
    """Get Parse Run, output.chunks.blocks, type: one of thirteen; here none of them."""
    tricks.put(behaviour, "block", type="paragraph")


@fault("charge-by-unknown-unit", breaks="run_usage.known")
def charge_by_unknown_unit(behaviour: Behaviour) -> None:
    """RunUsage, unit of a charge: page, cell or usd; here none of them."""
    tricks.put(behaviour, "usage_charge", unit="minute")


@fault("file-of-unknown-type", breaks="file.type.known")
def file_of_unknown_type(behaviour: Behaviour) -> None:
    """FileType: one of eight; here a file without pages is of none of them in the detail of an extract run."""

    def rename(body: JsonObject, _file: object, _call: Call) -> None:
        if "pageCount" not in body["metadata"]:
            body["type"] = "ODS"

    tricks.in_operation(behaviour, "get_extract_run", "file", rename)


@fault("text-file-with-page-count", breaks="file.metadata.page_count.absent")
def text_file_with_page_count(behaviour: Behaviour) -> None:
    """FileMetadata, pageCount: of PDF and DOCX only; here every file has one in the detail of an extract run."""
    tricks.in_operation(
        behaviour, "get_extract_run", "file_metadata", lambda body, *_: body.setdefault("pageCount", 1)
    )


def _logprobs(behaviour: Behaviour, key: str, value: str) -> None:
    """Runs with this value in their configuration have a confidence."""

    def claim(body: JsonObject, run: Run, _call: Call) -> None:
        if run.config.get(key) == value:
            body["logprobsConfidence"] = 0.98

    behaviour.on_object("output_entry", claim)
