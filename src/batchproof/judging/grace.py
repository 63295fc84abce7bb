"""How far one view of an object may lag behind another: read replicas, caches and indices do."""

from batchproof.history import Exchange

# seconds; a replica is usually some hundred milliseconds behind
GRACE_S = 1.0


def follows(later: Exchange, earlier: Exchange, as_of: float | None = None) -> bool:
    """Whether ``later`` has to show what was so when ``earlier`` was answered.

    The same operation shows the same view, so it only has to begin after the first had ended; others get ``GRACE_S``,
    from the second ``as_of`` which they may show things.
    """
    if later.operation == earlier.operation:
        return later.start >= earlier.end
    return (later.start if as_of is None else as_of) >= earlier.end + GRACE_S
