"""What every request carries: the token, and the headers that the document wants with one value."""

from collections.abc import Sequence

from batchproof.drafting.document import Document, Node
from batchproof.drafting.naming import plain
from batchproof.drafting.notes import Notes
from batchproof.drafting.operations import Asked, Operations, Parameter
from batchproof.json_values import JsonObject

_BEARER = ("oauth2", "openIdConnect")
_OWN = frozenset({"accept", "authorization", "contenttype"})


class Sending:
    """Reads security schemes and header parameters; what cannot be sent is noted."""

    def __init__(
        self, document: Document, operations: Operations, notes: Notes, asked: Sequence[Asked]
    ) -> None:
        self.auth: JsonObject | None = None
        self.headers: dict[str, str] = {}
        self._document = document
        self._notes = notes
        for name, scheme in operations.wanted(asked):
            self._scheme(name, scheme)
        self._headers(asked)
        self._servers()

    def _scheme(self, name: str, scheme: Node) -> None:
        kind = scheme.below("type").value
        how = str(scheme.below("scheme").value or "").lower()
        if kind in _BEARER or (kind == "http" and how == "bearer"):
            self.auth = {"scheme": "bearer", "refused": [401]}
        elif kind == "apiKey":
            place, called = scheme.below("in").value, scheme.below("name").value
            remedy = (
                f"give it in `headers` of [target]: {called} = …"
                if place == "header"
                else "no request carries it"
            )
            self._notes.add(
                scheme.at,
                f"the security scheme {name} is the {place} {called}, and only bearer tokens are sent; {remedy}",
            )
        else:
            described = " ".join(filter(None, (str(kind), how)))
            self._notes.add(
                scheme.at, f"the security scheme {name} is {described}, and only bearer tokens are sent"
            )

    def _headers(self, asked: Sequence[Asked]) -> None:
        found: dict[str, list[Parameter]] = {}
        for one in asked:
            for header in one.headers:
                if plain(header.name) not in _OWN:
                    found.setdefault(header.name, []).append(header)
        for name, uses in found.items():
            values = [value for one in uses for value in self._values(one)]
            version = "version" in name.lower()
            if not (version or any(one.required for one in uses)):
                continue
            if len(set(values)) == 1:
                self.headers[name] = values[0]
            else:
                what = (
                    "no value" if not values else f"more than one value ({', '.join(dict.fromkeys(values))})"
                )
                described = f"the document names {what} of the header {name}; write `headers` in contract.yaml, or in [target]"
                self._notes.add(uses[0].at, described)

    def _values(self, header: Parameter) -> list[str]:
        """The one value that a header may have, or that the document gives when none is sent."""
        schema = self._document.resolved(header.schema).value
        if not isinstance(schema, dict):
            return []
        if "const" in schema:
            return [str(schema["const"])]
        listed = schema.get("enum")
        if isinstance(listed, list) and len(listed) == 1:
            return [str(listed[0])]
        return [str(schema["default"])] if "default" in schema else list(map(str, listed or []))

    def _servers(self) -> None:
        urls = [str(one.below("url").value) for one in self._document.items(self._document.at("servers"))]
        if urls and any(url.rstrip("/").count("/") > 2 or url.startswith("/") for url in urls):
            described = f"paths begin behind the server's address, which is {' or '.join(urls)}; give --target with that path"
            self._notes.add("/servers", described)
        if self._document.at("webhooks").value:
            self._notes.add(
                "/webhooks",
                "webhooks are left out: no OpenAPI document says how they are signed; write `webhooks`",
            )
