"""The probes of a draft: refusals that the document names by their status, and calls that nothing else would send."""

from collections.abc import Collection, Iterator, Sequence

from batchproof.contract import pointer
from batchproof.drafting.bodies import Bodies
from batchproof.drafting.document import Document
from batchproof.drafting.operations import Asked
from batchproof.drafting.recognition import Recognised
from batchproof.drafting.rows import Rows
from batchproof.json_values import JsonObject

_UNAUTHORIZED = "401"
_NOT_FOUND = "404"


class Probes:
    """Makes the probes of operations."""

    def __init__(self, document: Document, rows: Rows, bodies: Bodies, known: Recognised) -> None:
        self._document = document
        self._rows = rows
        self._bodies = bodies
        self._known = known

    def all(
        self,
        asked: Sequence[Asked],
        operations: dict[str, JsonObject],
        preflight: Asked,
        discovering: Collection[str],
        *,
        auth: bool,
    ) -> list[JsonObject]:
        """The probes of ``operations``; those in ``discovering`` are sent for ids."""
        found = [*self._token(preflight)] if auth else []
        for one in asked:
            found += self._unknown(one)
            declared = operations[one.name]
            sent = {"query", "pages", "reads", "request", "deletes"} & declared.keys()
            if one.method == "GET" and not sent and one is not preflight and one.name not in discovering:
                found.append(self._again(one, declared))
        return found

    def _token(self, preflight: Asked) -> Iterator[JsonObject]:
        if not preflight.token or not self._documents(preflight, _UNAUTHORIZED):
            return
        described = f"{preflight.described} without a valid token is refused with {_UNAUTHORIZED}."
        at = f"{preflight.at}/responses/{_UNAUTHORIZED}"
        requirement = self._rows.add("auth.required", described, at, "auth", quick=True)
        for auth in ("none", "unknown"):
            yield {
                "name": f"{auth}-token" if auth != "none" else "no-token",
                "requirement": requirement,
                "operation": preflight.name,
                "change": {"auth": auth},
                "refused": {"statuses": [int(_UNAUTHORIZED)]},
            }

    def _unknown(self, one: Asked) -> Iterator[JsonObject]:
        """An id that names nothing, where the document says that it is not found."""
        resource = self._known.reads.get(one.name)
        if resource is None or one.method != "GET" or not self._documents(one, _NOT_FOUND):
            return
        described = f"{one.described} with an id that names nothing is answered with {_NOT_FOUND}."
        at = f"{one.at}/responses/{_NOT_FOUND}"
        identifier = resource.schema.properties[pointer.parse(resource.id)[0]]
        uuid = identifier.first("format") == "uuid"
        yield {
            "name": f"{one.name}-unknown",
            "requirement": self._rows.add(f"{one.name}.not_found", described, at, "error"),
            "operation": one.name,
            "control": {"path": {"id": {"$known": resource.name}}},
            "change": {"path": {"id": {"$unknown": {"format": "uuid"} if uuid else "batchproof"}}},
            "refused": {"statuses": [int(_NOT_FOUND)]},
        }

    def _again(self, one: Asked, declared: JsonObject) -> JsonObject:
        """A read that nothing else sends, twice."""
        query = {each.name: self._bodies.value(each.schema, each.name) for each in one.query if each.required}
        return {
            "name": f"{one.name}-again",
            "requirement": declared["success"]["requirement"],
            "operation": one.name,
            **({"control": {"query": query}} if query else {}),
            "change": {"repeat": True},
        }

    def _documents(self, one: Asked, status: str) -> bool:
        return status in self._document.mapping(self._document.at(*pointer.parse(one.at), "responses"))
