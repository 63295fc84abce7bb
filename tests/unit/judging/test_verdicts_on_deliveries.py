"""What a run owes that judges deliveries alone, and how findings tell that they were seen again."""

import dataclasses
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.contract.model import Testable
from batchproof.history import History, Reproduction
from batchproof.judging import judge
from batchproof.judging.results import Shrunken
from batchproof.judging.verdicts import _owed

LOST = "status.enum"


def test_finding_tells_what_came_of_sending_it_again(build: ModuleType, acme: Contract) -> None:
    looks = [build.exchange("get_batch", 1, body=build.batch("lost"))]
    (finding,) = build.row(judge(acme, build.history(looks)), LOST).findings
    assert finding.reproduction is None

    def reproduced(**about: Any) -> Shrunken | None:
        values = {"requirement": LOST, "fingerprint": finding.fingerprint, "exchanges": ["x1"]}
        described = Reproduction(**{**values, "outcome": "reproduced", "detail": "twice", **about})
        history = build.history(looks)._replace(reproductions=(described,))
        (again,) = build.row(judge(acme, history), LOST).findings
        return again.reproduction

    assert reproduced() == Shrunken(outcome="reproduced", exchanges=["x1"], detail="twice")
    assert reproduced(fingerprint="0") is None
    assert reproduced(requirement="batch.id") is None


def described(build: ModuleType, history: History, contract: Contract, name: str) -> tuple[str, Any, Any]:
    row = build.row(judge(contract, history), name)
    return row.verdict, row.reason, row.detail


def test_reason_why_only_a_delivery_could_show_it(build: ModuleType, extend: Contract) -> None:
    missing = ("inconclusive", "precondition_unmet", "no receiver of webhooks was open (--webhook-url URL)")
    assert described(build, build.history(), extend, "webhook.signature") == missing
    received = build.history()._replace(header=build.header(webhooks="received"))
    unseen = ("inconclusive", "not_exercised", None)
    assert described(build, received, extend, "webhook.signature") == unseen
    only = build.history()._replace(header=build.header(webhooks="only"))
    beyond = ("not_applicable", "deliveries", "no delivery can show it")
    assert described(build, only, extend, "get_batch_run.success") == beyond
    assert described(build, only, extend, "webhook.signature") == unseen


def test_reason_names_everything_that_is_needed(build: ModuleType, acme: Contract) -> None:
    row = msgspec.structs.replace(acme.requirements["batch.id"], testable=Testable(needs=["this", "that"]))
    contract = dataclasses.replace(acme, requirements={**acme.requirements, row.id: row})
    expected = ("inconclusive", "not_exercised", "it needs this, that")
    assert described(build, build.history(), contract, "batch.id") == expected


@pytest.mark.parametrize(
    ("webhooks", "row", "expected"),
    [
        (None, "get_batch_run.success", True),
        (None, "webhook.signature", False),
        (None, "webhook.batch.status", False),
        ("received", "get_batch_run.success", True),
        ("received", "webhook.signature", True),
        ("received", "webhook.batch.status", True),
        ("only", "get_batch_run.success", False),
        ("only", "webhook.signature", True),
        ("only", "webhook.version", True),
        ("only", "webhook.timestamp", True),
        ("only", "webhook.envelope", True),
        ("only", "webhook.batch.status", False),
    ],
)
def test_what_a_run_owes(
    build: ModuleType, extend: Contract, webhooks: Any, row: str, *, expected: bool
) -> None:
    must = msgspec.structs.replace(extend.requirements[row], level="MUST")
    history = build.history()._replace(header=build.header(webhooks=webhooks))
    assert _owed(extend, must, history) is expected


def test_deliveries_owe_nothing_where_the_contract_has_none(build: ModuleType, acme: Contract) -> None:
    history = build.history()._replace(header=build.header(webhooks="only"))
    assert [name for name, row in acme.requirements.items() if _owed(acme, row, history)] == []


@pytest.mark.parametrize(
    "change", [{"level": "SHOULD"}, {"testable": Testable(no="it is not")}, {"set": "full"}]
)
def test_what_no_run_owes(build: ModuleType, acme: Contract, change: dict[str, Any]) -> None:
    row = acme.requirements["batch.id"]
    assert _owed(acme, row, build.history()) is True
    assert _owed(acme, msgspec.structs.replace(row, **change), build.history()) is False
    contradicted = msgspec.structs.replace(
        row, interpretations=acme.requirements["document.language"].interpretations
    )
    assert _owed(acme, contradicted, build.history()) is False
