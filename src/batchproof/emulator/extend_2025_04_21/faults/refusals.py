"""Defects of refusals: errors of a status that no page has, errors that lack something, requests that are let in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call
from batchproof.emulator.extend_2025_04_21 import objects
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_common.life import CANCELLED, PENDING
from batchproof.emulator.registry import Fault

from . import doing

fault = registry.fault

_LIST = "list_processor_runs"
# What an id has room for.
_COLUMN = 255

Which = Callable[[Answer, Call], bool]


def _shows(name: str, status: str) -> Which:
    return lambda answer, _: answer.status == 200 and answer.body[name]["status"] == status


def _plant_errors(rows: Sequence[tuple[str, str, str, int, str, Which]]) -> None:
    """Register a fault for each row: an operation, its documented errors, another one, and which answers have it."""
    for name, operation, documented, status, described, which in rows:
        doc = f"{documented}; here {described} is answered with {status}."
        registry.add(Fault(name, f"{operation}.errors", doc, partial(_plant_error, operation, status, which)))


def _plant_error(operation: str, status: int, which: Which, behaviour: Behaviour) -> None:
    def change(answer: Answer, call: Call) -> Answer:
        if not which(answer, call):
            return answer
        return Answer(status, doing.ERROR if answer.status == 200 else answer.body, answer.headers)

    behaviour.on_answer(operation, change)


_plant_errors(
    [
        (
            "pending-batch-is-409",
            "get_batch_processor_run",
            "Get Batch Processor Run, Errors: 400, 401 and 404",
            409,
            "a batch that still waits",
            _shows("batchProcessorRun", PENDING),
        ),
        (
            "bad-priority-is-422",
            doing.CREATE,
            "SDK, Create processor run, Errors: 400, 401, 404 and 429",
            422,
            "a priority that is out of range",
            lambda answer, call: answer.status == 400 and "priority" in doing.body_of(call),
        ),
        (
            "cancelled-run-is-410",
            "get_processor_run",
            "OpenAPI description, Get processor run, Errors: 400, 401 and 404",
            410,
            "a run that was cancelled",
            _shows("processorRun", CANCELLED),
        ),
        (
            "bad-page-size-is-422",
            _LIST,
            "SDK, List processor runs, Errors: 400 and 401",
            422,
            "a bad maxPageSize",
            lambda answer, call: answer.status == 400 and "maxPageSize" in call.query,
        ),
        (
            "cancel-of-ended-is-409",
            "cancel_processor_run",
            "Cancel Processor Run, Errors: 400, 401 and 404",
            409,
            "a run that has ended",
            lambda answer, _: answer.status == 400,
        ),
        (
            "processors-by-update-are-501",
            "list_processors",
            "SDK, List processors, Errors: 400, 401, 429 and 500",
            501,
            "sortBy=updatedAt",
            lambda _, call: call.query.get("sortBy") == "updatedAt",
        ),
    ]
)


@fault("second-deletion-is-410", breaks="delete_processor_run.errors")
def second_deletion_is_410(behaviour: Behaviour) -> None:
    """Delete Processor Run, Errors: 404 and 500; here the deletion of what was deleted before is answered with 410."""
    deleted: set[str] = set()

    def change(answer: Answer, call: Call) -> Answer:
        if answer.status == 200:
            deleted.add(call.path["id"])
        again = answer.status == 404 and call.path["id"] in deleted
        return replace(answer, status=410) if again else answer

    behaviour.on_answer("delete_processor_run", change)


@fault("malformed-key-is-400", breaks="auth.token.malformed")
def malformed_key_is_400(behaviour: Behaviour) -> None:
    """Authentication: a malformed key is answered with 401; here a list of runs answers it with 400."""
    _plant_error(_LIST, 400, _refuses_key(lambda given: given == "Bearer"), behaviour)


@fault("unknown-key-is-400", breaks="auth.token.unknown")
def unknown_key_is_400(behaviour: Behaviour) -> None:
    """Authentication: a key that is not valid is answered with 401; here a list of runs answers it with 400."""
    _plant_error(_LIST, 400, _refuses_key(lambda given: given.startswith("Bearer ")), behaviour)


def _refuses_key(fits: Callable[[str], bool]) -> Which:
    return lambda answer, call: answer.status == 401 and fits(call.headers.get("authorization", ""))


@fault("password-finds-nothing", breaks="auth.scheme")
def password_finds_nothing(behaviour: Behaviour) -> None:
    """Authentication: a Bearer token; here who comes with a name and a password has a list without runs."""
    _find_nothing(behaviour, 401, lambda call: call.headers.get("authorization", "").startswith("Basic "))


@fault("retry-after-in-words", breaks="error.rate_limited.retry_after")
def retry_after_in_words(behaviour: Behaviour) -> None:
    """Rate Limits, Handling: Retry-After is a number of seconds; here it has a unit."""
    headers = {"Retry-After": "1s"}
    behaviour.on_answer(
        ANY, lambda answer, _: replace(answer, headers=headers) if answer.status == 429 else answer
    )


@fault("long-id-crashes", breaks="error.internal")
def long_id_crashes(behaviour: Behaviour) -> None:
    """OpenAPI description, Error: no request breaks the server; here the deletion of an id of 256 characters does."""

    def break_down(answer: Answer, call: Call) -> Answer:
        return Answer(500, doing.ERROR) if len(call.path["id"]) > _COLUMN else answer

    behaviour.on_answer("delete_processor_run", break_down)


def _find_nothing(behaviour: Behaviour, refused: int, when: doing.When) -> None:
    """A list of runs that is refused is answered as if there were none."""

    def pretend(answer: Answer, call: Call) -> Answer:
        if answer.status != refused or not when(call):
            return answer
        return Answer(200, objects.envelope(behaviour, "processorRuns", [], call))

    behaviour.on_answer(_LIST, pretend)


@fault("page-of-1001", breaks="list_processor_runs.max_page_size.range")
def page_of_1001(behaviour: Behaviour) -> None:
    """OpenAPI description, MaxPageSize: 1 to 1000; here 1001 is accepted."""
    behaviour.limits.page_size = 1001


@fault("metadata-of-two-refused", breaks="create_processor_run.metadata")
def metadata_of_two_refused(behaviour: Behaviour) -> None:
    """Run Processor, metadata: an object of any content may be given; here one with two keys is refused."""
    doing.refuse(behaviour, doing.CREATE, lambda call: len(doing.body_of(call).get("metadata") or ()) > 1)


@fault("metadata-of-any-type-accepted", breaks="request.wrong_type")
def metadata_of_any_type_accepted(behaviour: Behaviour) -> None:
    """Run Processor, metadata: an object; here a value of any type is accepted."""
    doing.accept(
        behaviour,
        lambda call: not isinstance(doing.body_of(call).get("metadata"), dict | None),
        refused=(400,),
    )
