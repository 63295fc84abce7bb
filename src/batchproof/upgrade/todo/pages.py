"""The to-do list on a terminal: a summary of one screen first, then call by call."""

import json
from collections.abc import Iterator

from batchproof.report.page import Page
from batchproof.report.printable import visible
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.model import GRADES
from batchproof.upgrade.pages import accepted
from batchproof.upgrade.todo.model import Call, Item, Sample, Todo
from batchproof.upgrade.todo.places import found as found_at

_SUMMED_UP = 6
_LABEL = 42
_LONGEST = 76
_MOST = 8
_MARKS = {"open": "[ ]", "done": "[x]", "unseen": "[?]"}
_STYLES = {"breaking": "bold red", "risky": "bold yellow", "compatible": "bold green"}


def claim(described: Upgrade, found: Todo) -> str:
    """The one sentence that sums up."""
    left = sum(found.totals.values())
    kinds = (
        f"{found.totals['breaking']} breaking, {found.totals['risky']} risky, {found.silent} of all silent"
    )
    what = f"{left} open ({kinds})" if left else "nothing is open"
    checked = f"; {found.done} done, {found.unseen} that traffic does not show" if found.checked else ""
    return f"{described.older} to {described.newer}, for what {visible(', '.join(found.files))} shows: {what}{checked}"


def print_todo(described: Upgrade, found: Todo, page: Page, *, folder: str, verbose: bool = False) -> None:
    """Prints the summary and the list; ``folder`` is where all of it stands."""
    page.text(claim(described, found), style="bold")
    page.gap()
    for line in _table(found):
        page.text(line)
    page.gap()
    silent = [
        (call, item)
        for call in found.calls
        for item in call.on(found.route)
        if item.silent and _is_left(item)
    ]
    if silent:
        page.text("Silent: it is answered as before, and means something else", style="bold red")
        for call, item in silent[:_SUMMED_UP]:
            text = visible(f"{call.before}: {item.what}")
            page.text(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…", indent=2)
        if len(silent) > _SUMMED_UP:
            page.text(f"and {len(silent) - _SUMMED_UP} more", indent=2)
        page.gap()
    for line in summed_up(found):
        page.text(visible(line))
    for call in found.calls:
        if call.on(found.route):
            _print(page, call, call.on(found.route), verbose=verbose)
    page.gap()
    if not verbose:
        page.text("upgrade.md has reasons and your own requests before and after; -v prints them here.")
    page.text("Reports (upgrade.json, upgrade.md)", style="bold")
    page.verbatim(folder, indent=2)


def summed_up(found: Todo) -> Iterator[str]:
    """What else is to know of the list as a whole."""
    for name, route in found.routes.items():
        sign = "this list" if route.chosen else f"--route {name}"
        left = f"{route.totals['breaking']} breaking, {route.totals['risky']} risky"
        doubt = f"; not settled: {route.unsettled}" if route.unsettled else ""
        yield f"Route {name} ({sign}): {left}{doubt}"
    shown = sum(item.information and item.state != "done" and not item.taken for item in found.items)
    if shown:
        codes = f"{shown} error code{'' if shown == 1 else 's'} new to you"
        yield f"For information, failing nothing: {codes}; say with --handles which ones your code knows"
    taken = sum(item.taken for item in found.items)
    if taken:
        yield f"Accepted, so that they fail nothing: {taken}"
    for call, count in list(found.unknown.items())[:_MOST]:
        yield f"Not established: {call} is described by neither version (seen: {count})"
    if len(found.unknown) > _MOST:
        yield f"and {len(found.unknown) - _MOST} more calls of that kind"
    for note in found.notes:
        yield f"Note: {note}"
    if found.elsewhere:
        yield f"{found.elsewhere} other breaking or risky changes concern nothing that this traffic does."


def _is_left(item: Item) -> bool:
    return item.state != "done" and not item.taken


def _table(found: Todo) -> Iterator[str]:
    yield f"{'Call':{_LABEL}}{'times':>7}" + "".join(
        f"{name:>10}" for name in ("silent", "breaking", "risky")
    )
    for call in found.calls:
        left = [item for item in call.on(found.route) if item.open]
        counts = (
            sum(item.silent for item in left),
            *(sum(item.grade == grade for item in left) for grade in GRADES[:-1]),
        )
        text = visible(call.before)
        label = text if len(text) < _LABEL else f"{text[: _LABEL - 2]}…"
        yield f"{label:{_LABEL}}{call.count or '':>7}" + "".join(f"{count:>10}" for count in counts)


def heading(call: Call) -> str:
    """What a call was, and is now."""
    now = [one.at for one in call.after if one.at is not None]
    if not now:
        return call.before
    if now == [call.before]:
        return f"{call.before} stays"
    return f"{call.before} is {' or '.join(now)} now"


def about(item: Item) -> str:
    """What kind of thing it is."""
    if item.information:
        return f"{item.grade}, for information"
    return f"silent, {item.grade}" if item.silent else item.grade


def _print(page: Page, call: Call, items: list[Item], *, verbose: bool) -> None:
    page.gap()
    page.text(visible(heading(call)), style="bold")
    if call.variants:
        page.text(f"of {', '.join(call.variants)}", indent=2)
    for item in items:
        more = ", silent" if item.silent else ", for information" if item.information else ""
        text = visible(f"{item.grade}{more}: {item.what}")
        page.text(
            text, indent=2, label=f"{_MARKS[item.state]} ", style=_STYLES[item.grade] if item.silent else ""
        )
        for note in item.notes:
            page.text(visible(note), indent=6)
        if item.seen is not None:
            page.text(visible(item.seen), indent=6, label="seen: ")
        if item.accepted is not None:
            page.text(visible(accepted(item.accepted)), indent=6)
        if verbose:
            page.text(visible(item.reason), indent=6, label="why: ")
            page.text(visible(item.id), indent=6, label="id: ")
    if verbose:
        for sample in call.samples:
            _print_sample(page, sample)


def _print_sample(page: Page, sample: Sample) -> None:
    page.text(f"{sample.exchange}{f' ({sample.variant})' if sample.variant else ''}:", indent=2)
    for label, value in shown(sample):
        page.text(visible(json.dumps(value, ensure_ascii=False)), indent=4, label=f"{label:14}")
    for note in remarks(sample):
        page.text(visible(note), indent=4)


def shown(sample: Sample) -> Iterator[tuple[str, object]]:
    """The pieces of a sample that there are, with their names."""
    yield "your request", sample.request_before
    if sample.request_after is not None:
        yield "becomes", sample.request_after
    if sample.answer_before is not None:
        yield "your answer", sample.answer_before
    if sample.answer_after is not None:
        yield "becomes", sample.answer_after


def remarks(sample: Sample) -> Iterator[str]:
    """What is not the program's own in a sample, and what is left out."""
    if sample.needed:
        yield f"your request lacks, and has here from an example: {', '.join(sample.needed)}"
    empty = [at for at in sample.new if all(value is None for _, value in found_at(sample.answer_after, at))]
    filled = [at for at in sample.new if at not in empty]
    if filled:
        yield f"new, with values that the documentation shows: {', '.join(filled)}"
    if empty:
        yield f"new, and null: {', '.join(empty)}"
    for at, count in sample.cut.items():
        yield f"left out of {at or 'the list'}: {count} more"
