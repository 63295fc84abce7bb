"""A script: the requests that show one finding, ready to be sent again. ``schemas/batchproof/replay.json`` describes the file."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from batchproof import older_names
from batchproof.contract import Contract
from batchproof.contract.linked import Reader
from batchproof.drive.requests import billed
from batchproof.errors import BatchproofError
from batchproof.history import Case, Exchange, Request, has_body
from batchproof.judging import Finding
from batchproof.judging.grace import GRACE_S
from batchproof.judging.snapshots import accepted, shown_by
from batchproof.replay.links import Links, Part

FORMAT = "batchproof-replay/1"


class ScriptError(BatchproofError):
    """A script cannot be used. The message is one line that names the file and the remedy."""


class Reference(Struct, frozen=True, kw_only=True):
    """A string of the request that differs from run to run.

    It stands at ``given_at`` in the response of an earlier ``step`` (counted from 0), with text ``before`` and ``after``
    it, or it is the value of a ``fixture``.
    """

    part: Part
    at: str
    step: int | None = None
    given_at: str | None = None
    before: str = ""
    after: str = ""
    fixture: str | None = None


class Step(Struct, frozen=True, kw_only=True):
    """One request. ``until`` is the status that a read showed: it is repeated until the object shows that, or cannot any more.

    ``rows`` are the statuses, sorted, that a list of this run's objects showed: it is repeated for some time until it shows
    them. ``together`` says that it was on its way while the step before it was, ``apart`` that a moment had passed since
    that, so that no replica could be behind any more. ``control`` is the step with the valid request
    that a generated one (``case``) departs from.
    """

    id: str
    operation: str
    request: Request
    references: list[Reference] = []
    until: str | None = None
    rows: list[str] | None = None
    together: bool = False
    apart: bool = False
    probe: str | None = None
    control_of: list[str] = []
    case: Case | None = None
    control: int | None = None


class Script(Struct, frozen=True, kw_only=True):
    """The requests that show one finding, and what they show. ``documents`` may be processed when they are sent."""

    format: str = FORMAT
    contract: str
    target: str
    requirement: str
    fingerprint: str
    message: str
    expected: str
    documents: int
    steps: list[Step]


def script_of(
    contract: Contract,
    target: str,
    requirement: str,
    finding: Finding,
    exchanges: Sequence[Exchange],
    links: Links,
) -> Script:
    """The script that sends ``exchanges`` again; they are in order, and hold all that they depend on."""
    numbers = {exchange.id: number for number, exchange in enumerate(exchanges)}
    steps = [
        _step(
            contract,
            exchange,
            _references(exchange, links, numbers),
            control=numbers.get(exchange.case.control or "") if exchange.case is not None else None,
            together=number > 0 and exchange.start < exchanges[number - 1].end,
            apart=number > 0 and exchange.start >= exchanges[number - 1].end + GRACE_S,
        )
        for number, exchange in enumerate(exchanges)
    ]
    return Script(
        contract=contract.id,
        target=target,
        requirement=requirement,
        fingerprint=finding.fingerprint,
        message=finding.message,
        expected=finding.expected,
        documents=sum(
            documents_of(contract, exchange) for exchange in exchanges if accepted(contract, exchange)
        ),
        steps=steps,
    )


def _references(exchange: Exchange, links: Links, numbers: dict[str, int]) -> list[Reference]:
    given = [
        Reference(
            part=link.place.part,
            at=link.place.at,
            step=numbers[link.giver],
            given_at=link.given_at,
            before=link.before,
            after=link.after,
        )
        for link in links.of(exchange, numbers)
        # what an exchange outside the script gave was there before: it keeps its value
        if link.giver in numbers
    ]
    named = [
        Reference(part=place.part, at=place.at, fixture=fixture)
        for place, fixture in links.fixtures_of(exchange)
    ]
    return [*given, *named]


def documents_of(contract: Contract, exchange: Exchange) -> int:
    """How many documents the server may process for one request."""
    operation = contract.operation(exchange.operation or "")
    return billed(operation, exchange.request.body if has_body(exchange.request) else None)


def to_json(script: Script) -> bytes:
    """The bytes of a script file."""
    return msgspec.json.format(msgspec.json.encode(script), indent=2) + b"\n"


def read_script(file: Path) -> Script:
    """The script in ``file``. Raises ``ScriptError``."""
    try:
        script = msgspec.convert(older_names.of_script(msgspec.json.decode(file.read_bytes())), Script)
    except OSError as error:
        raise ScriptError(f"{file}: cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise ScriptError(
            f"{file}: is not a finding that can be replayed: {error}; "
            "use a file in the replays folder of a report"
        ) from error
    if script.format != FORMAT:
        raise ScriptError(f"{file}: format is {script.format}, this version reads {FORMAT}")
    for number, step in enumerate(script.steps):
        if any(not 0 <= item.step < number for item in step.references if item.step is not None):
            raise ScriptError(f"{file}: steps/{number}/references: names a step that does not come before it")
    return script


def _step(
    contract: Contract,
    exchange: Exchange,
    references: list[Reference],
    *,
    control: int | None,
    together: bool,
    apart: bool,
) -> Step:
    return Step(
        id=exchange.id,
        operation=exchange.operation or "",
        request=exchange.request,
        references=references,
        # a generated request asks for an answer, not for a look at an object that moves on
        until=status_shown(contract, exchange) if exchange.case is None else None,
        rows=rows_shown(contract, exchange) if _is_owned(contract, exchange, references) else None,
        together=together,
        apart=apart,
        probe=exchange.probe,
        control_of=exchange.control_of,
        case=exchange.case,
        control=control,
    )


def _is_owned(contract: Contract, exchange: Exchange, references: Sequence[Reference]) -> bool:
    """Whether a list shows what belongs to an object of this run, and nothing else."""
    owner = contract.operation(exchange.operation or "").owner
    return owner is not None and any(
        reference.at == owner.parameter and reference.step is not None for reference in references
    )


def rows_shown(contract: Contract, exchange: Exchange) -> list[str] | None:
    """The statuses, sorted, in which a list showed objects that have a life cycle."""
    operation = contract.operations.get(exchange.operation or "")
    if operation is None or operation.pages is None or not accepted(contract, exchange):
        return None
    resources = contract.resources
    return sorted(
        seen.status
        for seen in shown_by(contract, exchange)
        if seen.status is not None and resources[seen.resource].lifecycle is not None
    )


def status_shown(contract: Contract, exchange: Exchange) -> str | None:
    """The status in which a read showed its object, where that object has a life cycle."""
    operation = contract.operations.get(exchange.operation or "")
    if not isinstance(operation, Reader):
        return None
    if operation.reads.lifecycle is None or not accepted(contract, exchange):
        return None
    looks = (seen.status for seen in shown_by(contract, exchange) if seen.resource == operation.reads.name)
    return next(looks, None)
