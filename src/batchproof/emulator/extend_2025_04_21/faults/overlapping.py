"""Pages that overlap: what several lists of this version do wrong in one way."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour


def overlap_pages(behaviour: Behaviour, listed: str) -> None:
    """Lets each later page of the list whose rows stand at ``listed`` begin with the last row of the page before."""
    lasts: dict[str, JsonObject] = {}

    def change(body: JsonObject, rows: list[JsonObject], call: Call) -> None:
        if listed in body and rows:
            token = call.query.get("nextPageToken")
            if token in lasts:
                rows[0] = lasts[token]
            if "nextPageToken" in body:
                lasts[body["nextPageToken"]] = rows[-1]

    behaviour.on_object("envelope", change)
