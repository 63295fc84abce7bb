"""Messages of a recording as the history of one server, which is judged like any other."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from msgspec import UNSET

from batchproof.contract import Contract
from batchproof.history import strict_json
from batchproof.history.events import (
    TRAFFIC,
    Case,
    Exchange,
    Failure,
    Footer,
    Header,
    Request,
    Response,
    has_body,
)
from batchproof.history.reader import History, HistoryError
from batchproof.history.statuses import INTERNAL
from batchproof.history.strict_json import UnhandledError
from batchproof.history.traffic.callers import caller_of
from batchproof.history.traffic.forms import described
from batchproof.history.traffic.message import Message, joined
from batchproof.history.traffic.routes import Routes
from batchproof.history.traffic.secrets import TOKEN
from batchproof.history.traffic.servers import Server

_LONGEST_TEXT = 65_536
_NOT_MODIFIED = 304
_PARTIAL = 206
_MINUTE = 60.0
# what stands as it is in no address (RFC 3986, section 2.3)
_ODD = re.compile(r"[^A-Za-z0-9._~-]|\A\.+\Z")
_KEY = re.compile("(?:x-)?idempotency-key", re.IGNORECASE)
_INTEGER = re.compile("-?[0-9]{1,18}")


class Teller:
    """Tells messages of one server as exchanges. Who asks most is the owner of the token; all others are told apart."""

    def __init__(self, contract: Contract, server: Server, started: float) -> None:
        """``started`` is second 0, in seconds since 1970."""
        self._contract = contract
        self._server = server
        self._routes = Routes(contract)
        self._started = started
        self._callers: dict[Any, str | None] = {}
        self._answered: set[tuple[str, str, str]] = set()

    def know(self, messages: Iterable[Message]) -> None:
        """Takes who asks most for the one whose token it is."""
        callers = Counter(caller_of(message.headers) for message in messages)
        for caller, _ in callers.most_common():
            self._name(caller)

    def exchange(self, message: Message, last: float) -> Exchange:
        """``message`` as an exchange; it ends at the moment ``last`` where nobody knows when it did."""
        response, failure = _answer(message)
        route = self._server.route(self._routes, message.method, message.url)
        request = _request(message, {} if route is None else route.path)
        operation = None if route is None or self._is_repeated(message) else route.operation
        end = last if message.end is None else message.end
        return Exchange(
            id=f"m{message.number}",
            scenario=TRAFFIC,
            operation=operation,
            start=round(message.start - self._started, 6),
            end=round(max(message.start, end) - self._started, 6),
            request=request,
            response=response,
            failure=failure,
            case=None if operation is None else self._case(operation, request),
            auth=self._name(caller_of(message.headers)),
        )

    def _is_repeated(self, message: Message) -> bool:
        """Whether a server may answer what it had answered before, however things are now: the key is one that it knows."""
        key = next((value for name, value in message.headers if _KEY.fullmatch(name)), None)
        if key is None:
            return False
        sent = (message.method, message.url, key)
        known = sent in self._answered
        if message.status is not None and message.status < INTERNAL:
            self._answered.add(sent)
        return known

    def _name(self, caller: Any) -> str | None:
        if not caller:
            # nobody knows who asks, unless others say it
            return "none" if self._callers else None
        if caller not in self._callers:
            number = len(self._callers) + 1
            self._callers[caller] = None if number == 1 else f"caller {number}"
        return self._callers[caller]

    def _case(self, name: str, request: Request) -> Case | None:
        """What is known of a request that is odd: what it is answered is nowhere said."""
        if any(_ODD.search(value) for value in request.path.values()):
            return Case(mode="open", about="somebody else's, with an id that has to be escaped")
        operation = self._contract.operation(name)
        checked: list[tuple[str, str, Any]] = []
        if operation.query is not None:
            checked.append(
                (
                    "query",
                    operation.query,
                    _typed(request.query, self._contract.shapes.document(operation.query)),
                )
            )
        if operation.request is not None and has_body(request):
            checked.append(("body", operation.request.schema, request.body))
        for part, schema, value in checked:
            if not self._contract.shapes.validator(schema).is_valid(value):
                return Case(mode="invalid", about=f"somebody else's, with a {part} unlike its schema")
        return None


def _typed(query: Sequence[tuple[str, str]], schema: Any) -> dict[str, Any]:
    """Parameters of a query as the types that their schema has for them."""
    properties = schema.get("properties", {}) if isinstance(schema, dict) else {}
    return {name: _value(value, properties.get(name)) for name, value in query}


def _value(text: str, schema: Any) -> Any:
    kinds = schema.get("type", ()) if isinstance(schema, dict) else ()
    if "integer" in kinds and _INTEGER.fullmatch(text):
        return int(text)
    return text == "true" if "boolean" in kinds and text in ("true", "false") else text


def header_of(contract: Contract, server: Server, started: float, suite: str) -> Header:
    """The header of a history of somebody else's traffic."""
    return Header(
        suite=suite,
        contract=contract.id,
        profile="core",
        seed=0,
        started_at=datetime.fromtimestamp(started, UTC).isoformat().replace("+00:00", "Z"),
        target=server.url,
        token=TOKEN,
    )


def history_of(
    contract: Contract, server: Server, messages: Sequence[Message], *, file: Path, sha256: str, suite: str
) -> History:
    """What ``messages`` say of ``server``; other servers are left out. Nothing is replaced yet. Raises ``HistoryError``."""
    chosen = [message for message in messages if server.has(message.url)]
    if not chosen:
        raise HistoryError(f"{file}: holds no request to {server.url}; name another server with --base-url")
    started = min(message.start for message in chosen)
    last = max(max(message.start, message.end or 0.0) for message in chosen)
    teller = Teller(contract, server, started)
    teller.know(message for message in chosen)
    exchanges = tuple(teller.exchange(message, last) for message in chosen)
    footer = Footer(ended=round(last - started, 6), exchanges=len(exchanges))
    header = header_of(contract, server, started + _skew(chosen), suite)
    return History(header, exchanges, (), footer, sha256)


def _skew(messages: Sequence[Message]) -> float:
    """How many seconds the clock of the server was ahead of the recorder's; a minute or less is nothing.

    Some recorders do not say in which time zone they are.
    """
    found = [
        moment - message.end
        for message in messages
        if message.end is not None and (moment := _date(message)) is not None
    ]
    skew = median(found) if found else 0.0
    return skew if abs(skew) > _MINUTE else 0.0


def _date(message: Message) -> float | None:
    try:
        return parsedate_to_datetime(joined(message.answered).get("date", "")).timestamp()
    except (ValueError, OverflowError):
        return None


def _request(message: Message, path: dict[str, str]) -> Request:
    headers = joined(message.headers)
    body: Any = UNSET
    text: str | None = None
    if message.sent:
        form = described(message.sent, headers.get("content-type", ""))
        try:
            body = strict_json.parse(message.sent) if form is None else form
        except ValueError:
            text = message.sent[: 4 * _LONGEST_TEXT].decode("utf-8", "replace")[:_LONGEST_TEXT]
    return Request(
        method=message.method.upper(),
        url=message.url,
        path=path,
        query=parse_qsl(urlsplit(message.url).query, keep_blank_values=True),
        headers=headers,
        body=body,
        text=text,
    )


def _answer(message: Message) -> tuple[Response | None, Failure | None]:
    """What was answered. What the recording does not hold, whole and readable, is a failure that says nothing of the server."""
    if message.status is None or message.lost is not None:
        return _unread(message.lost or "the recording holds no answer", message.status)
    if message.status in (_NOT_MODIFIED, _PARTIAL):
        return _unread("the answer leaves out what the client had already", message.status)
    if not message.content:
        return _unread("the recording holds no body", message.status)
    body: Any = UNSET
    oddities: list[strict_json.Oddity] = []
    text: str | None = None
    failure: Failure | None = None
    try:
        body, oddities = strict_json.read(message.content)
    except UnhandledError as error:
        return _unread(str(error), message.status)
    except ValueError as error:
        if message.cut or message.content.lstrip()[:1] in (b"{", b"["):
            return _unread("the recording may hold no more than a part of the body", message.status)
        failure = Failure(kind="not_json", message=str(error))
        text = message.content[: 4 * _LONGEST_TEXT].decode("utf-8", "replace")[:_LONGEST_TEXT]
    response = Response(
        status=message.status,
        headers=joined(message.answered),
        body=body,
        text=text,
        size=len(message.content),
        oddities=oddities,
    )
    return response, failure


def _unread(why: str, status: int | None) -> tuple[None, Failure]:
    described = why if status is None else f"{why} (status {status})"
    return None, Failure(kind="unhandled", message=described)
