"""A contract folder drafted from an OpenAPI document, as the texts of its files."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from batchproof.drafting.bodies import Bodies
from batchproof.drafting.document import Document, Node
from batchproof.drafting.flows import Flows
from batchproof.drafting.notes import Notes
from batchproof.drafting.operations import EVERY_ERROR, Asked, Operations
from batchproof.drafting.probes import Probes
from batchproof.drafting.recognition import Recognised, recognised
from batchproof.drafting.requests import Requests
from batchproof.drafting.rows import DOCUMENT, Rows
from batchproof.drafting.schemas import Schemas
from batchproof.drafting.sending import Sending
from batchproof.json_values import JsonObject

ERROR = "resources/error.json"


class Draft(NamedTuple):
    """What is drafted: the sections of ``contract.yaml``, rows, probes, schema files by name, and notes."""

    manifest: JsonObject
    rows: list[JsonObject]
    probes: list[JsonObject]
    schemas: dict[str, JsonObject]
    notes: list[str]

    @property
    def summary(self) -> str:
        """How much came out, in one line."""
        return (
            f"{len(self.manifest['operations'])} operations, {len(self.schemas)} schema files, {len(self.rows)} requirements, "
            f"{len(self.probes)} probes, {len(self.manifest.get('flows', {}))} flows, {len(self.notes)} notes"
        )


def drafted(contract_id: str, file: Path, patterns: Sequence[str] = ()) -> Draft:
    """The draft of a contract from an OpenAPI document, of the paths that match one of ``patterns`` if there are any.

    Raises ``ContractError`` where the document cannot be used.
    """
    return _Drafting(contract_id, Document(file), patterns).draft()


class _Drafting:
    def __init__(self, contract_id: str, document: Document, patterns: Sequence[str]) -> None:
        self._id = contract_id
        self._document = document
        self._notes = Notes()
        self._rows = Rows()
        self._schemas = Schemas(document, self._rows, self._notes, contract_id)
        self._bodies = Bodies(document)
        operations = Operations(document, self._notes, patterns)
        read = list(operations.all())
        self._known: Recognised = recognised(document, read, self._notes)
        self._asked = [one for one in read if one.name not in self._known.left]
        self._requests = Requests(document, self._schemas, self._bodies, self._notes)
        self._sending = Sending(document, operations, self._notes, self._asked)
        self._flows = Flows(document, self._known, self._bodies, self._notes)
        self._error_file = ERROR
        self._error: Node | None = None

    def draft(self) -> Draft:
        preflight = self._preflight()
        self._error = self._error_body()
        operations = {one.name: self._operation(one) for one in self._asked}
        flows = self._flows.all(operations)
        probes = Probes(self._document, self._rows, self._bodies, self._known).all(
            self._asked,
            operations,
            preflight,
            self._fixtures_found(operations),
            auth=self._sending.auth is not None,
        )
        manifest = {
            "format": "batchproof-contract/1",
            "id": self._id,
            "title": self._title(),
            "documents": {DOCUMENT: self._source()},
            **({"auth": self._sending.auth} if self._sending.auth is not None else {}),
            **({"headers": self._sending.headers} if self._sending.headers else {}),
            "preflight": preflight.name,
            "error": self._error_file,
            "fixtures": {**self._fixtures_of_resources(operations), **self._bodies.fixtures},
            "inputs": self._flows.inputs,
            "resources": dict(self._resources()),
            "operations": operations,
            "flows": flows,
        }
        return Draft(
            {key: value for key, value in manifest.items() if value != {}},
            list(self._rows.made.values()),
            probes,
            self._schemas.files,
            self._notes.lines(),
        )

    def _title(self) -> str:
        info = self._document.mapping(self._document.at("info"))
        parts = [str(info[key].value) for key in ("title", "version") if key in info and info[key].value]
        if len(parts) > 1 and parts[1] in parts[0]:
            parts = parts[:1]
        return ", version ".join(parts) or self._id

    def _source(self) -> dict[str, str]:
        url = self._document.at("externalDocs", "url").value
        return {
            "title": f"OpenAPI document {self._document.file.name}",
            "url": str(url or self._document.file.name),
        }

    def _preflight(self) -> Asked:
        """A free read that needs nothing."""
        free = [
            one
            for one in self._asked
            if one.method == "GET" and not one.placeholders and not any(each.required for each in one.query)
        ]
        lists = [one for one in free if one.name in self._known.listings]
        if not free:
            remedy = (
                "has no GET without an id and without a required query that answers with JSON, and every run begins with one; "
                "add it to the document, or begin with a skeleton: leave out --openapi"
            )
            raise self._document.error("/paths", remedy)
        return ([one for one in lists if one.token] or lists or free)[0]

    def _error_body(self) -> Node | None:
        """The body that most documented errors have."""
        bodies = [
            self._document.resolved(node)
            for each in self._asked
            for node in each.errors.values()
            if node is not None
        ]
        first: dict[str, Node] = {_same(node): node for node in reversed(bodies)}
        counted = Counter(map(_same, bodies)).most_common()
        if not counted:
            self._notes.add("", "no error has a documented body, so that any is accepted")
            self._error_file = self._schemas.made(ERROR, {}, "resources")
            self._schemas.owned(self._error_file, "/components")
            return None
        body = first[counted[0][0]]
        if len(counted) > 1:
            described = f"errors have {len(counted)} kinds of bodies; those other than {body.at} are left open (`open` of operations)"
            self._notes.add("", described)
        self._error_file = self._schemas.file(body, "error", "resources", "error")
        self._schemas.owned(self._error_file, body.at)
        return body

    def _operation(self, one: Asked) -> JsonObject:
        known = self._known
        listing = known.listings.get(one.name)
        found: JsonObject = {"method": one.method, "path": _with_id(one), "document": DOCUMENT}
        if one.name in known.reads:
            found["reads"] = known.reads[one.name].name
        if one.name in known.creates:
            found["creates"] = known.creates[one.name][0].name
        if one.name in known.deletes:
            found["deletes"] = self._deletion(one)
        request = self._requests.request(one)
        if request is not None:
            found |= {"billed": 1, "request": request}
        query = self._requests.query(one)
        if query is not None:
            found["query"] = query
        if listing is not None and listing.next is not None:
            size = {"size": listing.size} if listing.size is not None else {}
            found["pages"] = {"rows": listing.rows, "next": listing.next, "token": listing.token, **size}
        found["success"] = self._success(one)
        found["errors"] = self._errors(one)
        return found

    def _success(self, one: Asked) -> JsonObject:
        schema = self._schemas.file(one.success, f"{one.name}_response", "resources")
        self._schemas.owned(schema, one.success.at)
        statuses = list(one.statuses)
        described = (
            f"{one.described} is answered with {' or '.join(map(str, statuses))} and the documented body."
        )
        shown = self._known.shows.get(one.name)
        view = "summary" if one.name in self._known.listings else "detail"
        return {
            "status": statuses[0] if len(statuses) == 1 else statuses,
            "schema": schema,
            **(
                {"shows": [{"resource": shown[0].name, "at": shown[1], "view": view}]}
                if shown is not None
                else {}
            ),
            "requirement": self._rows.add(
                f"{one.name}.success", described, one.success_at, "shape", quick=True
            ),
        }

    def _errors(self, one: Asked) -> JsonObject:
        at = one.at + "/responses"
        if not one.errors:
            described = f"The document names no error of {one.described}, so any is accepted."
            requirement = self._rows.add(f"{one.name}.errors", described, at, "error")
            return {"statuses": EVERY_ERROR, "requirement": requirement, "open": EVERY_ERROR}
        shape = self._error
        unlike = [
            status
            for status, node in one.errors.items()
            if node is None or shape is None or _same(self._document.resolved(node)) != _same(shape)
        ]
        statuses = (
            ", ".join(map(str, one.errors)) if list(one.errors) != EVERY_ERROR else "the statuses of HTTP"
        )
        described = f"{one.described} answers an error with one of {statuses}."
        return {
            "statuses": EVERY_ERROR if list(one.errors) == EVERY_ERROR else list(one.errors),
            "requirement": self._rows.add(f"{one.name}.errors", described, at, "error"),
            **({"open": EVERY_ERROR if unlike == EVERY_ERROR else unlike} if unlike else {}),
        }

    def _deletion(self, one: Asked) -> dict[str, str]:
        resource = self._known.deletes[one.name].name
        described = f"A {resource} for which {one.described} was accepted"
        return {
            "resource": resource,
            "requirement": self._rows.add(
                f"{one.name}.gone", f"{described} can be read no more.", one.at, "consistency", part="gone"
            ),
            "list_requirement": self._rows.add(
                f"{one.name}.unlisted",
                f"{described} is listed no more.",
                one.at,
                "consistency",
                part="unlisted",
            ),
        }

    def _resources(self) -> Iterator[tuple[str, dict[str, str]]]:
        for one in self._known.resources:
            yield one.name, {"id": one.id, **({"status": "/status"} if one.states else {})}

    def _fixtures_found(self, operations: Iterable[str]) -> set[str]:
        """The operations that find ids."""
        found = self._fixtures_of_resources(operations).values()
        return {one["discover"]["operation"] for one in found if "discover" in one}

    def _fixtures_of_resources(self, operations: Iterable[str]) -> JsonObject:
        fixtures: JsonObject = {}
        for one in self._known.resources:
            listing = next(
                (
                    item
                    for name, item in self._known.listings.items()
                    if item.resource == one and name in operations
                ),
                None,
            )
            found = (
                {"discover": {"operation": listing.asked.name, "at": f"{listing.rows}/*{one.id}"}}
                if listing is not None
                else {}
            )
            about = f"Ids of objects of the kind {one.name} that exist."
            fixtures[f"{one.name}_ids"] = {"type": "list", "about": about, "resource": one.name, **found}
        return fixtures


def _same(node: Node) -> str:
    """The same text for schemas that are written alike."""
    return json.dumps(node.value, sort_keys=True)


def _with_id(one: Asked) -> str:
    """The path with its placeholder called as scenarios call it."""
    return one.path.replace("{" + one.placeholders[0] + "}", "{id}") if one.placeholders else one.path
