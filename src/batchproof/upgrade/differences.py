"""How two fields differ that are the same thing, and what each difference does to a reader or a writer."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from batchproof.upgrade.change import Kind
from batchproof.upgrade.fields import Field
from batchproof.upgrade.model import Grade

_WIDER = {"number": frozenset({"number", "integer"})}


class Difference(NamedTuple):
    """One way in which a field is another one now."""

    kind: Kind
    grade: Grade
    described: str
    reason: str


def differences(older: Field, newer: Field, renamed: dict[str, str], *, sent: bool) -> Iterator[Difference]:
    """How ``newer`` differs from ``older``; ``renamed`` are values with another name, ``sent`` says that users write it.

    What only one of the two contracts spells out (values, a form, a type) is no difference.
    """
    yield from _types(older, newer, sent=sent)
    yield from _presence(older, newer, sent=sent)
    yield from _values(older, newer, renamed, sent=sent)
    if older.form and newer.form and older.form != newer.form:
        yield Difference(
            "form", "breaking", f"{older.form} becomes {newer.form}", "its text has another form"
        )


def _types(older: Field, newer: Field, *, sent: bool) -> Iterator[Difference]:
    if not older.types or not newer.types or older.types == newer.types:
        return
    narrow, wide = (older, newer) if sent else (newer, older)
    taken = frozenset().union(*(_WIDER.get(name, frozenset({name})) for name in wide.types))
    fits = narrow.types <= taken
    yield Difference(
        "retyped",
        "compatible" if fits else "breaking",
        f"{_listed(older.types)} becomes {_listed(newer.types)}",
        "every value is one that was allowed before" if fits else "its values have another type",
    )


def _presence(older: Field, newer: Field, *, sent: bool) -> Iterator[Difference]:
    if newer.nullable != older.nullable and newer.types and older.types:
        breaks = older.nullable if sent else newer.nullable
        yield Difference(
            "null",
            "breaking" if breaks else "compatible",
            "may be null now" if newer.nullable else "is never null now",
            ("null is refused" if sent else "what was never null may be")
            if breaks
            else "every value is one that was allowed before",
        )
    if newer.required and not older.required:
        yield Difference(
            "required",
            "breaking" if sent else "compatible",
            "is required now" if sent else "is always there now",
            "a request without it is refused" if sent else "it is always there",
        )
    # where null may stand, whether that is written or left out is told of the version as a whole
    elif older.required and not newer.required and (sent or not newer.nullable):
        yield Difference(
            "optional",
            "compatible" if sent else "breaking",
            "need not be there now",
            "a request with it is still accepted" if sent else "what was always there may be missing",
        )


def _values(older: Field, newer: Field, renamed: dict[str, str], *, sent: bool) -> Iterator[Difference]:
    if older.values is None or newer.values is None:
        return
    for value, name in renamed.items():
        if value in older.values and name in newer.values:
            yield Difference(
                "value_renamed",
                "breaking",
                f"{value} is {name} now",
                "code that writes the old value is refused"
                if sent
                else "code that looks for the old value finds none",
            )
    lost = [value for value in older.values if value not in newer.values and value not in renamed]
    new = [value for value in newer.values if value not in older.values and value not in renamed.values()]
    if lost:
        yield Difference(
            "values_removed",
            "breaking" if sent else "compatible",
            f"never {_listed(lost)} any more",
            "a request with it is refused" if sent else "every value is one that was allowed before",
        )
    if new:
        yield Difference(
            "values_added",
            "compatible" if sent else "risky",
            f"may be {_listed(new)}, too",
            "what was accepted still is" if sent else "new values are on no list of compatible changes",
        )


def _listed(values: Iterable[object]) -> str:
    names = [str(value) for value in values]
    return " or ".join(sorted(names) if isinstance(values, frozenset) else names)
