"""The schemas of an OpenAPI document as the schema files of a contract folder, each keyword with its row."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

import jsonschema_rs

from batchproof.contract import pointer
from batchproof.contract.keywords import ASSERTIONS, REFUSED
from batchproof.contract.schema_traversal import HELD
from batchproof.contract.shapes import ANNOTATION, DIALECT
from batchproof.drafting.document import Document, Node
from batchproof.drafting.keywords import nullable_beside, of_values, portable_pattern
from batchproof.drafting.naming import snake, unlike
from batchproof.drafting.notes import Notes
from batchproof.drafting.rows import Rows
from batchproof.json_values import Json, JsonObject

Kind = Literal["resources", "requests"]
_NULL = {"type": "null"}
_CHOICES = ("anyOf", "oneOf")
_ADDITIONS = ("additionalProperties", "unevaluatedProperties")
# in the order in which schemas and their rows are written
_FOLLOWED = (
    "properties", "patternProperties", "dependentSchemas", "items", *_ADDITIONS, "allOf", "prefixItems", *_CHOICES,
    "not", "if", "then", "else", "contains", "propertyNames",
)  # fmt: skip


class _Place(NamedTuple):
    """Where a subschema stands in a file: ``row`` begins the ids of its rows; None below a choice, which has its own."""

    kind: Kind
    row: str | None
    about: str
    own: bool = True

    def below(self, name: str) -> "_Place":
        about = f"{self.about}: {name}" if ": " not in self.about else f"{self.about}.{name}"
        row = None if self.row is None else f"{self.row}.{snake(name)}"
        return self._replace(row=row, about=about, own=True)

    def beside(self, step: str, words: str) -> "_Place":
        """A part that has no name of its own, and so no row for all of it."""
        row = None if self.row is None else f"{self.row}.{step}" if step else self.row
        return self._replace(row=row, about=f"{self.about}{words}", own=False)

    def inside(self, keyword: str, key: str | int | None) -> "_Place":
        """The place of what a keyword holds here."""
        match keyword:
            case "properties":
                return self.below(str(key))
            case "items":
                return self.beside("items", ", each element")
            case "additionalProperties" | "unevaluatedProperties":
                return self.beside("values", ", each value")
            case "allOf":
                return self.beside("", "")
        return self._replace(row=None)


class Schemas:
    """Makes schema files of the schemas that operations name, and of all to which they refer."""

    def __init__(self, document: Document, rows: Rows, notes: Notes, contract_id: str) -> None:
        self.files: dict[str, JsonObject] = {}
        self._document = document
        self._rows = rows
        self._notes = notes
        self._base = f"https://batchproof.dev/schemas/{contract_id}/"
        self._known: dict[tuple[Kind, str], str] = {}
        self._pending: list[tuple[str, Node, _Place]] = []

    def file(self, node: Node, name: str, kind: Kind, row: str = "") -> str:
        """The file for a schema: that of what it refers to, or one called ``name``. ``row`` begins the ids of its rows."""
        schema = node.value
        if isinstance(schema, dict) and "$ref" in schema and (self._document.is_30 or len(schema) == 1):
            found = self._of_reference(node.below("$ref"), kind)
        else:
            found = self._reserved(node, name, kind, row or snake(name))
        self._finish()
        return found

    def made(self, file: str, schema: JsonObject, kind: Kind) -> str:
        """A file with a schema that the document does not spell out as one."""
        name = self._free(kind, PurePosixPath(file).stem)
        self.files[name] = self._head(name) | schema
        return name

    def part(self, node: Node, row: str, about: str) -> JsonObject:
        """The schema of a query parameter, as a part of a file of requests."""
        found = self._translated(node, _Place("requests", row, about))
        self._finish()
        return found

    def _finish(self) -> None:
        """Writes what was referred to."""
        while self._pending:
            file, node, place = self._pending.pop()
            self.files[file] |= self._translated(node, place)
            self._check(file, node)

    def _of_reference(self, reference: Node, kind: Kind) -> str:
        target = self._document.target(reference)
        name = snake(pointer.parse(target.at)[-1]) if target.at else "document"
        return self._reserved(target, name, kind, name if kind == "resources" else f"request.{name}")

    def _reserved(self, node: Node, name: str, kind: Kind, row: str) -> str:
        key = (kind, node.at)
        if key not in self._known:
            file = self._known[key] = self._free(kind, snake(name))
            self.files[file] = self._head(file)
            self._pending.append((file, node, _Place(kind, row, snake(name))))
        return self._known[key]

    def _free(self, kind: Kind, stem: str) -> str:
        taken = {PurePosixPath(file).stem for file in self.files if file.startswith(kind)}
        return f"{kind}/{unlike(stem, taken)}.json"

    def _head(self, file: str) -> JsonObject:
        return {"$schema": DIALECT, "$id": self._base + file}

    def _check(self, file: str, node: Node) -> None:
        """Raises ``ContractError`` where the schema of the document is none."""
        try:
            jsonschema_rs.meta.validate(self.files[file])
        except jsonschema_rs.ValidationError as error:
            at = node.at + pointer.join(error.instance_path)
            raise self._document.error(at, f"is no valid schema: {error.message}; correct it") from error

    def _translated(self, node: Node, place: _Place) -> JsonObject:
        schema = node.value
        if schema is True or schema is None:
            return {}
        if schema is False:
            return {"not": {}}
        self._document.mapping(node)
        kept = of_values(node, self._notes, is_30=self._document.is_30)
        refers = isinstance(schema.get("$ref"), str)
        if refers and self._document.is_30:
            # there, nothing beside a reference counts; that null is allowed is meant all the same
            kept = {}
        found = {**kept, **(self._reference(node, place) if refers else {})}
        if not refers or not self._document.is_30:
            found |= self._structure(node, place)
        if nullable_beside(schema, kept) and found:
            found = {"anyOf": [_alone(found), _NULL]}
        _merge_null(found)
        required = self._required(node, found, place)
        for keyword, identifier in list(self._owners(node, found, place)):
            _charge(found, place.kind, keyword, identifier)
        return found | ({"required": required} if required else {})

    def _reference(self, node: Node, place: _Place) -> JsonObject:
        return {"$ref": PurePosixPath(self._of_reference(node.below("$ref"), place.kind)).name}

    def _structure(self, node: Node, place: _Place) -> JsonObject:
        found: JsonObject = {}
        for keyword in _FOLLOWED:
            if keyword in _ADDITIONS and not isinstance(node.value.get(keyword), dict):
                found |= self._closed(node, keyword, place.kind)
                continue
            parts = [
                (key, self._translated(child, place.inside(keyword, key)))
                for key, child in self._document.held(node, keyword)
            ]
            if not parts:
                continue
            match HELD[keyword]:
                case "map":
                    of_patterns = keyword == "patternProperties"
                    found[keyword] = {
                        portable_pattern(str(key)) if of_patterns else key: part for key, part in parts
                    }
                case "list" if keyword in _CHOICES:
                    self._choose(found, keyword, [part for _, part in parts], node)
                case "list":
                    found[keyword] = [part for _, part in parts]
                case "one":
                    found[keyword] = parts[0][1]
        return found

    def _choose(self, found: JsonObject, keyword: str, branches: list[JsonObject], node: Node) -> None:
        if keyword == "oneOf":
            described = (
                "oneOf is read as anyOf: shapes are open to additions, so that several branches may fit"
            )
            self._notes.add(node.at, described)
        if "anyOf" in found:
            found.setdefault("allOf", []).append({"anyOf": branches})
        else:
            found["anyOf"] = branches

    def _closed(self, node: Node, keyword: str, kind: Kind) -> JsonObject:
        """What is left of a keyword that allows no additions."""
        if node.value.get(keyword) is not False:
            return {}
        if kind == "requests":
            return {keyword: False}
        described = f"{keyword}: false is left out of answers: additions to them break nobody"
        self._notes.add(node.at, described)
        return {}

    def _required(self, node: Node, found: JsonObject, place: _Place) -> list[str]:
        """What has to be there; on the way that a property does not go, it does not count."""
        written = node.value.get("required")
        if not isinstance(written, list):
            return []
        left_out = "writeOnly" if place.kind == "resources" else "readOnly"
        names: list[str] = []
        for name in dict.fromkeys(map(str, written)):
            child = self._document.resolved(node.below("properties", name))
            if isinstance(child.value, dict) and child.value.get(left_out) is True:
                continue
            names.append(name)
            if place.row is not None and name in found.get("properties", {}):
                here = place.below(name)
                at = node.at + "/required"
                end = "; a request without it is refused" if place.kind == "requests" else ""
                identifier = self._rows.add(
                    f"{here.row}.required", f"{here.about} is there{end}.", at, "presence", part=name
                )
                _charge(found["properties"][name], place.kind, "required", identifier)
        return names

    def _owners(self, node: Node, found: JsonObject, place: _Place) -> Iterator[tuple[str, str]]:
        """The rows of a subschema, by keyword."""
        if place.row is None:
            return
        for keyword, value in found.items():
            if keyword not in ASSERTIONS or keyword == "required":
                continue
            if keyword == "anyOf" and "anyOf" not in node.value and "oneOf" not in node.value:
                continue
            refused = place.kind == "requests"
            row = place.row
            if keyword == "type" and place.own:
                says = f"{place.about} is of type {_types(found['type'])}"
                end = "; a request with another value is refused." if refused else "."
                # in answers it speaks for what lies below, too
                whole = keyword if refused else "*"
                yield whole, self._rows.add(row, says + end, node.at, "shape", part="type")
            else:
                yield keyword, self._rows.keyword(row, place.about, keyword, value, node.at, refused=refused)

    def owned(self, file: str, at: str) -> None:
        """Gives the root of a file of answers a requirement for whatever no other one speaks of."""
        schema = self.files[file]
        spoken = schema.get(ANNOTATION, {})
        if "*" not in spoken:
            stem = PurePosixPath(file).stem
            described = f"{stem} has the documented shape."
            schema[ANNOTATION] = {**spoken, "*": self._rows.add(stem, described, at, "shape", part="*")}


def _charge(schema: JsonObject, kind: Kind, keyword: str, identifier: str) -> None:
    schema.setdefault(ANNOTATION if kind == "resources" else REFUSED, {})[keyword] = identifier


def _types(value: Json) -> str:
    return " or ".join(value) if isinstance(value, list) else str(value)


def _alone(found: JsonObject) -> JsonObject:
    """The one part of what combines nothing else."""
    if found.keys() == {"allOf"} and len(found["allOf"]) == 1:
        part: JsonObject = found["allOf"][0]
        return part
    return found


def _merge_null(found: JsonObject) -> None:
    """Writes a choice between null and one plain schema as that schema."""
    branches = found.get("anyOf", [])
    if len(branches) != 2 or _NULL not in branches or found.keys() != {"anyOf"}:
        return
    other: JsonObject = next((branch for branch in branches if branch != _NULL), {})
    if isinstance(other.get("type"), str) and "const" not in other:
        del found["anyOf"]
        found |= other
        found["type"] = [other["type"], "null"]
        if "enum" in other and None not in other["enum"]:
            found["enum"] = [*other["enum"], None]
