"""Generated requests. This is the one place that knows Schemathesis.

Its collector, its checks and its configuration file are left alone: it only makes values, and the judge decides.
"""

from collections.abc import Callable
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from batchproof.contract import Contract
from batchproof.contract.openapi import openapi_document
from batchproof.drive.requests import query_text


def for_each_query(
    contract: Contract, operation: str, *, count: int, seed: int, send: Callable[[dict[str, str]], object]
) -> None:
    """Calls ``send`` with up to ``count`` valid queries of ``operation``; the same seed gives the same queries."""
    declared = contract.manifest.operations[operation]
    # an explicit configuration, so that a schemathesis.toml of the user changes nothing
    schema = schemathesis.openapi.from_dict(openapi_document(contract), config=SchemathesisConfig())
    strategy = schema[declared.path][declared.method].as_strategy(generation_mode=GenerationMode.POSITIVE)

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategy)
    def generate(case: Any) -> None:
        send({name: query_text(value) for name, value in (case.query or {}).items()})

    generate()
