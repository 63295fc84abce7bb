"""Errors whose status or code is none of the documented ones, or another one of them."""

from dataclasses import replace

from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call
from batchproof.emulator.extend_2026_02_09.families import Family
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_common.behaviour import Behaviour

from . import doing
from .doing import body_of
from .table import PROCESSED_WITH, each_family, operation

fault = registry.fault


@each_family("create-{run}-without-file-is-409", breaks="create_{run}.errors")
def create_without_file_is_409(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, Errors: eight statuses; here a request without a file is refused with 409."""
    _refused_with(
        behaviour,
        operation(family, "create"),
        409,
        lambda call: not doing.breaks_off(call) and not {"file", "package"} & set(body_of(call)),
    )


@each_family("submit-{family}-batch-without-inputs-is-409", breaks="submit_{family}_batch.errors")
def submit_without_inputs_is_409(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, Errors: eight statuses; here a request without inputs is refused with 409."""
    _refused_with(
        behaviour,
        operation(family, "submit"),
        409,
        lambda call: not doing.breaks_off(call) and "inputs" not in body_of(call),
    )


@each_family("list-{run}s-unknown-token-is-409", breaks="list_{run}s.errors")
def list_unknown_token_is_409(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, Errors: eight statuses; here a nextPageToken that was never given out is refused with 409."""
    _refused_with(behaviour, operation(family, "list"), 409, lambda call: "nextPageToken" in call.query)


@each_family("list-{processor}s-bad-query-is-409", breaks="list_{processor}s.errors", families=PROCESSED_WITH)
def processors_bad_query_is_409(behaviour: Behaviour, family: Family) -> None:
    """List {Processor}s, Errors: eight statuses; here a bad parameter is refused with 409."""
    _refused_with(behaviour, operation(family, "processors"), 409)


@each_family("cancel-{run}-ended-is-409", breaks="cancel_{run}.errors")
def cancel_ended_is_409(behaviour: Behaviour, family: Family) -> None:
    """Cancel {Run}, Errors: eight statuses; here the cancellation of an ended run is refused with 409."""
    _refused_with(behaviour, operation(family, "cancel"), 409)


def _unknown_is_410(view: str) -> None:
    def plant(behaviour: Behaviour, family: Family) -> None:
        doing.with_status(behaviour, operation(family, view), 410, instead_of=404)

    plant.__doc__ = (
        f"{view.capitalize()} {{Run}}, Errors: eight statuses; here an id of nothing is answered with 410."
    )
    each_family(f"{view}-{{run}}-unknown-is-410", breaks=f"{view}_{{run}}.errors")(plant)


_unknown_is_410("get")
_unknown_is_410("delete")


def _not_found_by_another_code(view: str, described: str) -> None:
    def plant(behaviour: Behaviour, family: Family) -> None:
        doing.with_code(behaviour, operation(family, view), 404, "ENDPOINT_REMOVED")

    plant.__doc__ = f"Error Codes, NOT_FOUND: by its name it goes with 404; here the 404 of {described} of a {{run}} has another one."
    each_family(f"{view}-{{run}}-not-found-by-another-code", breaks=f"{view}_{{run}}.not_found.code")(plant)


_not_found_by_another_code("get", "the detail")
_not_found_by_another_code("cancel", "a cancellation")
_not_found_by_another_code("delete", "a deletion")


@fault("get-batch-run-unknown-is-410", breaks="get_batch_run.errors")
def get_batch_unknown_is_410(behaviour: Behaviour) -> None:
    """Get Batch Run, Errors: seven statuses; here an id of nothing is answered with 410."""
    doing.with_status(behaviour, "get_batch_run", 410, instead_of=404)


@fault("get-batch-run-not-found-by-another-code", breaks="get_batch_run.not_found.code")
def get_batch_by_another_code(behaviour: Behaviour) -> None:
    """Error Codes, NOT_FOUND: by its name it goes with 404; here the 404 of a batch has another code."""
    doing.with_code(behaviour, "get_batch_run", 404, "ENDPOINT_REMOVED")


@fault("refused-key-by-another-code", breaks="auth.refused.code")
def refused_key_by_another_code(behaviour: Behaviour) -> None:
    """Error Codes, UNAUTHORIZED: a missing or wrong key; here the 401 has the code of an invalid request."""
    doing.with_code(behaviour, ANY, 401, "INVALID_REQUEST")


@fault("bad-query-by-unknown-code", breaks="error.code.known")
def bad_query_by_unknown_code(behaviour: Behaviour) -> None:
    """Error Codes: seven general codes; here a bad parameter of a list of extractors has none of them."""
    doing.with_code(behaviour, "list_extractors", 400, "BAD_PARAMETER")


@fault("unknown-version-accepted", breaks="version.header.unknown")
def unknown_version_accepted(behaviour: Behaviour) -> None:
    """API Versioning: one of two versions; here a list in a version that does not exist is answered all the same."""
    doing.answer_as_before(
        behaviour,
        "list_extract_runs",
        lambda call: call.headers.get("x-extend-api-version", "").startswith("19"),
    )


def _refused_with(behaviour: Behaviour, name: str, status: int, when: doing.When = lambda _: True) -> None:
    """Bad requests are refused with another status."""

    def change(answer: Answer, call: Call) -> Answer:
        return replace(answer, status=status) if answer.status == 400 and when(call) else answer

    behaviour.on_answer(name, change)


@fault("bad-query-says-not-found", breaks="error.code.of_status")
def bad_query_says_not_found(behaviour: Behaviour) -> None:
    """Error Codes, NOT_FOUND: by its name it goes with 404; here a query of extract runs that is refused with 400 has it."""
    doing.with_code(behaviour, "list_extract_runs", 400, "NOT_FOUND")
