"""The hard limits of a run: requests sent, and documents that may be processed (and billed)."""

import threading
from collections.abc import Callable
from contextlib import suppress

from batchproof.client.errors import BudgetError


class Budget:
    """Counts what was spent. Safe to share between threads."""

    def __init__(
        self,
        max_requests: int,
        max_runs: int,
        *,
        requests: int = 0,
        runs: int = 0,
        record: Callable[[int, int], None] | None = None,
    ) -> None:
        """``requests`` and ``runs`` were spent before, by other parts of the same run.

        ``record`` is told what is spent, requests and runs, before anything is sent, and raises ``OSError`` where it
        cannot keep that.
        """
        self.max_requests = max_requests
        self.max_runs = max_runs
        self.requests = requests
        self.runs = runs
        self._lock = threading.Condition(threading.RLock())
        # documents of requests that are under way: some of them will be given back
        self._open = 0
        # what was sent, without what still waits for its turn
        self._sent = (requests, runs)
        self._record = record

    def spend(self, documents: int) -> None:
        """Takes one request and ``documents`` runs before they are sent. Raises ``BudgetError`` and takes nothing."""
        with self._lock:
            if self.runs + documents > self.max_runs:
                raise BudgetError(
                    f"{documents} more document(s) would be processed, {self.max_runs - self.runs} of {self.max_runs} are left",
                    f"--max-runs {self.runs + documents} or more",
                    spent=self.max_runs > 0,
                )
            if self.requests >= self.max_requests:
                raise BudgetError(
                    f"all {self.max_requests} requests are spent",
                    f"more than --max-requests {self.max_requests}",
                    spent=True,
                )
            self.requests += 1
            self.runs += documents

    def reserve(self, documents: int) -> None:
        """As ``spend``, for a request that is to be sent when its turn comes, and is settled when it has ended.

        Where it would fit if those under way were refused, it waits for them. Raises ``BudgetError`` and takes nothing.
        """
        with self._lock:
            while self._open and self.runs - self._open + documents <= self.max_runs < self.runs + documents:
                self._lock.wait()
            self.spend(documents)
            self._open += documents

    def send(self, documents: int) -> None:
        """A reserved request is sent now: that is on record before it is. Raises ``OSError`` where it cannot be."""
        with self._lock:
            self._describe(1, documents)

    def _describe(self, requests: int, documents: int) -> None:
        sent = (self._sent[0] + requests, self._sent[1] + documents)
        if self._record is not None:
            self._record(*sent)
        self._sent = sent

    def settle(self, documents: int, spent: int, *, requests: int = 0) -> None:
        """A reserved request has ended: ``spent`` of its documents may be processed; ``requests`` were not sent after all."""
        with self._lock:
            if spent < documents and not requests:
                # where this cannot be put on record, more counts as spent than was, and nothing more is sent
                with suppress(OSError):
                    self._describe(0, spent - documents)
            self._open -= documents
            self.give_back(documents - spent, requests=requests)
            self._lock.notify_all()

    def give_back(self, documents: int, *, requests: int = 0) -> None:
        """``documents`` are not processed, since the server refused them; ``requests`` were not sent after all."""
        with self._lock:
            self.runs -= documents
            self.requests -= requests
