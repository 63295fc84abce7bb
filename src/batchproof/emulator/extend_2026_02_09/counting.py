"""Unusual but legal numbers: how many runs a batch has, how many inputs are too many, how credits add up."""

import json
from dataclasses import replace
from typing import Any

from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import PENDING

from .plants import registry
from .store import Batch, Run

variant = registry.variant

_CREDITS = 1
_THIRD = 0.33


@variant("run-count-lags")
def run_count_lags(behaviour: Behaviour) -> None:
    """Get Batch Run, runCount: the number of runs created; here none is created, counted or listed while PENDING."""

    def uncounted(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == PENDING:
            body["runCount"] = 0

    def created(records: list[Any], call: Call) -> list[Any]:
        return [record for record in records if not _waits(record, call.now)]

    behaviour.on_object("batch_run", uncounted)
    behaviour.on_records(ANY, created)


def _waits(record: object, now: int) -> bool:
    return (
        isinstance(record, Run) and record.batch is not None and record.batch.schedule.status(now) == PENDING
    )


@variant("413-for-too-many-inputs")
def status_413_for_too_many_inputs(behaviour: Behaviour) -> None:
    """RFC 9110: 413 is for content that is larger than the server takes; here more than 1,000 inputs are."""

    def change(answer: Answer, call: Call) -> Answer:
        if answer.status != 400 or not call.operation.startswith("submit_"):
            return answer
        return replace(answer, status=413) if _size(call.body) > behaviour.limits.inputs else answer

    behaviour.on_answer(ANY, change)


def _size(raw: bytes) -> int:
    try:
        inputs = json.loads(raw)["inputs"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return 0
    return len(inputs) if isinstance(inputs, list) else 0


@variant("float-credits")
def float_credits(behaviour: Behaviour) -> None:
    """RunUsage: credits are numbers, and nothing says how they are rounded; here thirds add up to 0.99 beside 1."""

    def cut(body: JsonObject, _run: Run, _call: Call) -> None:
        (charge,) = body["charges"]
        body["credits"] = _CREDITS
        body["charges"] = [charge | {"credits": _THIRD} for _ in range(3)]

    def total(body: JsonObject, run: Run, _call: Call) -> None:
        body["credits"] = _CREDITS
        if "totalCredits" in body:
            body["totalCredits"] = _CREDITS * (1 if run.parse_run_id is None else 2)

    behaviour.on_object("usage_entry", cut)
    behaviour.on_object("usage", total)
