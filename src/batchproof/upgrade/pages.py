"""The changes between two contracts on a terminal: a summary of one screen first, what breaks silently on top."""

import json
from collections.abc import Iterator

from msgspec import Struct, to_builtins

from batchproof.history.inert import inert
from batchproof.report.page import Page
from batchproof.report.printable import visible
from batchproof.upgrade.change import Accepted, Change, Upgrade
from batchproof.upgrade.model import GRADES, Direction, Grade

DIRECTIONS: tuple[Direction, ...] = (
    "reads answers",
    "writes requests",
    "reacts to statuses",
    "parses errors",
    "receives webhooks",
    "stores ids",
)
_STYLES: dict[Grade, str] = {"breaking": "bold red", "risky": "bold yellow", "compatible": "bold green"}
_LABEL = 22
_MOST = 10
_LONGEST = 78


def claim(described: Upgrade) -> str:
    """The one sentence that sums up."""
    return (
        f"{described.older} to {described.newer}: {described.totals['breaking']} breaking changes ({described.silent} of all are silent), "
        f"{described.totals['risky']} risky, {described.totals['compatible']} compatible"
    )


def print_upgrade(described: Upgrade, page: Page, *, folder: str, verbose: bool = False) -> None:
    """Prints everything that is not compatible, briefly if not ``verbose``; ``folder`` is where all of it stands."""
    page.text(claim(described), style="bold")
    page.gap()
    for line in _table(described):
        page.text(line)
    page.gap()
    page.text("Silent: it is answered as before, and means something else", style="bold red")
    silent = [change for change in described.changes if change.silent]
    for change in silent[:_MOST]:
        stem = f"{change.id.partition('.')[0]} " if change.what.startswith("/") else ""
        described_shortly = stem + change.what
        page.text(
            described_shortly
            if len(described_shortly) <= _LONGEST
            else f"{described_shortly[: _LONGEST - 1]}…",
            indent=2,
        )
    if len(silent) > _MOST:
        page.text(f"and {len(silent) - _MOST} more", indent=2)
    for grade in GRADES[:-1]:
        changes = [change for change in described.changes if change.grade == grade]
        page.gap()
        page.text(f"{grade.capitalize()}: {len(changes)}", style=_STYLES[grade])
        for change in changes:
            _print(page, change, verbose=verbose)
    taken = sum(not change.open for change in described.changes)
    if taken:
        page.gap()
        page.text(f"Accepted, so that they fail nothing: {taken}")
    for name, about in described.routes.items():
        page.gap()
        page.text(about, label=f"route {name}: ")
    page.gap()
    page.text(
        f"Compatible: {described.totals['compatible']}, listed in upgrade.md", style=_STYLES["compatible"]
    )
    if not verbose:
        page.text("Reasons, examples and sources of all changes stand there, too; -v prints them here.")
    page.gap()
    page.text("Reports (upgrade.json, upgrade.md)", style="bold")
    page.verbatim(folder, indent=2)


def _table(described: Upgrade) -> Iterator[str]:
    yield f"{'Code that …':{_LABEL}}" + "".join(f"{grade:>12}" for grade in GRADES)
    for direction in DIRECTIONS:
        touched = [change for change in described.changes if direction in change.directions]
        counts = (sum(change.grade == grade for change in touched) for grade in GRADES)
        yield f"{direction:{_LABEL}}" + "".join(f"{count:>12}" for count in counts)


def _print(page: Page, change: Change, *, verbose: bool) -> None:
    if verbose:
        page.gap()
    page.text(f"{change.id}{' (silent)' if change.silent else ''}", indent=2)
    page.text(change.what, indent=4)
    if change.accepted is not None:
        page.text(visible(accepted(change.accepted)), indent=4)
    if not verbose:
        return
    for line in now(change):
        page.text(line, indent=4)
    page.text(change.reason, indent=4, label="why    ")
    page.text("that " + " or ".join(change.directions), indent=4, label="code   ")
    if change.places:
        page.text(", ".join(where(change)), indent=4, label="in     ")
    if change.example is not None:
        page.text(json.dumps(change.example.before, ensure_ascii=False), indent=4, label="before ")
        page.text(json.dumps(change.example.after, ensure_ascii=False), indent=4, label="after  ")


def now(change: Change) -> Iterator[str]:
    """What stands there now, variant by variant where they differ, and what else there is to know."""
    for after in change.after:
        described = "; ".join(text for text in (after.at, after.note) if text)
        for_whom = f"{', '.join(after.variants)}: " if after.variants else ""
        if described and change.kind != "stated" and (after.note or after.variants):
            yield f"{for_whom}{described}"
    for detail in change.details:
        if detail not in change.what:
            yield detail


def accepted(entry: Accepted) -> str:
    """Who accepted a change, and until when, in words."""
    link = f" ({entry.link})" if entry.link else ""
    until = f", until {entry.until}" if entry.until else ""
    return f"{'accepted, but its date has passed' if entry.over else 'accepted'}: {entry.reason}{link}{until}"


def where(change: Change) -> list[str]:
    """The operations and events of the older contract in which a user meets it."""
    return list(dict.fromkeys(place.name for place in change.places))


def to_json(described: Upgrade, *, rehearsal: Struct | None = None, todo: Struct | None = None) -> bytes:
    """The bytes of ``upgrade.json``; ``rehearsal`` is what the wire showed, ``todo`` what one program has to do."""
    more = {"rehearsal": rehearsal, "todo": todo}
    whole = to_builtins(described) | {
        name: to_builtins(part) for name, part in more.items() if part is not None
    }
    return inert(json.dumps(whole, indent=2, ensure_ascii=False)).encode() + b"\n"
