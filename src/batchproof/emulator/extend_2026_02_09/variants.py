"""Unusual but legal behaviour: no conformance test may fail on any of it."""

from dataclasses import replace

from batchproof.emulator import legal, tricks, wire
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour

from .families import FAMILIES
from .plants import registry

registry.take(legal.registry)
variant = registry.variant

_RUNS = [kind for family in FAMILIES for kind in (family.kind, f"{family.kind}_summary")]


@variant("unknown-properties")
def unknown_properties(behaviour: Behaviour) -> None:
    """API Versioning: new response properties are a compatible change; here every object has two.

    The output of a configuration with fields is a map by field name, which has none.
    """
    tricks.add(behaviour, previewNote="may change", previewFlags={"beta": [1]})


@variant("absent-for-null")
def absent_for_null(behaviour: Behaviour) -> None:
    """Get Extract Run, Availability ("Not present when …"): a key whose value would be null is left out.

    Response Format, Metadata: every field has a logprobsConfidence, which stays.
    """

    def omit(body: JsonObject, record: object, call: Call) -> None:
        scored = "logprobsConfidence" in body
        tricks.omit_nulls(body, record, call)
        if scored:
            body.setdefault("logprobsConfidence", None)

    behaviour.on_object(ANY, omit)


@variant("never-pending")
def never_pending(behaviour: Behaviour) -> None:
    """Create Extract Run ("returns immediately"): after the answer to the creation, nothing is ever seen PENDING."""
    behaviour.pending_steps = 0


@variant("unprefixed-ids")
def unprefixed_ids(behaviour: Behaviour) -> None:
    """API Versioning: ids may lose their prefix and have up to 255 characters; here they have 64 and no prefix."""
    behaviour.new_id = lambda _prefix: behaviour.random_text(48)


@variant("unknown-failure-reason")
def unknown_failure_reason(behaviour: Behaviour) -> None:
    """Get Extract Run, failureReason: further reasons may be added."""

    def rename(body: JsonObject, _record: object, _call: Call) -> None:
        if body.get("failureReason") is not None:
            body["failureReason"] = "PAPER_JAM"

    for kind in _RUNS:
        behaviour.on_object(kind, rename)


@variant("422-for-400")
def status_422_for_400(behaviour: Behaviour) -> None:
    """Errors: 422 is documented beside 400, except on Get Batch Run; here an INVALID_REQUEST comes with 422."""

    def change(answer: Answer, call: Call) -> Answer:
        documented = call.operation != "get_batch_run"
        return replace(answer, status=422) if answer.status == 400 and documented else answer

    behaviour.on_answer(ANY, change)


@variant("null-page-token")
def null_page_token(behaviour: Behaviour) -> None:
    """Pagination: on the last page the token is null instead of absent."""
    behaviour.on_object("list", lambda body, *_: body.setdefault("nextPageToken", None))


@variant("usage-missing")
def usage_missing(behaviour: Behaviour) -> None:
    """Get Extract Run, usage: customers on legacy billing get none."""
    for kind in _RUNS:
        behaviour.on_object(kind, lambda body, *_: body.update(usage=None))


@variant("ids-of-255")
def ids_of_255(behaviour: Behaviour) -> None:
    """API Versioning: ids have up to 255 characters; here all of them."""
    behaviour.new_id = lambda prefix: f"{prefix}_{behaviour.random_text(192)}"[:255]


@variant("very-slow")
def very_slow(behaviour: Behaviour) -> None:
    """Batch Processing: no time is promised; here everything takes eight times as long."""
    behaviour.step_ms *= 8


@variant("ends-at-once")
def ends_at_once(behaviour: Behaviour) -> None:
    """Batch Processing: no time is promised; here what was created has ended when it is looked at."""
    behaviour.pending_steps = 0
    behaviour.step_ms = 1


@variant("429-now-and-then")
def rate_limited_now_and_then(behaviour: Behaviour) -> None:
    """Error Handling: every request may be answered with 429, and repeated; here each twentieth is."""
    calls = 0

    def limit(answer: Answer, call: Call) -> Answer:
        nonlocal calls
        calls += 1
        if calls % 20:
            return answer
        body = {
            "code": "RATE_LIMIT_EXCEEDED",
            "message": "Slow down.",
            "retryable": True,
            "requestId": call.request_id,
        }
        return Answer(429, body, {"Retry-After": "0"})

    behaviour.on_answer(ANY, limit)


@variant("errors-with-more")
def errors_with_more(behaviour: Behaviour) -> None:
    """Error Handling: messages may change, and docUrl may be there; here it is, and messages are in Japanese."""
    behaviour.on_object(
        "error",
        lambda body, *_: body.update(
            message="リクエストを処理できません。", docUrl="https://docs.example.com/errors"
        ),
    )


@variant("errors-without-request-id")
def errors_without_request_id(behaviour: Behaviour) -> None:
    """Error Handling: requestId is there when available; here it never is, nor is its header."""
    behaviour.on_object("error", lambda body, *_: body.pop("requestId"))
    behaviour.on_headers(lambda headers, _: headers.pop("x-extend-request-id", None))


@variant("errors-under-error")
def errors_under_error(behaviour: Behaviour) -> None:
    """The vendor's client also reads an error from an object under error; here every error stands there."""
    behaviour.on_answer(
        ANY,
        lambda answer, _: replace(answer, body={"error": answer.body}) if answer.status >= 400 else answer,
    )


@variant("unknown-file-types")
def unknown_file_types(behaviour: Behaviour) -> None:
    """API Versioning: new values of enumerations are compatible; here files have a type of tomorrow."""
    behaviour.on_object("file", lambda body, *_: body.update(type="HOLOGRAM"))


@variant("unknown-parse-blocks")
def unknown_parse_blocks(behaviour: Behaviour) -> None:
    """API Versioning: new block types are compatible; here every block is a stamp."""
    behaviour.on_object(
        "block", lambda body, *_: body.update(type="stamp", details={"type": "stamp_details"})
    )


variant("shuffled-properties")(wire.shuffled)
variant("indented-json")(wire.indented)
variant("media-type-with-charset")(wire.charset)
variant("chunked")(wire.chunked)
variant("closed-connections")(wire.closing)
variant("hundreds-of-headers")(wire.many_headers)
