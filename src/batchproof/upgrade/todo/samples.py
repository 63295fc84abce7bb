"""Requests and answers of the program itself, before and after."""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

from msgspec import structs

from batchproof.contract import Contract
from batchproof.json_values import Json, JsonObject
from batchproof.upgrade.mapping import ALL
from batchproof.upgrade.todo.model import Sample
from batchproof.upgrade.todo.task import Context
from batchproof.upgrade.todo.using import Seen

_LONGEST = 120
_MOST_ELEMENTS = 2


def samples(context: Context, name: str, seen: Sequence[Seen]) -> list[Sample]:
    """One request of each variant, the first that succeeded, as it was and as it has to be; long texts and lists are cut."""
    found = []
    for variant in context.usage.variants(context.mapped, name):
        own = [one for one in seen if not one.variants or variant in one.variants]
        best = next((one for one in own if one.answer is not None), own[0] if own else None)
        if best is not None:
            found.append(_sample(context, name, variant, best))
    return found


def refused(context: Context, stays: Collection[str]) -> list[Sample]:
    """The first answer that was an error, with its request, unless the operation ``stays`` where it is."""
    mapped = context.mapped
    for name, seen in context.usage.calls.items():
        for one in seen:
            variants = [
                each
                for each in context.usage.variants(mapped, name)
                if not one.variants or each in one.variants
            ]
            if one.refusal is None or name in stays or not variants:
                continue
            after = context.carriers[variants[0]].carried(mapped.older.manifest.error, one.refusal)
            return [
                structs.replace(
                    _sample(context, name, variants[0], one),
                    answer_before=shortened(one.refusal),
                    answer_after=shortened(after),
                )
            ]
    return []


def _sample(context: Context, name: str, variant: str, seen: Seen) -> Sample:
    mapped, carrier = context.mapped, context.carriers[variant]
    operation = mapped.older.manifest.operations[name]
    target = mapped.operations(name).get(variant)
    path = seen.exchange.request.path
    body = (
        None
        if operation.request is None or seen.sent is None
        else carrier.carried(operation.request.schema, seen.sent)
    )
    query = {} if operation.query is None else carrier.carried(operation.query, seen.query) or {}
    answer = None
    if target is not None and seen.answer is not None:
        answer = carrier.carried(operation.success.schema, seen.answer)
    return Sample(
        variant=variant if variant != ALL else None,
        exchange=seen.exchange.id,
        request_before=_request(mapped.older, name, path, seen.query, seen.sent),
        request_after=None if target is None else _request(mapped.newer, target, path, query, body),
        answer_before=shortened(seen.answer),
        answer_after=shortened(answer),
    )


def _request(
    contract: Contract, name: str, path: Mapping[str, str], query: Mapping[str, Json], body: Json
) -> JsonObject:
    operation = contract.manifest.operations[name]
    address = operation.path
    for parameter, value in path.items():
        address = address.replace(f"{{{parameter}}}", value)
    if query:
        address += f"?{urlencode(query)}"
    described: JsonObject = {
        "call": f"{operation.method} {address}",
        "headers": dict(contract.manifest.headers),
    }
    return described if body is None else {**described, "body": shortened(body)}


def shortened(value: Json) -> Json:
    """``value`` with no more than the beginning of its longest texts and lists."""
    if isinstance(value, dict):
        return {name: shortened(child) for name, child in value.items()}
    if isinstance(value, list):
        more = [f"… and {len(value) - _MOST_ELEMENTS} more"] if len(value) > _MOST_ELEMENTS else []
        return [*map(shortened, value[:_MOST_ELEMENTS]), *more]
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]}…"
    return value
