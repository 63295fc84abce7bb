"""Made-up results, by the family of the run."""

from collections.abc import Callable, Mapping
from typing import Any

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common import output
from batchproof.emulator.extend_common.behaviour import Behaviour

from .families import CLASSIFY, EXTRACT, PARSE, SPLIT
from .store import Run

_CORNERS = [{"x": x, "y": y} for x, y in ((10, 10), (90, 10), (90, 20), (10, 20))]
_PAGE = {"width": 612, "height": 792}


def of_run(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """The output of a run that has been processed, under the kind `extract_output` or its likes."""
    body = _MAKERS[run.family.name](behaviour, run, call)
    return behaviour.shape(f"{run.family.name}_output", body, run, call)


def _extracted(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """Extraction, Response Format: a value that fits the schema, and metadata by field path."""
    value = output.value_for(run.config.get("schema"))
    metadata: JsonObject = {}
    for path, found in output.paths(value):
        entry: JsonObject = {"logprobsConfidence": 0.98}
        if not isinstance(found, dict | list):
            entry["citations"] = [_citation(behaviour, run, found, call)]
        metadata[path] = behaviour.shape("output_entry", entry, run, call)
    return {"value": value, "metadata": metadata}


def _citation(behaviour: Behaviour, run: Run, found: object, call: Call) -> JsonObject:
    body = {
        "fileId": run.files[0].id,
        "page": behaviour.shape("citation_page", {"number": 1, **_PAGE}, run, call),
        "referenceText": None if found is None else str(found),
        "polygon": _polygon(behaviour, run, call),
    }
    return behaviour.shape("citation", body, run, call)


def _polygon(behaviour: Behaviour, run: Run, call: Call) -> list[JsonObject]:
    return [behaviour.shape("point", dict(corner), run, call) for corner in _CORNERS]


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


def _parsed(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """Get Parse Run, output: chunks of the wanted type, in which every page has one block."""
    pages = list(range(1, run.page_count + 1))
    wanted = run.config["chunkingStrategy"].get("type", "page")
    ranges = [[page] for page in pages] if wanted == "page" else [pages]
    chunks = []
    for covered in ranges:
        blocks = [_block(behaviour, run, page, call) for page in covered]
        body = {
            "object": "chunk",
            "type": wanted,
            "content": "\n\n".join(block["content"] for block in blocks),
            "metadata": {"pageRange": {"start": covered[0], "end": covered[-1]}, **_OCR},
            "blocks": blocks,
        }
        chunks.append(behaviour.shape("chunk", body, run, call))
    return {"chunks": chunks}


_OCR = {"minOcrConfidence": 0.94, "avgOcrConfidence": 0.98}


def _block(behaviour: Behaviour, run: Run, page: int, call: Call) -> JsonObject:
    body: dict[str, Any] = {
        "object": "block",
        "id": f"block_{page}",
        "type": "text",
        "content": f"Invoice A-{page}",
        "details": {"type": "text_details"},
        "metadata": {"page": {"number": page, **_PAGE}, **_OCR},
        "polygon": _polygon(behaviour, run, call),
        "boundingBox": {"left": 10, "top": 10, "right": 90, "bottom": 20},
    }
    return behaviour.shape("block", body, run, call)


_MAKERS: Mapping[str, Callable[[Behaviour, Run, Call], JsonObject]] = {
    EXTRACT.name: _extracted,
    CLASSIFY.name: _classified,
    SPLIT.name: _split,
    PARSE.name: _parsed,
}
