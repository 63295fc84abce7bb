"""The kinds of invariants: what ``each`` may say. A new kind is a module here, with a line in the table."""

from batchproof.contract.kinds.call import Call
from batchproof.contract.kinds.comparison import Comparison
from batchproof.contract.kinds.counterpart import Counterpart
from batchproof.contract.kinds.delivery import Delivery
from batchproof.contract.kinds.exchange import Exchange
from batchproof.contract.kinds.kind import Kind
from batchproof.contract.kinds.owned import Owned
from batchproof.contract.kinds.probe import Probe
from batchproof.contract.kinds.reference import Reference
from batchproof.contract.kinds.row import Row
from batchproof.contract.kinds.snapshot import Snapshot
from batchproof.contract.kinds.step import Step
from batchproof.contract.kinds.traversal import Traversal

__all__ = ["KINDS", "Kind"]

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Snapshot(),
        Step(),
        Comparison(),
        Exchange(),
        Call(),
        Row(),
        Traversal(),
        Owned(),
        Delivery(),
        Counterpart(),
        Probe(),
        Reference(),
    )
}
