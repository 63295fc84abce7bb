"""Stops a run that asks in vain: what was answered before is answered no more, or the token refused from then on."""

import itertools
import threading
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from batchproof.client.call import Call
from batchproof.client.errors import BudgetError, HaltedError
from batchproof.client.pausing import RunClock
from batchproof.contract import Contract
from batchproof.history import GATEWAY_STATUSES, Exchange, Halt
from batchproof.history.events import HaltReason

# so many in a row may be about what was asked; each that is waited for to its end takes so long that one is enough
_LOST = 3
_REFUSED = 5
# an outage that is over within this time, or within the time of one request, stops nothing
_MOST_PATIENCE_S = 10.0
_PAUSES_S = (0.2, 0.5, 1.0)
_STOPPED: dict[HaltReason, str] = {
    "unreachable": "the run has stopped asking, since the server does not answer",
    "token_refused": "the run has stopped asking, since the server refuses the token",
}


class _Row(NamedTuple):
    """Failures of one kind, one after the other, with nothing in between that speaks against them."""

    why: HaltReason
    since_s: float
    first: str
    times: int


class Breaker:
    """Watches what comes of everything that a run sends. Threads share it; no lock is held while one waits or asks.

    Scenarios provoke refusals and broken connections, and one operation may be broken. So nothing but a *control*
    convicts: a plain read of another operation that was answered before, sent as soon as failures are in a row.
    """

    def __init__(
        self, contract: Contract, timeout_s: float, clock: RunClock, record: Callable[[Halt], object]
    ) -> None:
        """``timeout_s`` is that of one request; ``record`` puts on record that the run stops asking."""
        self._contract = contract
        self._refused = contract.manifest.auth.refused if contract.manifest.auth is not None else ()
        self._patience_s = min(_MOST_PATIENCE_S, timeout_s)
        self._clock = clock
        self._record = record
        self._lock = threading.Lock()
        self._settled = threading.Event()
        self._settled.set()
        self._answered: dict[str, Call] = {}
        self._rows: dict[HaltReason, _Row] = {}
        self.halt: Halt | None = None

    def check(self) -> None:
        """Waits while the server is looked for. Raises ``HaltedError`` once the run has stopped asking."""
        self._settled.wait()
        if self.halt is not None:
            raise HaltedError(_STOPPED[self.halt.why])

    def watch(self, call: Call, exchange: Exchange, ask: Callable[[Call], Exchange]) -> None:
        """Takes note of what came of ``call``, and where that is in a row with others, looks for the server.

        ``ask`` sends the control. It returns as soon as that is answered, or the run has stopped asking.
        """
        with self._lock:
            suspicious = self._note(call, exchange)
            if (
                suspicious is None
                or not self._answered
                or not self._settled.is_set()
                or self.halt is not None
            ):
                return
            self._settled.clear()
        try:
            self._look(suspicious, call.operation, ask)
        except BudgetError:
            # the limits of the run stop it before this does
            return
        finally:
            self._settled.set()

    def _look(self, why: HaltReason, operation: str, ask: Callable[[Call], Exchange]) -> None:
        controls = self._controls(operation)
        for number, control in enumerate(itertools.cycle(controls)):
            exchange = ask(control)
            with self._lock:
                self._note(control, exchange)
                row = self._rows.get(why)
            if row is None:
                return
            if self._clock.now() - row.since_s >= self._patience_s:
                self._stop(row, exchange)
                return
            self._clock.pause(_PAUSES_S[min(number, len(_PAUSES_S) - 1)])

    def _stop(self, row: _Row, last: Exchange) -> None:
        self.halt = Halt(
            why=row.why, since_s=row.since_s, exchange=row.first, count=row.times, answer=_described(last)
        )
        self._clock.stop_waiting()
        self._record(self.halt)

    def _controls(self, operation: str) -> list[Call]:
        """What was answered last, other operations than the one that fails first."""
        calls = [call for name, call in reversed(self._answered.items()) if name != operation]
        return calls or list(self._answered.values())

    def _note(self, call: Call, exchange: Exchange) -> HaltReason | None:
        """The kind of failure that is in a row with others by now, if there is one."""
        if is_lost(exchange):
            row = self._longer("unreachable", exchange, exchange.start)
            in_vain = exchange.failure is not None and exchange.failure.kind == "timeout"
            return row.why if in_vain or row.times >= _LOST else None
        self._rows.pop("unreachable", None)
        if call.auth != "token" or exchange.response is None:
            return None
        if exchange.response.status not in self._refused:
            self._rows.pop("token_refused", None)
            self._learn(call, exchange.response.status)
            return None
        if not _plain(call):
            return None
        row = self._longer("token_refused", exchange, exchange.end)
        return row.why if row.times >= _REFUSED else None

    def _longer(self, why: HaltReason, exchange: Exchange, since_s: float) -> _Row:
        row = self._rows.get(why) or _Row(why, since_s, exchange.id, 0)
        self._rows[why] = row = row._replace(times=row.times + 1)
        return row

    def _learn(self, call: Call, status: int) -> None:
        declared = self._contract.operation(call.operation)
        if _plain(call) and declared.method == "GET" and declared.accepts(status):
            # the last one is at the end
            self._answered.pop(call.operation, None)
            self._answered[call.operation] = msgspec.structs.replace(call, control_of=[], documents=0)


def _plain(call: Call) -> bool:
    """Whether nothing about it provokes a refusal."""
    return call.auth == "token" and call.probe is None and call.case is None


def is_lost(exchange: Exchange) -> bool:
    """Whether no answer came, or one of a gateway in the server's place."""
    if exchange.response is not None:
        return exchange.response.status in GATEWAY_STATUSES
    return exchange.failure is not None and exchange.failure.kind in ("timeout", "connect", "protocol")


def _described(exchange: Exchange) -> str:
    if exchange.response is not None:
        return f"status {exchange.response.status}"
    return "no answer" if exchange.failure is None else exchange.failure.message
