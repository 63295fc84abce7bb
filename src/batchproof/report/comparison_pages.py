"""The comparison of two runs, on a terminal and as Markdown."""

from collections.abc import Iterator

from batchproof.report.comparison import KINDS, Comparison, FindingSeen, Kind, RowChange
from batchproof.report.markup import code, plain
from batchproof.report.page import Page
from batchproof.report.printable import as_json, short, visible

_TITLES: dict[Kind, str] = {
    "newly_failed": "Newly failed",
    "other_findings": "Failed in both, with other findings",
    "no_longer_established": "No longer established",
    "mended": "Mended",
    "newly_established": "Newly established",
    "open": "Failed before, not established now",
}
# of these every one is a line; a long list of them would hide the rest
_BRIEF: frozenset[Kind] = frozenset({"newly_established", "no_longer_established", "mended", "open"})
_MOST = 10


def print_comparison(comparison: Comparison, page: Page) -> None:
    """Prints what got worse first and the verdict last."""
    for line in _facts(comparison):
        page.text(visible(line))
    for kind in KINDS:
        rows = comparison.of(kind)
        if not rows:
            continue
        page.gap()
        page.text(f"{_TITLES[kind]}: {len(rows)}", style="bold red" if _any_worse(rows) else "bold")
        for row in rows[:_MOST] if kind in _BRIEF else rows:
            page.text(_row(row), indent=2)
            if kind not in _BRIEF:
                page.text(row.statement, indent=4)
                for label, finding in _findings(row):
                    page.text(short(finding.message), indent=4, label=f"{label}  ")
                    page.text(f"observed {as_json(finding.observed, 120)}", indent=10)
                    page.text(f"at {short(finding.pointer) or '/'} ({finding.fingerprint})", indent=10)
        if kind in _BRIEF and len(rows) > _MOST:
            page.text(f"and {len(rows) - _MOST} more (--json FILE, --markdown FILE)", indent=2)
    page.gap()
    page.text(_verdict(comparison), style="bold red" if comparison.worse else "bold green")


def _any_worse(rows: list[RowChange]) -> bool:
    return any(row.worse for row in rows)


def _facts(comparison: Comparison) -> Iterator[str]:
    yield f"{comparison.contract}, two runs"
    for label, side in (("before", comparison.before), ("after", comparison.after)):
        yield f"{label}: {side.run} ({side.target}, profile {side.profile}, {side.verdict})"
    catalogues = comparison.catalogues
    if not catalogues.same:
        yield (
            f"The catalogues differ: {catalogues.shared} requirements are in both and compared, "
            f"{len(catalogues.only_before)} are in the first alone, {len(catalogues.only_after)} in the second alone."
        )


def _row(row: RowChange) -> str:
    why = f", {row.reason.replace('_', ' ')}" if row.reason else ""
    return f"{row.requirement} ({row.level}{why})"


def _findings(row: RowChange) -> Iterator[tuple[str, FindingSeen]]:
    for finding in row.new_findings:
        yield ("known" if finding.known else "new ", finding)
    for finding in row.gone_findings:
        yield "gone", finding


def _verdict(comparison: Comparison) -> str:
    worse = sum(change.worse for change in comparison.changes)
    if not comparison.changes:
        return "nothing changed: exit 0"
    if not worse:
        return f"nothing got worse ({len(comparison.changes)} changes): exit 0"
    return f"{worse} of {len(comparison.changes)} changes are for the worse: exit 1"


def comparison_markdown(comparison: Comparison) -> str:
    """The comparison for a ticket."""
    lines = [
        f"# {plain(comparison.contract)}: {plain(_verdict(comparison))}",
        "",
        *(f"* {plain(line)}" for line in list(_facts(comparison))[1:]),
    ]
    for kind in KINDS:
        rows = comparison.of(kind)
        if rows:
            lines += ["", f"## {_TITLES[kind]}", ""]
        for row in rows:
            lines.append(f"* {code(row.requirement)} ({row.level}): {plain(row.statement)}")
            for label, finding in _findings(row):
                seen = f"{plain(short(finding.message))}, observed {code(as_json(finding.observed))}"
                lines.append(f"  * {label.strip()} {code(finding.fingerprint)}: {seen}")
    only = comparison.catalogues
    for title, names in (
        ("Only in the first catalogue", only.only_before),
        ("Only in the second catalogue", only.only_after),
    ):
        if names:
            lines += ["", f"## {title}", "", ", ".join(code(name) for name in names)]
    return "\n".join(lines) + "\n"
