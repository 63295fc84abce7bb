"""``upgrade.md``: the changes between two contracts, for a ticket."""

from collections.abc import Iterator, Mapping

from batchproof.contract.model import Document
from batchproof.report.markup import code, json_block, link, plain
from batchproof.upgrade.change import Change, Upgrade
from batchproof.upgrade.model import GRADES
from batchproof.upgrade.pages import DIRECTIONS, accepted, claim, now, where
from batchproof.upgrade.wire.markdown import rehearsal_markdown
from batchproof.upgrade.wire.observation import Rehearsal


def upgrade_markdown(
    described: Upgrade, documents: Mapping[str, Document], rehearsal: Rehearsal | None = None
) -> str:
    """The text of ``upgrade.md``; ``documents`` are the pages that changes cite, ``rehearsal`` is what the wire showed."""
    lines = [f"# {plain(claim(described))}", ""]
    lines += [f"* {plain(name)}: {plain(about)}" for name, about in described.variants.items()]
    if described.routes:
        lines += ["", "Routes:", ""]
        lines += [f"* {code(name)}: {plain(about)}" for name, about in described.routes.items()]
    lines += ["", "| code that … | " + " | ".join(GRADES) + " |", "|---|" + "---:|" * len(GRADES)]
    for direction in DIRECTIONS:
        touched = [change for change in described.changes if direction in change.directions]
        counts = [str(sum(change.grade == grade for change in touched)) for grade in GRADES]
        lines.append(f"| {direction} | " + " | ".join(counts) + " |")
    if rehearsal is not None:
        lines += ["", *rehearsal_markdown(rehearsal)]
    sections = [
        ("Silent: answered as before, and something else", [one for one in described.changes if one.silent]),
        *(
            (grade.capitalize(), [one for one in described.changes if one.grade == grade and not one.silent])
            for grade in GRADES
        ),
    ]
    for title, changes in sections:
        if changes:
            lines += ["", f"## {title} ({len(changes)})"]
            for change in changes:
                lines += ["", *_change(change, documents)]
    return "\n".join(lines) + "\n"


def _change(change: Change, documents: Mapping[str, Document]) -> Iterator[str]:
    yield f"### {code(change.id)}"
    yield ""
    yield plain(change.what)
    yield ""
    yield f"* {change.grade}: {plain(change.reason)}"
    yield f"* concerns code that {' or '.join(change.directions)}"
    if change.accepted is not None:
        yield f"* {plain(accepted(change.accepted))}"
    for line in now(change):
        yield f"* now {plain(line)}"
    if change.places:
        yield "* in " + ", ".join(code(name) for name in where(change))
    rows = [*change.older, *change.newer]
    if rows:
        yield "* stated by " + ", ".join(dict.fromkeys(code(row) for row in rows))
    if change.source is not None and change.source.document in documents:
        page = documents[change.source.document]
        yield f"* source: {link(page.title, page.url)}, {plain(change.source.section)}"
    if change.example is not None:
        for label, body in (("Before:", change.example.before), ("After:", change.example.after)):
            yield ""
            yield label
            yield ""
            yield json_block(body)
