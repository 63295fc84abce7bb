"""Faults as rows of a table: a field of one kind of object that is missing or of the wrong type, an answer's status."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from .behaviour import ANY, Behaviour
from .exchange import Call, JsonObject
from .registry import Fault, Registry

MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field that is wrong: its `value`, or `MISSING`; `told` is the documented sentence and what breaks it.

    With `when` only objects in one of these statuses are wrong; `operations` limits the answers in which they are.
    """

    name: str
    key: str
    value: Any
    breaks: str
    described: str
    when: Collection[str] | None = None
    operations: tuple[str, ...] = (ANY,)


def plant_fields(registry: Registry[Any], kind: str, page: str, rows: Sequence[Wrong]) -> None:
    """Register a fault for each row; `page` is the documentation of the kind."""
    for row in rows:
        doc = f"{page}, {row.key}: {row.described}."
        registry.add(Fault(row.name, row.breaks, doc, partial(_plant_field, kind, row)))


def _plant_field(kind: str, row: Wrong, behaviour: Behaviour) -> None:
    def change(body: JsonObject, _record: Any, _call: Call) -> None:
        if row.when is not None and body.get("status") not in row.when:
            return
        if row.value is MISSING:
            body.pop(row.key, None)
        else:
            body[row.key] = row.value

    behaviour.on_object(kind, change, row.operations)


def plant_statuses(registry: Registry[Any], rows: Sequence[tuple[str, str, int, int, str]]) -> None:
    """Register a fault for each row: an operation, its page, its documented status, another one, and what that breaks."""
    for operation, page, documented, other, breaks in rows:
        name = f"{operation.replace('_', '-')}-{documented}-is-{other}"
        doc = f"{page}: answered with {documented}; here with {other}."
        registry.add(Fault(name, breaks, doc, partial(_plant_status, operation, documented, other)))


def _plant_status(operation: str, documented: int, other: int, behaviour: Behaviour) -> None:
    behaviour.on_answer(
        operation,
        lambda answer, _: replace(answer, status=other) if answer.status == documented else answer,
    )
