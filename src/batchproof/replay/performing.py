"""Sends the requests of a script, and tells what that showed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Literal, NamedTuple

import msgspec

from batchproof.client import AuthMode, Call, File
from batchproof.contract import Contract, pointer
from batchproof.contract.model import OTHER_TOKENS
from batchproof.drive import Api, Stopped, Unmet
from batchproof.drive.requests import billed
from batchproof.drive.together import together
from batchproof.history import ELSEWHERE, Case, Exchange, has_body
from batchproof.judging import weigh
from batchproof.judging.snapshots import accepted
from batchproof.replay.script import Reference, Script, Step, rows_shown, status_shown

Outcome = Literal["wrong", "mended", "unknown"]

_SET_BY_THE_CLIENT = frozenset(
    {"host", "connection", "accept-encoding", "content-length", "content-type", "authorization"}
)
# each look moves the clock of the embedded emulator; elsewhere time is over before that
_LOOKS = 200
# the rows of a list may be others on a server that was mended
_LOOKS_AT_LISTS = 40
_LISTS_WITHIN_S = 5.0
# which of two requests wins a race is chance
_RACES = 8
# longer than a replica may be behind
_A_MOMENT_S = 1.1


class Performance(NamedTuple):
    """What was sent, and what it showed: ``detail`` says why nothing could be told, if that is so.

    ``answers`` are the last exchange of each step.
    """

    outcome: Outcome
    exchanges: list[Exchange]
    answers: list[Exchange]
    detail: str | None


class _Lost(Exception):  # noqa: N818 - an expected outcome
    """A step cannot be sent, because an earlier answer did not give what it needs."""


def perform(api: Api, script: Script, *, patient: bool = True, started_at: str | None = None) -> Performance:
    """Sends the requests of ``script`` in their order, several times where some race with each other and nothing shows.

    Unless ``patient``, a list that shows something else is not asked for again. ``started_at`` is when the run began, by
    which times count. Raises ``Unmet`` when a limit of the run forbids a request at the first time.
    """
    performance = _perform(api, script, patient=patient, started_at=started_at)
    if any(step.together for step in script.steps):
        with suppress(Unmet):
            for turn in range(1, _RACES):
                if performance.outcome != "mended":
                    break
                performance = _perform(
                    api, script, patient=patient, started_at=started_at, turned=turn % 2 == 1
                )
    if performance.outcome != "wrong" and any(step.apart for step in script.steps):
        # what views of different age may explain shows with time in between only
        with suppress(Unmet):
            return _perform(api, script, patient=patient, started_at=started_at, apart=True)
    return performance


def _perform(
    api: Api,
    script: Script,
    *,
    patient: bool,
    started_at: str | None,
    turned: bool = False,
    apart: bool = False,
) -> Performance:
    """Sends the requests once.

    ``turned`` says that of those on their way together the last begins, ``apart`` that time passes where it had passed.
    """
    sent: list[Exchange] = []
    detail: str | None = None
    given: list[Exchange | None] = []
    files: dict[str, File] = {}
    try:
        for group in _groups(script.steps):
            if apart and group[0].apart:
                api.pause(_A_MOMENT_S)
            answers = _send(api, group, given, sent, files, patient=patient, turned=turned)
            given += answers
            detail = detail or next(
                (described for item in answers if item and (described := _unanswered(item))), None
            )
    except _Lost as lost:
        detail = str(lost)
    answered = [exchange for exchange in given if exchange is not None]
    evidence = weigh(api.contract, sent, started_at=started_at)
    if evidence.findings(script.requirement):
        return Performance("wrong", sent, answered, None)
    if detail is None and not evidence.observations[script.requirement]:
        detail = f"the answers do not exercise {script.requirement}"
    return Performance("unknown" if detail else "mended", sent, answered, detail)


def _groups(steps: Sequence[Step]) -> list[list[Step]]:
    """Steps that were on their way at the same time, together."""
    groups: list[list[Step]] = []
    for step in steps:
        if step.together and groups:
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _send(
    api: Api,
    group: Sequence[Step],
    given: Sequence[Exchange | None],
    sent: list[Exchange],
    files: dict[str, File],
    *,
    patient: bool,
    turned: bool,
) -> list[Exchange | None]:
    """The answer to each step, None to one that asks for a page after the last."""
    calls = [None if _is_over(api, step, given) else call_of(api, step, given, files) for step in group]
    wanted = [call for call in calls if call is not None]
    if len(wanted) > 1:
        clients = [[call] for call in (reversed(wanted) if turned else wanted)]
        answers = [answer for client in together(api, *clients) for answer in client]
        answers = answers[::-1] if turned else answers
        sent += answers
    else:
        answers = [
            _send_until(api, call, step, sent, patient=patient)
            for step, call in zip(group, calls, strict=True)
            if call is not None
        ]
    return [None if call is None else answers.pop(0) for call in calls]


def _is_over(api: Api, step: Step, given: Sequence[Exchange | None]) -> bool:
    """Whether the list of which the step reads a page has come to its end before."""
    for reference in step.references:
        giver = given[reference.step] if reference.step is not None else None
        if giver is None or not accepted(api.contract, giver) or giver.response is None:
            continue
        pages = api.contract.operation(giver.operation or "").pages
        if pages is not None and reference.given_at == pages.next:
            return not pointer.first(giver.response.body, pages.next)
    return False


def _send_until(api: Api, call: Call, step: Step, sent: list[Exchange], *, patient: bool) -> Exchange:
    """Sends a read again until it shows what it showed before, cannot show that any more, or took too long."""
    polls = islice(api.polls(), _LOOKS)
    if step.rows is not None:
        polls = islice(api.polls(_LISTS_WITHIN_S), _LOOKS_AT_LISTS if patient else 1)
    for _ in polls:
        exchange = api.send(call)
        sent.append(exchange)
        shown = rows_shown(api.contract, exchange) if step.rows is not None else None
        if shown in (None, step.rows) and not _may_yet_show(api.contract, exchange, step.until):
            break
    return exchange


def _may_yet_show(contract: Contract, exchange: Exchange, status: str | None) -> bool:
    shown = status_shown(contract, exchange)
    if status is None or shown is None or shown == status:
        return False
    resource = contract.operation(exchange.operation or "").reads
    lifecycle = resource.lifecycle if resource is not None else None
    return lifecycle is not None and (
        shown in lifecycle.tolerated or status in lifecycle.after.get(shown, ())
    )


def _case(step: Step, given: Sequence[Exchange | None]) -> Case | None:
    """What a generated request is, beside the control of this replay."""
    if step.case is None:
        return None
    control = given[step.control] if step.control is not None and step.control < len(given) else None
    return msgspec.structs.replace(step.case, control=control.id if control is not None else None)


def _repeated(query: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What follows the first value of each parameter."""
    names = [name for name, _ in query]
    return [pair for number, pair in enumerate(query) if pair[0] in names[:number]]


def call_of(api: Api, step: Step, given: Sequence[Exchange | None], files: dict[str, File]) -> Call:
    """The request of ``step``, with what the earlier exchanges gave. Raises ``_Lost``.

    ``files`` are those that were sent so far, by their recorded SHA-256: what was the same is the same again.
    """
    request = step.request
    path: dict[str, str] = dict(request.path)
    query: dict[str, str] = dict(reversed(request.query))
    body = msgspec.json.decode(msgspec.json.encode(request.body)) if has_body(request) else msgspec.UNSET
    for reference in step.references:
        value = _value_of(api, reference, given)
        if reference.part == "path":
            path[reference.at] = value
        elif reference.part == "query":
            query[reference.at] = value
        else:
            body = pointer.placed(body, pointer.parse(reference.at), value)
    call = Call(
        operation=step.operation,
        path=path,
        query=query,
        headers=_headers(api, request.headers),
        auth=_auth(api, step),
        probe=step.probe,
        control_of=step.control_of,
        case=_case(step, given),
        more_query=_repeated(request.query),
        content_type=request.headers.get("content-type", "application/json"),
    )
    declared = api.contract.operation(step.operation)
    documents = billed(declared, body if has_body(request) else None)
    if request.text is not None:
        raw = request.text.encode("utf-8", "surrogatepass")
        return msgspec.structs.replace(call, raw=raw, documents=documents)
    if declared.request is not None and declared.request.multipart is not None and isinstance(body, dict):
        return msgspec.structs.replace(
            call, form=_form(api, declared.request.multipart, body, files), documents=documents
        )
    return msgspec.structs.replace(call, body=body, documents=documents)


def _headers(api: Api, recorded: Mapping[str, str]) -> dict[str, str | None]:
    """The headers that a request had of its own; those of the configuration were recorded without their secrets."""
    configured = {name.lower() for name in api.settings.headers}
    return {
        name: value
        for name, value in recorded.items()
        if name not in _SET_BY_THE_CLIENT and not (name in configured and _is_hidden(value))
    }


def _is_hidden(value: str) -> bool:
    return value == "[redacted]" or "$HEADER_" in value


def _value_of(api: Api, reference: Reference, given: Sequence[Exchange | None]) -> str:
    if reference.step is None:
        try:
            value = api.supply.fixture(reference.fixture or "")
        except Stopped as stopped:
            raise _Lost(str(stopped)) from stopped
        described = f"the fixture {reference.fixture} is neither given nor found"
    else:
        giver = given[reference.step]
        response = giver.response if giver is not None else None
        value = pointer.first(response.body, reference.given_at or "") if response is not None else None
        described = f"step {reference.step + 1} did not answer with what a later step needs"
    if not isinstance(value, str):
        raise _Lost(described)
    return reference.before + value + reference.after


def _auth(api: Api, step: Step) -> AuthMode:
    """How the request was authenticated. No history holds a credential: the probe or the name in its place tells."""
    sent = step.request.headers.get("authorization")
    probe = api.contract.probes.get(step.probe or "")
    if probe is not None and probe.change.auth is not None:
        return probe.change.auth
    if sent is None:
        return "none"
    others = api.settings.other_tokens
    return next(
        (auth for auth in OTHER_TOKENS if auth in others and f"${others[auth].name}" in sent.split()), "token"
    )


def _form(
    api: Api, template: dict[str, Any], recorded: dict[str, Any], files: dict[str, File]
) -> dict[str, Any]:
    """A form as it was recorded; of a file the history holds no bytes, so it is read again."""
    form: dict[str, Any] = {}
    for name, value in recorded.items():
        place = template.get(name)
        if isinstance(value, dict) and isinstance(place, dict) and "$file" in place:
            digest = str(value.get("sha256", name))
            file = files.setdefault(digest, files.get(digest) or api.supply.file(place["$file"]))
            value = msgspec.structs.replace(file, name=str(value.get("filename", file.name)))  # noqa: PLW2901
        form[name] = value
    return form


def _unanswered(exchange: Exchange) -> str | None:
    """Why an answer says nothing about the server's conformance, or None when it may."""
    response = exchange.response
    if response is None:
        described = exchange.failure.message if exchange.failure is not None else "no answer"
        return f"{exchange.operation} was not answered: {described}"
    if response.status in ELSEWHERE and exchange.probe is None:
        return f"{exchange.operation} was answered {response.status}"
    return None
