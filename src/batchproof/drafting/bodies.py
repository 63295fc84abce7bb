"""A valid request, as far as a schema says what one looks like. What only the user can know becomes a fixture."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from batchproof.drafting import looking
from batchproof.drafting.document import Document, Node
from batchproof.drafting.naming import snake

_DEEPEST = 8
_FILE = "document_file"
_SAMPLES = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "uri": "https://example.com/document.pdf",
    "url": "https://example.com/document.pdf",
    "email": "someone@example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}


class Bodies:
    """Makes templates of requests, and collects the fixtures that they name."""

    def __init__(self, document: Document) -> None:
        self.fixtures: dict[str, dict[str, Any]] = {}
        self._document = document

    def value(self, node: Node, name: str, deep: int = 0) -> Any:
        """A template for a value that stands at a property ``name``."""
        schema = looking.plain(self._document, node)
        if not isinstance(schema.value, dict) or deep > _DEEPEST:
            return {}
        given = list(_given(schema.value))
        if given:
            return given[0]
        choice = [*self._document.items(schema.below("oneOf")), *self._document.items(schema.below("anyOf"))]
        kind = looking.kind(self._document, schema)
        if kind == "object" or (looking.properties(self._document, schema) and not choice):
            return self._object(schema, deep)
        if choice:
            return self.value(choice[0], name, deep + 1)
        if kind == "array":
            least = schema.value.get("minItems", 0)
            count = max(1, least) if isinstance(least, int) else 1
            items = schema.below("items")
            return [self.value(items, name, deep + 1) for _ in range(count)]
        if kind in ("integer", "number"):
            return _number(schema.value)
        if kind == "boolean":
            return False
        return self._text(schema.value, name)

    def query(self, node: Node, name: str) -> Any:
        """A template for a query parameter that has to be there."""
        return self.value(node, name)

    def _object(self, schema: Node, deep: int) -> dict[str, Any]:
        names = looking.properties(self._document, schema)
        return {
            name: self.value(names[name], name, deep + 1)
            for name in looking.required(self._document, schema)
            if name in names and self._document.resolved(names[name]).below("readOnly").value is not True
        }

    def _text(self, schema: dict[str, Any], name: str) -> Any:
        written = schema.get("format")
        if written == "binary" or schema.get("contentMediaType") == "application/octet-stream":
            self.fixtures[_FILE] = {"type": "file", "about": "A document that may be uploaded."}
            return {"$file": _FILE}
        if written in _SAMPLES:
            return _SAMPLES[written]
        words = snake(name).split("_")
        least = schema.get("minLength", 0)
        if written == "uuid" or words[-1] in ("id", "ids") or "pattern" in schema:
            fixture = snake(name)
            about = f"A value for {name} in requests; the document does not say where it comes from."
            self.fixtures[fixture] = {"type": "string", "about": about}
            return {"$fixture": fixture}
        most = schema.get("maxLength", 255)
        label = {"$label": snake(name)[:40]}
        return label if least <= 8 and most >= 48 else {"$text": max(least, 1)}


def filled(template: Any) -> Any:
    """A template with texts in its places, to hold against a schema."""
    if isinstance(template, list):
        return [filled(one) for one in template]
    if isinstance(template, dict):
        if len(template) == 1 and next(iter(template)).startswith("$"):
            ((place, argument),) = template.items()
            return "x" * argument if place == "$text" else f"{argument}-1"
        return {key: filled(one) for key, one in template.items()}
    return template


def wrong(schemas: dict[str, dict[str, Any]], file: str, template: Any) -> str | None:
    """What is wrong with a template by its schema file, if anything but what a fixture may mend."""
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in schemas.values()])
    validator = jsonschema_rs.Draft202012Validator(schemas[file], registry=registry, offline=True)
    error = next(iter(validator.iter_errors(filled(template))), None)
    return None if error is None else f"{'/'.join(map(str, error.instance_path)) or 'body'}: {error.message}"


def _given(schema: dict[str, Any]) -> Iterator[Any]:
    """The values that a document names itself."""
    if "const" in schema:
        yield schema["const"]
    if isinstance(schema.get("enum"), list):
        yield from (one for one in schema["enum"] if one is not None)
    if schema.get("type") != "object":
        yield from (schema[key] for key in ("example", "default") if schema.get(key) is not None)
        if isinstance(schema.get("examples"), list):
            yield from schema["examples"]


def _number(schema: dict[str, Any]) -> Any:
    low, high = schema.get("minimum"), schema.get("maximum")
    above = schema.get("exclusiveMinimum")
    if isinstance(above, int | float) and not isinstance(above, bool):
        return above + 1
    if isinstance(low, int | float):
        return low + 1 if above is True else low
    return 1 if not isinstance(high, int | float) or high >= 1 else high
