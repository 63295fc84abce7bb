"""The operations of an OpenAPI document, as far as a contract can have them: one path, one success, JSON bodies."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import NamedTuple

from batchproof.drafting.document import Document, Node
from batchproof.drafting.naming import snake, unlike
from batchproof.drafting.notes import Notes

METHODS = ("get", "post", "put", "patch", "delete")
_JSON = re.compile(r"application/(?:json|[a-z0-9.+-]+\+json)\s*(?:;.*)?", re.IGNORECASE)
_FORM = "multipart/form-data"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
EVERY_ERROR = [status.value for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST]
# what stands for any of them in a list of statuses that mean success
_ANY_SUCCESS = [200, 201, 202, 203, 206]


class Parameter(NamedTuple):
    """A parameter of a request; ``schema`` is that of its value."""

    name: str
    required: bool
    schema: Node
    at: str
    style: str | None


class Asked(NamedTuple):
    """One operation. ``errors`` has each documented status with the schema of its body, if it has one.

    ``form`` says that the body is a form. ``whole`` is False where the document tells of more than is read here.
    """

    name: str
    method: str
    path: str
    at: str
    placeholders: tuple[str, ...]
    query: tuple[Parameter, ...]
    headers: tuple[Parameter, ...]
    statuses: tuple[int, ...]
    success: Node
    success_at: str
    errors: dict[int, Node | None]
    body: Node | None
    form: bool
    token: bool
    security: Node

    @property
    def described(self) -> str:
        """Method and path, as notes name an operation."""
        return f"{self.method} {self.path}"

    @property
    def collection(self) -> str:
        """The path without its last part."""
        return self.path.rpartition("/")[0]


class Operations:
    """Reads the operations of a document, and notes those that a contract cannot have."""

    def __init__(self, document: Document, notes: Notes, patterns: Sequence[str] = ()) -> None:
        """With ``patterns``, such as ``/batches*``, only paths that match one of them are read."""
        self._patterns = patterns
        self._document = document
        self._notes = notes
        self._names: set[str] = set()
        self._schemes = document.mapping(document.at("components", "securitySchemes"))

    def all(self) -> Iterator[Asked]:
        """Every operation that can be read, in the order of the document."""
        paths = self._document.at("paths")
        if not isinstance(paths.value, dict) or not paths.value:
            remedy = "has no entry; the operations of the API stand there, each under its path"
            raise self._document.error("/paths", remedy)
        for path, item in self._document.mapping(paths).items():
            if not path.startswith("/") or not self._wanted(path):
                continue
            found = self._document.resolved(item)
            entries = self._document.mapping(found)
            for method in METHODS:
                if method in entries:
                    asked = self._asked(method.upper(), path, entries[method], found)
                    if asked is not None:
                        yield asked

    def wanted(self, asked: Iterable[Asked]) -> list[tuple[str, Node]]:
        """The security schemes that any of ``asked`` needs, each once."""
        found = {name: scheme for one in asked for name, scheme in self._needed(one.security) or ()}
        return list(found.items())

    def _needed(self, security: Node) -> list[tuple[str, Node]] | None:
        """The security schemes that are asked for, by name; None where nothing has to be sent."""
        wanted = self._document.items(security)
        if not wanted or any(not one.value for one in wanted):
            return None
        found: list[tuple[str, Node]] = []
        for one in wanted:
            for name in self._document.mapping(one):
                if name not in self._schemes:
                    known = ", ".join(self._schemes) or "none is there"
                    raise self._document.error(
                        one.at, f"names the security scheme {name!r}; declared are: {known}"
                    )
                found.append((name, self._document.resolved(self._schemes[name])))
        return found

    def _wanted(self, path: str) -> bool:
        return not self._patterns or any(fnmatchcase(path, pattern) for pattern in self._patterns)

    def _asked(self, method: str, path: str, node: Node, item: Node) -> Asked | None:
        described = f"{method} {path}"
        self._document.mapping(node)
        if "?" in path:
            self._leave(node.at, described, "a query stands in its path; declare it as parameters")
            return None
        parameters = self._parameters(item, node)
        if any(place == "cookie" and one.required for place, one in parameters):
            self._leave(node.at, described, "it needs a cookie, and none is sent")
            return None
        responses = self._document.mapping(node.below("responses"))
        success = self._success(described, responses, node.at)
        body = self._body(described, node)
        if success is None or isinstance(body, str):
            return None
        statuses, schema, at = success
        security = node.below("security") if "security" in node.value else self._document.at("security")
        name = unlike(snake(str(node.value.get("operationId") or f"{method} {path}")), self._names)
        self._names.add(name)
        return Asked(
            name=name,
            method=method,
            path=path,
            at=node.at,
            placeholders=tuple(_PLACEHOLDER.findall(path)),
            query=tuple(one for place, one in parameters if place == "query"),
            headers=tuple(one for place, one in parameters if place == "header"),
            statuses=statuses,
            success=schema,
            success_at=at,
            errors=self._errors(responses),
            body=body[0] if body is not None else None,
            form=body is not None and body[1],
            token=self._needed(security) is not None,
            security=security,
        )

    def _leave(self, at: str, described: str, why: str) -> None:
        self._notes.add(at, f"{described} is left out: {why}")

    def _parameters(self, *nodes: Node) -> list[tuple[str, Parameter]]:
        """Where each parameter stands, and what it is; those of the operation replace those of its path."""
        found: dict[tuple[str, str], Parameter] = {}
        for node in nodes:
            for item in self._document.items(node.below("parameters")):
                one = self._document.resolved(item)
                entries = self._document.mapping(one)
                if not {"name", "in"} <= entries.keys():
                    raise self._document.error(one.at, "lacks `name` or `in`; a parameter has both")
                name, place = str(entries["name"].value), str(entries["in"].value)
                schema = self._document.resolved(one.below("schema"))
                if schema.value is None:
                    _, schema = self._media(one) or ("", one.below("schema"))
                found[place, name] = Parameter(
                    name, one.value.get("required") is True, schema, one.at, one.value.get("style")
                )
        return [(place, one) for (place, _), one in found.items()]

    def _media(self, node: Node) -> tuple[str, Node] | None:
        """The first JSON content of a node, with its schema."""
        for name, media in self._document.mapping(node.below("content")).items():
            if _JSON.fullmatch(name):
                return name, media.below("schema")
        return None

    def _success(
        self, described: str, responses: dict[str, Node], at: str
    ) -> tuple[tuple[int, ...], Node, str] | None:
        found: list[tuple[int, Node, str]] = []
        for status, response in responses.items():
            statuses = (
                _ANY_SUCCESS if status.upper() == "2XX" else [int(status)] if _is_success(status) else []
            )
            media = self._media(self._document.resolved(response))
            found += [(one, media[1], response.at) for one in statuses if media is not None]
        if not found:
            self._leave(at, described, "no success with a JSON body is documented, and others are not judged")
            return None
        _, schema, where = found[0]
        same = tuple(status for status, other, _ in found if other.value == schema.value)
        others = sorted({status for status, *_ in found} - set(same))
        if others:
            shown = ", ".join(map(str, others))
            self._notes.add(
                at, f"{described}: the success {shown} is left out: it has another body than {same[0]}"
            )
        return same, schema, where

    def _errors(self, responses: dict[str, Node]) -> dict[int, Node | None]:
        found: dict[int, Node | None] = {}
        for status, response in sorted(responses.items()):
            media = self._media(self._document.resolved(response))
            for one in _errors_of(status):
                found.setdefault(one, media[1] if media is not None else None)
        return dict(sorted(found.items()))

    def _body(self, described: str, node: Node) -> tuple[Node, bool] | str | None:
        """The schema of the body, and whether it is a form; a text where the operation is left out."""
        body = self._document.resolved(node.below("requestBody"))
        if body.value is None:
            return None
        media = self._media(body)
        if media is not None:
            return media[1], False
        forms = self._document.mapping(body.below("content"))
        if _FORM in forms:
            return forms[_FORM].below("schema"), True
        if body.value.get("required") is not True:
            return None
        kinds = ", ".join(forms) or "nothing"
        self._leave(body.at, described, f"its body is {kinds}; JSON and {_FORM} are sent")
        return "left out"


def _is_success(status: str) -> bool:
    return status.isdigit() and HTTPStatus.OK <= int(status) < HTTPStatus.MULTIPLE_CHOICES


def _errors_of(status: str) -> list[int]:
    """The statuses that a key of responses stands for, of those that mean an error."""
    if status == "default":
        return EVERY_ERROR
    if status.upper() in ("4XX", "5XX"):
        return [one for one in EVERY_ERROR if str(one)[0] == status[0]]
    return [int(status)] if status.isdigit() and int(status) >= HTTPStatus.BAD_REQUEST else []
