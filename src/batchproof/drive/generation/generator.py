"""Sends generated requests. Each is recorded with what it is: valid, invalid in one place, or open."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

import msgspec

from batchproof.client import Call, File
from batchproof.contract.model import Flow, Operation, Profile
from batchproof.drive.api import Api
from batchproof.drive.errors import Stopped, check_may_change, needing
from batchproof.drive.generation import bodies, headers, mutations, paths, queries
from batchproof.drive.generation.variation import Variation
from batchproof.drive.requests import billed
from batchproof.history import INTERNAL, Case, Exchange


class Amount(NamedTuple):
    """How much is generated: random values a place, and values a broken keyword.

    Odd objects are sent ``alone``, or several of them as one.
    """

    random: int
    broken: int
    alone: bool


AMOUNTS: Mapping[Profile, Amount] = {
    "quick": Amount(0, 0, alone=False),
    "core": Amount(2, 2, alone=False),
    "full": Amount(6, 4, alone=True),
}


class Generator:
    """Generates requests for one scenario. The hand-written valid request of an operation is sent once."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._amount = AMOUNTS[api.settings.profile]
        self._controls: dict[str, tuple[Call, Exchange]] = {}

    def send_valid(self, operation: str) -> None:
        """Valid requests: one place varied at a time. What was created is read. Raises ``Unmet`` or ``Stopped``."""
        declared = self._operation(operation)
        control, _ = self._control(operation)
        seed = self._api.settings.seed
        if declared.request is not None:
            amount = self._amount
            variations = bodies.valid(
                self._api, operation, plain(control), count=amount.random, seed=seed, alone=amount.alone
            )
            self._send(operation, variations, follow=True)
        elif declared.query is not None:
            self._send(operation, queries.valid(self._api.contract, operation))

    def send_invalid(self, operation: str) -> None:
        """Invalid requests, each of which breaks one keyword. Raises ``Unmet`` or ``Stopped``."""
        declared = self._operation(operation)
        control, _ = self._control(operation)
        if declared.request is not None:
            found = mutations.invalid(self._api, operation, plain(control), most=self._amount.broken)
            self._send(operation, [*found, *mutations.raw(control)])
        elif declared.query is not None:
            self._send(operation, queries.invalid(self._api.contract, operation))

    def send_hostile_paths(self, operation: str) -> None:
        """Ids that name nothing. Raises ``Unmet`` or ``Stopped``.

        Where an operation changes things, the ids that are made longer or belong to another kind are those of objects
        that this run has created: a server that errs must not touch anything else.
        """
        if self._operation(operation).method == "GET":
            control, _ = self._control(operation)
            found = paths.hostile(self._api, operation, control.path["id"], self._api.objects.known)
        else:
            with needing([operation]):
                check_may_change(self._api.settings)
            known = paths.own_id(self._api, operation)
            found = paths.hostile(self._api, operation, known, partial(paths.own, self._api))
        self._send(operation, found)

    def send_odd_headers(self, operation: str) -> None:
        """Headers that HTTP allows, and some that it does not. Raises ``Unmet`` or ``Stopped``."""
        self._control(operation)
        self._send(operation, headers.odd(self._api.contract.manifest))

    def _operation(self, name: str) -> Operation:
        return self._api.contract.manifest.operations[name]

    def _control(self, operation: str) -> tuple[Call, Exchange]:
        """The hand-written valid request with its exchange. Raises ``Stopped`` when it is not accepted."""
        if operation not in self._controls:
            declared = self._operation(operation)
            with needing([operation]):
                path = {"id": {"$known": declared.reads}} if declared.reads is not None else None
                call = self._api.requests.valid(operation, path=path, query=small_page(declared))
            self._controls[operation] = call, self._api.send(call)
        call, exchange = self._controls[operation]
        if (
            exchange.response is None
            or exchange.response.status not in self._operation(operation).success.statuses
        ):
            raise Stopped(f"{operation}: the valid request was not accepted, so its variations tell nothing")
        return call, exchange

    def _send(self, operation: str, variations: Iterable[Variation], *, follow: bool = False) -> None:
        call, exchange = self._controls.get(operation, (None, None))
        for variation in variations:
            case = Case(
                mode=variation.mode,
                about=variation.about,
                place=variation.place,
                control=exchange.id if exchange is not None else None,
            )
            changed = self._changed(operation, call or Call(operation=operation), variation, case)
            answer = self._api.send(changed)
            if self._operation(operation).method == "GET" and _failed(answer):
                # it costs nothing to see whether that was an accident
                answer = self._api.send(changed)
            if follow:
                with suppress(Stopped):
                    self._look(operation, answer)

    def _changed(self, operation: str, call: Call, variation: Variation, case: Case) -> Call:
        changes = dict(variation.changes)
        if "query" in changes:
            changes["query"] = {**call.query, **changes["query"]}
        if "body" in changes and call.form is not None:
            body = changes.pop("body")
            changes["form"] = {
                name: call.form[name] if value == _FILE else value for name, value in body.items()
            }
        if "body" in changes or "raw" in changes or "form" in changes:
            changes["documents"] = billed(self._operation(operation), changes.get("body"))
        return msgspec.structs.replace(call, case=case, **changes)

    def _look(self, operation: str, answer: Exchange) -> None:
        """Looks at what was created, in a way that shows what it was given."""
        declared = self._operation(operation)
        if declared.creates is None or answer.response is None:
            return
        if answer.response.status not in declared.success.statuses:
            return
        ref = self._api.created(operation, answer)
        for flow in self._flows(operation):
            if flow.create == operation and flow.read_run is not None:
                self._api.call(flow.read_run, ref)
            elif flow.submit == operation and flow.list is not None:
                self._api.traverse(flow.list, ref)

    def _flows(self, operation: str) -> Iterator[Flow]:
        for flow in self._api.contract.manifest.flows.values():
            if operation in (flow.create, flow.submit):
                yield flow


def _failed(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.status >= INTERNAL


def small_page(declared: Operation) -> dict[str, str]:
    """Rows cost time, and the variations are about the request."""
    return (
        {declared.pages.size: "1"} if declared.pages is not None and declared.pages.size is not None else {}
    )


_FILE = "\u0000file"


def plain(call: Call) -> Any:
    """The body of a request as JSON; a file of a form is a text that stands for it."""
    if call.form is None:
        return call.body
    return {name: _FILE if isinstance(value, File) else value for name, value in call.form.items()}
