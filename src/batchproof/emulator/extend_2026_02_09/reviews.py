"""What a human's review adds to a run (Get Extract Run: initialOutput, reviewedOutput, edits)."""

from collections.abc import Callable, Mapping

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour

from . import outputs
from .families import CLASSIFY, EXTRACT, SPLIT
from .store import Review, Run

_FIELD = "total"
_RIGHT = 131.0


def members(behaviour: Behaviour, run: Run, review: Review, call: Call) -> JsonObject:
    """The outputs before and after the review, of which the later one is final, and the edits that made it."""
    change = _CHANGES[run.family.name] if review.edited else None
    initial = outputs.of_run(behaviour, run, call)
    reviewed = outputs.of_run(behaviour, run, call, change=change)
    body: JsonObject = {"output": reviewed, "initialOutput": initial, "reviewedOutput": reviewed}
    if run.family.edits:
        body["edits"] = _edits(behaviour, run, call) if review.edited else None
    return body


def _edits(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    edit = {
        "originalValue": 129.5,
        "editedValue": _RIGHT,
        "notes": "The freight was missing.",
        "page": 1,
        "fieldType": "number",
    }
    return {_FIELD: behaviour.shape("edit", edit, run, call), "invoice_number": None}


def _extracted(body: JsonObject, _run: Run) -> None:
    body["value"][_FIELD] = _RIGHT


def _classified(body: JsonObject, run: Run) -> None:
    chosen = run.config["classifications"][-1]
    body.update(id=chosen["id"], type=chosen["type"], confidence=1)


def _split(body: JsonObject, run: Run) -> None:
    """What was cut apart belongs together."""
    body["splits"] = [{**body["splits"][0], "endPage": run.page_count}]


_CHANGES: Mapping[str, Callable[[JsonObject, Run], None]] = {
    EXTRACT.name: _extracted,
    CLASSIFY.name: _classified,
    SPLIT.name: _split,
}
