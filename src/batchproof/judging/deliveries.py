"""Deliveries of webhooks: signature, headers, envelope, payload, and what a read after the event shows.

A payload is a look at its object, but nobody knows when the server took it: a delivery may be late, repeated or out of
order. So it is compared with reads that began after it had arrived, and orders nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.contract.reach import Reach, reach
from batchproof.contract.webhooks import Claim, Named, Signature, Webhooks
from batchproof.history import Delivery, Exchange, has_body
from batchproof.history.strict_json import UnhandledError
from batchproof.judging.evidence import Evidence
from batchproof.judging.results import Shown
from batchproof.judging.shape import judge_shape
from batchproof.judging.snapshots import Snapshots
from batchproof.judging.words import Worded
from batchproof.judging.words.values import any_of, described
from batchproof.judging.words.worded import worded

NOT_JSON = object()
# JSON, perhaps, but more than this program handles: nothing is known about it
UNREAD = object()
# seconds since 1970, from 2001 to 2286
_SECONDS = re.compile(r"[1-9][0-9]{9}")


class Notice(NamedTuple):
    """One delivery with all that is known about it. ``body`` is ``NOT_JSON`` or ``UNREAD`` where it was not read.

    ``after`` is the first read of the object that began after the delivery had arrived; ``earlier`` the first delivery
    with the same id of the event, if it is another one.
    """

    delivery: Delivery
    body: Any
    named: Named | None
    created: str | None
    request: Any
    after: Exchange | None
    earlier: Any

    @property
    def read(self) -> bool:
        """Whether the body is known."""
        return _is_read(self.body)


def read_deliveries(
    contract: Contract,
    deliveries: Iterable[Delivery],
    exchanges: Sequence[Exchange],
    snapshots: Snapshots,
) -> list[Notice]:
    """The deliveries in the order in which they arrived; none where the contract has no webhooks."""
    webhooks = contract.manifest.webhooks
    if webhooks is None:
        return []
    reads = _reads(contract, exchanges)
    ids = {name: resource.id for name, resource in contract.manifest.resources.items()}
    notices: list[Notice] = []
    first: dict[str, Any] = {}
    for delivery in sorted(deliveries, key=lambda item: (item.received_at, item.id)):
        body = _body(delivery)
        named = webhooks.named(body, ids) if _is_read(body) else None
        identifier = pointer.first(body, webhooks.envelope.id) if _is_read(body) else None
        known = (named.event.resource, named.id) if named is not None and named.id is not None else None
        earlier = first.setdefault(identifier, body) if isinstance(identifier, str) else None
        notices.append(
            Notice(
                delivery=delivery,
                body=body,
                named=named,
                created=None if known is None else snapshots.creator_of(*known),
                request=None if known is None else snapshots.request_of(*known),
                after=None
                if known is None
                else next(
                    (read for read in reads.get(known, []) if read.start >= delivery.received_at), None
                ),
                earlier=None if earlier is body else earlier,
            )
        )
    return notices


def judge_deliveries(contract: Contract, notices: Sequence[Notice], evidence: Evidence) -> None:
    """Judges every delivery by what the section ``webhooks`` says."""
    webhooks = contract.manifest.webhooks
    if webhooks is None:
        return
    for notice in notices:
        _judge_signature(webhooks.signature, notice.delivery, evidence)
        _judge_headers(webhooks, notice.delivery, evidence)
        _judge_envelope(contract, webhooks, notice, evidence)
        if notice.named is not None and not notice.named.referred:
            _judge_event(contract, notice, notice.named, evidence)


def _body(delivery: Delivery) -> Any:
    try:
        return delivery.json()
    except UnhandledError:
        return UNREAD
    except ValueError:
        return NOT_JSON


def _is_read(body: Any) -> bool:
    return body is not NOT_JSON and body is not UNREAD


def _reads(contract: Contract, exchanges: Sequence[Exchange]) -> dict[tuple[str, str], list[Exchange]]:
    """The answered reads of each object, by the time at which they began; 404 is an answer, too."""
    found: dict[tuple[str, str], list[Exchange]] = {}
    for exchange in sorted(exchanges, key=lambda item: (item.start, item.id)):
        operation = contract.manifest.operations.get(exchange.operation or "")
        identifier = exchange.request.path.get("id")
        response = exchange.response
        if operation is None or operation.reads is None or operation.method != "GET" or exchange.probe:
            continue
        if identifier is None or response is None:
            continue
        if response.status in (*operation.success.statuses, 404):
            found.setdefault((operation.reads, identifier), []).append(exchange)
    return found


def _judge_signature(signature: Signature, delivery: Delivery, evidence: Evidence) -> None:
    stamp = delivery.headers.get(signature.timestamp.header)
    evidence.observe(signature.timestamp.requirement)
    if stamp is None or _SECONDS.fullmatch(stamp) is None:
        evidence.contradict(
            signature.timestamp.requirement,
            rule="timestamp",
            message=f"the header {signature.timestamp.header} "
            + ("is missing" if stamp is None else "holds no seconds since 1970"),
            expected=f"{signature.timestamp.header}: a whole number of seconds since 1970",
            observed=stamp,
            exchanges=[delivery],
            words=partial(
                _header_in_words, signature.timestamp.header, stamp, "a whole number of seconds since 1970"
            ),
        )
    _judge_freshness(signature, delivery, evidence)
    if delivery.expected is None:
        return
    evidence.observe(signature.requirement)
    given = delivery.headers.get(signature.header)
    if given != delivery.expected:
        evidence.contradict(
            signature.requirement,
            rule="signature",
            message=f"the header {signature.header} "
            + ("is missing" if given is None else "is not the signature of these bytes under the secret"),
            expected=f"{signature.algorithm} of {signature.signed} in {signature.encoding}: {delivery.expected}",
            observed=given,
            exchanges=[delivery],
            words=lambda: worded(
                "webhook: the signature "
                + (
                    "is missing"
                    if given is None
                    else "is not that of the body under the secret of the endpoint"
                ),
                f"{signature.header} is {described(given)}",
            ),
        )


def _judge_freshness(signature: Signature, delivery: Delivery, evidence: Evidence) -> None:
    fresh = signature.timestamp.fresh
    if fresh is None or delivery.age is None:
        return
    evidence.observe(fresh.requirement)
    if not -fresh.future_s <= delivery.age <= fresh.past_s:
        evidence.contradict(
            fresh.requirement,
            rule="freshness",
            message=f"the timestamp was {delivery.age:g} s old when the delivery arrived",
            expected=f"at most {fresh.past_s} s old, and at most {fresh.future_s} s ahead",
            observed=delivery.age,
            exchanges=[delivery],
            words=lambda: worded(
                f"webhook: the timestamp was {delivery.age:g} s old when it arrived",
                documented=f"at most {fresh.past_s} s old, and at most {fresh.future_s} s ahead",
            ),
        )


def _judge_headers(webhooks: Webhooks, delivery: Delivery, evidence: Evidence) -> None:
    for name, header in webhooks.headers.items():
        evidence.observe(header.requirement)
        given = delivery.headers.get(name)
        if given != header.value:
            evidence.contradict(
                header.requirement,
                rule=f"header:{name}",
                message=f"the header {name} " + ("is missing" if given is None else f"is {given!r}"),
                expected=f"{name}: {header.value}",
                observed=given,
                exchanges=[delivery],
                words=partial(_header_in_words, name, given, described(header.value)),
            )


def _judge_envelope(contract: Contract, webhooks: Webhooks, notice: Notice, evidence: Evidence) -> None:
    envelope = webhooks.envelope
    if notice.body is NOT_JSON:
        evidence.observe(envelope.requirement)
        evidence.contradict(
            envelope.requirement,
            rule="json",
            message="the body is not JSON",
            expected="a JSON body",
            observed=notice.delivery.text or notice.delivery.base64 or "",
            exchanges=[notice.delivery],
            words=lambda: Worded("webhook: the body of a delivery is not JSON"),
        )
        return
    if not notice.read:
        return
    judge_shape(
        contract.shapes, envelope.schema, notice.body, notice.delivery, evidence, envelope.requirement
    )


def _judge_event(contract: Contract, notice: Notice, named: Named, evidence: Evidence) -> None:
    event = named.event
    if named.payload is None:
        return  # the story of the envelope
    judge_shape(
        contract.shapes, event.schema, named.payload, notice.delivery, evidence, event.requirement, event.at
    )
    resource = contract.manifest.resources[event.resource]
    if event.ended is None or resource.lifecycle is None or resource.status is None:
        return
    known = reach(contract.manifest.lifecycles[resource.lifecycle])
    status = pointer.first(named.payload, resource.status)
    if isinstance(status, str) and known.knows(status):
        evidence.observe(event.ended.requirement)
        if status not in (event.ended.status, *event.ended.tolerated):
            evidence.contradict(
                event.ended.requirement,
                rule=f"event:{named.type}",
                message=f"{named.type} has a payload with the status {status}",
                expected=event.ended.status,
                observed=status,
                exchanges=[notice.delivery],
                pointer=event.at + resource.status,
                words=partial(_status_in_words, named, event.ended, status),
            )
    _judge_after(contract, notice, named, event.ended, known, resource.status, evidence)


def _judge_after(
    contract: Contract,
    notice: Notice,
    named: Named,
    ended: Claim,
    known: Reach,
    status_at: str,
    evidence: Evidence,
) -> None:
    after = notice.after
    if after is None or after.response is None or not has_body(after.response):
        return
    success = contract.manifest.operations[after.operation or ""].success
    at = next((shown.at for shown in success.shows if shown.resource == named.event.resource), None)
    if at is None or after.response.status not in success.statuses:
        return
    status = pointer.first(after.response.body, at + status_at)
    if not isinstance(status, str) or not known.knows(status):
        return
    evidence.observe(ended.after_requirement)
    if status not in known.lifecycle.terminal:
        evidence.contradict(
            ended.after_requirement,
            rule=f"event:{named.type}:after",
            message=f"after {named.type} had arrived, a read of the {named.event.resource} showed {status}",
            expected="one of " + ", ".join(known.lifecycle.terminal),
            observed=status,
            exchanges=[notice.delivery, after],
            pointer=at + status_at,
            words=lambda: Worded(
                f"webhook {described(named.type)}: the {named.event.resource} is {described(status)} after the event",
                [
                    Shown(text="it arrived", exchange=notice.delivery.id),
                    Shown(text=f"the status was {described(status)}", exchange=after.id),
                ],
            ),
        )


def _header_in_words(name: str, given: str | None, documented: str) -> Worded:
    said = "is missing" if given is None else f"is {described(given)}"
    return worded(f"webhook: the header {name} {said}", documented=documented)


def _status_in_words(named: Named, ended: Claim, status: str) -> Worded:
    documented = any_of([described(state) for state in (ended.status, *ended.tolerated)])
    return worded(
        f"webhook {described(named.type)}: the payload has the status {described(status)}",
        described(status),
        documented,
    )


def invariant_variables(notice: Notice) -> Iterator[dict[str, Any]]:
    """The variables of an invariant about deliveries; a body that was not read has none."""
    if not notice.read:
        return
    answer = notice.after.response if notice.after is not None else None
    yield {
        "event": notice.body,
        "headers": notice.delivery.headers,
        "method": notice.delivery.method,
        "self": notice.named.payload if notice.named is not None else None,
        "created": notice.created,
        "request": notice.request,
        "after": None
        if answer is None
        else {"status": answer.status, "body": answer.body if has_body(answer) else None},
        "earlier": notice.earlier,
    }
