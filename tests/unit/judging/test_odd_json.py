"""Answers in JSON: their encoding, their bytes, the names in them and their Content-Type."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.judging import weigh

ENCODING, BYTES, NAMES, LABEL = ROWS = ("json.utf_8", "json.bytes", "json.names", "json.content_type")
KEPT = dict.fromkeys(ROWS, True)
JSON = {"content-type": "application/json"}


@pytest.fixture(params=["extend/2026-02-09", "extend/2025-04-21", "talonic/v1"])
def contract(request: pytest.FixtureRequest, installed: Callable[[str], Contract]) -> Contract:
    return installed(request.param)


@pytest.fixture
def described(build: ModuleType, contract: Contract) -> Callable[..., dict[str, bool]]:
    """Which of the rows an answer exercises, and whether it keeps them."""

    def described(status: int = 200, **about: Any) -> dict[str, bool]:
        sent = {"sent_headers": contract.manifest.headers}
        exchange = build.exchange(
            contract.manifest.preflight, 1, status, **{"headers": JSON, **sent, **about}
        )
        evidence = weigh(contract, [exchange])
        return {name: not evidence.findings(name) for name in ROWS if evidence.observations[name]}

    return described


@pytest.mark.parametrize("status", [200, 401, 429])
@pytest.mark.parametrize("body", [{}, {"data": [1]}, []])
def test_answer_in_json_keeps_all(described: Callable[..., dict[str, bool]], status: int, body: Any) -> None:
    assert described(status, body=body) == KEPT


@pytest.mark.parametrize("status", [200, 401, 429])
@pytest.mark.parametrize(
    ("oddities", "broken"),
    [
        (["utf_16"], [ENCODING]),
        (["utf_32"], [ENCODING]),
        (["invalid_utf8"], [BYTES]),
        (["duplicate_names"], [NAMES]),
        (["utf_16", "duplicate_names"], [ENCODING, NAMES]),
        (["byte_order_mark"], []),
    ],
)
def test_each_oddity_breaks_its_own_row(
    described: Callable[..., dict[str, bool]], status: int, oddities: list[str], broken: list[str]
) -> None:
    assert described(status, body={}, oddities=oddities) == {**KEPT, **dict.fromkeys(broken, False)}


@pytest.mark.parametrize(
    "label",
    [
        "Application/JSON;charset=UTF-8",
        "application/json ; a=b",
        "application/problem+json",
        "text/x+JSON",
        "",
    ],
)
def test_parameters_and_case_of_the_label_are_free(
    described: Callable[..., dict[str, bool]], label: str
) -> None:
    assert described(body={}, headers={"content-type": label}) == KEPT


def test_answer_without_a_label_breaks_nothing(described: Callable[..., dict[str, bool]]) -> None:
    assert described(body={}, headers={}) == KEPT


@pytest.mark.parametrize("status", [200, 401, 429])
@pytest.mark.parametrize(
    "label", ["text/html; charset=utf-8", "text/plain", "application/jsonl", "text/html; a=application/json"]
)
def test_another_label_breaks_its_own_row(
    described: Callable[..., dict[str, bool]], status: int, label: str
) -> None:
    assert described(status, body={}, headers={"content-type": label}) == {**KEPT, LABEL: False}


@pytest.mark.parametrize(
    ("status", "about"),
    [
        (204, {}),
        (200, {"text": "<p>"}),
        (401, {"text": "Unauthorized"}),
        (429, {"body": 429}),
        (200, {"body": "text"}),
        (200, {"body": None}),
        (502, {"body": {}, "oddities": ["utf_16"]}),
        (524, {"body": {}, "oddities": ["duplicate_names"]}),
        (418, {"body": {}, "oddities": ["invalid_utf8"]}),
    ],
)
def test_what_is_no_json_or_not_documented_says_nothing(
    described: Callable[..., dict[str, bool]], status: int, about: dict[str, Any]
) -> None:
    assert described(status, headers={"content-type": "text/plain"}, **about) == {}
