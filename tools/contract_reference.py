"""Writes the tables of ``schemas/README.md`` that follow from code: the kinds of invariants, and the placeholders of templates.

    python -m tools.contract_reference

They stand between markers, and are made from ``batchproof.contract.kinds`` and ``batchproof.contract.placeholders``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from batchproof.contract.kinds import KINDS, Kind
from batchproof.contract.kinds.variables import EXCHANGE, WALL_TIME, Variable
from batchproof.contract.placeholders import PLACEHOLDERS
from batchproof.places import schemas_dir

PAGE = schemas_dir() / "README.md"
_SHARED = frozenset((*EXCHANGE, *WALL_TIME))


def updated(page: str) -> str:
    """``page`` with its tables made anew. Raises ``ValueError`` where a marker is missing."""
    for name, lines in (("kinds", _kinds()), ("placeholders", _placeholders())):
        begin, end = f"<!-- {name}: python -m tools.contract_reference -->", f"<!-- end of {name} -->"
        made = "\n".join([begin, "", *lines, "", end])
        page, times = re.subn(
            f"{re.escape(begin)}.*?{re.escape(end)}", lambda _, made=made: made, page, flags=re.DOTALL
        )
        if times != 1:
            raise ValueError(f"{PAGE.name} has the marker {begin} {times} times; it needs it once")
    return page


def _kinds() -> Iterator[str]:
    yield from _table(
        ("`each`", "`on` names", "what it is judged on"),
        ((f"[`{kind.name}`](#each-{kind.name})", kind.on, _about(kind)) for kind in KINDS.values()),
    )
    yield from ("", "#### Variables of one exchange", "")
    yield "The kinds `exchange`, `call` and `probe` have these."
    yield from ("", *_variables(EXCHANGE))
    yield from ("", "#### Variables of the wall time", "")
    without = [f"`{kind.name}`" for kind in KINDS.values() if not kind.timed]
    yield f"All kinds but {' and '.join(without)} have these, by the clock of the run."
    yield from ("", *_variables(WALL_TIME))
    for kind in KINDS.values():
        yield from ("", f"#### each: {kind.name}", "")
        yield from (kind.note, "") if kind.note else ()
        shared = "those of one exchange, and " if set(EXCHANGE) <= set(kind.variables) else ""
        yield f"Its variables are {shared}these:"
        yield from ("", *_variables(item for item in kind.variables if item not in _SHARED))


def _about(kind: Kind) -> str:
    return (kind.__doc__ or "").splitlines()[0]


def _variables(variables: Iterable[Variable]) -> Iterator[str]:
    return _table(
        ("variable", "type", "what it is"),
        ((f"`{item.name}`", item.type, item.meaning) for item in variables),
    )


def _placeholders() -> Iterator[str]:
    yield from _table(
        ("placeholder", "names", "is filled with", "stands"),
        (
            (f"`{item.name}`", item.argument, item.meaning, "beside other keys" if item.beside else "alone")
            for item in PLACEHOLDERS.values()
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


def main() -> None:
    """Writes the page."""
    PAGE.write_text(updated(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
