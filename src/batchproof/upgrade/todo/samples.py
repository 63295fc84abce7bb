"""Requests and answers of the program itself, before and after."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from batchproof.contract import Contract
from batchproof.contract.pointer import join
from batchproof.json_values import Json, JsonObject
from batchproof.upgrade.codes import code_of
from batchproof.upgrade.mapping import ALL
from batchproof.upgrade.todo.carrying import Carrier
from batchproof.upgrade.todo.completing import Completed
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
            return [_sample(context, name, variants[0], one, refused=True)]
    return []


def _sample(context: Context, name: str, variant: str, seen: Seen, *, refused: bool = False) -> Sample:
    mapped, carrier = context.mapped, context.carriers[variant]
    operation = mapped.older.manifest.operations[name]
    target = mapped.operations(name).get(variant)
    path = seen.exchange.request.path
    wanted = None if operation.request is None else operation.request.schema
    sent = _cut(mapped.older, wanted, seen.sent)
    body = None if wanted is None or seen.sent is None else carrier.carried(wanted, sent.body)
    lacking = None
    template = None if target is None else mapped.newer.manifest.operations[target].request
    # what was refused before is shown as it is
    if wanted and template and body and mapped.older.shapes.validator(wanted).is_valid(sent.body):
        lacking = context.completer.sendable(template.schema, body)
    query = {} if operation.query is None else carrier.carried(operation.query, seen.query) or {}
    schema = mapped.older.manifest.error if refused else operation.success.schema
    answer = _cut(mapped.older, schema, seen.refusal if refused else seen.answer)
    after = None if target is None else _answered(context, carrier, target, schema, seen, answer.body)
    return Sample(
        variant=variant if variant != ALL else None,
        exchange=seen.exchange.id,
        request_before=_request(mapped.older, name, path, seen.query, sent.body),
        request_after=None
        if target is None
        else _request(
            mapped.newer,
            target,
            {one: carrier.renamed(value) for one, value in path.items()},
            query,
            body if lacking is None else lacking.body,
        ),
        answer_before=answer.body,
        answer_after=None if after is None else after.body,
        new=[] if after is None else after.new,
        needed=[] if lacking is None else lacking.new,
        cut=answer.left_out,
    )


def _answered(
    context: Context, carrier: Carrier, target: str, schema: str, seen: Seen, answer: Any
) -> Completed | None:
    """What the newer operation answers instead: None without an answer, or where none can be made that its contract allows."""
    newer = context.mapped.newer
    carried = None if answer is None else carrier.carried(schema, answer)
    if carried is None or seen.exchange.response is None:
        return None
    described = carrier.described(schema)
    if schema != context.mapped.older.manifest.error:
        return context.completer.completed(
            newer.manifest.operations[target].success.schema, carried, described
        )
    code = code_of(newer, target, seen.exchange.response.status)
    given = {} if code is None else {code.at: code.text}
    return context.completer.completed(newer.manifest.error, carried, described, given)


class _Cut(NamedTuple):
    body: Any
    left_out: dict[str, int]


def _cut(contract: Contract, schema: str | None, body: Any) -> _Cut:
    """``body`` without most elements of its lists, and with the beginnings of its texts, unless its contract wants all of them."""
    left_out: dict[str, int] = {}
    brief = shortened(body, left_out)
    if schema is not None and contract.shapes.validator(schema).is_valid(body):
        for one in (brief, shortened(body, {}, longest=None)):
            if contract.shapes.validator(schema).is_valid(one):
                return _Cut(one, left_out)
        return _Cut(body, {})
    return _Cut(brief, left_out)


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
    return described if body is None else {**described, "body": body}


def shortened(value: Any, left_out: dict[str, int], at: str = "", *, longest: int | None = _LONGEST) -> Any:
    """``value`` with the beginnings of its longest texts and lists; ``left_out`` gets how many elements are missing where."""
    if isinstance(value, dict):
        return {
            name: shortened(child, left_out, at + join([name]), longest=longest)
            for name, child in value.items()
        }
    if isinstance(value, list):
        if len(value) > _MOST_ELEMENTS:
            left_out[at] = len(value) - _MOST_ELEMENTS
        return [
            shortened(child, left_out, f"{at}/{number}", longest=longest)
            for number, child in enumerate(value[:_MOST_ELEMENTS])
        ]
    if longest is not None and isinstance(value, str) and len(value) > longest:
        return f"{value[:longest]}…"
    return value
