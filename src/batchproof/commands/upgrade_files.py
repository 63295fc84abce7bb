"""The files that tell ``batchproof upgrade`` of one program: its traffic, deliveries that it got, what it reads and knows."""

import difflib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from batchproof.client import ConfigError
from batchproof.contract import Contract
from batchproof.contract.pointer import parse
from batchproof.history import Delivery, History, HistoryError, Redactor, read_history
from batchproof.history.recorded import bodies_in
from batchproof.history.traffic import Learned, Message, is_har, read_har
from batchproof.history.traffic.cleaning import Cleaner, emptied
from batchproof.history.writer import redacted
from batchproof.traffic import read_traffic
from batchproof.upgrade.codes import listed_codes
from batchproof.upgrade.fields import fields
from batchproof.upgrade.mapping import Map, states
from batchproof.upgrade.model import ERRORS
from batchproof.upgrade.todo import Event, Trace
from batchproof.upgrade.todo.reacting import stated_words

_REMEDY = "write one 'operation: /pointer' a line"


def messages_in(files: Sequence[Path]) -> list[Message]:
    """All messages of the HAR files among ``files``, for their secrets. Raises ``HistoryError``."""
    return [message for file in files if is_har(file) for message in read_har(file).messages]


def traces_of(
    files: Sequence[Path],
    contracts: Sequence[Contract],
    messages: Sequence[Message],
    *,
    base_url: str | None,
    redact: Sequence[str],
) -> list[Trace]:
    """The traffic in ``files`` without secrets, of the server that is called by the first of ``contracts`` that fits.

    Raises ``HistoryError`` and ``ConfigError``.
    """
    return [_trace(file, contracts, messages, base_url, redact) for file in files]


def _trace(
    file: Path,
    contracts: Sequence[Contract],
    messages: Sequence[Message],
    base_url: str | None,
    redact: Sequence[str],
) -> Trace:
    if not is_har(file):
        history = _cleaned(read_history(file), messages, redact)
    else:
        for number, contract in enumerate(contracts, start=1):
            try:
                history = read_traffic(
                    file, contract, base_url=base_url, redact=redact, others=messages
                ).clean
                break
            except HistoryError:
                if number == len(contracts):
                    raise
    return Trace(str(file), urlsplit(history.header.target).path.rstrip("/"), history.exchanges)


def _cleaned(history: History, messages: Sequence[Message], redact: Sequence[str]) -> History:
    """A history without what other files show to be secret, and what ``redact`` names."""
    try:
        cleaner = Cleaner(_redactor(messages), redact)
    except ValueError as error:
        raise ConfigError("--redact", "", str(error)) from error
    for exchange in history.exchanges:
        cleaner.learn(exchange)
    return history._replace(exchanges=tuple(map(cleaner.clean, history.exchanges)))


def _redactor(messages: Sequence[Message]) -> Redactor:
    learned = Learned()
    for message in messages:
        learned.take(message)
    return Redactor(learned.named)


def events_of(file: Path, messages: Sequence[Message], redact: Sequence[str]) -> list[Event]:
    """The deliveries in ``file`` without secrets. Raises ``HistoryError``."""
    redactor = _redactor(messages)
    events = []
    for number, text in enumerate(bodies_in(file), start=1):
        clean = redacted(Delivery(id=f"d{number}", received_at=0.0, text=text), redactor)
        assert isinstance(clean, Delivery)
        try:
            body = clean.json()
        except ValueError as error:
            raise HistoryError(f"{file}: delivery {number}: its body is not JSON") from error
        events.append(Event(clean.id, emptied(body, redact)))
    return events


def read_reads(file: Path, contract: Contract) -> dict[str, list[str]]:
    """What ``file`` says that code reads of ``contract``: pointers by operation, event, or ``errors``.

    A pointer of an operation that only its errors have is one of ``errors``. Raises ``ConfigError``.
    """
    webhooks = contract.manifest.webhooks
    names = [*contract.manifest.operations, *(webhooks.events if webhooks else ()), ERRORS]
    found: dict[str, list[str]] = {}
    for key, line in _lines(file):
        name, colon, at = (part.strip() for part in line.partition(":"))
        if not colon or not name:
            raise ConfigError(file, key, f"is no pair; {_REMEDY}")
        if name not in names:
            raise ConfigError(
                file, key, f"{name!r} is no operation or event of {contract.id}{_near(name, names)}"
            )
        try:
            parse(at)
        except ValueError as error:
            raise ConfigError(file, key, f"{error}; {_REMEDY}") from error
        found.setdefault(_reader(file, key, contract, name, at), []).append(at)
    return found


def _reader(file: Path, key: str, contract: Contract, name: str, at: str) -> str:
    """Whose pointer it is: that of the operation or event, or that of its errors."""
    operation = contract.manifest.operations.get(name)
    if operation is None or not at:
        return name
    own, errors = (_first(contract, schema) for schema in (operation.success.schema, contract.manifest.error))
    begin = parse(at)[0]
    if begin in own or not own:
        return name
    if begin in errors:
        return ERRORS
    raise ConfigError(
        file, key, f"{begin!r} is no field of what {name} answers{_near(begin, [*own, *errors])}"
    )


def _first(contract: Contract, schema: str) -> list[str]:
    return [field.name for field in fields(contract.shapes, schema).values() if field.pointer.count("/") == 1]


def read_handles(file: Path, mapped: Map) -> frozenset[str]:
    """The statuses, events and error codes that ``file`` says code knows, one a line. Raises ``ConfigError``."""
    contracts = (mapped.older, mapped.newer)
    words = [word for contract in contracts for word in _words(contract)]
    known = list(dict.fromkeys([*words, *stated_words(mapped.migration)]))
    found = set()
    for key, word in _lines(file):
        if word not in known:
            described = (
                f"{word!r} is no status, event or error code of {' or '.join(one.id for one in contracts)}"
            )
            raise ConfigError(file, key, f"{described}{_near(word, known)}")
        found.add(word)
    return frozenset(found)


def _words(contract: Contract) -> Iterator[str]:
    manifest = contract.manifest
    for life in manifest.lifecycles.values():
        yield from states(life.edges, life.terminal)
        yield from life.tolerated
    yield from manifest.webhooks.events if manifest.webhooks is not None else ()
    for operation in manifest.operations.values():
        yield from (str(status) for status in operation.errors.statuses)
    yield from listed_codes(contract)


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    """The lines of ``file`` that say something, each with its number in words."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(file, "", f"cannot be read ({error.strerror}); give an existing file") from error
    except UnicodeDecodeError as error:
        raise ConfigError(file, "", "is no text in UTF-8; save it as such") from error
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.partition("#")[0].strip()
        if plain:
            yield f"line {number}", plain


def _near(name: str, names: Sequence[str]) -> str:
    """What may have been meant: names that are spelled like ``name``, or all that there are."""
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    listed = ", ".join(json.dumps(one)[1:-1] for one in near or names)
    return f"; near: {listed}" if near else f"; use one of: {listed}"
