"""Outputs of runs."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import SPLIT, Family
from batchproof.emulator.extend_2026_02_09.mail import Behaviour
from batchproof.emulator.extend_2026_02_09.plants import each_family, registry
from batchproof.emulator.extend_2026_02_09.store import Run

fault = registry.fault


@fault("extract-metadata-incomplete", breaks="extract_output.metadata.complete")
def metadata_incomplete(behaviour: Behaviour) -> None:
    """Response Format, Metadata: an array has an entry, as its items have; here only the items have."""

    def forget(body: JsonObject, _run: Run, _call: Call) -> None:
        for key, value in body["value"].items():
            if isinstance(value, list):
                body["metadata"].pop(key, None)

    behaviour.on_object("extract_output", forget)


@each_family("split-output-as-object", breaks="split_output", families=(SPLIT,))
def splits_as_object(behaviour: Behaviour, _family: Family) -> None:
    """Get Split Run, output.splits: an array; here a map."""
    behaviour.on_object(
        "split_output", lambda body, *_: body.update(splits={item["id"]: item for item in body["splits"]})
    )


@fault("split-ends-before-it-starts", breaks="split_output.splits.pages")
def split_ends_before_it_starts(behaviour: Behaviour) -> None:
    """Get Split Run, output.splits: startPage and endPage; here all splits but the first end before they start."""

    def end(body: JsonObject, _run: Run, _call: Call) -> None:
        if body["startPage"] > 1:
            body["endPage"] = body["startPage"] - 1

    behaviour.on_object("split", end)
