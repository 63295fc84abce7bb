"""The hard limits of a run: requests sent, and documents that may be processed (and billed)."""

import threading

from batchproof.target.errors import BudgetError


class Budget:
    """Counts what was spent. Safe to share between threads."""

    def __init__(self, max_requests: int, max_runs: int, *, requests: int = 0, runs: int = 0) -> None:
        """``requests`` and ``runs`` were spent before, by other parts of the same run."""
        self.max_requests = max_requests
        self.max_runs = max_runs
        self.requests = requests
        self.runs = runs
        self._lock = threading.Condition(threading.RLock())
        # documents of requests that are under way: some of them will be given back
        self._open = 0

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
        """As ``spend``, for a request that is about to be sent, and is settled when it has ended.

        Where it would fit if those under way were refused, it waits for them. Raises ``BudgetError`` and takes nothing.
        """
        with self._lock:
            while self._open and self.runs - self._open + documents <= self.max_runs < self.runs + documents:
                self._lock.wait()
            self.spend(documents)
            self._open += documents

    def settle(self, documents: int, spent: int, *, requests: int = 0) -> None:
        """A reserved request has ended: ``spent`` of its documents may be processed; ``requests`` were not sent after all."""
        with self._lock:
            self._open -= documents
            self.give_back(documents - spent, requests=requests)
            self._lock.notify_all()

    def give_back(self, documents: int, *, requests: int = 0) -> None:
        """``documents`` are not processed, since the server refused them; ``requests`` were not sent after all."""
        with self._lock:
            self.runs -= documents
            self.requests -= requests
