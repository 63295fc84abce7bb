"""For users of Schemathesis: the judge of a contract as checks of ``st run``.

``SCHEMATHESIS_HOOKS=batchproof.schemathesis_checks st run openapi.json --url …`` loads this module. The contract is the
default one, or the one that ``BATCHPROOF_CONTRACT`` names (an id or a folder). Two checks are registered:

* ``batchproof_answers``: status and body of each answer, by the operation of the contract with that method and path;
* ``BatchproofHistory``: when the run is over, life cycles and invariants over everything that was answered.

A failure names the MUST requirements that are contradicted. Requests that Schemathesis made invalid on purpose are
judged by what their answers show; whether they had to be refused, or may be, is for the probes of ``batchproof run``.
"""

import os
import re
import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
import schemathesis

from batchproof.contract import Contract, default_contract, load_contract
from batchproof.history import Case, Exchange, Request, Response
from batchproof.judging import weigh
from batchproof.judging.answers import judge_answer
from batchproof.judging.evidence import Evidence

CONTRACT = "BATCHPROOF_CONTRACT"
_HIDDEN = "$HIDDEN"


@cache
def contract() -> Contract:
    """The contract to judge by. Raises ``ContractError``."""
    return load_contract(os.environ.get(CONTRACT) or default_contract())


def exchange_of(number: int, response: Any, case: Any, ended: float) -> Exchange:
    """A response of Schemathesis as an exchange. ``ended`` is in seconds; credentials are left out."""
    sent = response.request
    target = urlsplit(str(sent.url))
    name, path = _operation(sent.method, target.path)
    body = case.body if isinstance(case.body, dict | list) else msgspec.UNSET
    headers = {key.lower(): str(value) for key, value in sent.headers.items()}
    if "authorization" in headers:
        headers["authorization"] = _HIDDEN
    return Exchange(
        id=f"st{number}",
        scenario="schemathesis",
        operation=name,
        start=ended - float(response.elapsed),
        end=ended,
        request=Request(
            method=sent.method,
            url=str(sent.url),
            path=path,
            query=parse_qsl(target.query, keep_blank_values=True),
            headers=headers,
            body=body,
        ),
        response=_response(response),
        case=_case(case.meta),
    )


def _case(meta: Any) -> Case | None:
    """What a request is that Schemathesis made invalid; None for the others and for those that name no way.

    What a server makes of an odd path or header is documented nowhere. Which keyword is broken is not told, so that no
    requirement settles whether the request is refused.
    """
    negative = (
        {place.value for place, part in meta.components.items() if part.mode.is_negative} if meta else set()
    )
    if negative & {"path", "header", "cookie"}:
        return Case(mode="open", about="odd path or headers, by Schemathesis")
    return Case(mode="invalid", about="invalid, by Schemathesis") if negative else None


def _response(response: Any) -> Response:
    body: Any = msgspec.UNSET
    text: str | None = None
    try:
        body = msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = bytes(response.content).decode("utf-8", "replace")
    headers = {key.lower(): ", ".join(values) for key, values in response.headers.items()}
    return Response(
        status=response.status_code, headers=headers, body=body, text=text, size=len(response.content)
    )


def _operation(method: str, path: str) -> tuple[str | None, dict[str, str]]:
    """The operation of the contract with this method whose path is the end of ``path``, and its parameters.

    A path without parameters is preferred: ``/runs/batch`` is not the run ``batch``.
    """
    found: list[tuple[int, str, dict[str, str]]] = []
    for name, operation in contract().manifest.operations.items():
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
        match = re.search(pattern + r"\Z", path) if operation.method == method else None
        if match is not None:
            values = {key: unquote(value) for key, value in match.groupdict().items()}
            found.append((len(values), name, values))
    if not found:
        return None, {}
    _, name, values = min(found, key=lambda item: item[0])
    return name, values


def described(evidence: Evidence, requirements: Iterable[str]) -> list[str]:
    """One line for each finding on a MUST: requirement, what is wrong and what was expected."""
    rows: Mapping[str, Any] = contract().requirements
    return [
        f"{identifier} (MUST): {finding.message}; expected {finding.expected}"
        + (f"; at {finding.pointer}" if finding.pointer else "")
        for identifier in requirements
        if rows[identifier].level == "MUST" and rows[identifier].untestable_because is None
        for finding in evidence.findings(identifier)
    ]


@schemathesis.check
def batchproof_answers(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001
    """Fails where status or body of an answer contradict a requirement."""
    exchange = exchange_of(0, response, case, time.monotonic())
    evidence = Evidence()
    judge_answer(contract(), exchange, evidence)
    lines = described(evidence, contract().requirements)
    if lines:
        raise AssertionError("\n".join(lines))


@schemathesis.check
class BatchproofHistory:
    """Fails at the end of a run where what the answers show together contradicts a requirement."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []

    def after_response(self, ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG002
        """Keeps the answer."""
        self._exchanges.append(exchange_of(len(self._exchanges) + 1, response, case, time.monotonic()))

    def after_run(self, ctx: Any) -> None:  # noqa: ARG002
        """Judges all answers, and leaves out what ``batchproof_answers`` has said."""
        alone = Evidence()
        for exchange in self._exchanges:
            judge_answer(contract(), exchange, alone)
        together = weigh(contract(), self._exchanges)
        said = set(described(alone, contract().requirements))
        lines = [line for line in described(together, contract().requirements) if line not in said]
        if lines:
            raise AssertionError("\n".join(lines))
