"""How an emulator behaves: the places where a fault or a variant may reach in.

There are five kinds of hook. Faults are applied before variants, so a fault always sees the documented form.

* `on_object`: one JSON object, by its kind, just after it was built; nested objects come before the outer one;
* `on_records`: the records that a list operation has selected, before they are paged;
* `on_page_size`: how many of them a page holds at the most;
* `on_answer`: the whole answer of an operation, just before it is sent;
* `on_headers`: the headers that stand on every answer.

`ANY` stands for every kind or every operation.
"""

import random
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from starlette.middleware import Middleware

from .clock import rfc3339
from .exchange import Answer, Call, JsonObject

ANY = "*"
NO_OBJECT = ""

Point = tuple[str, str]

ObjectHook = Callable[[JsonObject, Any, Call], object]
RecordsHook = Callable[[list[Any], Call], list[Any]]
AnswerHook = Callable[[Answer, Call], Answer]
SizeHook = Callable[[int, Call], int]
HeadersHook = Callable[[dict[str, str], Call], object]


def _up_to_date(_operation: str) -> int:
    return 0


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
        # How far behind an operation sees everything, in milliseconds.
        self.behind_ms: Callable[[str], int] = _up_to_date
        self.middleware: list[Middleware] = []
        self._object_hooks: list[tuple[str, Collection[str], ObjectHook]] = []
        self._records_hooks: list[tuple[str, RecordsHook]] = []
        self._size_hooks: list[tuple[str, SizeHook]] = []
        self._answer_hooks: list[tuple[str, AnswerHook]] = []
        self._headers_hooks: list[HeadersHook] = []
        # Where hooks could have reached in so far: a kind of object, or none, and the operation that was answered.
        self.reached: set[Point] = set()

    def repeat(self, seed: int) -> None:
        """Give out the same ids every time."""
        self.random_bytes = random.Random(seed).randbytes  # noqa: S311 - repeatable on purpose

    def refusal(self, status: int, message: str, call: Call) -> Answer:
        """An error of that status as the vendor documents them, for a fault to answer with."""
        raise NotImplementedError

    def on_object(self, kind: str, hook: ObjectHook, operations: Collection[str] = (ANY,)) -> None:
        """Let `hook(body, record, call)` change every object of that kind in place, in the answers of `operations`."""
        self._object_hooks.append((kind, operations, hook))

    def on_records(self, operation: str, hook: RecordsHook) -> None:
        """Let `hook(records, call)` choose anew what a list operation lists."""
        self._records_hooks.append((operation, hook))

    def on_page_size(self, operation: str, hook: SizeHook) -> None:
        """Let `hook(wanted, call)` say how many records a page of a list operation holds at the most."""
        self._size_hooks.append((operation, hook))

    def on_answer(self, operation: str, hook: AnswerHook) -> None:
        """Let `hook(answer, call)` replace the answer of an operation, errors included."""
        self._answer_hooks.append((operation, hook))

    def on_headers(self, hook: HeadersHook) -> None:
        """Let `hook(headers, call)` change in place the headers that stand on every answer."""
        self._headers_hooks.append(hook)

    def shape(self, kind: str, body: JsonObject, record: Any, call: Call) -> JsonObject:
        """Pass a freshly built object through the hooks of its kind."""
        self.reached.add((kind, call.operation))
        for wanted, operations, hook in self._object_hooks:
            if wanted in (kind, ANY) and (ANY in operations or call.operation in operations):
                hook(body, record, call)
        return body

    def select(self, records: Iterable[Any], call: Call) -> list[Any]:
        """Pass the records of a list operation through its hooks."""
        selected = list(records)
        for wanted, hook in self._records_hooks:
            if wanted in (call.operation, ANY):
                selected = hook(selected, call)
        return selected

    def page_size(self, wanted: int, call: Call) -> int:
        """How many records a page holds at the most, by what was asked for."""
        for operation, hook in self._size_hooks:
            if operation in (call.operation, ANY):
                wanted = hook(wanted, call)
        return wanted

    def conclude(self, answer: Answer, call: Call) -> Answer:
        """Pass an answer through the hooks of its operation."""
        self.reached.add((NO_OBJECT, call.operation))
        for wanted, hook in self._answer_hooks:
            if wanted in (call.operation, ANY):
                answer = hook(answer, call)
        return answer

    def may_change(self, points: Collection[Point]) -> bool:
        """Whether anything could differ from the healthy behaviour where only these points are reached.

        What is no hook on objects or operations, such as limits and headers, may show everywhere.
        """
        own = self._hooked()
        return self._is_other() or any(
            (kind, operation) in own
            or (kind, ANY) in own
            or (kind != NO_OBJECT and {(ANY, operation), (ANY, ANY)} & own)
            for kind, operation in points
        )

    def _hooked(self) -> set[Point]:
        found = {(kind, operation) for kind, operations, _ in self._object_hooks for operation in operations}
        by_operation = (*self._records_hooks, *self._size_hooks, *self._answer_hooks)
        return found | {(NO_OBJECT, operation) for operation, _ in by_operation}

    def _is_other(self) -> bool:
        fresh = vars(type(self)(self.step_ms))
        return bool(self._headers_hooks) or any(
            getattr(value, "__func__", value) != getattr(fresh[name], "__func__", fresh[name])
            for name, value in vars(self).items()
            if not name.endswith("_hooks") and name not in ("reached", "random_bytes")
        )

    def stamp(self, headers: Mapping[str, str], call: Call) -> dict[str, str]:
        """Pass the headers that stand on every answer through their hooks."""
        stamped = dict(headers)
        for hook in self._headers_hooks:
            hook(stamped, call)
        return stamped
