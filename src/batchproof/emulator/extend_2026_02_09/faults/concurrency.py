"""Defects that show only while two requests are answered at the same time."""

import asyncio
from collections.abc import Callable

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09.mail import Behaviour
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_2026_02_09.store import Batch, Run
from batchproof.emulator.extend_common.life import (
    CANCELLED,
)

fault = registry.fault

_WINDOW_S = 0.02


@fault(
    "race-mixes-batches",
    breaks="list_extract_runs.batch.only",
    collateral={"It speaks of the same value.": ["extract_run.metadata.echo"]},
)
def race_mixes_batches(behaviour: Behaviour) -> None:
    """List Extract Runs, batchId: the runs of that batch; here of two that are submitted at once, one shows a run of the other."""
    raced: list[Batch] = []
    crowded = _crowded(behaviour, "/extract_runs/batch", raced.clear)
    mixed: dict[str, Batch] = {}

    def submit(_body: JsonObject, batch: Batch, call: Call) -> None:
        if call.operation != "submit_extract_batch":
            return
        if raced:
            mixed[batch.id] = raced.pop()
        if crowded():
            raced.append(batch)

    def listing(runs: list[Run], call: Call) -> list[Run]:
        other = mixed.get(call.query.get("batchId", ""))
        return runs if other is None else [*runs, *other.runs[:1]]

    behaviour.on_object("batch_run", submit)
    behaviour.on_records("list_extract_runs", listing)


@fault("race-undoes-cancel", breaks="extract_run.status.terminal")
def race_undoes_cancel(behaviour: Behaviour) -> None:
    """Get Extract Run, status: CANCELLED is an end; here, of two cancellations at once, the second undoes the first."""
    raced: dict[str, Run] = {}
    crowded = _crowded(behaviour, "/cancel", raced.clear)

    def note(body: JsonObject, run: Run, call: Call) -> None:
        if call.operation == "cancel_extract_run" and body["status"] == CANCELLED and crowded():
            raced[run.id] = run

    def cancel(answer: Answer, call: Call) -> Answer:
        if answer.status == 400 and call.path["id"] in raced:
            raced.pop(call.path["id"]).cancelled = None
        return answer

    behaviour.on_object("extract_run", note)
    behaviour.on_answer("cancel_extract_run", cancel)


def _crowded(behaviour: Behaviour, path_end: str, alone: Callable[[], None]) -> Callable[[], bool]:
    """Takes a moment over every request to a path, and tells whether more than one of them is being answered.

    ``alone`` is called when one comes in while none is.
    """
    inside = 0

    class Crowd:
        def __init__(self, app: ASGIApp) -> None:
            self._app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal inside
            if scope["type"] != "http" or not scope["path"].endswith(path_end):
                await self._app(scope, receive, send)
                return
            if not inside:
                alone()
            inside += 1
            try:
                await asyncio.sleep(_WINDOW_S)
                await self._app(scope, receive, send)
            finally:
                inside -= 1

    behaviour.middleware.append(Middleware(Crowd))
    return lambda: inside > 1
