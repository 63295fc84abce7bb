"""How Hypothesis is used: it chooses, and neither stores, shrinks nor complains. What fails is found in the history."""

import hypothesis
from hypothesis import HealthCheck, Phase


def choosing(most: int, *, steps: int = 50) -> hypothesis.settings:
    """Settings for up to ``most`` examples, each of up to ``steps`` steps where it is a state machine."""
    return hypothesis.settings(
        max_examples=most,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        stateful_step_count=steps,
    )
