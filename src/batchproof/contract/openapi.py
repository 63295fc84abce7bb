"""A contract as an OpenAPI 3.1 document, for the tools that read one."""

import http.client
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import urljoin

from batchproof.contract import pointer
from batchproof.contract.linked import Operation, Resource, Submitting
from batchproof.contract.loader import Contract
from batchproof.contract.schema_traversal import REFERENCE, rebuilt
from batchproof.contract.shapes import DIALECT
from batchproof.json_values import Json, JsonObject

_JSON = "application/json"
# OpenAPI 3.1, Parameter Object: definitions of these header parameters are ignored
_IGNORED_HEADERS = frozenset({"accept", "authorization", "content-type"})
_LEFT_OUT = frozenset({"$id", "$schema"})


def openapi_document(contract: Contract) -> JsonObject:
    """The whole contract in one document, in the order of its files. Every reference stays inside the document."""
    manifest = contract.manifest
    components = _Components(contract)
    document: JsonObject = {
        "openapi": "3.1.0",
        "info": {"title": manifest.title, "version": manifest.id.rpartition("/")[2]},
        "jsonSchemaDialect": DIALECT,
        "paths": {},
        "components": {"schemas": components.schemas()},
    }
    if manifest.auth is not None:
        document["security"] = [{manifest.auth.scheme: []}]
        document["components"]["securitySchemes"] = {
            manifest.auth.scheme: {"type": "http", "scheme": manifest.auth.scheme}
        }
    for operation in contract.operations.values():
        item = document["paths"].setdefault(operation.path, {})
        item[operation.method.lower()] = _operation(contract, operation, components)
    return document


class _Components:
    """The schema files as components."""

    def __init__(self, contract: Contract) -> None:
        self._shapes = contract.shapes
        files = [PurePosixPath(file) for file in contract.shapes.files]
        stems = [file.stem for file in files]
        self._names = {
            contract.shapes.uri(str(file)): file.stem
            if stems.count(file.stem) == 1
            else f"{file.parent.name}.{file.stem}"
            for file in files
        }

    def schemas(self) -> JsonObject:
        """Every schema file, by component name."""
        return {self._names[self._shapes.uri(file)]: self.schema(file, "") for file in self._shapes.files}

    def schema(self, file: str, at: str) -> Json:
        """The subschema at ``at`` of ``file``, with its references rewritten."""
        return self._rewritten(pointer.first(self._shapes.document(file), at), self._shapes.uri(file))

    def reference(self, file: str) -> dict[str, str]:
        """A reference to the component that ``file`` became."""
        return {"$ref": self._address(self._shapes.uri(file))}

    def _address(self, uri: str) -> str:
        base, _, fragment = uri.partition("#")
        return f"#/components/schemas/{self._names[base]}{fragment}"

    def _rewritten(self, schema: Json, uri: str) -> Json:
        if not isinstance(schema, dict):
            return schema
        fresh = rebuilt(schema, lambda child: self._rewritten(child.schema, uri))
        if REFERENCE in fresh:
            fresh[REFERENCE] = self._address(urljoin(uri, fresh[REFERENCE]))
        return {keyword: value for keyword, value in fresh.items() if keyword not in _LEFT_OUT}


def _operation(contract: Contract, operation: Operation, components: _Components) -> JsonObject:
    page = contract.manifest.documents[operation.document]
    described: JsonObject = {
        "operationId": operation.name,
        "summary": page.title,
        "externalDocs": {"description": page.title, "url": page.url},
        "x-requirement": {"success": operation.success.requirement, "errors": operation.errors.requirement},
        "parameters": list(_parameters(contract, operation, components)),
    }
    if operation.request is not None:
        described["requestBody"] = {
            "required": True,
            "content": {_JSON: {"schema": components.reference(operation.request.schema)}},
        }
    described["responses"] = _responses(contract, operation, components)
    return described


def _parameters(contract: Contract, operation: Operation, components: _Components) -> Iterator[JsonObject]:
    for name in _path_parameters(operation):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    if operation.query is not None:
        schema = contract.shapes.document(operation.query)
        for name in schema.get("properties", {}):
            yield {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", []),
                "schema": components.schema(operation.query, pointer.join(["properties", name])),
            }
    for name, value in contract.manifest.headers.items():
        if name.lower() not in _IGNORED_HEADERS:
            yield {
                "name": name,
                "in": "header",
                "required": True,
                "schema": {"type": "string", "const": value},
            }


def _path_parameters(operation: Operation) -> list[str]:
    return re.findall(r"\{(\w+)\}", operation.path)


def _responses(contract: Contract, operation: Operation, components: _Components) -> JsonObject:
    success = operation.success
    links = dict(_links(contract, operation))
    responses: JsonObject = {
        str(status): _response(status, components.reference(success.schema))
        | ({"links": links} if links else {})
        for status in success.statuses
    }
    for status in operation.errors.statuses:
        # the documentation leaves the body of an open status open
        schema = {} if status in operation.errors.open else components.reference(contract.manifest.error)
        responses[str(status)] = _response(status, schema)
    return responses


def _response(status: int, schema: Mapping[str, Json]) -> JsonObject:
    phrase = http.client.responses.get(status, f"Status {status}")
    return {"description": phrase, "content": {_JSON: {"schema": dict(schema)}}}


def _links(contract: Contract, operation: Operation) -> Iterator[tuple[str, JsonObject]]:
    """The ways that the flows take from this operation: to the new object, to its list, to one row of a list."""
    for flow in operation.flows:
        if isinstance(flow, Submitting) and flow.submit is operation and operation.creates is not None:
            yield from _from_submission(contract, flow, operation.creates)
        if flow.list is operation and flow.read_run is not None and flow.run is not None:
            row = flow.list.pages.rows + "/0" + flow.run.id
            yield from _link(contract, flow.read_run, _path_parameters(flow.read_run), row)


def _from_submission(
    contract: Contract, flow: Submitting, created: Resource
) -> Iterator[tuple[str, JsonObject]]:
    if flow.read is not None and flow.subject is created:
        yield from _link(contract, flow.read, _path_parameters(flow.read), created.id)
    owner = flow.list.owner if flow.list is not None else None
    if flow.list is not None and owner is not None and owner.resource is created:
        yield from _link(contract, flow.list, [owner.parameter], created.id)


def _link(
    contract: Contract, target: Operation, parameters: list[str], at: str
) -> Iterator[tuple[str, JsonObject]]:
    if len(parameters) == 1:
        title = contract.manifest.documents[target.document].title
        yield (
            target.name,
            {
                "operationId": target.name,
                "description": title,
                "parameters": {parameters[0]: f"$response.body#{at}"},
            },
        )
