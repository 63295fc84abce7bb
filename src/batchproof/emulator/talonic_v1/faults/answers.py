"""Defects that concern every operation: errors, authentication, rate limits."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, ApiError, Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry

fault = registry.fault

_EVERY = 20


@fault("error-without-code", breaks="error.code")
def error_without_code(behaviour: Behaviour) -> None:
    """Error Format, code: in every error; here it is missing."""
    tricks.drop(behaviour, "error", "code")


@fault("error-code-of-nobody", breaks="error.code.known")
def error_code_of_nobody(behaviour: Behaviour) -> None:
    """Error Codes: each status has its codes; here all but 400 have one that no page names."""

    def change(body: JsonObject, refused: ApiError, _call: Call) -> None:
        if refused.status != 400:
            body["code"] = "no_luck"

    behaviour.on_object("error", change)


@fault("error-code-in-capitals", breaks="error.code.listed")
def error_code_in_capitals(behaviour: Behaviour) -> None:
    """ErrorResponse, code: one of seventeen; here it is none of them."""
    tricks.put(behaviour, "error", code="NO_LUCK")


@fault("status-code-differs", breaks="error.status_code.status")
def status_code_differs(behaviour: Behaviour) -> None:
    """Error Format, statusCode: always that of the answer; here it is 200."""
    tricks.put(behaviour, "error", statusCode=200)


@fault("status-text-differs", breaks="error.error.phrase")
def status_text_differs(behaviour: Behaviour) -> None:
    """Error Format, error: the HTTP status text; here it is `Error`."""
    tricks.put(behaviour, "error", error="Error")


@fault("client-errors-retryable", breaks="error.retryable.permanent")
def client_errors_retryable(behaviour: Behaviour) -> None:
    """Error Codes: wrong requests are permanent errors; here every error is retryable."""
    tricks.put(behaviour, "error", retryable=True)


@fault("error-path-differs", breaks="error.path.request")
def error_path_differs(behaviour: Behaviour) -> None:
    """Error Format, path: the endpoint that produced the error; here it is `/`."""
    tricks.put(behaviour, "error", path="/")


@fault("error-time-is-epoch", breaks="error.timestamp")
def error_time_is_epoch(behaviour: Behaviour) -> None:
    """Error Format, timestamp: ISO 8601; here it is a number of milliseconds."""
    behaviour.on_object("error", lambda body, _refusal, call: body.update(timestamp=call.now))


@fault("request-id-unprefixed", breaks="error.request_id.prefix")
def request_id_unprefixed(behaviour: Behaviour) -> None:
    """Error Format, request_id: it begins with req_; here the prefix is missing."""

    def strip(body: JsonObject, _refusal: ApiError, _call: Call) -> None:
        body["request_id"] = body["request_id"].removeprefix("req_")

    behaviour.on_object("error", strip)


@fault("request-id-as-number", breaks="error.request_id")
def request_id_as_number(behaviour: Behaviour) -> None:
    """Error Format, request_id: a string; here it is a number."""
    tricks.put(behaviour, "error", request_id=17)


@fault("key-not-required", breaks="auth.token.missing")
def key_not_required(behaviour: Behaviour) -> None:
    """Authentication: a missing or invalid key is answered with 401; here the list of batches is empty for it."""
    _let_in(behaviour, lambda _: True)


@fault("unknown-key-accepted", breaks="auth.token.unknown")
def unknown_key_accepted(behaviour: Behaviour) -> None:
    """Batch Detail, Errors: 401 if the key is invalid; here the list of batches is empty for a key of nobody."""
    _let_in(behaviour, lambda credential: credential.startswith("Bearer "))


@fault("scheme-without-key-accepted", breaks="auth.token.malformed")
def scheme_without_key_accepted(behaviour: Behaviour) -> None:
    """Batch Detail, Errors: 401 if the key is missing; here the word Bearer alone is enough for an empty list of batches."""
    _let_in(behaviour, lambda credential: credential == "Bearer")


@fault("basic-credentials-accepted", breaks="auth.scheme")
def basic_credentials_accepted(behaviour: Behaviour) -> None:
    """Authentication: the scheme is Bearer; here a name and a password give an empty list of batches."""
    _let_in(behaviour, lambda credential: credential.startswith("Basic "))


@fault("rate-limit-partial", breaks="rate_limit.headers")
def rate_limit_partial(behaviour: Behaviour) -> None:
    """Rate Limits: three headers on every answer; here X-RateLimit-Remaining is missing."""
    behaviour.on_headers(lambda headers, _: headers.pop("X-RateLimit-Remaining", ""))


@fault("limit-alone", breaks="rate_limit.together")
def limit_alone(behaviour: Behaviour) -> None:
    """Rate Limits: three headers, together; here a list of batches has X-RateLimit-Limit only."""

    def forget(headers: dict[str, str], call: Call) -> None:
        if call.operation == "list_batches":
            del headers["X-RateLimit-Remaining"], headers["X-RateLimit-Reset"]

    behaviour.on_headers(forget)


@fault("remaining-above-limit", breaks="rate_limit.remaining.range")
def remaining_above_limit(behaviour: Behaviour) -> None:
    """Rate Limits, X-RateLimit-Remaining: what is left of the limit; here it is more than the limit."""

    def exceed(headers: dict[str, str], _call: Call) -> None:
        headers["X-RateLimit-Remaining"] = f"{headers['X-RateLimit-Limit']}0"

    behaviour.on_headers(exceed)


@fault("reset-unreadable", breaks="rate_limit.reset")
def reset_unreadable(behaviour: Behaviour) -> None:
    """Rate Limits, X-RateLimit-Reset: a time; here it is a word."""
    behaviour.on_headers(lambda headers, _: headers.update({"X-RateLimit-Reset": "soon"}))


@fault("limit-with-window", breaks="rate_limit.limit")
def limit_with_window(behaviour: Behaviour) -> None:
    """Rate Limits, X-RateLimit-Limit: a number of requests; here the length of the window follows it."""

    def add(headers: dict[str, str], _call: Call) -> None:
        headers["X-RateLimit-Limit"] += ";w=86400"

    behaviour.on_headers(add)


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


@fault("over-quota-is-400", breaks="rate_limit.exceeded")
def over_quota_is_400(behaviour: Behaviour) -> None:
    """Errors, 429: too many requests; here they are answered with 400."""

    def change(answer: Answer, _call: Call) -> Answer:
        if answer.status != 429:
            return answer
        body = {"statusCode": 400, "code": "bad_request", "error": "Bad Request", "retryable": False}
        return replace(answer, status=400, body=answer.body | body)

    behaviour.on_answer(ANY, change)


@fault("limit-is-permanent", breaks="error.retryable.rate_limited")
def limit_is_permanent(behaviour: Behaviour) -> None:
    """Error Format, retryable: true for a rate limit; here it is false."""

    def change(body: JsonObject, refusal: ApiError, _call: Call) -> None:
        if refusal.status == 429:
            body["retryable"] = False

    behaviour.on_object("error", change)


fault("canary", breaks="canary")(tricks.canary)


def _let_in(behaviour: Behaviour, accepts: Callable[[str], bool]) -> None:
    nothing = {"total": 0, "limit": 20, "has_more": False, "next_cursor": None}

    def serve(answer: Answer, call: Call) -> Answer:
        if answer.status != 401 or not accepts(call.headers.get("authorization", "")):
            return answer
        return Answer(200, {"data": [], "pagination": nothing})

    behaviour.on_answer("list_batches", serve)
