"""Answers of every operation: their errors and their rate limits."""

from dataclasses import replace
from itertools import count

from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry

fault = registry.fault

_EVERY = 20


@fault("remaining-with-commas", breaks="rate_limit.remaining")
def remaining_with_commas(behaviour: Behaviour) -> None:
    """Rate Limits, X-RateLimit-Remaining: a number of requests; here commas part its thousands."""

    def part(headers: dict[str, str], _call: Call) -> None:
        headers["X-RateLimit-Remaining"] = f"{int(headers['X-RateLimit-Remaining']):,}"

    behaviour.on_headers(part)


@fault("retry-after-as-timestamp", breaks="rate_limit.retry_after.form")
def retry_after_as_timestamp(behaviour: Behaviour) -> None:
    """Errors, 429, Retry-After: a number of seconds or an HTTP date; here it is a date of ISO 8601."""

    def change(answer: Answer, call: Call) -> Answer:
        if "Retry-After" not in answer.headers:
            return answer
        moment = call.now + 1000 * int(answer.headers["Retry-After"])
        return replace(answer, headers={"Retry-After": behaviour.timestamp(moment)})

    behaviour.on_answer(ANY, change)


@fault("rate-limited-without-hint", breaks="rate_limit.exceeded.when")
def rate_limited_without_hint(behaviour: Behaviour) -> None:
    """Errors, 429: a header tells when to retry; here each twentieth answer is a 429 without any such header."""
    calls = count(1)
    limited: set[str] = set()
    behaviour.throttles = lambda: next(calls) % _EVERY == 0

    def silence(answer: Answer, call: Call) -> Answer:
        if answer.status != 429:
            return answer
        limited.add(call.request_id)
        return replace(answer, headers={})

    def hide(headers: dict[str, str], call: Call) -> None:
        if call.request_id in limited:
            for name in [name for name in headers if name.startswith("X-RateLimit-")]:
                del headers[name]

    behaviour.on_answer(ANY, silence)
    behaviour.on_headers(hide)


@fault("not-found-without-limits", breaks="rate_limit.headers.refused")
def not_found_without_limits(behaviour: Behaviour) -> None:
    """Rate Limits: three headers on every answer; here those with 404 have none."""
    missing: set[str] = set()

    def note(answer: Answer, call: Call) -> Answer:
        if answer.status == 404:
            missing.add(call.request_id)
        return answer

    def strip(headers: dict[str, str], call: Call) -> None:
        if call.request_id in missing:
            for name in [name for name in headers if name.startswith("X-RateLimit-")]:
                del headers[name]

    behaviour.on_answer(ANY, note)
    behaviour.on_headers(strip)
