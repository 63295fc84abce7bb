"""Idempotency: a repeated key gives the original answer, and nothing is done again."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from batchproof.emulator.exchange import Call, JsonObject

from .store import Reply

if TYPE_CHECKING:
    from .emulator import Emulator

_DAY = 24 * 60 * 60 * 1000

Handler = Callable[["Emulator", Call], JsonObject]


def once(handler: Handler) -> Handler:
    """Let a handler honour `Idempotency-Key`: valid for 24 hours, on one path; refusals are not kept."""

    @wraps(handler)
    def replay(emulator: "Emulator", call: Call) -> JsonObject:
        key = call.headers.get("idempotency-key")
        if not key or not emulator.behaviour.replays:
            return handler(emulator, call)
        replies = emulator.workspace(call).replies
        reply = replies.get((call.target, key))
        if reply is None or call.now >= reply.expires:
            reply = replies[call.target, key] = Reply(call.now + _DAY, handler(emulator, call))
        return reply.body

    return replay
