"""A transport of httpx that takes down what goes through it."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from batchproof.client import ConfigError
from batchproof.contract import default_contract, load_contract
from batchproof.history import History
from batchproof.history.traffic import server_at
from batchproof.judging import Bar
from batchproof.recording.copying import Copy, decoded
from batchproof.recording.tape import Tape, message_of
from batchproof.traffic import Judged, judge_traffic

_USUAL = Bar()


class Recorder(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Passes requests and answers on unchanged, and judges them by a contract when it is asked to.

    Example: ``httpx.Client(transport=Recorder("acme/1"))``. One recorder may serve several clients, with or without async.
    """

    def __init__(
        self,
        contract: str | None = None,
        *,
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None,
        base_url: str | None = None,
        history: str | Path | None = None,
        redact: Sequence[str] = (),
    ) -> None:
        """``transport`` sends; without it the network does.

        ``base_url`` is the address of the server that is judged; without it, the server is the one whose paths are those of
        the contract. ``history`` is a file that everything is written to as it happens, without secrets; ``redact`` are
        JSON Pointers into bodies that are secret, too. Raises ``ContractError``, ``ConfigError`` and ``OSError``.
        """
        self.transport = transport
        self._network: httpx.HTTPTransport | None = None
        self._async_network: httpx.AsyncHTTPTransport | None = None
        try:
            server = None if base_url is None else server_at(base_url)
        except ValueError as error:
            raise ConfigError("base_url", "", str(error)) from error
        self.tape = Tape(
            load_contract(contract or default_contract()),
            server=server,
            file=None if history is None else Path(history),
            redact=redact,
        )

    def judge(self, bar: Bar | Callable[[History], Bar] = _USUAL) -> Judged:
        """Judges what went by until now, by a bar or by the one for its history.

        Raises ``HistoryError`` where none of it is a call of the contract.
        """
        traffic = self.tape.traffic()
        chosen = bar if isinstance(bar, Bar) else bar(traffic.clean)
        return judge_traffic(self.tape.contract, traffic, chosen)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends ``request``."""
        sent = Copy()
        assert isinstance(request.stream, httpx.SyncByteStream)
        passed = _sending(request, _Passing(request.stream, sent, _nothing))
        start = self.tape.clock.now()
        try:
            answer = self._sync().handle_request(passed)
        except BaseException as error:
            self._take(request, start, sent, lost=_described(error))
            raise
        content = Copy()
        assert isinstance(answer.stream, httpx.SyncByteStream)
        return _with(
            answer,
            _Passing(answer.stream, content, lambda: self._take(request, start, sent, answer, content)),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends ``request``."""
        sent = Copy()
        assert isinstance(request.stream, httpx.AsyncByteStream)
        passed = _sending(request, _AsyncPassing(request.stream, sent, _nothing))
        start = self.tape.clock.now()
        try:
            answer = await self._async().handle_async_request(passed)
        except BaseException as error:
            self._take(request, start, sent, lost=_described(error))
            raise
        content = Copy()
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        return _with(
            answer,
            _AsyncPassing(answer.stream, content, lambda: self._take(request, start, sent, answer, content)),
        )

    def close(self) -> None:
        """Ends the file, and closes the transport."""
        self.tape.close()
        for transport in (self.transport, self._network):
            if isinstance(transport, httpx.BaseTransport):
                transport.close()

    async def aclose(self) -> None:
        """Ends the file, and closes the transport."""
        self.tape.close()
        for transport in (self.transport, self._async_network):
            if isinstance(transport, httpx.AsyncBaseTransport):
                await transport.aclose()

    def _sync(self) -> httpx.BaseTransport:
        if isinstance(self.transport, httpx.BaseTransport):
            return self.transport
        if self.transport is not None:
            raise TypeError("the transport of this recorder is for an async client")
        if self._network is None:
            self._network = httpx.HTTPTransport()
        return self._network

    def _async(self) -> httpx.AsyncBaseTransport:
        if isinstance(self.transport, httpx.AsyncBaseTransport):
            return self.transport
        if self.transport is not None:
            raise TypeError("the transport of this recorder is for a client that is not async")
        if self._async_network is None:
            self._async_network = httpx.AsyncHTTPTransport()
        return self._async_network

    def _take(
        self,
        request: httpx.Request,
        start: float,
        sent: Copy,
        answer: httpx.Response | None = None,
        content: Copy | None = None,
        *,
        lost: str | None = None,
    ) -> None:
        self.tape.take(
            message_of(
                request.method,
                str(request.url),
                start=start,
                end=self.tape.clock.now(),
                headers=decoded(request.headers.raw),
                sent=sent,
                status=None if answer is None else answer.status_code,
                answered=() if answer is None else decoded(answer.headers.raw),
                content=content,
                lost=lost,
            )
        )


def _sending(request: httpx.Request, stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> httpx.Request:
    """``request`` with another stream."""
    return httpx.Request(
        request.method, request.url, headers=request.headers, stream=stream, extensions=request.extensions
    )


def _with(answer: httpx.Response, stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> httpx.Response:
    """``answer`` with another stream; one that holds its body already would never be read."""
    return httpx.Response(
        answer.status_code, headers=answer.headers, stream=stream, extensions=answer.extensions
    )


def _nothing() -> None:
    pass


def _described(error: BaseException) -> str:
    return f"no answer came: {type(error).__name__}"


class _Passing(httpx.SyncByteStream):
    """A stream of which a copy is made; ``then`` is done once, when it is closed."""

    def __init__(self, stream: httpx.SyncByteStream, copy: Copy, then: Callable[[], Any]) -> None:
        self._stream, self._copy, self._then = stream, copy, then

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._copy.add(piece)
            yield piece
        self._copy.ended = True

    def close(self) -> None:
        self._stream.close()
        then, self._then = self._then, _nothing
        then()


class _AsyncPassing(httpx.AsyncByteStream):
    """The same for an async client."""

    def __init__(self, stream: httpx.AsyncByteStream, copy: Copy, then: Callable[[], Any]) -> None:
        self._stream, self._copy, self._then = stream, copy, then

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._copy.add(piece)
            yield piece
        self._copy.ended = True

    async def aclose(self) -> None:
        await self._stream.aclose()
        then, self._then = self._then, _nothing
        then()
