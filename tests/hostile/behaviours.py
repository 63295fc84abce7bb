"""All behaviours, in the order of the page."""

from . import bodies, compressed, connections, deliveries, framing, handshakes, objects, statuses
from .table import ALL

TABLES = (connections, handshakes, framing, compressed, bodies, objects, statuses, deliveries)

__all__ = ["ALL", "TABLES"]
