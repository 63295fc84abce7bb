"""The requirements of a contract, as a list to read and as data."""

import textwrap
from collections import Counter
from collections.abc import Iterator

import msgspec

from batchproof.contract import Contract
from batchproof.contract.model import Level, Requirement
from batchproof.json_values import JsonObject
from batchproof.report.explanation import UnknownRequirementError, explain

__all__ = ["UnknownRequirementError", "explain", "requirement_lines", "requirements_json"]

_WIDTH = 80
_LONGEST_ID = 52
_LEVELS: tuple[Level, ...] = ("MUST", "SHOULD", "MAY")


def requirement_lines(contract: Contract) -> Iterator[str]:
    """Each requirement with level, set, whether it can be tested, and its statement; totals at the end."""
    rows = list(contract.requirements.values())
    width = min(max((len(row.id) for row in rows), default=0), _LONGEST_ID)
    for row in rows:
        yield f"{row.id:{width}}  {row.level:6}  {row.set:5}  {_tested(row)}"
        yield from _indented(row.statement)
        if row.testable != "black-box" and row.testable.needs:
            yield from _indented("needs: " + ", ".join(row.testable.needs))
        if row.untestable_because is not None:
            yield from _indented("cannot be tested: " + row.untestable_because)
    yield ""
    yield from textwrap.wrap(_totals(rows), _WIDTH)


def requirements_json(contract: Contract) -> list[JsonObject]:
    """Every requirement as plain JSON values, with the page that it cites and the places that test it."""
    rows: list[JsonObject] = []
    for row in contract.requirements.values():
        plain: JsonObject = msgspec.to_builtins(row)
        page = contract.manifest.documents[row.source.document]
        plain["source"] |= {"title": page.title, "url": page.url}
        plain["tested_by"] = [
            {"kind": place.kind, "where": place.where, "operations": sorted(place.operations)}
            for place in contract.stated.get(row.id, [])
        ]
        rows.append(plain)
    return rows


def _tested(row: Requirement) -> str:
    if row.untestable_because is not None:
        return "not testable"
    return "unsettled" if row.interpretations else "testable"


def _indented(text: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
    )


def _totals(rows: list[Requirement]) -> str:
    levels = Counter(row.level for row in rows)
    kinds = Counter(map(_tested, rows))
    counted = ", ".join(f"{levels[level]} {level}" for level in _LEVELS)
    described = ", ".join(f"{kinds[kind]} {kind}" for kind in ("testable", "unsettled", "not testable"))
    return f"{len(rows)} requirements: {counted}; {described}"
