"""Defects that concern several operations: the envelope, errors, processors, authentication."""

from dataclasses import replace

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, ApiError, Call, JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry

fault = registry.fault

_NAMES = ("batchProcessorRun", "processorRun")


@fault("success-missing", breaks="envelope.success")
def success_missing(behaviour: Behaviour) -> None:
    """Every successful answer has success: true; here it is missing."""
    tricks.drop(behaviour, "envelope", "success")


@fault("success-as-text", breaks="envelope.success")
def success_as_text(behaviour: Behaviour) -> None:
    """success: a boolean; here it is a string."""
    tricks.put(behaviour, "envelope", success="true")


@fault("deletion-without-success", breaks="envelope.success.true")
def deletion_without_success(behaviour: Behaviour) -> None:
    """Example, success: true for what is accepted; here the answer to a deletion has false, although the run is gone."""
    tricks.in_operation(
        behaviour, "delete_processor_run", "envelope", lambda body, *_: body.update(success=False)
    )


@fault("envelope-missing", breaks="processor_run.envelope")
def envelope_missing(behaviour: Behaviour) -> None:
    """A successful answer has one named object; here the object itself is the answer, as in the next version."""

    def unpack(answer: Answer, _call: Call) -> Answer:
        content = next((answer.body[name] for name in _NAMES if name in answer.body), None)
        return answer if content is None else replace(answer, body=content)

    behaviour.on_answer(ANY, unpack)


@fault("error-success-true", breaks="error.success.false")
def error_success_true(behaviour: Behaviour) -> None:
    """The error body has success: false; here it is true."""
    tricks.put(behaviour, "error", success=True)


@fault("error-as-object", breaks="error.text")
def error_as_object(behaviour: Behaviour) -> None:
    """The error body has the message as a string; here it is an object that holds it."""
    behaviour.on_object("error", lambda body, *_: body.update(error={"message": body["error"]}))


@fault("error-code-as-number", breaks="error.code")
def error_code_as_number(behaviour: Behaviour) -> None:
    """BadRequestErrorBody, code: a string; here it is the status."""

    def change(body: JsonObject, refusal: ApiError, _call: Call) -> None:
        if "code" in body:
            body["code"] = refusal.status

    behaviour.on_object("error", change)


@fault("error-code-unknown", breaks="error.code.known")
def error_code_unknown(behaviour: Behaviour) -> None:
    """BadRequestErrorBody, code: one of four codes of files; here a fifth one."""
    tricks.put_instead(behaviour, "error", "code", "FILE_TOO_BORING")


@fault("processor-type-unknown", breaks="processor.type")
def processor_type_unknown(behaviour: Behaviour) -> None:
    """List Processors, type: CLASSIFY, EXTRACT or SPLITTER; here it is `READ`."""
    tricks.put(behaviour, "processor", type="READ")


@fault("processor-versions-missing", breaks="processor.versions")
def processor_versions_missing(behaviour: Behaviour) -> None:
    """List Processors, versions: all versions of the processor; here they are missing."""
    tricks.drop(behaviour, "processor", "versions")


@fault("key-not-required", breaks="auth.token.missing")
def key_not_required(behaviour: Behaviour) -> None:
    """Authentication: a missing or invalid key is answered with 401; here it is served like any other."""
    behaviour.requires_key = False


@fault("over-quota-is-400", breaks="error.rate_limited.status")
def over_quota_is_400(behaviour: Behaviour) -> None:
    """Rate Limits: too many requests are answered with 429; here with 400."""
    behaviour.on_answer(
        ANY, lambda answer, _: replace(answer, status=400) if answer.status == 429 else answer
    )


fault("canary", breaks="canary")(tricks.canary)
