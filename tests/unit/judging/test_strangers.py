"""Deliveries of strangers: recorded, told, and never judged."""

import json
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.history import Delivery
from batchproof.judging import judge, weigh

TYPE = "batch_processor_run.processed"


def delivery(text: str, **changes: Any) -> Delivery:
    values = {
        "id": "d1",
        "received_at": 5.0,
        "method": "POST",
        "text": text,
        "expected": "right",
        "age": None,
    }
    return Delivery(**{**values, **changes})


@pytest.mark.parametrize(
    "text",
    ["", "id=1", "{}", "[]", '{"eventType": "user.created", "payload": {"id": "u_1"}}', '"bpr_2"'],
)
def test_unsigned_post_by_a_stranger_is_no_delivery(build: ModuleType, extend: Contract, text: str) -> None:
    shown = build.exchange(
        "get_batch_run", 1, body={"id": "bpr_1"}, sent_headers={"x-extend-api-version": "2026-02-09"}
    )
    alone, beside = weigh(extend, [shown]), weigh(extend, [shown], [delivery(text)])
    assert beside.observations == alone.observations
    assert beside.finding_count == alone.finding_count


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        (json.dumps({"eventType": TYPE}), {}),
        (json.dumps({"other": [{"run": "bpr_1"}]}), {}),
        (f"eventType={TYPE}", {}),
        ("{}", {"x-extend-request-signature": "wrong"}),
        ("{}", {"x-extend-request-timestamp": "1767225600"}),
    ],
    ids=["event", "object", "form", "signature", "timestamp"],
)
def test_delivery_that_the_server_does_not_sign_is_a_finding(
    build: ModuleType, extend: Contract, text: str, headers: dict[str, str]
) -> None:
    shown = build.exchange(
        "get_batch_run", 1, body={"id": "bpr_1"}, sent_headers={"x-extend-api-version": "2026-02-09"}
    )
    evidence = weigh(extend, [shown], [delivery(text, headers=headers)])
    assert len(evidence.findings("webhook.signature")) == 1


def test_results_name_the_deliveries_of_strangers(build: ModuleType, extend: Contract) -> None:
    history = build.history()._replace(
        deliveries=(delivery("{}"), delivery("{}", id="d2", headers={"x": "y"}))
    )
    assert judge(extend, history).strangers == ["d1", "d2"]


def test_without_webhooks_nobody_is_a_stranger(build: ModuleType, acme: Contract) -> None:
    assert judge(acme, build.history()._replace(deliveries=(delivery("{}"),))).strangers == []
