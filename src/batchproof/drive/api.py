"""What scenarios use: the server's operations in the words of a flow. Nothing here decides what is right."""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Flow
from batchproof.drive.errors import Stopped, Unmet, needing
from batchproof.drive.objects import Objects, Ref
from batchproof.drive.requests import Requests
from batchproof.drive.templates import Templates
from batchproof.history import Exchange, has_body
from batchproof.history.events import UnmetReason
from batchproof.target import BudgetError, Call, Settings, Target

MAX_PAGES = 1_000
_FIRST_PAUSE_S = 0.05
_PAUSE_GROWTH = 1.5


class Api:
    """The server under test, for one worker. ``scenario`` is the name under which exchanges are recorded."""

    def __init__(self, contract: Contract, settings: Settings, target: Target) -> None:
        self.contract = contract
        self.settings = settings
        self.scenario = "start"
        self._target = target
        self.objects = Objects(contract, settings, lambda name: self.send(Call(operation=name)))
        templates = Templates(contract.manifest, self.objects.first, self.known, settings.seed)
        self.requests = Requests(contract, settings, templates)

    def send(self, call: Call) -> Exchange:
        """Sends one request. Raises ``Unmet`` when a limit of the run forbids it."""
        with needing([call.operation], call.probe):
            try:
                return self._target.send(call, self.scenario)
            except BudgetError as error:
                reason: UnmetReason = "budget_exhausted" if error.spent else "precondition_unmet"
                raise Unmet(str(error), reason=reason, option=error.option) from error

    def known(self, resource: str) -> str:
        """The id of an existing object; where there is none, one is created. Raises ``Unmet`` or ``Stopped``."""
        ref = self.objects.known(resource)
        if ref is None:
            ref = self._created(resource)
        if ref is None:
            raise Unmet(f"no existing {resource} is known", option="give its id in [fixtures]")
        return ref.id

    def _created(self, resource: str) -> Ref | None:
        operations = self.contract.manifest.operations
        for flow in self.contract.manifest.flows.values():
            if flow.submit is None:
                continue
            if operations[flow.submit].creates == resource:
                return self.submit(flow, ["document"])
            if flow.list is not None and operations[flow.list].success.shows[0].resource == resource:
                batch = self.submit(flow, ["document"])
                return next(iter(self.refs(flow.list, self.walk(flow.list, batch))), None)
        return None

    def populate(self, listing: str) -> None:
        """Makes sure that a list has rows of objects that have ended, as far as this run may create any."""
        for flow in self.contract.manifest.flows.values():
            if flow.list == listing and flow.submit is not None and flow.read is not None:
                with suppress(Unmet, Stopped):
                    self.poll_until_terminal(flow.read, self.submit(flow, ["document"] * 2))

    def submit(self, flow: Flow, kinds: Sequence[str]) -> Ref:
        """Submits a batch, one input document for each of ``kinds``, and returns the batch."""
        assert flow.submit is not None
        with needing(part for part in (flow.submit, flow.read, flow.list, flow.read_run) if part):
            exchange = self.send(self.requests.valid(flow.submit, kinds=kinds))
        ref = self.remember(flow.submit, exchange)
        if ref is None:
            raise Stopped(f"{flow.submit} did not answer with a new object")
        return ref

    def read(self, operation: str, ref: Ref) -> dict[str, Any]:
        """Reads an object. Raises ``Stopped`` when the answer does not show it."""
        exchange = self.send(Call(operation=operation, path={"id": ref.id}))
        shows = self.contract.manifest.operations[operation].success.shows
        value = pointer.first(self._body(operation, exchange), shows[0].at if shows else "")
        if not isinstance(value, dict):
            raise Stopped(f"{operation} did not show an object")
        return value

    def poll_until_terminal(self, operation: str, ref: Ref) -> dict[str, Any]:
        """Reads an object until its status is no longer one on the way. Raises ``Unmet`` when that takes too long."""
        resource = self.contract.manifest.resources[ref.resource]
        deadline = time.monotonic() + self.settings.poll_timeout_s
        # a fast server shows its states only to a fast poller; a slow one is soon left in peace
        pause = min(_FIRST_PAUSE_S, self.settings.poll_interval_s)
        while True:
            value = self.read(operation, ref)
            if not self._on_the_way(ref.resource, pointer.first(value, resource.status or "")):
                return value
            if time.monotonic() >= deadline:
                with needing([operation]):
                    detail = f"{ref.resource} did not end within {self.settings.poll_timeout_s:g} s"
                    raise Unmet(detail, reason="target_error", option="raise poll_timeout_s in [limits]")
            time.sleep(pause)
            pause = min(pause * _PAUSE_GROWTH, self.settings.poll_interval_s)

    def page(self, operation: str, **query: str) -> list[Any]:
        """Reads one page of a list and returns its rows."""
        body = self._body(operation, self.send(Call(operation=operation, query=query)))
        declared = self.contract.manifest.operations[operation].pages
        rows = pointer.first(body, declared.rows) if declared is not None else None
        return rows if isinstance(rows, list) else []

    def walk(self, operation: str, owner: Ref, *, size: int | None = None) -> list[Any]:
        """Reads the list of what belongs to ``owner`` from its first page to its last and returns the rows."""
        declared = self.contract.manifest.operations[operation]
        assert declared.pages is not None
        assert declared.owner is not None
        query = {declared.owner.parameter: owner.id}
        if size is not None and declared.pages.size is not None:
            query[declared.pages.size] = str(size)
        rows: list[Any] = []
        tokens: set[str] = set()
        while len(tokens) < MAX_PAGES:
            body = self._body(operation, self.send(Call(operation=operation, query=query)))
            page = pointer.first(body, declared.pages.rows)
            rows += page if isinstance(page, list) else []
            token = pointer.first(body, declared.pages.next)
            if not isinstance(token, str) or not token or token in tokens:
                break
            tokens.add(token)
            query = {**query, declared.pages.token: token}
        return rows

    def refs(self, operation: str, rows: Iterable[Any]) -> list[Ref]:
        """The objects that the rows of a list show."""
        shown = self.contract.manifest.operations[operation].success.shows[0]
        at = self.contract.manifest.resources[shown.resource].id
        found = [pointer.first(row, at) for row in rows]
        return [Ref(shown.resource, identifier) for identifier in found if isinstance(identifier, str)]

    def remember(self, operation: str, exchange: Exchange) -> Ref | None:
        """The object that an exchange created, if any; it may be used by later requests."""
        resource = self.contract.manifest.operations[operation].creates
        if resource is None or exchange.response is None or not 200 <= exchange.response.status < 300:
            return None
        identifier = pointer.first(exchange.response.body, self.contract.manifest.resources[resource].id)
        if not isinstance(identifier, str):
            return None
        ref = Ref(resource, identifier)
        self.objects.remember(ref)
        return ref

    def _on_the_way(self, resource: str, status: Any) -> bool:
        name = self.contract.manifest.resources[resource].lifecycle
        if name is None:
            return False
        lifecycle = self.contract.manifest.lifecycles[name]
        return (
            status in lifecycle.edges and status not in lifecycle.terminal
        ) or status in lifecycle.tolerated

    def _body(self, operation: str, exchange: Exchange) -> Any:
        success = self.contract.manifest.operations[operation].success.status
        response = exchange.response
        if response is None or response.status != success or not has_body(response):
            told = (
                exchange.failure.message
                if exchange.failure
                else f"status {response.status if response else 'none'}"
            )
            raise Stopped(f"{operation} was not answered as documented: {told}")
        return response.body
