"""Made-up results, by the family of the run."""

from collections.abc import Callable, Mapping

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common import output
from batchproof.emulator.extend_common.behaviour import Behaviour

from . import legacy, parsed
from .families import CLASSIFY, EXTRACT, PARSE, SPLIT
from .store import Run

_WITHOUT_LOGPROBS = (4, 6, 0)
_SHEETS = ("CSV", "EXCEL")


def of_run(
    behaviour: Behaviour, run: Run, call: Call, *, change: Callable[[JsonObject, Run], None] | None = None
) -> JsonObject:
    """The output of a run that has been processed, with a reviewer's `change`, under the kind `extract_output` or its likes."""
    if legacy.is_legacy(run):
        return legacy.of_run(behaviour, run, call)
    body = _MAKERS[run.family.name](behaviour, run, call)
    if change is not None:
        change(body, run)
    return behaviour.shape(f"{run.family.name}_output", body, run, call)


def _extracted(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """Extraction, Response Format: a value that fits the schema, and metadata by field path."""
    value = output.value_for(run.config.get("schema"))
    metadata: JsonObject = {}
    for path, found in output.paths(value):
        entry: JsonObject = {"logprobsConfidence": _logprobs(run)}
        if not isinstance(found, dict | list):
            # what has no pages was not read by OCR
            entry["ocrConfidence"] = None if run.files[0].page_count is None else 0.96
            entry["citations"] = [_citation(behaviour, run, found, call)]
            entry |= _remarks(behaviour, run, call)
        metadata[path] = behaviour.shape("output_entry", entry, run, call)
    return {"value": value, "metadata": metadata}


def _logprobs(run: Run) -> float | None:
    """Confidence Scores, logprobsConfidence: extraction_light has none, nor has extraction_performance from 4.6.0 on."""
    engine, version = run.config.get("baseProcessor"), run.config.get("baseVersion")
    numbers = tuple(int(number) for number in str(version).split(".") if number.isdecimal())
    if engine == "extraction_light" or (engine == "extraction_performance" and numbers >= _WITHOUT_LOGPROBS):
        return None
    return 0.98


def _remarks(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """What the model and the review agent say about a field, if the configuration asks for it (Advanced Options)."""
    options = run.config.get("advancedOptions", {})
    agent = options.get("reviewAgent")
    members: JsonObject = {}
    if options.get("modelReasoningInsightsEnabled") is True:
        insight = {"type": "reasoning", "content": "It stands at the head of the page."}
        members["insights"] = [behaviour.shape("insight", insight, run, call)]
    if isinstance(agent, dict) and agent.get("enabled") is True:
        members["reviewAgentScore"] = 4
    return members


def _citation(behaviour: Behaviour, run: Run, found: object, call: Call) -> JsonObject:
    """SDK, Citation: in a sheet, a cell instead of a polygon on a page."""
    file = run.files[0]
    body: JsonObject = {"fileId": file.id, "referenceText": None if found is None else str(found)}
    if file.type in _SHEETS:
        body["cellRange"] = "B2"
    else:
        page = {"number": 1, "width": 612, "height": 792}
        body["page"] = behaviour.shape("citation_page", page, run, call)
        body["polygon"] = parsed.polygon(behaviour, run, call)
    return behaviour.shape("citation", body, run, call)


def _classified(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """Get Classify Run, output: one of the configured classifications."""
    chosen = run.config["classifications"][0]
    insight = {"type": "reasoning", "content": "The first page has an amount due."}
    return {
        "id": chosen["id"],
        "type": chosen["type"],
        "confidence": 0.97,
        "insights": [behaviour.shape("insight", insight, run, call)],
    }


def _split(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """Get Split Run, output: every page is a document of its own, and the kinds take turns."""
    classes = run.config["splitClassifications"]
    splits = []
    for page in range(1, run.page_count + 1):
        chosen = classes[(page - 1) % len(classes)]
        body = {
            "type": chosen["type"],
            "observation": "A new document begins here.",
            "identifier": f"A-{page}",
            "startPage": page,
            "endPage": page,
            "classificationId": chosen["id"],
            "id": f"splt_{run.id[-16:]}{page}",
            "fileId": run.files[0].id,
            "name": f"{chosen['type']} A-{page}",
        }
        splits.append(behaviour.shape("split", body, run, call))
    return {"splits": splits}


_MAKERS: Mapping[str, Callable[[Behaviour, Run, Call], JsonObject]] = {
    EXTRACT.name: _extracted,
    CLASSIFY.name: _classified,
    SPLIT.name: _split,
    PARSE.name: parsed.of_run,
}
