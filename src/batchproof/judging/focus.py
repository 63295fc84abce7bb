"""A focus: what of a history is judged, where the rest is known to break nothing and serves as context."""

from collections.abc import Iterable
from typing import NamedTuple

from batchproof.history import Exchange
from batchproof.judging.snapshots import Snapshots


class Focus(NamedTuple):
    """The ids of the exchanges, and resource and id of the objects, that are judged by themselves.

    What is said of several of them together, such as lists, calls and probes, is judged whatever it is about.
    """

    exchanges: frozenset[str]
    objects: frozenset[tuple[str, str]]

    def on_exchanges(self, exchanges: Iterable[Exchange]) -> list[Exchange]:
        """Those of ``exchanges`` that are in focus."""
        return [exchange for exchange in exchanges if exchange.id in self.exchanges]

    def on_objects(self, snapshots: Snapshots) -> Snapshots:
        """The looks at the objects in focus."""
        by_object = {key: looks for key, looks in snapshots.by_object.items() if key in self.objects}
        return snapshots._replace(by_object=by_object)
