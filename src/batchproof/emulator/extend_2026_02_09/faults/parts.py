"""The objects inside runs: outputs, files, extractors and their likes, usage."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import CLASSIFY, EXTRACT, PARSE, SPLIT, Family
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour

from .table import PROCESSED_WITH, each_family


@each_family("{processor}-without-name", breaks="{processor}", families=PROCESSED_WITH)
def processor_without_name(behaviour: Behaviour, family: Family) -> None:
    """List {Processor}s, Response: a {processor} has a name; here it is missing."""
    assert family.processor is not None
    tricks.drop(behaviour, family.processor.name, "name")


@each_family("{processor}-id-too-long", breaks="{processor}.id", families=PROCESSED_WITH)
def processor_id_too_long(behaviour: Behaviour, family: Family) -> None:
    """API Versioning: an id has at most 255 characters; here that of the {processor} in the detail of a run has more."""
    assert family.processor is not None
    tricks.in_operation(
        behaviour,
        f"get_{family.kind}",
        family.processor.name,
        lambda body, *_: body.update(id=body["id"] + "x" * 256),
    )


@each_family("{processor}-version-as-number", breaks="{processor}_version", families=PROCESSED_WITH)
def version_as_number(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, {processor}Version.version: a string such as 1.0; here a number."""
    assert family.processor is not None
    behaviour.on_object(f"{family.processor.name}_version", lambda body, *_: body.update(version=1.0))


@each_family("{run}-file-without-name", breaks="file", families=(EXTRACT,))
def file_without_name(behaviour: Behaviour, _family: Family) -> None:
    """Get Extract Run, file: a file has a name; here, in the detail, it is missing."""
    tricks.in_operation(behaviour, "get_extract_run", "file", lambda body, *_: body.pop("name"))


@each_family("{run}-credits-as-text", breaks="run_usage", families=(EXTRACT,))
def credits_as_text(behaviour: Behaviour, _family: Family) -> None:
    """Get Extract Run, usage.credits: a number; here, in the detail, a text."""
    tricks.in_operation(
        behaviour, "get_extract_run", "usage", lambda body, *_: body.update(credits=str(body["credits"]))
    )


@each_family("{run}-charge-without-unit", breaks="run_usage.breakdown", families=(EXTRACT,))
def charge_without_unit(behaviour: Behaviour, _family: Family) -> None:
    """Get Extract Run, usage.breakdown: a charge has a unit; here it is missing."""
    tricks.drop(behaviour, "usage_charge", "unit")


@each_family("{run}-charges-do-not-add-up", breaks="run_usage.charges.sum", families=(EXTRACT,))
def charges_do_not_add_up(behaviour: Behaviour, _family: Family) -> None:
    """Get Extract Run, usage.breakdown: the charges of an entry are its credits; here they are one more."""
    behaviour.on_object("usage_charge", lambda body, *_: body.update(credits=body["credits"] + 1))


@each_family("extract-output-of-no-shape", breaks="extract_output", families=(EXTRACT,))
def output_of_no_shape(behaviour: Behaviour, _family: Family) -> None:
    """Extraction, Response Format: value and metadata; here there is no metadata."""
    tricks.drop(behaviour, "extract_output", "metadata")


@each_family("extract-value-as-list", breaks="extract_output.value", families=(EXTRACT,))
def value_as_list(behaviour: Behaviour, _family: Family) -> None:
    """Extraction, Response Format: the value is an object; here an array."""
    behaviour.on_object("extract_output", lambda body, *_: body.update(value=[body["value"]]))


@each_family("extract-value-misses-schema", breaks="extract_output.value.schema", families=(EXTRACT,))
def value_misses_schema(behaviour: Behaviour, _family: Family) -> None:
    """Extraction, Schema: the value conforms to the schema of the configuration; here the total is an object."""
    behaviour.on_object("extract_output", lambda body, *_: body["value"].update(total={}))


@each_family("extract-metadata-as-list", breaks="extract_output.metadata", families=(EXTRACT,))
def metadata_as_list(behaviour: Behaviour, _family: Family) -> None:
    """Extraction, Response Format: metadata is a map by field path; here its entries are arrays."""
    behaviour.on_object(
        "extract_output", lambda body, *_: body.update(metadata={key: [] for key in body["metadata"]})
    )


@each_family(
    "extract-logprobs-percent",
    breaks="extract_output.logprobs_confidence",
    families=(EXTRACT,),
)
def logprobs_percent(behaviour: Behaviour, _family: Family) -> None:
    """Extraction, logprobsConfidence: a number from 0 to 1; here per cent."""
    tricks.put(behaviour, "output_entry", logprobsConfidence=98)


@each_family("extract-citation-page-0", breaks="extract_output.citations", families=(EXTRACT,))
def citation_page_0(behaviour: Behaviour, _family: Family) -> None:
    """Extraction, citations: pages are counted from 1; here from 0."""
    tricks.put(behaviour, "citation_page", number=0)


@each_family(
    "extract-citation-of-other-file",
    breaks="extract_output.citations.file",
    families=(EXTRACT,),
)
def citation_of_other_file(behaviour: Behaviour, _family: Family) -> None:
    """Extraction, citations: fileId is the file in which the value stands; here another one."""

    def rename(body: JsonObject, run: Run, _call: Call) -> None:
        if not run.multifile:
            body["fileId"] = "file_other"

    behaviour.on_object("citation", rename)


@each_family("classify-output-without-type", breaks="classify_output", families=(CLASSIFY,))
def output_without_type(behaviour: Behaviour, _family: Family) -> None:
    """Get Classify Run, output: the type of the classification; here it is missing."""
    tricks.drop(behaviour, "classify_output", "type")


@each_family("classify-confidence-percent", breaks="classify_output.confidence", families=(CLASSIFY,))
def confidence_percent(behaviour: Behaviour, _family: Family) -> None:
    """Get Classify Run, output.confidence: from 0 to 1; here per cent."""
    tricks.put(behaviour, "classify_output", confidence=97)


@each_family("classify-insights-as-text", breaks="classify_output.insights", families=(CLASSIFY,))
def insights_as_text(behaviour: Behaviour, _family: Family) -> None:
    """Get Classify Run, output.insights: objects with type and content; here texts."""
    tricks.put(behaviour, "classify_output", insights=["The first page has an amount due."])


@each_family("split-output-as-object", breaks="split_output", families=(SPLIT,))
def splits_as_object(behaviour: Behaviour, _family: Family) -> None:
    """Get Split Run, output.splits: an array; here a map."""
    behaviour.on_object(
        "split_output", lambda body, *_: body.update(splits={item["id"]: item for item in body["splits"]})
    )


@each_family("split-pages-as-text", breaks="split_output.splits", families=(SPLIT,))
def split_pages_as_text(behaviour: Behaviour, _family: Family) -> None:
    """Get Split Run, output.splits.startPage: an integer; here a text."""
    behaviour.on_object("split", lambda body, *_: body.update(startPage=str(body["startPage"])))


@each_family("split-ids-repeat", breaks="split_output.splits.id", families=(SPLIT,))
def split_ids_repeat(behaviour: Behaviour, _family: Family) -> None:
    """Get Split Run, output.splits.id: unique; here all splits of a run have the same one."""
    tricks.put(behaviour, "split", id="splt_1")


@each_family("parse-chunks-missing", breaks="parse_output", families=(PARSE,))
def chunks_missing(behaviour: Behaviour, _family: Family) -> None:
    """Get Parse Run, output.chunks: an array; here it is missing."""
    tricks.drop(behaviour, "parse_output", "chunks")


@each_family("parse-chunk-without-content", breaks="parse_output.chunks", families=(PARSE,))
def chunk_without_content(behaviour: Behaviour, _family: Family) -> None:
    """Get Parse Run, output.chunks: a chunk has a content; here it is missing."""
    tricks.drop(behaviour, "chunk", "content")


@each_family("parse-block-without-box", breaks="parse_output.blocks", families=(PARSE,))
def block_without_box(behaviour: Behaviour, _family: Family) -> None:
    """Get Parse Run, output.chunks.blocks: a block has a boundingBox; here it is missing."""
    tricks.drop(behaviour, "block", "boundingBox")


@each_family("parse-page-width-as-text", breaks="parse_output.metadata", families=(PARSE,))
def page_width_as_text(behaviour: Behaviour, _family: Family) -> None:
    """Get Parse Run, output.metadata.pages: originalPageWidth is a number; here a text with its unit."""
    tricks.put(behaviour, "parsed_page", originalPageWidth="612pt")


@each_family("last-{run}-charge-is-wrong", breaks="run_usage.charges.sum", families=PROCESSED_WITH)
def last_charge_is_wrong(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, usage.breakdown: charges add up to their entry; here not in the entry of the parse run."""

    def add(body: JsonObject, run: Run, _call: Call) -> None:
        if run.family is family and body["object"] == PARSE.kind:
            body["credits"] += 1

    behaviour.on_object("usage_entry", add)


@each_family("{run}-usage-without-total", breaks="run_usage.total_credits.present", families=(EXTRACT,))
def usage_without_total(behaviour: Behaviour, _family: Family) -> None:
    """SDK, RunUsage, totalCredits: present since 14 May 2026; here still missing."""
    tricks.drop(behaviour, "usage", "totalCredits")


@each_family("{run}-usage-in-one-sum", breaks="run_usage.breakdown.present", families=(EXTRACT,))
def usage_in_one_sum(behaviour: Behaviour, _family: Family) -> None:
    """SDK, RunUsage, breakdown: present since 14 May 2026; here still missing."""
    tricks.drop(behaviour, "usage", "breakdown")


@each_family("{run}-charges-missing", breaks="run_usage.charges.present", families=(EXTRACT,))
def charges_missing(behaviour: Behaviour, _family: Family) -> None:
    """SDK, RunUsageBreakdownEntry, charges: present since 10 June 2026; here still missing."""
    tricks.drop(behaviour, "usage_entry", "charges")


@each_family("{run}-total-of-more-than-its-parts", breaks="run_usage.breakdown.sum", families=(CLASSIFY,))
def total_of_more(behaviour: Behaviour, family: Family) -> None:
    """SDK, RunUsage, totalCredits: the sum of the breakdown; here one more, in the detail of a {run}."""

    def add(body: JsonObject, _run: Run, _call: Call) -> None:
        if "totalCredits" in body:
            body["totalCredits"] += 1

    tricks.in_operation(behaviour, f"get_{family.kind}", "usage", add)
