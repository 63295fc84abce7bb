"""Unusual but legal behaviour: no conformance test may fail on any of it."""

from dataclasses import replace

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour

from .families import FAMILIES
from .plants import registry

variant = registry.variant

_RUNS = [kind for family in FAMILIES for kind in (family.kind, f"{family.kind}_summary")]


@variant("unknown-properties")
def unknown_properties(behaviour: Behaviour) -> None:
    """API Versioning: new response properties are a compatible change; here every object has two."""
    behaviour.on_object(
        ANY, lambda body, *_: body.update(previewNote="may change", previewFlags={"beta": [1]})
    )


@variant("absent-for-null")
def absent_for_null(behaviour: Behaviour) -> None:
    """Get Extract Run, Availability ("Not present when …"): a key whose value would be null is left out."""
    behaviour.on_object(ANY, tricks.omit_nulls)


@variant("never-pending")
def never_pending(behaviour: Behaviour) -> None:
    """Create Extract Run ("returns immediately"): after the answer to the creation, nothing is ever seen PENDING."""
    behaviour.pending_steps = 0


variant("fractional-offset-times")(tricks.fractional_offset_times)


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


variant("gzip")(tricks.gzip)
