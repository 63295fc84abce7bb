"""The only place that touches the network: one httpx client, every exchange recorded."""

import base64
import hashlib
import itertools
import json
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Self
from urllib.parse import quote, urlencode

import httpx
from msgspec import UNSET

from batchproof import interruption
from batchproof.client.addresses import is_local, trusted
from batchproof.client.bodies import ACCEPTED, Allowance, LargeBodies, content_of
from batchproof.client.breaker import Breaker
from batchproof.client.budget import Budget
from batchproof.client.call import AuthMode, Call, File, Spelling
from batchproof.client.config import MOST_WORKERS, Settings
from batchproof.client.deadline import Deadline, Timed
from batchproof.client.errors import UnsendableError
from batchproof.client.failures import failure_of
from batchproof.client.pacing import Pace
from batchproof.client.patience import wait_asked_for
from batchproof.client.pausing import RunClock
from batchproof.contract import Contract
from batchproof.contract.model import OTHER_TOKENS
from batchproof.history import (
    BREAKER,
    GATEWAY_STATUSES,
    TOO_MANY_REQUESTS,
    Event,
    Exchange,
    Failure,
    HistoryWriter,
    Request,
    Response,
    strict_json,
)
from batchproof.history.codings import UnreadableError
from batchproof.history.strict_json import UnhandledError

_LONGEST_TEXT = 65_536
_MIB = 1024 * 1024
# of an address that is asked again and again the parts are kept
_MOST_ADDRESSES = 1_024
# a server that asks for no time at all gets some, and a little more each time
_SHORTEST_WAIT_S = 0.05
_LONGEST_UNASKED_S = 1.0
_INTERRUPTED = Failure(kind="unhandled", message="the run was interrupted meanwhile")


class _NoCookies(httpx.Cookies):
    """A jar that stays empty: a session cookie would be a second credential, and make a request without a token pass."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leaves them where they are."""


class _Client(Timed):
    """A client that looks for no cookies, which would take longer than to build a request."""

    @property
    def cookies(self) -> httpx.Cookies:
        """None, ever."""
        return _NoCookies()

    @cookies.setter
    def cookies(self, _: object) -> None:
        raise AttributeError("this client keeps no cookies")


class Target:
    """A server under test, behind one client. Threads may share it. Close it when done; it is a context manager."""

    def __init__(
        self,
        contract: Contract,
        settings: Settings,
        writer: HistoryWriter,
        *,
        base_url: str,
        clock: RunClock,
        prefix: str = "x",
        first: int = 1,
        transport: httpx.BaseTransport | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
        budget: Budget | None = None,
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        """``clock`` tells the seconds of the history, and lets time pass, as the server sees it.

        Exchanges are numbered from ``first`` on, after ``prefix``.

        Without a ``budget`` all that the settings allow may be spent. ``heard`` raises ``OSError`` when nobody listens to
        the run any more: then nothing is sent.
        """
        self.contract = contract
        self.settings = settings
        self.budget = budget or Budget(settings.max_requests, settings.max_runs)
        self._writer = writer
        self._heard = heard
        self._base_url = base_url
        self.clock = clock
        self._numbers = itertools.count(first)
        self._prefix = prefix
        self._on_exchange = on_exchange
        self._pace = Pace(settings.requests_per_second, clock)
        self.breaker = Breaker(contract, settings.request_timeout_s, clock, writer.write)
        self.host = httpx.URL(base_url).host
        self._deadline = Deadline()
        self._allowance = Allowance()
        self._large = LargeBodies(self._deadline.extend)
        self._most = round(settings.max_body_mb * _MIB)
        # whether the last call has seen nothing but 429
        self._never_has_time = False
        # whether the last probe has
        self._slowed_by_probe = False
        self._is_over = False
        self._ending = threading.Lock()
        self._client = _Client(
            self._deadline,
            timeout=settings.request_timeout_s,
            transport=transport,
            # loading the certificates costs 40 ms, which nobody needs over plain HTTP
            verify=trusted(settings.ca_file) if httpx.URL(base_url).scheme == "https" else False,
            trust_env=not is_local(base_url),
            follow_redirects=False,
            limits=httpx.Limits(max_keepalive_connections=MOST_WORKERS),
        )
        self._usual = self._client.headers.raw

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def cut_off(self) -> None:
        """Nothing more is sent, and what is under way fails at once: whoever sent it gets ``KeyboardInterrupt``."""
        self._is_over = True
        self._deadline.cut_off()

    def record(self, event: Event) -> None:
        """Appends an event that is no exchange to the history."""
        self._writer.write(event)

    def send(self, call: Call, scenario: str) -> Exchange:
        """Sends ``call`` and records what happened.

        After a 429 it is sent again, when the time that the answer asks for has passed, each time on record. Meanwhile
        nobody else sends anything. A probe is not sent again, but others wait; a call with a token whose quota is used up
        slows nothing. A server that asks
        for more than ``retry_wait_s`` in all, or that has answered another call with nothing but 429, is not waited for.
        Raises ``BudgetError``, ``HaltedError`` or ``UnsendableError`` before anything is sent, ``OSError`` once nothing
        can be put on record, and ``KeyboardInterrupt`` once the run is to end.
        """
        exchange = self._send_until_heard(call, scenario)
        self.breaker.watch(call, exchange, self._ask_for_server)
        return exchange

    def _send_until_heard(self, call: Call, scenario: str) -> Exchange:
        exchange, patience = self._send_once(call, scenario, self.settings.retry_wait_s)
        if call.auth == "limited":
            return exchange
        if call.probe is not None:
            self._slow_down_after(exchange)
            return exchange
        least = _SHORTEST_WAIT_S
        while exchange.response is not None and exchange.response.status == TOO_MANY_REQUESTS:
            asked = wait_asked_for(exchange.response.headers, self.contract.manifest.rate_limit)
            wait = max(asked, least)
            if self._never_has_time or wait > patience:
                break
            self._pace.hold(wait)
            least = min(2 * least, _LONGEST_UNASKED_S)
            exchange, patience = self._send_once(call, scenario, patience)
        self._never_has_time = exchange.response is not None and exchange.response.status == TOO_MANY_REQUESTS
        return exchange

    def _slow_down_after(self, probe: Exchange) -> None:
        """A probe that was answered with 429 is not sent again, but whoever sends next waits as long as that asks for.

        Once: to a server that has nothing but 429 for probes, this would add up.
        """
        answer, again = probe.response, self._slowed_by_probe
        self._slowed_by_probe = answer is not None and answer.status == TOO_MANY_REQUESTS
        if answer is None or not self._slowed_by_probe or again:
            return
        wait = wait_asked_for(answer.headers, self.contract.manifest.rate_limit)
        if wait <= self.settings.retry_wait_s:
            self._pace.hold(wait)

    def _ask_for_server(self, control: Call) -> Exchange:
        return self._send_once(control, BREAKER, 0.0, watched=False)[0]

    def _send_once(
        self, call: Call, scenario: str, patience: float, *, watched: bool = True
    ) -> tuple[Exchange, float]:
        """The exchange, and what is left of ``patience``: the seconds that may be spent on waiting for a turn after 429."""
        try:
            request = self._build(call)
        except httpx.InvalidURL as error:
            raise UnsendableError(
                f"{call.operation} cannot be asked for with an id or a page token that was given: {error}"
            ) from error
        self._check(watched=watched)
        self.budget.reserve(call.documents)
        try:
            patience = self._pace.turn(patience)
            self._check(watched=watched)
            self.budget.send(call.documents)
        except BaseException:
            self.budget.settle(call.documents, 0, requests=1)
            raise
        with self._large.turn() as grown:
            return self._recorded_exchange(call, request, scenario, grown), patience

    def _recorded_exchange(
        self, call: Call, request: httpx.Request, scenario: str, grown: Callable[[int], None]
    ) -> Exchange:
        start = self.clock.now()
        interrupted: KeyboardInterrupt | None = None
        try:
            response, failure = self._exchange(request, grown)
        except KeyboardInterrupt as error:
            # it was sent, and may be billed
            response, failure = None, _INTERRUPTED
            interrupted = error
        except Exception:
            self.budget.settle(call.documents, call.documents)
            raise
        if self._is_over and response is None:
            failure, interrupted = _INTERRUPTED, KeyboardInterrupt()
        # what ends first stands first in the history, whichever thread sent it
        with self._ending:
            end = self.clock.now()
            spent = call.documents if _may_be_processed(response, failure) else 0
            self.budget.settle(call.documents, spent)
            event = Exchange(
                id=f"{self._prefix}{next(self._numbers)}",
                scenario=scenario,
                operation=call.operation,
                start=start,
                end=end,
                request=_recorded(call, request),
                response=response,
                failure=failure,
                probe=call.probe,
                control_of=call.control_of,
                case=call.case,
                auth=None if call.auth == "token" else call.auth,
                documents=spent,
            )
            written = self._writer.write(event)
        if interrupted is not None:
            raise interrupted
        assert isinstance(written, Exchange)
        if self._on_exchange is not None:
            self._on_exchange(written)
        return written

    def _check(self, *, watched: bool) -> None:
        """Nothing is sent any more by a run that was told to end, asks in vain, or cannot put on record what it does."""
        interruption.check()
        self._writer.check()
        self._heard()
        if self._is_over:
            raise KeyboardInterrupt
        if watched:
            self.breaker.check()
            interruption.check()

    def _build(self, call: Call) -> httpx.Request:
        operation = self.contract.operation(call.operation)
        path = operation.path
        for name, value in call.path.items():
            path = path.replace("{" + name + "}", _segment(value))
        pairs = [*call.query.items(), *call.more_query]
        query = "?" + urlencode(pairs, errors="replace") if pairs else ""
        headers: dict[str, str | None] = {
            "accept": "application/json",
            "accept-encoding": ACCEPTED,
            "user-agent": "batchproof",
            **self.contract.manifest.headers,
            **{name.lower(): value for name, value in self.settings.headers.items()},
        }
        authorization = self._authorization(call.auth)
        if authorization is not None:
            headers["authorization"] = authorization
        content: bytes | None = call.raw
        if call.raw is None and call.body is not UNSET:
            content = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode(
                "utf-8", "surrogatepass"
            )
        if content is not None:
            headers["content-type"] = call.content_type
        headers.update({name.lower(): value for name, value in call.headers.items()})
        files, data = _form(call)
        sent = [
            (_spelled(name, call.spelling).encode(), value.encode("utf-8", "replace"))
            for name, value in [*headers.items(), *call.more_headers]
            if value is not None
        ]
        replaced = {name.lower() for name, _ in sent}
        # what httpx would merge of client and request, without looking at each header again and again
        return httpx.Request(
            operation.method,
            _url(self._base_url + path + query),
            content=content,
            files=files,
            data=data,
            headers=[*(item for item in self._usual if item[0].lower() not in replaced), *sent],
            extensions={"timeout": self._client.timeout.as_dict()},
        )

    def _authorization(self, mode: AuthMode) -> str | None:
        token = self.settings.other_tokens.get(mode) if mode in OTHER_TOKENS else self.settings.token
        value = token.value if token is not None else ""
        match mode:
            case "none":
                return None
            case "unknown":
                return f"Bearer sk_unknown_{self.settings.seed:08x}"
            case "malformed":
                return "Bearer"
            case "lower-case":
                return f"bearer {value}" if value else None
            case "basic":
                return "Basic " + base64.b64encode(b"unknown:unknown").decode()
            case _:
                return f"Bearer {value}" if value else None

    def _exchange(
        self, request: httpx.Request, grown: Callable[[int], None]
    ) -> tuple[Response | None, Failure | None]:
        status: int | None = None
        try:
            with self._deadline.within(self.settings.request_timeout_s):
                answer = self._client.send(request, stream=True)
                status = answer.status_code
                try:
                    content = content_of(answer, self._most, grown)
                    self._allowance.take(content)
                finally:
                    answer.close()
            return _parsed(answer, content)
        except UnreadableError as error:
            failure = error.failure
        except UnhandledError as error:
            failure = Failure(kind="unhandled", message=str(error))
        except httpx.HTTPError as error:
            failure = failure_of(error)
        if status is not None:
            failure = Failure(kind=failure.kind, message=f"{failure.message} (status {status})")
        return None, failure


def _may_be_processed(response: Response | None, failure: Failure | None) -> bool:
    """Whether the server may process what a request brought: unless it said no, or was never reached."""
    if response is None:
        return failure is None or failure.kind != "connect"
    # what a gateway says in the server's place is no refusal
    return not 400 <= response.status < 500 or response.status in GATEWAY_STATUSES


@lru_cache(maxsize=_MOST_ADDRESSES)
def _url(text: str) -> httpx.URL:
    return httpx.URL(text)


def _spelled(name: str, spelling: Spelling) -> str:
    match spelling:
        case "lower":
            return name
        case "upper":
            return name.upper()
        case "title":
            return name.title()


def _segment(value: str) -> str:
    """One segment of a path; dots are written out, or the path would be taken apart (RFC 3986, section 5.2.4)."""
    return value.replace(".", "%2E") if value in (".", "..") else quote(value, safe="", errors="replace")


def _form(call: Call) -> tuple[dict[str, tuple[str, bytes]] | None, dict[str, str] | None]:
    """The files and the plain fields of a form; a form without a file is sent as multipart too."""
    if call.form is None or call.raw is not None:
        return None, None
    files = {
        name: (value.name, value.content) for name, value in call.form.items() if isinstance(value, File)
    }
    plain = {name: str(value) for name, value in call.form.items() if not isinstance(value, File)}
    return files, plain


def _described(form: dict[str, Any]) -> dict[str, Any]:
    """A form as JSON: of a file its name, size and SHA-256."""
    return {
        name: {
            "filename": value.name,
            "size": len(value.content),
            "sha256": hashlib.sha256(value.content).hexdigest(),
        }
        if isinstance(value, File)
        else value
        for name, value in form.items()
    }


def _parsed(answer: httpx.Response, content: bytes) -> tuple[Response, Failure | None]:
    body: Any = UNSET
    oddities: list[strict_json.Oddity] = []
    text: str | None = None
    failure: Failure | None = None
    try:
        body, oddities = strict_json.read(content)
    except UnhandledError:
        raise
    except ValueError as error:
        failure = Failure(kind="not_json", message=str(error))
        text = content[: 4 * _LONGEST_TEXT].decode("utf-8", "replace")[:_LONGEST_TEXT]
    headers: dict[str, str] = {}
    for name, value in answer.headers.multi_items():
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Response(
        status=answer.status_code,
        headers=headers,
        body=body,
        text=text,
        size=len(content),
        oddities=oddities,
    ), failure


def _recorded(call: Call, request: httpx.Request) -> Request:
    text = call.raw.decode("utf-8", "replace") if call.raw is not None else None
    return Request(
        method=request.method,
        url=str(request.url),
        path=call.path,
        query=[*call.query.items(), *call.more_query],
        headers=dict(request.headers),
        body=call.body if call.form is None else _described(call.form),
        text=text,
    )
