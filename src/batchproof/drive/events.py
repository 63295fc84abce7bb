"""Waiting for events that the server delivers to the receiver of webhooks."""

from contextlib import suppress

from batchproof.client import Receiver
from batchproof.contract.webhooks import RECEIVER, Named
from batchproof.drive.client import Client
from batchproof.drive.errors import Stopped, Unmet
from batchproof.drive.refs import Ref

_MOST_STRANGERS = 3


class Events:
    """The events that have arrived, for one worker."""

    def __init__(self, client: Client, receiver: Receiver) -> None:
        self._client = client
        self._receiver = receiver

    def await_end(self, operation: str, ref: Ref) -> None:
        """Waits for the event that says that ``ref`` has ended, then reads it with ``operation``.

        How long a delivery may take is documented nowhere, so the receiver says how long one waits. Raises ``Unmet`` when
        no event arrives.
        """

        def wanted(named: Named) -> bool:
            return named.event.ended is not None and (named.event.resource, named.id) == ref

        limit = self._client.settings.webhook_timeout_s
        if self._receiver.wait_for(wanted, ref.resource, limit, lambda: self._client.halted):
            self._client.read(operation, ref)
            return
        self._read_strangers(operation, ref.resource)
        raise self._unmet(ref.resource)

    def _unmet(self, resource: str) -> Unmet:
        limit = self._client.settings.webhook_timeout_s
        if self._receiver.heard:
            described = f"no event of this {resource} arrived within {limit:g} s"
        else:
            described = f"no event arrived that this run waits for, within {limit:g} s"
        others = self._receiver.others
        unmet = Unmet(
            f"{described}; {others}" if others else described,
            option="subscribe the endpoint to its events, or raise timeout_s in [webhooks]",
        )
        unmet.operations = (RECEIVER,)
        return unmet

    def _read_strangers(self, operation: str, resource: str) -> None:
        """Reads what events name and this run did not create: a payload may have named the wrong object."""
        created = {ref.id for ref in self._client.made.created(resource)}
        named = {item.id: None for item in self._receiver.named() if item.event.resource == resource}
        strangers = [
            identifier for identifier in named if identifier is not None and identifier not in created
        ]
        for identifier in strangers[:_MOST_STRANGERS]:
            with suppress(Stopped, Unmet):
                self._client.read(operation, Ref(resource, identifier))
