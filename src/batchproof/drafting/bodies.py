"""A valid request, as far as a schema says what one looks like. What only the user can know becomes a fixture."""

from collections.abc import Callable, Iterator

import jsonschema_rs

from batchproof.drafting.document import Document, Node
from batchproof.drafting.looking import Look
from batchproof.drafting.naming import snake
from batchproof.json_values import Json, JsonObject

_DEEPEST = 8
_MOST_BRANCHES = 6
_LONGEST = 200
_SHORTEST_LABEL, _LONGEST_LABEL, _LONGEST_NAME = 3, 64, 40
_FROM_USER = ("id", "ids", "uri", "url", "urls")
_FILE = "document_file"
_SAMPLES = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "email": "someone@example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}


class Bodies:
    """Makes templates of requests, and collects the fixtures that they name."""

    def __init__(self, document: Document) -> None:
        self.fixtures: dict[str, JsonObject] = {}
        self._document = document
        self._branch = 0

    def fitting(self, node: Node, name: str, fits: Callable[[Json], bool]) -> Json:
        """A template for a body: of several shapes that choices allow the first that ``fits``, or else the very first."""
        known = self.fixtures
        for branch in range(_MOST_BRANCHES):
            self._branch = branch
            self.fixtures = dict(known)
            template = self.value(node, name)
            if fits(template):
                self._branch = 0
                return template
        self._branch, self.fixtures = 0, known
        return self.value(node, name)

    def value(self, node: Node | Look, name: str, above: str = "", deep: int = 0) -> Json:
        """A template for a value that stands at a property ``name`` of what stands at ``above``."""
        schema = node if isinstance(node, Look) else Look(self._document, node)
        if deep > _DEEPEST:
            return {}
        given = list(_given(schema))
        if given:
            return given[0]
        if schema.kind == "object":
            return self._object(schema, name, deep)
        choice = self._choice(schema)
        if choice is not None:
            return self.value(choice, name, above, deep + 1)
        if schema.kind == "array":
            least = schema.first("minItems")
            elements = schema.elements
            one = self.value(elements, name, above, deep + 1) if elements is not None else {}
            return [one] * max(1, least if isinstance(least, int) else 1)
        if schema.kind in ("integer", "number"):
            return _number(schema)
        return False if schema.kind == "boolean" else self._text(schema, name, above)

    def _object(self, schema: Look, name: str, deep: int) -> JsonObject:
        names, wanted = schema.properties, schema.required
        choice = self._choice(schema)
        if choice is not None:
            names = {**choice.properties, **names}
            wanted = list(dict.fromkeys([*wanted, *choice.required]))
        return {
            key: self.value(names[key], key, name, deep + 1)
            for key in wanted
            if key in names and names[key].first("readOnly") is not True
        }

    def _choice(self, schema: Look) -> Look | None:
        """The branch of a choice that is tried now."""
        branches = schema.branches
        return schema.of(branches[min(self._branch, len(branches) - 1)]) if branches else None

    def _text(self, schema: Look, name: str, above: str) -> Json:
        written = schema.first("format")
        if written == "binary" or schema.first("contentMediaType") == "application/octet-stream":
            self.fixtures[_FILE] = {"type": "file", "about": "A document that may be uploaded."}
            return {"$file": _FILE}
        if written in _SAMPLES:
            return _SAMPLES[written]
        words = snake(name).split("_")
        if (
            written in ("uuid", "uri", "url")
            or words[-1] in _FROM_USER
            or schema.first("pattern") is not None
        ):
            # an id alone says nothing of what it is the id of
            fixture = snake(f"{above} {name}" if len(words) == 1 else name)
            about = f"A value for {f'{name} of {above}' if above else name} in requests; the document does not say where it comes from."
            self.fixtures[fixture] = {"type": "string", "about": about}
            return {"$fixture": fixture}
        least, most = schema.first("minLength") or 0, schema.first("maxLength")
        fits = least <= _SHORTEST_LABEL and (most is None or most >= _LONGEST_LABEL)
        return {"$label": snake(name)[:_LONGEST_NAME]} if fits else {"$text": max(least, 1)}


def filled(template: Json) -> Json:
    """A template with texts in its places, to hold against a schema."""
    if isinstance(template, list):
        return [filled(one) for one in template]
    if isinstance(template, dict):
        if len(template) == 1 and next(iter(template)).startswith("$"):
            ((place, argument),) = template.items()
            return "x" * argument if place == "$text" else f"{argument}-1"
        return {key: filled(one) for key, one in template.items()}
    return template


def checked(schemas: dict[str, JsonObject], file: str) -> Callable[[Json], str | None]:
    """Says of a template what is wrong with it by its schema file, if anything is."""
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in schemas.values()])
    validator = jsonschema_rs.Draft202012Validator(schemas[file], registry=registry, offline=True)

    def wrong(template: Json) -> str | None:
        error = next(iter(validator.iter_errors(filled(template))), None)
        if error is None:
            return None
        at = "/".join(map(str, error.instance_path)) or "body"
        return f"{at}: {error.message}" if len(error.message) < _LONGEST else f"{at} breaks {error.kind.name}"

    return wrong


def _given(schema: Look) -> Iterator[Json]:
    """The values that a document names itself."""
    if schema.first("const") is not None:
        yield schema.first("const")
    listed = schema.first("enum")
    yield from (one for one in (listed if isinstance(listed, list) else ()) if one is not None)
    if schema.kind != "object":
        yield from (schema.first(key) for key in ("example", "default") if schema.first(key) is not None)
        shown = schema.first("examples")
        yield from shown if isinstance(shown, list) else ()


def _number(schema: Look) -> Json:
    low, high, above = (schema.first(key) for key in ("minimum", "maximum", "exclusiveMinimum"))
    if isinstance(above, int | float) and not isinstance(above, bool):
        return above + 1
    if isinstance(low, int | float):
        return low + 1 if above is True else low
    return 1 if not isinstance(high, int | float) or high >= 1 else high
