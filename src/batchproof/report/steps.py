"""Which documented steps of the life cycles were seen, in words."""

from collections.abc import Iterator

from batchproof.judging import Results
from batchproof.judging.results import EdgeSeen
from batchproof.report.markup import cell
from batchproof.report.printable import visible

_NAMED = 3


def terminal_lines(results: Results) -> Iterator[str]:
    """At most two lines: how many were seen, and the first few that were not."""
    edges = [(item.lifecycle, edge) for item in results.transitions for edge in item.edges]
    if not edges:
        return
    unseen = [f"{name} {_arrow(edge)}" for name, edge in edges if not edge.seen]
    yield f"{len(edges) - len(unseen)} of {len(edges)} documented steps of life cycles were seen"
    if unseen:
        more = len(unseen) - _NAMED
        described = ", ".join(visible(item) for item in unseen[:_NAMED])
        yield f"not seen: {described}" + (f" and {more} more (results.json)" if more > 0 else "")


def table(results: Results) -> Iterator[str]:
    """A Markdown table, one row a life cycle."""
    rows = [item for item in results.transitions if item.edges]
    if not rows:
        return
    yield "| life cycle | steps seen | not seen | over more than one step |"
    yield "|---|---|---|---|"
    for item in rows:
        seen = [f"{_arrow(edge)} ({edge.seen})" for edge in item.edges if edge.seen]
        unseen = [_arrow(edge) for edge in item.edges if not edge.seen]
        longer = [f"{_arrow(edge)} ({edge.seen})" for edge in item.longer]
        yield f"| {cell(item.lifecycle)} | {_described(seen)} | {_described(unseen)} | {_described(longer)} |"


def _described(parts: list[str]) -> str:
    return cell(", ".join(parts)) if parts else ""


def _arrow(edge: EdgeSeen) -> str:
    return f"{edge.before} → {edge.after}"
