"""How an emulator behaves: the places where a fault or a variant may reach in.

There are four kinds of hook. Faults are applied before variants, so a fault always sees the documented form.

* `on_object`: one JSON object, by its kind, just after it was built; nested objects come before the outer one;
* `on_records`: the records that a list operation has selected, before they are paged;
* `on_answer`: the whole answer of an operation, just before it is sent;
* `on_headers`: the headers that stand on every answer.

`ANY` stands for every kind or every operation.
"""

import random
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from starlette.middleware import Middleware

from .clock import rfc3339
from .exchange import Answer, Call, JsonObject

ANY = "*"

ObjectHook = Callable[[JsonObject, Any, Call], object]
RecordsHook = Callable[[list[Any], Call], list[Any]]
AnswerHook = Callable[[Answer, Call], Answer]
HeadersHook = Callable[[dict[str, str], Call], object]


class Behaviour:
    """The healthy behaviour, until a fault or a variant changes it."""

    def __init__(self, step_ms: int) -> None:
        if step_ms < 0:
            raise ValueError("step_ms must not be negative")
        self.step_ms = step_ms
        # Whether a new workspace holds what no request could put there, as far as the vendor's emulator has a showcase.
        self.showcase = True
        # What ids are made of.
        self.random_bytes: Callable[[int], bytes] = secrets.token_bytes
        self.timestamp: Callable[[int], str] = rfc3339
        # How many records a page holds at the most, by what was asked for.
        self.page_size: Callable[[int, Call], int] = lambda wanted, _call: wanted
        self.middleware: list[Middleware] = []
        self._object_hooks: list[tuple[str, ObjectHook]] = []
        self._records_hooks: list[tuple[str, RecordsHook]] = []
        self._answer_hooks: list[tuple[str, AnswerHook]] = []
        self._headers_hooks: list[HeadersHook] = []

    def repeat(self, seed: int) -> None:
        """Give out the same ids every time."""
        self.random_bytes = random.Random(seed).randbytes  # noqa: S311 - repeatable on purpose

    def on_object(self, kind: str, hook: ObjectHook) -> None:
        """Let `hook(body, record, call)` change every object of that kind in place."""
        self._object_hooks.append((kind, hook))

    def on_records(self, operation: str, hook: RecordsHook) -> None:
        """Let `hook(records, call)` choose anew what a list operation lists."""
        self._records_hooks.append((operation, hook))

    def on_answer(self, operation: str, hook: AnswerHook) -> None:
        """Let `hook(answer, call)` replace the answer of an operation, errors included."""
        self._answer_hooks.append((operation, hook))

    def on_headers(self, hook: HeadersHook) -> None:
        """Let `hook(headers, call)` change in place the headers that stand on every answer."""
        self._headers_hooks.append(hook)

    def shape(self, kind: str, body: JsonObject, record: Any, call: Call) -> JsonObject:
        """Pass a freshly built object through the hooks of its kind."""
        for wanted, hook in self._object_hooks:
            if wanted in (kind, ANY):
                hook(body, record, call)
        return body

    def select(self, records: Iterable[Any], call: Call) -> list[Any]:
        """Pass the records of a list operation through its hooks."""
        selected = list(records)
        for wanted, hook in self._records_hooks:
            if wanted in (call.operation, ANY):
                selected = hook(selected, call)
        return selected

    def conclude(self, answer: Answer, call: Call) -> Answer:
        """Pass an answer through the hooks of its operation."""
        for wanted, hook in self._answer_hooks:
            if wanted in (call.operation, ANY):
                answer = hook(answer, call)
        return answer

    def stamp(self, headers: Mapping[str, str], call: Call) -> dict[str, str]:
        """Pass the headers that stand on every answer through their hooks."""
        stamped = dict(headers)
        for hook in self._headers_hooks:
            hook(stamped, call)
        return stamped
