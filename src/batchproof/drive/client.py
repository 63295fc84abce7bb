"""A client of the server for one scenario: sends, reads, pages through lists, follows objects to their end. It makes nothing.

Nothing here decides what is right.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from batchproof.client import BudgetError, Call, HaltedError, Settings, Target, UnsendableError
from batchproof.contract import Contract, pointer
from batchproof.contract.linked import Lifecycle, Listing, Operation
from batchproof.drive.errors import Stopped, Unmet, event_of, needing
from batchproof.drive.lost import may_pass
from batchproof.drive.made import Made
from batchproof.drive.refs import Ref
from batchproof.drive.shared import Shared
from batchproof.history import START, Exchange, ScenarioEnded, has_body
from batchproof.history.events import UnmetReason

MAX_PAGES = 1_000
NEWEST_PAGES = 2
_FIRST_PAUSE_S = 0.05
_PAUSE_GROWTH = 1.5
_BROKEN_AFTER = 12
_MOST_DESCRIBED = 3
_LONGEST_ID = 60
_IN_A_CIRCLE = 4
_SHORTER = 10
# the first answer may come from a replica that is a moment behind; the others have to be a second apart, and three of them
# tell what a gateway makes of a request
_BEFORE_ASKING_AGAIN_S = (1.0, 1.5, 1.0)


class Client:
    """The server under test. ``scenario`` is the name under which exchanges are recorded.

    ``pause`` lets a number of seconds pass, as the server sees time. ``made`` is what this scenario has created, ``shared``
    what all scenarios of the run have in common.
    """

    def __init__(
        self,
        contract: Contract,
        settings: Settings,
        target: Target,
        *,
        scenario: str = START,
        shared: Shared | None = None,
    ) -> None:
        self.contract = contract
        self.settings = settings
        self.scenario = scenario
        self.shared = Shared() if shared is None else shared
        self.made = Made(self.shared)
        self.pause = target.clock.pause
        self._target = target

    def of(self, scenario: str) -> "Client":
        """The same server for another scenario, which remembers nothing of this one."""
        return Client(self.contract, self.settings, self._target, scenario=scenario, shared=self.shared)

    @property
    def host(self) -> str:
        """The name or address of the server's host."""
        return self._target.host

    def send(self, call: Call, *, refusable: bool = False) -> Exchange:
        """Sends one request. Raises ``Unmet`` when a limit of the run forbids it, or it cannot be made.

        That a ``refusable`` one is refused says nothing of the server's health.
        """
        with needing([call.operation], call.probe):
            try:
                exchange = self._target.send(call, self.scenario)
            except BudgetError as error:
                reason: UnmetReason = "budget_exhausted" if error.spent else "precondition_unmet"
                raise Unmet(str(error), reason=reason, option=error.option) from error
            except (HaltedError, UnsendableError) as error:
                raise Unmet(str(error), reason="target_error") from error
        self.remember(exchange)
        if self._accepted(exchange):
            self.shared.in_vain = 0
        elif not refusable and exchange.probe is None and exchange.case is None and exchange.auth is None:
            self.shared.in_vain += 1
        return exchange

    @property
    def broken(self) -> bool:
        """Whether many valid requests in a row were not answered as documented."""
        return self.shared.in_vain >= _BROKEN_AFTER

    @property
    def halted(self) -> bool:
        """Whether the run has stopped asking, since it was answered no more."""
        return self._target.breaker.halt is not None

    def give_up(self, error: Unmet | Stopped, operations: Iterable[str]) -> None:
        """Puts on record that a part of a scenario, which drives ``operations``, ended early; the rest goes on."""
        self._target.record(event_of(error, self.scenario, operations))

    def end(self, made: Iterable[Ref]) -> None:
        """Puts on record that this scenario has ended, and what it ``made`` for all others."""
        self._target.record(
            ScenarioEnded(scenario=self.scenario, made=[(ref.resource, ref.id) for ref in made])
        )

    def call(self, operation: Operation | str, ref: Ref) -> Exchange:
        """Sends an operation on one object. Where it was not accepted, the object is looked at again."""
        declared = self.contract.operation(operation)
        exchange = self.send(_on(declared, ref))
        reader = self.contract.resources[ref.resource].reader
        if not self._accepted(exchange) and reader not in (None, declared):
            self.send(_on(reader, ref))
        return exchange

    def ask(self, call: Call, sent: Exchange | None = None) -> Exchange:
        """Sends a free request, and again after a while where the answer is not the documented one.

        ``sent`` is the first time, where that has been.

        One bad answer may be an accident; whether it comes back shows what the server makes of the request.
        """
        exchange = self.send(call) if sent is None else sent
        # a server that answers nothing as documented is not asked twice
        for pause in () if self.broken else _BEFORE_ASKING_AGAIN_S:
            if self._accepted(exchange):
                break
            self.pause(pause)
            exchange = self.send(call)
        return exchange

    def read(self, operation: Operation | str, ref: Ref, *, refusable: bool = False) -> dict[str, Any]:
        """Reads an object, or does something to it. Raises ``Stopped`` when the answer does not show it.

        Where it was deleted, or the request is ``refusable`` for another reason, a refusal is not asked for again.
        """
        declared = self.contract.operation(operation)
        call = _on(declared, ref)
        refusable = refusable or not self.made.is_there(ref)
        return self._shown(declared, self.send(call, refusable=True) if refusable else self.ask(call))

    def _shown(self, operation: Operation, exchange: Exchange) -> dict[str, Any]:
        body = self.body(operation, exchange)
        shows = operation.success.shows
        value = pointer.first(body, shows[0].at if shows else "")
        if not isinstance(value, dict):
            raise Stopped(f"{operation} did not show an object")
        return value

    def status(self, ref: Ref, value: dict[str, Any]) -> Any:
        """The status that ``value`` shows, or None."""
        at = self.contract.resources[ref.resource].status
        return pointer.first(value, at) if at is not None else None

    def on_the_way(self, ref: Ref, value: dict[str, Any]) -> bool:
        """Whether the status that ``value`` shows of an object is no end, as far as is documented."""
        lifecycle = self._lifecycle(ref)
        return lifecycle is not None and lifecycle.on_the_way(self.status(ref, value))

    def is_waiting(self, ref: Ref, value: dict[str, Any]) -> bool:
        """Whether that status has another one on the way before it, as far as is documented."""
        lifecycle = self._lifecycle(ref)
        return lifecycle is not None and lifecycle.is_waiting(self.status(ref, value))

    def _has_to_end(self, ref: Ref, value: dict[str, Any]) -> bool:
        lifecycle = self._lifecycle(ref)
        return lifecycle is not None and lifecycle.has_to_end(self.status(ref, value))

    def _lifecycle(self, ref: Ref) -> Lifecycle | None:
        return self.contract.resources[ref.resource].lifecycle

    def _accepted(self, exchange: Exchange) -> bool:
        response = exchange.response
        return response is not None and self.contract.operation(exchange.operation or "").accepts(
            response.status
        )

    def poll_until_terminal(self, operation: Operation | str, ref: Ref) -> dict[str, Any]:
        """Reads an object until its status is no longer one on the way. Raises ``Unmet`` when that takes too long.

        A look that is not answered, or not by the API, ends nothing.
        """
        declared = self.contract.operation(operation)
        limit = self.patience(ref.resource)
        for number, _ in enumerate(self.polls(limit)):
            value = self._look(declared, ref)
            if value is not None and not self.on_the_way(ref, value):
                if number > 0:
                    self.shared.stuck.discard(ref.resource)
                return value
        if ref in self.shared.created:
            self.shared.stuck.add(ref.resource)
        raise self._too_slow(declared, [ref], limit)

    def patience(self, resource: str) -> float:
        """How many seconds one waits for an object: ``poll_timeout_s``.

        Where one that this run created did not end in that time, the next of its kind get a tenth of it, until one was seen
        to end.
        """
        return self.settings.poll_timeout_s / (_SHORTER if resource in self.shared.stuck else 1)

    def _look(self, operation: Operation, ref: Ref) -> dict[str, Any] | None:
        """What a look at an object shows; None where nothing came, or a gateway or a rate limit answered."""
        call = _on(operation, ref)
        gone = not self.made.is_there(ref)
        exchange = self.send(call, refusable=gone)
        if may_pass(exchange):
            self.pause(_BEFORE_ASKING_AGAIN_S[0])
            return None
        return self._shown(operation, exchange if gone else self.ask(call, exchange))

    def watch(self, operation: Operation | str, refs: Iterable[Ref]) -> None:
        """Reads objects, all of them together, until none is on its way any more, and what had ended once again.

        Raises ``Unmet`` when that takes too long, and ``Stopped`` when an object is not shown or cannot be asked for, after
        all others.
        """
        declared = self.contract.operation(operation)
        waiting = list(refs)
        lost: list[str] = []
        for number, _ in enumerate(self.polls()):
            ended: list[Ref] = []
            for ref in waiting:
                try:
                    value = self._look(declared, ref)
                except (Stopped, Unmet) as error:
                    if isinstance(error, Unmet) and error.reason != "target_error":
                        raise
                    lost.append(f"{ref.resource} {ref.id[:_LONGEST_ID]}: {error}")
                    ended.append(ref)
                    continue
                if value is not None and not self._has_to_end(ref, value):
                    ended.append(ref)
                    if number == 0:
                        self.send(_on(declared, ref))
            waiting = [ref for ref in waiting if ref not in ended]
            if not waiting:
                break
        else:
            raise self._too_slow(declared, waiting, self.settings.poll_timeout_s)
        if lost:
            raise Stopped("; ".join(lost[:_MOST_DESCRIBED]))

    def _too_slow(self, operation: Operation, refs: Sequence[Ref], limit: float) -> Unmet:
        more = f" and {len(refs) - 1} more" if len(refs) > 1 else ""
        unmet = Unmet(
            f"{refs[0].resource}{more} did not end within {limit:g} s",
            reason="target_error",
            option="raise poll_timeout_s in [limits]",
        )
        unmet.operations = (operation.name,)
        return unmet

    def polls(self, within_s: float | None = None) -> Iterator[None]:
        """The moments to look at something again, with pauses between them, until ``within_s`` (or ``poll_timeout_s``) is over."""
        now = self._target.clock.now
        deadline = now() + (self.settings.poll_timeout_s if within_s is None else within_s)
        # a fast server shows its states only to a fast poller; a slow one is soon left in peace
        pause = min(_FIRST_PAUSE_S, self.settings.poll_interval_s)
        yield
        while now() < deadline:
            if pause:
                self.pause(pause)
            pause = min(pause * _PAUSE_GROWTH, self.settings.poll_interval_s)
            yield

    def page(self, operation: Operation | str, **query: str) -> list[Any]:
        """Reads one page of a list and returns its rows."""
        declared = self.contract.operation(operation)
        body = self.body(declared, self.ask(Call(operation=declared.name, query=query)))
        rows = pointer.first(body, declared.pages.rows) if declared.pages is not None else None
        return rows if isinstance(rows, list) else []

    def traverse(
        self,
        operation: Operation | str,
        owner: Ref | None = None,
        *,
        size: int | None = None,
        most: int = MAX_PAGES,
    ) -> list[Any]:
        """Reads a list, or the part of it that belongs to ``owner``, page by page to its end and returns the rows."""
        listing = self._listing(operation)
        query = listing.pages.stable if owner is None else self.list_call(listing, owner).query
        return self._traverse(listing, query, size, most)

    def newest(self, operation: Operation | str, *, size: int) -> list[Any]:
        """Reads the pages of a list that show what was created last, or all of them where it knows no such order."""
        listing = self._listing(operation)
        if not listing.pages.newest:
            return self.traverse(listing, size=size)
        return self._traverse(listing, listing.pages.newest, size, NEWEST_PAGES)

    def _listing(self, operation: Operation | str) -> Listing:
        declared = self.contract.operation(operation)
        if not isinstance(declared, Listing):
            raise TypeError(f"{declared} is no list")
        return declared

    def _traverse(self, listing: Listing, query: Mapping[str, str], size: int | None, most: int) -> list[Any]:
        pages = listing.pages
        query = dict(query) if size is None or pages.size is None else {**query, pages.size: str(size)}
        rows: list[Any] = []
        tokens: set[str] = set()
        repeated = False
        read: list[list[Any]] = []
        while len(tokens) < most:
            body = self.body(listing, self.ask(Call(operation=listing.name, query=query)))
            page = pointer.first(body, pages.rows)
            read.append(page if isinstance(page, list) else [])
            rows += read[-1]
            token = pointer.first(body, pages.next)
            if not isinstance(token, str) or not token or repeated or _in_a_circle(read):
                break
            # what a token leads to that comes again shows whether the list ever ends
            repeated = token in tokens
            tokens.add(token)
            query = {**query, pages.token: token}
        return rows

    def list_call(self, operation: Operation | str, owner: Ref) -> Call:
        """The request for the first page of what belongs to ``owner``."""
        declared = self.contract.operation(operation)
        query = {declared.owner.parameter: owner.id} if declared.owner is not None else {}
        return Call(operation=declared.name, query=query)

    def refs(self, operation: Operation | str, rows: Iterable[Any]) -> list[Ref]:
        """The objects that the rows of a list show; a row without an id shows none."""
        return [ref for row in rows if (ref := self.ref(operation, row)) is not None]

    def ref(self, operation: Operation | str, row: Any) -> Ref | None:
        """The object that one row of a list shows."""
        shown = self.contract.operation(operation).success.shows[0].resource
        identifier = pointer.first(row, shown.id)
        return Ref(shown.name, identifier) if isinstance(identifier, str) else None

    def created(self, operation: Operation | str, exchange: Exchange) -> Ref:
        """The object that an exchange created. Raises ``Stopped`` when the answer shows none."""
        declared = self.contract.operation(operation)
        resource = declared.creates
        value = pointer.first(self.body(declared, exchange), declared.success.at(resource))
        identifier = pointer.first(value, resource.id) if resource is not None else None
        if resource is None or not isinstance(identifier, str):
            raise Stopped(f"{declared} did not answer with a new object")
        return Ref(resource.name, identifier)

    def remember(self, exchange: Exchange) -> None:
        """New objects may be used by later requests, deleted ones no more."""
        declared = self.contract.operation(exchange.operation or "")
        if not self._accepted(exchange):
            return
        if declared.deletes is not None and "id" in exchange.request.path:
            self.made.forget(Ref(declared.deletes.resource.name, exchange.request.path["id"]))
        elif declared.creates is not None:
            try:
                self.made.remember(self.created(declared, exchange))
            except Stopped:
                return

    def body(self, operation: Operation | str, exchange: Exchange) -> Any:
        """The body of a success. Raises ``Stopped`` when the answer is none."""
        declared = self.contract.operation(operation)
        response = exchange.response
        if response is None or not declared.accepts(response.status) or not has_body(response):
            described = (
                exchange.failure.message
                if exchange.failure
                else f"status {response.status if response else 'none'}"
            )
            raise Stopped(f"{declared} was not answered as documented: {described}")
        return response.body


def _on(operation: Operation, ref: Ref) -> Call:
    """The request of an operation on one object."""
    return Call(operation=operation.name, path={"id": ref.id})


def _in_a_circle(pages: Sequence[list[Any]]) -> bool:
    """Whether the last pages are all the same: they would go on for ever."""
    last = pages[-_IN_A_CIRCLE:]
    return len(last) == _IN_A_CIRCLE and last[0] != [] and all(page == last[0] for page in last)
