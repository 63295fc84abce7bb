"""Deliveries that somebody else has recorded, as a history that can be judged."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from batchproof.contract import Contract
from batchproof.history.events import Delivery, Footer, Header
from batchproof.history.reader import History, HistoryError
from batchproof.history.redaction import Redactor
from batchproof.history.signing import delivery
from batchproof.history.writer import redacted

_REMEDY = 'use one JSON object a line: {"headers": {…}, "body": "the raw body"}'


class _Item(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One delivery. The raw body stands in ``body``, or in ``body_base64``."""

    headers: dict[str, str | list[str]]
    body: str | None = None
    body_base64: str | None = None
    method: str | None = None
    received_at: float | str | None = None


def read_deliveries(file: Path, contract: Contract, *, secret: str, secret_name: str, suite: str) -> History:
    """The deliveries in ``file`` (JSON, or one object a line) as a history. Raises ``HistoryError``."""
    found = deliveries_in(file, contract, secret=secret, secret_name=secret_name)
    deliveries = [
        msgspec.structs.replace(event, received_at=float(number))
        for number, (event, _) in enumerate(found.deliveries)
    ]
    header = Header(
        suite=suite,
        contract=contract.id,
        profile="core",
        seed=0,
        started_at="1970-01-01T00:00:00Z",
        target="recorded deliveries",
        webhooks="only",
    )
    footer = Footer(ended=float(len(deliveries)), exchanges=0)
    return History(header, (), (), footer, found.sha256, deliveries=tuple(deliveries))


class Deliveries(NamedTuple):
    """Recorded deliveries, each with the moment of its reception in seconds since 1970, None where nobody knows it."""

    deliveries: list[tuple[Delivery, float | None]]
    sha256: str


def deliveries_in(file: Path, contract: Contract, *, secret: str, secret_name: str) -> Deliveries:
    """The deliveries in ``file`` without secrets; when they were received stands beside them. Raises ``HistoryError``."""
    webhooks = contract.manifest.webhooks
    if webhooks is None:
        raise HistoryError(
            f"--webhooks: {contract.id} describes no webhooks; name another one with --contract"
        )
    try:
        content = file.read_bytes()
    except OSError as error:
        raise HistoryError(f"{file}: cannot be read: {error.strerror}") from error
    redactor = Redactor({secret_name: secret})
    deliveries: list[tuple[Delivery, float | None]] = []
    for where, value in _values(file, content):
        item = _item(where, value)
        moment = _moment(where, item.received_at)
        event = delivery(
            webhooks.signature,
            secret,
            identifier=f"d{len(deliveries) + 1}",
            received_at=0.0,
            headers={
                name: ", ".join(given) if isinstance(given, list) else given
                for name, given in item.headers.items()
            },
            raw=_raw(where, item),
            now=moment,
            method=item.method,
        )
        clean = redacted(event, redactor)
        assert isinstance(clean, Delivery)
        deliveries.append((clean, moment))
    if not deliveries:
        raise HistoryError(f"{file}: holds no delivery; {_REMEDY}")
    return Deliveries(deliveries, hashlib.sha256(content).hexdigest())


def bodies_in(file: Path) -> list[str]:
    """The bodies of the deliveries in ``file`` as text, with all of their secrets. Raises ``HistoryError``."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise HistoryError(f"{file}: cannot be read: {error.strerror}") from error
    found = [
        _raw(where, _item(where, value)).decode("utf-8", "replace") for where, value in _values(file, content)
    ]
    if not found:
        raise HistoryError(f"{file}: holds no delivery; {_REMEDY}")
    return found


def _values(file: Path, content: bytes) -> Iterator[tuple[str, Any]]:
    """Every value in the file, with the words for where it stands."""
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, list):
        yield from ((f"{file}: delivery {number}", value) for number, value in enumerate(whole, start=1))
    elif whole is not None:
        yield f"{file}", whole
    else:
        for number, line in enumerate(content.split(b"\n"), start=1):
            where = f"{file}: line {number}"
            if not line.strip():
                continue
            try:
                yield where, json.loads(line)
            except (ValueError, RecursionError) as error:
                raise HistoryError(f"{where}: is not JSON: {error}; {_REMEDY}") from error


def _item(where: str, value: Any) -> _Item:
    try:
        return msgspec.convert(value, _Item)
    except msgspec.ValidationError as error:
        raise HistoryError(f"{where}: is no delivery: {error}; {_REMEDY}") from error


def _raw(where: str, item: _Item) -> bytes:
    if (item.body is None) == (item.body_base64 is None):
        raise HistoryError(f"{where}: has not exactly one of body and body_base64; {_REMEDY}")
    if item.body is not None:
        return item.body.encode("utf-8", "replace")
    try:
        return base64.b64decode(item.body_base64 or "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise HistoryError(f"{where}: body_base64 is not base64: {error}") from error


def _moment(where: str, given: float | str | None) -> float | None:
    """The moment of reception in seconds since 1970."""
    if not isinstance(given, str):
        return given
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise HistoryError(
            f"{where}: received_at is neither seconds since 1970 nor a date-time (RFC 3339)"
        ) from error
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
