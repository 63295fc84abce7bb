"""Idempotency: a repeated key gives the original answer, and nothing is done again."""

from collections.abc import Callable
from functools import wraps

from batchproof.emulator.exchange import Call, JsonObject

from .interface import Store
from .store import Reply

_DAY = 24 * 60 * 60 * 1000

Handler = Callable[[Store, Call], JsonObject]


def once(handler: Handler) -> Handler:
    """Let a handler honour `Idempotency-Key`: valid for 24 hours, on one path; refusals are not kept."""

    @wraps(handler)
    def replay(store: Store, call: Call) -> JsonObject:
        key = call.headers.get("idempotency-key")
        if not key or not store.behaviour.replays:
            return handler(store, call)
        replies = store.workspace(call).replies
        reply = replies.get((call.target, key))
        if reply is None or call.now >= reply.expires:
            reply = replies[call.target, key] = Reply(call.now + _DAY, handler(store, call))
        return reply.body

    return replay
