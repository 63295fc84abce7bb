"""The requests of a draft: schemas of bodies and queries, and a template of a valid one."""

from collections.abc import Iterator

from batchproof.drafting.bodies import Bodies, checked
from batchproof.drafting.document import Document, Node
from batchproof.drafting.looking import Look
from batchproof.drafting.naming import snake
from batchproof.drafting.notes import Notes
from batchproof.drafting.operations import Asked
from batchproof.drafting.schemas import Schemas
from batchproof.json_values import Json, JsonObject

_PLAIN = ("string", "integer", "number", "boolean", None)


class Requests:
    """Makes what is sent to an operation, as far as its schemas say it."""

    def __init__(self, document: Document, schemas: Schemas, bodies: Bodies, notes: Notes) -> None:
        self._document = document
        self._schemas = schemas
        self._bodies = bodies
        self._notes = notes

    def request(self, one: Asked) -> JsonObject | None:
        """The schema and the template of the body, if the operation takes one."""
        if one.body is None or one.method == "GET" or one.placeholders:
            return None
        file = self._schemas.file(one.body, one.name, "requests", f"request.{one.name}")
        if one.form:
            template = self._bodies.value(one.body, one.name)
            return {"schema": file, "multipart": template if isinstance(template, dict) else {}}
        check = checked(self._schemas.files, file)
        template = self._bodies.fitting(one.body, one.name, lambda made: check(made) is None)
        described = check(template)
        if described is not None:
            self._notes.add(
                one.body.at,
                f"{one.described}: the body that was made for it does not fit its schema ({described}); "
                f"correct `request.body` of {one.name}",
            )
        elif texts := sorted(set(_made_up(template))):
            described = f"{one.described}: {', '.join(texts)} of its body are made up; name a fixture in `request.body` where not any text will do"
            self._notes.add(one.body.at, described)
        return {"schema": file, "body": template}

    def query(self, one: Asked) -> str | None:
        """The schema of the query, if it has parameters that can be varied."""
        if not one.query or any(each.required for each in one.query):
            return None
        if one.method != "GET":
            described = f"{one.described}: its query parameters are left out; of operations with a body only that is varied"
            self._notes.add(one.at, described)
            return None
        properties: JsonObject = {}
        for each in one.query:
            schema = Look(self._document, each.schema)
            if schema.kind not in _PLAIN:
                described = (
                    "a query parameter that is a list or an object is left out; values are sent as one text"
                )
                self._notes.add(each.at, described)
                continue
            row = f"query.{one.name}.{snake(each.name)}"
            properties[each.name] = self._schemas.part(
                Node(schema.value, schema.at), row, f"the query parameter {each.name} of {one.described}"
            )
        if not properties:
            return None
        return self._schemas.made(
            f"requests/{one.name}_query.json", {"type": "object", "properties": properties}, "requests"
        )


def _made_up(template: Json, name: str = "") -> Iterator[str]:
    """The properties of a template that have a text which nobody documents."""
    if isinstance(template, dict):
        if "$label" in template or "$text" in template:
            yield name
            return
        for key, child in template.items():
            yield from _made_up(child, f"{name}.{key}" if name else key)
    elif isinstance(template, list):
        for child in template:
            yield from _made_up(child, name)
