"""Waiting for events that the server delivers to the receiver of webhooks."""

from contextlib import suppress
from typing import TYPE_CHECKING

from batchproof.contract.webhooks import RECEIVER, Named
from batchproof.drive.errors import Stopped, Unmet
from batchproof.drive.refs import Ref
from batchproof.target import Receiver

if TYPE_CHECKING:
    from batchproof.drive.api import Api

_MOST_STRANGERS = 3
_SHORTER = 10


class Events:
    """The events that have arrived, for one worker."""

    def __init__(self, api: "Api", receiver: Receiver) -> None:
        self._api = api
        self._receiver = receiver
        self._missed: set[str] = set()

    def await_end(self, operation: str, ref: Ref) -> None:
        """Waits for the event that says that ``ref`` has ended, then reads it with ``operation``.

        How long a delivery may take is documented nowhere. Where one kind of object had none in the whole time, the
        next of that kind gets a tenth of it, and where nothing has arrived at all, every next one. Raises ``Unmet``
        when no event arrives.
        """
        hopeless = ref.resource in self._missed or (self._missed and not self._receiver.named())
        limit = self._api.settings.webhook_timeout_s / (_SHORTER if hopeless else 1)

        def wanted(named: Named) -> bool:
            return named.event.ended is not None and (named.event.resource, named.id) == ref

        if self._receiver.wait_for(wanted, limit):
            self._api.read(operation, ref)
            return
        self._missed.add(ref.resource)
        self._read_strangers(operation, ref.resource)
        unmet = Unmet(
            f"no event of this {ref.resource} arrived within {limit:g} s",
            option="subscribe the endpoint to its events, or raise timeout_s in [webhooks]",
        )
        unmet.operations = (RECEIVER,)
        raise unmet

    def _read_strangers(self, operation: str, resource: str) -> None:
        """Reads what events name and this run did not create: a payload may have named the wrong object."""
        created = {ref.id for ref in self._api.objects.created(resource)}
        named = {item.id: None for item in self._receiver.named() if item.event.resource == resource}
        strangers = [
            identifier for identifier in named if identifier is not None and identifier not in created
        ]
        for identifier in strangers[:_MOST_STRANGERS]:
            with suppress(Stopped, Unmet):
                self._api.read(operation, Ref(resource, identifier))
