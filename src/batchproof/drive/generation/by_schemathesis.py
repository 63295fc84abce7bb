"""Cases made by Schemathesis, through what it exports. This is the one place that knows it.

Its collector, its checks and its configuration file are left alone: it only makes values, and the judge decides.
"""

import copy
import json
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from warnings import catch_warnings

import schemathesis
from schemathesis import GenerationMode

from batchproof.contract import Contract
from batchproof.contract.openapi import openapi_document
from batchproof.drive.generation.values import examples
from batchproof.drive.requests import query_text

# longer arrays take seconds to make, and say nothing that a driver cannot say by repeating an element
_LONGEST_ARRAY = 20
# it keeps state that threads would share
_ONE_AT_A_TIME = threading.RLock()


class Negative(NamedTuple):
    """A body that its schema refuses, and in which words."""

    about: str
    body: Any


def for_each_query(
    contract: Contract, operation: str, *, count: int, seed: int, send: Callable[[dict[str, str]], object]
) -> None:
    """Calls ``send`` with up to ``count`` valid queries of ``operation``; the same seed gives the same queries."""
    declared = contract.manifest.operations[operation]
    document = json.dumps(openapi_document(contract))
    for query in _queries(document, declared.path, declared.method, count, seed):
        send(dict(query))


@lru_cache
def _queries(document: str, path: str, method: str, count: int, seed: int) -> list[dict[str, str]]:
    """The valid queries of an operation in ``document``: made once for all the runs of a process."""
    with _ONE_AT_A_TIME:
        strategy = _loaded_once(document)[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE)
        return [
            {name: query_text(value) for name, value in (case.query or {}).items()}
            for case in examples(strategy, count, seed)
        ]


def negatives(contract: Contract, operation: str) -> Iterator[Negative]:
    """The deterministic cases of its coverage phase: bodies of ``operation`` that are invalid, each in one place."""
    declared = contract.manifest.operations[operation]
    whole = openapi_document(contract)
    described = whole["paths"][declared.path][declared.method.lower()]
    document = {
        "openapi": whole["openapi"],
        "info": whole["info"],
        "paths": {
            "/": {
                "post": {"requestBody": described["requestBody"], "responses": {"200": {"description": ""}}}
            }
        },
        "components": {"schemas": _shorter(whole["components"]["schemas"])},
    }
    with _ONE_AT_A_TIME:
        schema = _loaded(document)
        cases = list(
            schema.iter_coverage_cases(
                schema["/"]["POST"],
                generation_modes=[GenerationMode.NEGATIVE],
                generation_config=schema.config.generation,
            )
        )
    for case in cases:
        data = case.meta.phase.data if case.meta is not None else None
        if data is not None and getattr(data, "location", None) and isinstance(case.body, dict):
            yield Negative(str(data.description), copy.deepcopy(case.body))


def prepare() -> None:
    """Loads Schemathesis, of which threads must not be the first to ask for the same part at the same time."""
    with catch_warnings():
        _loaded({"openapi": "3.1.0", "info": {"title": "nothing", "version": "1"}, "paths": {}})


@lru_cache(maxsize=4)
def _loaded_once(document: str) -> Any:
    return _loaded(json.loads(document))


def _loaded(document: dict[str, Any]) -> Any:
    # an explicit configuration, so that a schemathesis.toml of the user changes nothing
    return schemathesis.openapi.from_dict(document, config=schemathesis.Config())


def _shorter(node: Any) -> Any:
    """Schemas without bounds on arrays that only long arrays break."""
    if isinstance(node, list):
        return [_shorter(child) for child in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _shorter(child)
        for key, child in node.items()
        if not (key == "maxItems" and isinstance(child, int) and child > _LONGEST_ARRAY)
    }
