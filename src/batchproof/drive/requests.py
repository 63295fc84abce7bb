"""Builds the requests of an operation: valid ones, and valid ones with one change."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from batchproof.client import AuthMode, Call, Settings
from batchproof.contract import Contract, model, pointer
from batchproof.contract.linked import Operation
from batchproof.contract.model import OTHER_TOKENS, Change, Probe, token_fixture
from batchproof.drive.templates import Missing, Templates, merge_patch

_FEW = 6


class Requests:
    """Valid and invalid requests of one contract."""

    def __init__(
        self, contract: Contract, settings: Settings, templates: Templates, consuming: Templates
    ) -> None:
        """``consuming`` fills what is sent to operations that delete: from objects that nobody else needs."""
        self._contract = contract
        self._settings = settings
        self._fill = templates.fill
        self._fill_consuming = consuming.fill

    def valid(
        self,
        operation: Operation | str,
        *,
        kinds: Sequence[str] = ("document",),
        path: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
    ) -> Call:
        """A valid request; ``kinds`` are those of its input documents. Raises ``Unmet`` when something is missing."""
        declared = self._contract.operation(operation)
        template = path or (declared.request.path if declared.request is not None else {})
        fill = self._fill if declared.deletes is None else self._fill_consuming
        call = Call(operation=declared.name, path=fill(template), query=_texts(self._fill(query or {})))
        if declared.request is None:
            return call
        if declared.request.multipart is not None:
            form = self._fill(declared.request.multipart, kinds)
            return msgspec.structs.replace(call, form=form, documents=billed(declared, form))
        body = self._fill(declared.request.body, kinds)
        return msgspec.structs.replace(call, body=body, documents=billed(declared, body))

    def control(self, probe: Probe, inputs: int | None = None) -> Call:
        """The valid request of a probe, with another number of inputs if that is given."""
        count = probe.control.inputs if inputs is None else inputs
        call = self.valid(
            probe.operation,
            kinds=[probe.control.kind] * count,
            path=probe.control.path,
            query=probe.control.query,
        )
        return msgspec.structs.replace(
            call,
            headers=self._fill(probe.control.headers),
            **self._patched(probe.operation, probe.control.body, call),
        )

    def changed(self, probe: Probe, valid: Call) -> Call:
        """The invalid request of a probe: ``valid`` with its one change."""
        if probe.change.inputs is not None:
            valid = self.control(probe, probe.change.inputs)
        return msgspec.structs.replace(valid, probe=probe.name, **self._change(probe, probe.change, valid))

    def sent_as(self, auth: AuthMode, call: Call) -> Call:
        """``call`` with another credential. Raises ``Unmet`` when that is not given."""
        if auth in OTHER_TOKENS and auth not in self._settings.other_tokens:
            raise Missing(token_fixture(auth))
        return msgspec.structs.replace(call, auth=auth)

    def documented_queries(self, operation: Operation) -> list[dict[str, str]]:
        """Queries with every value that the documentation lists for a parameter, alone and two parameters together."""
        listed = self._listed(operation)
        alone = self.single_parameters(operation)
        together = [
            {one: value, other: second}
            for one, other in itertools.combinations(listed, 2)
            for value, second in _paired(listed[one], listed[other])
        ]
        return alone + together

    def single_parameters(self, operation: Operation) -> list[dict[str, str]]:
        """Queries with one parameter each: every value that the documentation lists."""
        return [{name: value} for name, values in self._listed(operation).items() for value in values]

    def largest(self, operation: Operation, parameter: str) -> list[str]:
        """The largest value that the documentation allows for a number in the query, if it names one."""
        declared = self._query(operation)
        maximum = pointer.first(declared, f"/properties/{parameter}/maximum")
        return [] if maximum is None else [query_text(maximum)]

    def most_inputs(self, operation: Operation, otherwise: int) -> int:
        """The largest number of input documents that the request schema allows, or ``otherwise``."""
        if operation.request is None or not isinstance(operation.billed, str):
            return otherwise
        schema = self._contract.shapes.document(operation.request.schema)
        most = pointer.first(schema, "/properties" + operation.billed + "/maxItems")
        return most if isinstance(most, int) else otherwise

    def _listed(self, operation: Operation) -> dict[str, list[str]]:
        properties = self._query(operation).get("properties", {})
        listed = {
            name: schema.get("enum") or schema.get("examples") or [] for name, schema in properties.items()
        }
        return {
            name: [str(self._fill(value)) for value in values] for name, values in listed.items() if values
        }

    def _query(self, operation: Operation) -> dict[str, Any]:
        """The schema of the query, which has nothing where the operation takes none."""
        return {} if operation.query is None else self._contract.shapes.document(operation.query)

    def _change(self, probe: Probe, change: Change, valid: Call) -> dict[str, Any]:
        if change.path is not None:
            return {"path": {**valid.path, **self._fill(change.path)}}
        if change.query is not None:
            return {"query": _texts({**valid.query, **self._fill(change.query)})}
        if change.headers is not None:
            return {"headers": {**valid.headers, **change.headers}}
        if change.auth is not None:
            return {"auth": self.sent_as(change.auth, valid).auth}
        if change.raw is not None:
            return {"raw": change.raw.encode()}
        if change.content_type is not None:
            return {"content_type": change.content_type}
        return self._patched(probe.operation, change.body, valid)

    def _patched(self, operation: str, patch: Any, valid: Call) -> dict[str, Any]:
        """What a JSON Merge Patch changes of a request."""
        if patch is msgspec.UNSET:
            return {}
        if valid.form is not None:
            return {"form": merge_patch(valid.form, self._fill(patch))}
        body = merge_patch(valid.body, self._fill(patch))
        return {"body": body, "documents": billed(self._contract.operation(operation), body)}


def _paired(one: list[str], other: list[str]) -> Iterable[tuple[str, str]]:
    if len(one) * len(other) <= _FEW:
        return itertools.product(one, other)
    longest = max(len(one), len(other))
    return itertools.islice(zip(itertools.cycle(one), itertools.cycle(other), strict=False), longest)


def _texts(query: dict[str, Any]) -> dict[str, str]:
    return {name: query_text(value) for name, value in query.items() if value is not None}


def query_text(value: Any) -> str:
    """A value as it stands in a query."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def billed(operation: Operation | model.Operation, body: Any) -> int:
    """How many documents a server may process for this body; at least one, as long as it is not known to be less."""
    if isinstance(operation.billed, int):
        return operation.billed
    counted = pointer.first(body, operation.billed)
    return len(counted) if isinstance(counted, list) else 1
