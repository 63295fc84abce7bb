"""Authentication, the version header and the bodies of errors."""

from dataclasses import replace

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_common.behaviour import Behaviour

from . import doing

fault = registry.fault


@fault("key-not-required", breaks="auth.token.missing")
def key_not_required(behaviour: Behaviour) -> None:
    """Authentication: a request without a key is answered with 401; here no key is needed."""
    behaviour.requires_key = False


def _refusal(behaviour: Behaviour, status: int, code: str, describes: str) -> None:
    """A request whose Authorization header fits is refused with another status."""

    def change(answer: Answer, call: Call) -> Answer:
        given = call.headers.get("authorization", "")
        kind = "malformed" if given == "Bearer" else "unknown" if "unknown" in given else ""
        if answer.status != 401 or kind != describes:
            return answer
        return replace(answer, status=status, body=answer.body | {"code": code, "retryable": False})

    behaviour.on_answer(ANY, change)


@fault("unknown-key-is-404", breaks="auth.token.unknown")
def unknown_key_is_404(behaviour: Behaviour) -> None:
    """Authentication: an unknown key is answered with 401; here with 404."""
    _refusal(behaviour, 404, "NOT_FOUND", "unknown")


@fault("malformed-key-is-400", breaks="auth.token.malformed")
def malformed_key_is_400(behaviour: Behaviour) -> None:
    """Authentication: a malformed key is answered with 401; here with 400."""
    _refusal(behaviour, 400, "INVALID_REQUEST", "malformed")


@fault("error-in-an-envelope", breaks="error")
def error_in_an_envelope(behaviour: Behaviour) -> None:
    """Error Handling: the error stands at the top of the body; here the body of a 404 is an array."""
    behaviour.on_answer(
        ANY, lambda answer, _: replace(answer, body=[answer.body]) if answer.status == 404 else answer
    )


@fault("error-message-as-object", breaks="error.message")
def message_as_object(behaviour: Behaviour) -> None:
    """Error Handling, message: a string; here an object."""
    behaviour.on_object("error", lambda body, *_: body.update(message={"en": body["message"]}))


@fault("error-retryable-as-text", breaks="error.retryable")
def retryable_as_text(behaviour: Behaviour) -> None:
    """Error Handling, retryable: a boolean; here a text."""
    behaviour.on_object("error", lambda body, *_: body.update(retryable="no"))


@fault("error-request-id-as-number", breaks="error.request_id")
def request_id_as_number(behaviour: Behaviour) -> None:
    """Error Handling, requestId: a string; here a number."""
    tricks.put(behaviour, "error", requestId=17)


@fault("usage-blocked-is-403", breaks="error.usage_blocked.status")
def usage_blocked_is_403(behaviour: Behaviour) -> None:
    """Error Codes, USAGE_BLOCKED: by its name it goes with 402; here with 403."""
    behaviour.on_answer(
        ANY, lambda answer, _: replace(answer, status=403) if answer.status == 402 else answer
    )


def _retryable(code: str, *, value: bool, behaviour: Behaviour) -> None:
    def change(body: JsonObject, _refusal: object, _call: Call) -> None:
        if body["code"] == code:
            body["retryable"] = value

    behaviour.on_object("error", change)


@fault("invalid-request-is-retryable", breaks="error.retryable.invalid_request")
def invalid_request_is_retryable(behaviour: Behaviour) -> None:
    """Error Handling: INVALID_REQUEST is not retryable; here it is."""
    _retryable("INVALID_REQUEST", value=True, behaviour=behaviour)


@fault("unauthorized-is-retryable", breaks="error.retryable.unauthorized")
def unauthorized_is_retryable(behaviour: Behaviour) -> None:
    """Error Handling: UNAUTHORIZED is not retryable; here it is."""
    _retryable("UNAUTHORIZED", value=True, behaviour=behaviour)


@fault("not-found-is-retryable", breaks="error.retryable.not_found")
def not_found_is_retryable(behaviour: Behaviour) -> None:
    """Error Handling: NOT_FOUND is not retryable; here it is."""
    _retryable("NOT_FOUND", value=True, behaviour=behaviour)


@fault("answers-in-the-older-version", breaks="version.header.accepted")
def answers_in_the_older_version(behaviour: Behaviour) -> None:
    """API Versioning: a request that names the version is answered in it; here lists have the envelope of the older one, too."""
    behaviour.on_answer(
        "list_extract_runs",
        lambda answer, _: (
            replace(answer, body={"success": True, "processorRuns": [], **answer.body})
            if answer.status == 200
            else answer
        ),
    )


@fault("basic-authentication-works", breaks="auth.scheme")
def basic_works(behaviour: Behaviour) -> None:
    """Authentication: a Bearer token; here a list is also answered to user and password."""
    doing.answer_as_before(
        behaviour,
        "list_extract_runs",
        lambda call: call.headers.get("authorization", "").startswith("Basic "),
    )
