"""Made-up results of processor runs, by the type of the processor (Output Types)."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.output import paths, value_for

from .behaviour import Behaviour
from .store import CLASSIFY, EXTRACT, Run


def of_run(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """The output of a run that has been processed."""
    if run.processor.type == CLASSIFY:
        body = _classified(behaviour, run, call)
    elif run.processor.type != EXTRACT:
        body = _split(behaviour, run, call)
    elif "fields" in run.config:
        body = _fields(behaviour, run, call)
    else:
        body = _extracted(behaviour, run, call)
    return behaviour.shape("output", body, run, call)


def reviewed(initial: JsonObject) -> tuple[JsonObject, JsonObject]:
    """The output after a review which corrected the first text in the value, and the edits that it took."""
    name, found = next(item for item in initial["value"].items() if isinstance(item[1], str))
    edit = {
        "originalValue": found,
        "editedValue": f"{found}-1",
        "notes": "A part was missed.",
        "page": 1,
        "fieldType": "string",
    }
    return {**initial, "value": {**initial["value"], name: edit["editedValue"]}}, {name: edit}


def _extracted(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    value = value_for(run.config.get("schema"))
    metadata: JsonObject = {}
    for path, found in paths(value):
        entry: JsonObject = {"logprobsConfidence": 0.98, "ocrConfidence": 0.97}
        if not isinstance(found, dict | list):
            entry["citations"] = [_citation(behaviour, run, found, call)]
        if run.config.get("advancedOptions", {}).get("reviewAgent"):
            insight = {"type": "reasoning", "content": "The scan is faint."}
            entry |= {"reviewAgentScore": 4, "insights": [behaviour.shape("insight", insight, run, call)]}
        metadata[path] = behaviour.shape("output_entry", entry, run, call)
    return {"value": value, "metadata": metadata}


def _citation(behaviour: Behaviour, run: Run, found: object, call: Call) -> JsonObject:
    """In this version the page is a number, with its size beside it."""
    corners = [{"x": x, "y": y} for x, y in ((10, 10), (90, 10), (90, 20), (10, 20))]
    body: JsonObject = {"page": 1, "pageWidth": 612, "pageHeight": 792, "polygon": corners}
    if found is not None:
        body["referenceText"] = str(found)
    return behaviour.shape("citation", body, run, call)


def _fields(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """The output for a configuration with a fields array: each field by its name."""
    found: JsonObject = {}
    for field in run.config["fields"]:
        name = str(field.get("name") or field["id"])
        box = {"top": 10, "left": 10, "bottom": 20, "right": 90}
        reference = {"id": field["id"], "fieldName": name, "page": 1, "boundingBoxes": [box]}
        found[name] = {
            "id": field["id"],
            "type": field["type"],
            "value": None,
            "references": [behaviour.shape("reference", reference, run, call)],
        }
    return found


def _classified(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    chosen = run.config["classifications"][0]
    insight = {"type": "reasoning", "content": "The first page has an amount due."}
    return {
        "id": chosen["id"],
        "type": chosen["type"],
        "confidence": 0.97,
        "insights": [behaviour.shape("insight", insight, run, call)],
    }


def _split(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    splits = []
    for page in range(1, run.page_count + 1):
        chosen = run.config["splitClassifications"][0]
        split = {
            "id": f"splt_{run.id[-16:]}{page}",
            "type": chosen["type"],
            "classificationId": chosen["id"],
            "identifier": f"A-{page}",
            "observation": "A new document begins here.",
            "startPage": page,
            "endPage": page,
            "fileId": run.files[0].id,
        }
        splits.append(behaviour.shape("split", split, run, call))
    return {"splits": splits}
