"""What the emulators of all versions share: request ids, the version header, schedules, pages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from batchproof.emulator.exchange import ApiError, Call
from batchproof.emulator.paging import BadTokenError, R, cut_page
from batchproof.emulator.vendor import Counted, Vendor

from . import errors, queries
from .behaviour import Behaviour
from .life import Schedule

VERSION_HEADER = "x-extend-api-version"


B = TypeVar("B", bound=Behaviour)
W = TypeVar("W", bound=Counted)


class ExtendVendor(Vendor[B, W]):
    """The common part of the emulated versions."""

    version: str

    def new_request_id(self) -> str:
        """A fresh request id."""
        return self.behaviour.prefixed_id("req")

    def headers(self, call: Call) -> Mapping[str, str]:
        """Every answer carries its request id."""
        return {"x-extend-request-id": call.request_id}

    def admit(self, call: Call) -> None:
        """Authentication, Rate Limits; then API Versioning, of which this emulator takes the interpretation that a version is required."""
        if self.token(call) is None and self.behaviour.requires_key:
            raise errors.unauthorized()
        if self.limited(call):
            raise errors.rate_limited()
        given = set(call.headers.getlist(VERSION_HEADER))
        if given != {self.version} and (given or self.behaviour.requires_version):
            raise errors.invalid(f"The header {VERSION_HEADER} must be {self.version}.")

    def unrouted(self, status: int) -> ApiError:
        """The refusal of a path or a method that no operation has."""
        return errors.unrouted(status)

    def schedule(self, call: Call, processing_steps: int, outcome: str) -> Schedule:
        """The life of an object that is created now."""
        started = call.now + self.behaviour.pending_steps * self.behaviour.step_ms
        return Schedule(call.now, started, started + processing_steps * self.behaviour.step_ms, outcome)

    def page(self, records: Sequence[R], call: Call, *, sortable: bool = True) -> tuple[list[R], str | None]:
        """One page of a list, and the token of the next."""
        window = queries.window(call, self.behaviour.limits, sortable=sortable)
        window = replace(window, size=self.behaviour.page_size(window.size, call))
        selected = self.behaviour.select(records, call)
        try:
            return cut_page(selected, window, now=call.now, newest=self.workspace(call).numbers)
        except BadTokenError as error:
            raise errors.invalid(str(error)) from None
