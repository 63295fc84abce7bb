"""Defects that only rare requests show: odd metadata, hostile ids, inputs that nobody thinks of."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from batchproof.emulator.exchange import Answer, ApiError, Call, JsonObject
from batchproof.emulator.extend_2026_02_09 import objects
from batchproof.emulator.extend_2026_02_09.mail import Behaviour
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_2026_02_09.store import Batch
from batchproof.emulator.extend_common.life import PENDING, PROCESSED, Schedule
from batchproof.emulator.verbs import said_members

fault = registry.fault

_INT32 = 2**31 - 1
_DEEPEST = 5
_LONGEST_TEXT = 500
_COLUMN = 255


@fault("nul-in-metadata-crashes", breaks="error.internal")
def nul_in_metadata_crashes(behaviour: Behaviour) -> None:
    """Error Codes: an internal error is the server's own; here a NUL character in the metadata of a run causes one."""
    _crash(
        behaviour,
        "create_extract_run",
        lambda call: any("\u0000" in text for text in _texts(said_members(call))),
    )


@fault("same-file-twice-crashes", breaks="error.internal")
def same_file_twice_crashes(behaviour: Behaviour) -> None:
    """Error Codes: an internal error is the server's own; here two inputs that share a file id cause one."""

    def shared(call: Call) -> bool:
        files = [item.get("file") for item in _inputs(call)]
        ids = [file["id"] for file in files if isinstance(file, dict) and isinstance(file.get("id"), str)]
        return len(set(ids)) < len(ids)

    _crash(behaviour, "submit_extract_batch", shared)


@fault("parameter-twice-crashes", breaks="error.internal")
def parameter_twice_crashes(behaviour: Behaviour) -> None:
    """Error Codes: an internal error is the server's own; here a parameter of a list that is given twice causes one."""
    _crash(behaviour, "list_split_runs", lambda call: len(call.query.multi_items()) > len(call.query))


@fault("long-id-cut", breaks="get_extract_run.not_found")
def long_id_cut(behaviour: Behaviour) -> None:
    """Get Extract Run, Errors: an unknown id is answered with 404; here one of 255 characters is cut until it names a run."""
    shown: dict[str, JsonObject] = {}
    behaviour.on_object("extract_run", lambda body, *_: shown.update({body["id"]: body}))

    def find(answer: Answer, call: Call) -> Answer:
        id_ = call.path["id"]
        if answer.status != 404 or len(id_) < _COLUMN:
            return answer
        found = next((body for known, body in shown.items() if id_.startswith(known)), None)
        return answer if found is None else Answer(200, found)

    behaviour.on_answer("get_extract_run", find)


@fault("metadata-integers-overflow", breaks="extract_run.metadata.echo")
def metadata_integers_overflow(behaviour: Behaviour) -> None:
    """Run Metadata: metadata come back as given; here integers of more than 32 bits come back as the largest one."""
    _change_metadata(
        behaviour, "extract_run", lambda value: min(value, _INT32) if type(value) is int else value
    )


@fault("metadata-fractions-rounded", breaks="classify_run.metadata.echo")
def metadata_fractions_rounded(behaviour: Behaviour) -> None:
    """Run Metadata: metadata come back as given; here fractions are rounded to two digits."""
    _change_metadata(
        behaviour, "classify_run", lambda value: round(value, 2) if isinstance(value, float) else value
    )


@fault("metadata-ascii-only", breaks="split_run.metadata.echo")
def metadata_ascii_only(behaviour: Behaviour) -> None:
    """Run Metadata: metadata come back as given; here every letter beyond ASCII is a question mark."""

    def ascii_only(value: Any) -> Any:
        return value.encode("ascii", "replace").decode() if isinstance(value, str) else value

    _change_metadata(behaviour, "split_run", ascii_only)


@fault("metadata-empty-key-dropped", breaks="parse_run.metadata.echo")
def metadata_empty_key_dropped(behaviour: Behaviour) -> None:
    """Run Metadata: metadata come back as given; here the empty key is missing."""

    def drop(value: Any) -> Any:
        return {key: child for key, child in value.items() if key} if isinstance(value, dict) else value

    _change_metadata(behaviour, "parse_run", drop)


@fault("metadata-deep-as-text", breaks="extract_run.metadata.echo")
def metadata_deep_as_text(behaviour: Behaviour) -> None:
    """Run Metadata: metadata come back as given; here in lists what lies deeper than five levels is a text."""

    def flatten(value: Any, level: int = 0) -> Any:
        if isinstance(value, dict | list) and level == _DEEPEST:
            return json.dumps(value)
        if isinstance(value, dict):
            return {key: flatten(child, level + 1) for key, child in value.items()}
        return [flatten(child, level + 1) for child in value] if isinstance(value, list) else value

    behaviour.on_object(
        "extract_run_summary", lambda body, *_: body.update(metadata=flatten(body["metadata"]))
    )


@fault("metadata-long-text-cut", breaks="classify_run.metadata.echo")
def metadata_long_text_cut(behaviour: Behaviour) -> None:
    """Run Metadata: metadata come back as given; here a text of more than 500 characters is cut."""
    _change_metadata(
        behaviour, "classify_run", lambda value: value[:_LONGEST_TEXT] if isinstance(value, str) else value
    )


@fault("metadata-nulls-dropped", breaks="split_run.metadata.echo")
def metadata_nulls_dropped(behaviour: Behaviour) -> None:
    """Run Metadata: metadata come back as given; here keys whose value is null are missing."""

    def drop(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: child for key, child in value.items() if child is not None}

    _change_metadata(behaviour, "split_run", drop)


@fault("second-text-accepted", breaks="submit_split_batch.inputs.file")
def second_text_accepted(behaviour: Behaviour) -> None:
    """Batch Processing: raw text cannot be split; here only the first of two inputs is looked at."""

    def accept(answer: Answer, call: Call) -> Answer:
        inputs = _inputs(call)
        if answer.status != 400 or len(inputs) != 2 or "text" in inputs[0].get("file", {}):
            return answer
        return _batch(behaviour, call, len(inputs))

    behaviour.on_answer("submit_split_batch", accept)


@fault("metadata-number-accepted", breaks="request.wrong_type")
def metadata_number_accepted(behaviour: Behaviour) -> None:
    """Run Metadata: metadata are an object; here a batch takes a number, too."""

    def accept(answer: Answer, call: Call) -> Answer:
        inputs = _inputs(call)
        if answer.status != 400 or not inputs or not isinstance(inputs[0].get("metadata"), int):
            return answer
        return _batch(behaviour, call, len(inputs))

    behaviour.on_answer("submit_classify_batch", accept)


@fault("metadata-error-without-code", breaks="error.code")
def metadata_error_without_code(behaviour: Behaviour) -> None:
    """Error Handling: every error body has a code; here it is missing where metadata are no object."""

    def drop(body: JsonObject, refusal: ApiError, _call: Call) -> None:
        if "metadata" in refusal.message:
            body.pop("code")

    behaviour.on_object("error", drop)


@fault("page-size-with-exponent", breaks="list_classify_runs.max_page_size.range")
def page_size_with_exponent(behaviour: Behaviour) -> None:
    """Pagination: maxPageSize is an integer of 1 to 1000; here 1e1 is taken as well."""

    def accept(answer: Answer, call: Call) -> Answer:
        if answer.status == 400 and call.query.get("maxPageSize") == "1e1":
            return Answer(200, {"object": "list", "data": []})
        return answer

    behaviour.on_answer("list_classify_runs", accept)


def _crash(behaviour: Behaviour, operation: str, when: Callable[[Call], bool]) -> None:
    def break_down(answer: Answer, call: Call) -> Answer:
        return behaviour.refusal(500, "Something went wrong.", call) if when(call) else answer

    behaviour.on_answer(operation, break_down)


def _change_metadata(behaviour: Behaviour, kind: str, change: Callable[[Any], Any]) -> None:
    """The metadata of a kind of run, in detail and in lists, with every value changed."""
    for shown in (kind, f"{kind}_summary"):
        behaviour.on_object(shown, lambda body, *_: body.update(metadata=_mapped(body["metadata"], change)))


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    changed = change(value)
    if isinstance(changed, dict):
        return {key: _mapped(child, change) for key, child in changed.items()}
    return [_mapped(child, change) for child in changed] if isinstance(changed, list) else changed


def _batch(behaviour: Behaviour, call: Call, run_count: int) -> Answer:
    schedule = Schedule(call.now, call.now, call.now, PROCESSED)
    batch = Batch(behaviour.new_id("bpr"), schedule, run_count)
    return Answer(200, objects.batch_run(behaviour, batch, call, PENDING))


def _inputs(call: Call) -> list[JsonObject]:
    """The inputs of a batch, where they are objects."""
    inputs = said_members(call).get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(item, dict) for item in inputs):
        return []
    return inputs


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _texts(child)
