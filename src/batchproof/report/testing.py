"""How a requirement is tested, in words: what is sent, and what is accepted."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from batchproof.contract import Contract, pointer
from batchproof.contract.kinds import KINDS
from batchproof.contract.linked import Lifecycle
from batchproof.contract.model import Invariant, Probe
from batchproof.contract.schema_traversal import subschemas
from batchproof.contract.shapes import ANNOTATION, Owner, ids_of
from batchproof.contract.webhooks import RECEIVER, Webhooks
from batchproof.json_values import Json, JsonObject
from batchproof.report.schema_text import expanded

_NOT_RULES = frozenset({"title", "description", "allOf", "anyOf", "oneOf", "prefixItems"})
_LONGEST = 200


def how_tested(contract: Contract, identifier: str) -> Iterator[str]:
    """One sentence for each place that tests the requirement, in the order of the contract's files."""
    yield from _operations(contract, identifier)
    if contract.manifest.webhooks is not None:
        yield from _webhooks(contract.manifest.webhooks, identifier)
    yield from _keywords(contract, identifier)
    for compiled in contract.invariants:
        if compiled.invariant.requirement == identifier:
            yield _invariant(compiled.invariant)
    for name, lifecycle in contract.lifecycles.items():
        if identifier == lifecycle.requirement:
            yield _steps(name, lifecycle)
        if identifier == lifecycle.terminal_requirement:
            yield f"life cycle {name}: nothing follows {', '.join(lifecycle.terminal)}"
    for probe in contract.probes.values():
        if probe.requirement == identifier:
            yield _probe(contract, probe)
    for place in contract.stated.get(identifier, []):
        if place.kind == "generation":
            yield f"generated requests ({place.where})"


def places_of(contract: Contract, identifier: str) -> list[tuple[str, str]]:
    """The subschemas that speak for a requirement: their files, and where they stand there."""
    return [(file, annotated.at) for file, annotated in contract.whole.kept(_speakers).get(identifier, [])]


def _operations(contract: Contract, identifier: str) -> Iterator[str]:
    for name, operation in contract.operations.items():
        asked = f"{operation.method} {operation.path} ({name})"
        if operation.success.requirement == identifier:
            yield f"{asked}: a success is answered {operation.success.described}, with JSON that fits {operation.success.schema}"
        if operation.errors.requirement == identifier:
            yield f"{asked}: an error is answered with one of {', '.join(map(str, operation.errors.statuses))}"
        if operation.pages is not None and identifier == operation.pages.answered:
            yield f"{asked}: a page that is asked for with the token of the one before is answered"
        if operation.pages is not None and identifier == operation.pages.leads:
            yield f"{asked}: a page that is asked for with the token of the one before shows other rows"
        if operation.deletes is not None and identifier == operation.deletes.requirement:
            yield f"{asked}: after a success the {operation.deletes.resource} can no longer be read"
        if operation.deletes is not None and identifier == operation.deletes.list_requirement:
            yield f"{asked}: after a success the {operation.deletes.resource} stands in no list"


def _webhooks(webhooks: Webhooks, identifier: str) -> Iterator[str]:
    signature, stamp = webhooks.signature, webhooks.signature.timestamp
    if identifier == webhooks.envelope.requirement:
        yield f"webhooks: the body of every delivery is JSON that fits {webhooks.envelope.schema}"
    if identifier == signature.requirement:
        yield (
            f"webhooks: the header {signature.header} of every delivery is the {signature.algorithm} of "
            f"{signature.signed} in {signature.encoding}, where body is the raw body"
        )
    if identifier == stamp.requirement:
        yield f"webhooks: the header {stamp.header} of every delivery is a number of seconds since 1970"
    if stamp.fresh is not None and identifier == stamp.fresh.requirement:
        yield (
            f"webhooks: when a delivery arrives, {stamp.header} is at most {stamp.fresh.past_s} s old "
            f"and at most {stamp.fresh.future_s} s ahead"
        )
    for name, header in webhooks.headers.items():
        if identifier == header.requirement:
            yield f"webhooks: every delivery has the header {name}: {header.value}"
    for name, event in webhooks.events.items():
        if identifier == event.requirement:
            yield f"webhooks: the payload of {name} fits {event.schema}"
        if event.ended is not None and identifier == event.ended.requirement:
            yield f"webhooks: the payload of {name} has the status {event.ended.status}"
        if event.ended is not None and identifier == event.ended.after_requirement:
            yield f"webhooks: a read that began after {name} had arrived shows the {event.resource} in a terminal state"


class _Annotated(NamedTuple):
    """A subschema that speaks for requirements. ``required`` says whether the property it describes must be there."""

    at: str
    node: JsonObject
    required: bool

    def keywords(self, identifier: str) -> list[str]:
        """The keywords that speak for ``identifier``, ``*`` being all that are not named."""
        owner: Owner = self.node[ANNOTATION]
        if isinstance(owner, str):
            return ["*"]
        return [keyword for keyword, row in owner.items() if row == identifier]

    def described(self, keywords: list[str], whole: Json) -> str:
        """What the keywords say; nested schemas only where there is nothing else.

        ``whole`` is the node with its references followed, or, if other rows state them, what they are.
        """
        owner: Owner = self.node[ANNOTATION]
        named = {"*"} if isinstance(owner, str) else set(owner)
        if not isinstance(whole, dict):
            return str(whole)
        shown = [
            f"{keyword} {_whole_json(value)}"
            for keyword, value in whole.items()
            if keyword in keywords
            or ("$ref" in keywords and keyword not in self.node)
            or (
                "*" in keywords
                and keyword not in named
                and _is_flat(keyword, value)
                and (keyword in self.node or "$ref" not in named)
            )
        ]
        charged = next((keyword for keyword in ("required", "type", "*") if keyword in named), None)
        if self.required and charged in keywords:
            shown.append("must be present")
        return ", ".join(shown) or _whole_json(whole)


def _keywords(contract: Contract, identifier: str) -> Iterator[str]:
    for file, annotated in contract.whole.kept(_speakers).get(identifier, []):
        whole = expanded(contract.shapes, contract.shapes.uri(file), annotated.node, identifier)
        described = annotated.described(annotated.keywords(identifier), whole)
        yield f"schema {file}#{annotated.at}: {described}{_seen_in(contract, identifier, file)}"


def _speakers(contract: Contract) -> dict[str, list[tuple[str, _Annotated]]]:
    """The subschemas that speak for each requirement, with their files."""
    found: dict[str, list[tuple[str, _Annotated]]] = defaultdict(list)
    for file in contract.shapes.files:
        for annotated in _annotated(contract.shapes.document(file)):
            for identifier in ids_of(annotated.node[ANNOTATION]):
                found[identifier].append((file, annotated))
    return dict(found)


def _annotated(document: JsonObject) -> Iterator[_Annotated]:
    required: set[str] = set()
    for at, node in subschemas(document):
        required.update(at + pointer.join(["properties", name]) for name in node.get("required", []))
        if ANNOTATION in node:
            yield _Annotated(at, node, at in required)


def _is_flat(keyword: str, value: Json) -> bool:
    return (
        isinstance(value, str | int | list)
        and not keyword.startswith(("$", "x-"))
        and keyword not in _NOT_RULES
    )


def _seen_in(contract: Contract, identifier: str, file: str) -> str:
    if file.startswith("requests/"):
        return "; it shapes the requests that are sent"
    operations = sorted(
        {
            name
            for place in contract.stated.get(identifier, [])
            if place.kind == "schema"
            for name in place.operations
        }
    )
    if operations == [RECEIVER]:
        return "; in the deliveries of webhooks"
    everything = len(operations) == len(contract.manifest.operations)
    return f"; in the answers of {'every operation' if everything else ', '.join(operations)}"


def _invariant(invariant: Invariant) -> str:
    kind = KINDS[invariant.each]
    where = kind.where.format(
        on=kind.any if invariant.on == "*" else invariant.on,
        answered="" if invariant.answered == "any" else f"{invariant.answered} ",
    )
    described = f"invariant, {where}"
    if invariant.when is not None:
        described += f", if {invariant.when}"
    described += f": {invariant.rule or f'the function {invariant.function}'}"
    return (
        described
        if invariant.interpretation is None
        else f"{described} (shows the interpretation {invariant.interpretation})"
    )


def _steps(name: str, lifecycle: Lifecycle) -> str:
    edges = "; ".join(f"{state} to {' or '.join(after)}" for state, after in lifecycle.edges.items())
    return f"life cycle {name}: a poller may miss a state, but every step follows {edges}"


def _probe(contract: Contract, probe: Probe) -> str:
    operation = contract.operation(probe.operation)
    control = _given(probe.control)
    change = _json(_given(probe.change))
    removed = " (null: left out)" if "null" in change else ""
    return (
        f"probe {probe.name}: {operation.method} {operation.path} is accepted"
        f"{f' with {_json(control)}' if control else ''}; with one change, {change}{removed}, it is {_answer(probe)}"
    )


def _answer(probe: Probe) -> str:
    if probe.interpretations:
        return "told by its status which interpretation the server follows"
    if probe.refused is None:
        return "accepted as well"
    codes = f" with {probe.refused.code_at} {' or '.join(probe.refused.codes)}" if probe.refused.codes else ""
    return f"refused with {' or '.join(map(str, probe.refused.statuses))}{codes}"


def _given(part: msgspec.Struct) -> JsonObject:
    """What the contract says, without what it leaves at its default."""
    defaults = msgspec.to_builtins(type(part)())
    described: JsonObject = msgspec.to_builtins(part)
    return {
        name: value for name, value in described.items() if name not in defaults or value != defaults[name]
    }


def _whole_json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
