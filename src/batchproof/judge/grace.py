"""How far one view of an object may lag behind another: read replicas, caches and indices do."""

from batchproof.history import Exchange

# seconds; a replica is usually some hundred milliseconds behind
GRACE_S = 1.0


def follows(later: Exchange, earlier: Exchange) -> bool:
    """Whether ``later`` has to show what was so when ``earlier`` was answered.

    The same operation shows the same view, so it only has to begin after the first had ended; others get ``GRACE_S``.
    """
    grace = 0.0 if later.operation == earlier.operation else GRACE_S
    return later.start >= earlier.end + grace
