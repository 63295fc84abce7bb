"""The part of ``upgrade.md`` that tells what a rehearsal showed."""

from collections.abc import Iterator

from batchproof.report.markup import cell, plain
from batchproof.upgrade.pages import accepted
from batchproof.upgrade.wire.observation import Observation, Rehearsal
from batchproof.upgrade.wire.pages import ADDITIONS, paper_of, rehearsal_claim


def rehearsal_markdown(found: Rehearsal) -> Iterator[str]:
    """The lines of the part."""
    yield "## On the wire"
    yield ""
    yield plain(rehearsal_claim(found))
    for line in found.left_out:
        yield ""
        yield f"* {plain(line)}"
    for line in found.stale:
        yield ""
        yield f"* Accepted, and out of date: {plain(line)}"
    known = [item for item in found.observations if not item.unknown]
    for title, items in (("Not in the paper", found.unknown), (ADDITIONS, found.additions), ("Known", known)):
        if items:
            yield ""
            yield f"### {title} ({len(items)})"
            yield ""
            yield "| what | observed | in | times | first seen | paper |"
            yield "|---|---|---|---:|---|---|"
            yield from map(_row, items)


def _row(item: Observation) -> str:
    older, newer = item.exchanges[0]
    cells = [
        cell(item.id),
        cell(item.what),
        ", ".join(map(cell, item.operations)),
        str(item.seen),
        f"before {older}, after {newer}",
        cell("; ".join([paper_of(item), *([accepted(item.accepted)] if item.accepted else [])])),
    ]
    return f"| {' | '.join(cells)} |"
