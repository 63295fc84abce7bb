"""What a rehearsal showed, on a terminal: what the paper does not know on top."""

from batchproof.report.page import Page
from batchproof.report.printable import visible
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.pages import accepted, claim
from batchproof.upgrade.wire.observation import Observation, Rehearsal

ADDITIONS = "Not in the paper, and compatible by the vendor's own list"
_FEW = 3
_IN_NEWER = "in the newer contract, and no change by the older one"


def rehearsal_claim(found: Rehearsal) -> str:
    """The one sentence that sums up."""
    if not found.established:
        return "The rehearsal could establish nothing: no step under one version stands beside one under the other."
    unknown = len(found.unknown)
    described = (
        "nothing that the paper does not know" if not unknown else f"{unknown} that the paper does not know"
    )
    taken = unknown - len(found.open)
    described += f", {taken} of them accepted" if taken else ""
    new = len(found.additions)
    described += f", and {new} compatible addition{'s' if new > 1 else ''}" if new else ""
    driven = f", as {found.variant}" if found.variant else ""
    return (
        f"Rehearsed {found.scenarios} scenarios{driven}, {found.steps} steps side by side: "
        f"{len(found.observations)} differences, {described}"
    )


def paper_of(item: Observation) -> str:
    """Whether the paper knew it."""
    if item.changes:
        return f"known: {', '.join(item.changes)}"
    return f"known: {_IN_NEWER}" if item.documented else "not in the paper"


def print_rehearsal(described: Upgrade, found: Rehearsal, page: Page, *, folder: str, verbose: bool) -> None:
    """Prints what was observed: all of it if ``verbose``, or what the paper does not know."""
    page.text(claim(described), style="bold")
    page.gap()
    page.text(rehearsal_claim(found), style="bold")
    for line in found.left_out:
        page.text(visible(line), indent=2)
    if found.once:
        page.text(f"{found.once} more showed only once, and count for nothing", indent=2)
    if found.unknown:
        page.gap()
        page.text(f"Not in the paper: {len(found.unknown)}", style="bold red")
        for item in found.unknown:
            _print(page, item, verbose=verbose)
    if found.stale:
        page.gap()
        page.text(f"Accepted, and out of date: {len(found.stale)}", style="bold red")
        for line in found.stale:
            page.text(visible(line), indent=2)
    if found.additions:
        page.gap()
        page.text(f"{ADDITIONS}: {len(found.additions)}", style="bold green")
        for item in found.additions if verbose else found.additions[:_FEW]:
            _print(page, item, verbose=verbose)
        if len(found.additions) > _FEW and not verbose:
            page.text(f"and {len(found.additions) - _FEW} more", indent=2)
    known = [item for item in found.observations if not item.unknown]
    if known:
        page.gap()
        page.text(f"Known: {len(known)}", style="bold green")
        for item in known if verbose else ():
            _print(page, item, verbose=verbose)
    if known and not verbose:
        page.text("upgrade.md names them, with the changes on paper; -v prints them here.", indent=2)
    page.gap()
    page.text("Reports (upgrade.json, upgrade.md; before and after hold what was recorded)", style="bold")
    page.verbatim(folder, indent=2)


def _print(page: Page, item: Observation, *, verbose: bool) -> None:
    page.text(visible(f"{item.id}: {item.what}"), indent=2)
    page.text(visible(", ".join(item.operations)), indent=4, label="in     ")
    older, newer = item.exchanges[0]
    if item.accepted is not None:
        page.text(visible(accepted(item.accepted)), indent=4)
    page.text(f"{item.seen} times, first before {older}, after {newer}", indent=4, label="seen   ")
    if verbose and not item.unknown:
        page.text(paper_of(item), indent=4, label="paper  ")
