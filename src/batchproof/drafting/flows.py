"""The flows of a draft: how objects are made, read, listed, cancelled and removed, as far as operations show it."""

from typing import NamedTuple

from batchproof.drafting.bodies import Bodies
from batchproof.drafting.document import Document
from batchproof.drafting.looking import Look
from batchproof.drafting.naming import plain
from batchproof.drafting.notes import Notes
from batchproof.drafting.recognition import Listing, Recognised, Resource
from batchproof.json_values import Json, JsonObject

INPUT = "document"
_FAILING = "failing"


class _Batch(NamedTuple):
    """A submission of several inputs whose results a list shows."""

    inputs: str
    elements: Look
    listing: Listing
    owner: str


class Flows:
    """Puts operations together that are about one kind of object."""

    def __init__(self, document: Document, known: Recognised, bodies: Bodies, notes: Notes) -> None:
        self.inputs: JsonObject = {}
        self._document = document
        self._known = known
        self._bodies = bodies
        self._notes = notes

    def all(self, operations: dict[str, JsonObject]) -> dict[str, dict[str, str]]:
        """The flows of ``operations``, to which it adds what a submission of several inputs needs."""
        flows: dict[str, dict[str, str]] = {}
        for resource in self._known.resources:
            if resource.reader is None:
                continue
            reader = resource.reader.name
            made = [
                name
                for name, (one, _) in self._known.creates.items()
                if one == resource and name in operations
            ]
            for number, name in enumerate(made if reader in operations else ()):
                key = resource.name if number == 0 else name
                batch = self._batch(name, resource, operations)
                flows[key] = (
                    {"create": name, "read_run": reader, **self._others(resource, operations)}
                    if batch is None
                    else self._submission(name, resource, batch, operations)
                )
        return flows

    def _others(self, resource: Resource, operations: dict[str, JsonObject]) -> dict[str, str]:
        lists = [
            name
            for name, one in self._known.listings.items()
            if one.resource == resource and one.next is not None and name in operations
        ]
        cancels = [
            name for name, one in self._known.cancels.items() if one == resource and name in operations
        ]
        deletes = [
            name for name, one in self._known.deletes.items() if one == resource and name in operations
        ]
        parts = {"list": lists, "cancel": cancels, "delete": deletes}
        return {part: names[0] for part, names in parts.items() if names}

    def _batch(self, name: str, resource: Resource, operations: dict[str, JsonObject]) -> _Batch | None:
        """What makes a submission one of a batch: one array of objects, and a list that shows what belongs to it."""
        asked = next(one for one in self._known.asked if one.name == name)
        if asked.body is None or asked.form or resource.reader is None:
            return None
        arrays = {
            key: elements
            for key, child in Look(self._document, asked.body).properties.items()
            if (elements := child.elements) is not None and elements.kind == "object"
        }
        wanted = {
            plain(resource.name),
            plain(resource.name + "id"),
            plain(resource.reader.placeholders[0]),
        } - {"id"}
        for listing in self._known.listings.values():
            owner = next((one.name for one in listing.asked.query if plain(one.name) in wanted), None)
            rows = listing.resource
            if (
                len(arrays) == 1
                and owner is not None
                and rows is not None
                and rows != resource
                and rows.reader is not None
                and listing.next is not None
                and listing.asked.name in operations
            ):
                ((inputs, elements),) = arrays.items()
                return _Batch(inputs, elements, listing, owner)
        if len(arrays) == 1:
            described = (
                f"{asked.described} takes several {next(iter(arrays))}, and no paged list has a query parameter for the id of what it "
                "makes; it is driven as the creation of one object"
            )
            self._notes.add(asked.at, described)
        return None

    def _submission(
        self, name: str, resource: Resource, batch: _Batch, operations: dict[str, JsonObject]
    ) -> dict[str, str]:
        kind = INPUT if INPUT not in self.inputs else name
        body = operations[name]["request"]["body"]
        made = body.get(batch.inputs) or [self._bodies.value(batch.elements, batch.inputs)]
        value = made[0]
        failing = f"failing_{kind}"
        self.inputs[kind] = [{"value": value}]
        self.inputs.setdefault(_FAILING, []).append(
            {"needs": [failing], "value": self._failing(value, failing)}
        )
        self._bodies.fixtures[failing] = {
            "type": "string",
            "about": f"What an input of {name} has in its first text if it cannot be processed.",
        }
        declared = operations[name]
        declared["billed"] = f"/{batch.inputs}"
        body[batch.inputs] = {"$inputs": kind}
        listed = operations[batch.listing.asked.name]
        listed["owner"] = {"parameter": batch.owner, "resource": resource.name}
        shown = batch.listing.resource
        assert shown is not None
        assert shown.reader is not None
        assert resource.reader is not None
        return {
            "submit": name,
            "read": resource.reader.name,
            "list": batch.listing.asked.name,
            "read_run": shown.reader.name,
            **{part: one for part, one in self._others(resource, operations).items() if part == "cancel"},
        }

    def _failing(self, value: Json, fixture: str) -> Json:
        """An input with the fixture in its first text."""
        place = {"$fixture": fixture}
        if not isinstance(value, dict):
            return place
        first = next((key for key, one in value.items() if isinstance(one, str | dict)), None)
        return value if first is None else {**value, first: place}
