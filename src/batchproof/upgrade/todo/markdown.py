"""``upgrade.md`` for one program: its to-do list, ready for a ticket."""

from collections.abc import Iterator, Mapping

from batchproof.contract.model import Document
from batchproof.report.markup import code, json_block, link, plain
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.pages import accepted
from batchproof.upgrade.todo.model import Call, Item, Sample, Todo
from batchproof.upgrade.todo.pages import about, claim, heading, remarks, shown, summed_up


def todo_markdown(described: Upgrade, found: Todo, documents: Mapping[str, Document]) -> str:
    """The text of ``upgrade.md``; ``documents`` are the pages that changes cite."""
    lines = [f"# {plain(claim(described, found))}", ""]
    lines += [f"* {plain(line)}" for line in summed_up(found)]
    for name, route in found.routes.items():
        lines += [f"* {code(name)}: {plain(route.about)}"]
    sources = {change.id: change.source for change in described.changes if change.source is not None}
    for call in found.calls:
        if call.on(found.route):
            lines += ["", *_call(call)]
            for item in call.on(found.route):
                lines += _item(item)
                source = next((sources[change] for change in item.changes if change in sources), None)
                if source is not None and source.document in documents:
                    page = documents[source.document]
                    lines.append(f"  * source: {link(page.title, page.url)}, {plain(source.section)}")
            for sample in call.samples:
                lines += _sample(sample)
    return "\n".join(lines) + "\n"


def _call(call: Call) -> Iterator[str]:
    yield f"## {plain(heading(call))}"
    yield ""
    if call.count:
        of = f", of {', '.join(call.variants)}" if call.variants else ""
        yield f"Seen {call.count} time{'' if call.count == 1 else 's'}{of}."
        yield ""


def _item(item: Item) -> Iterator[str]:
    box = "[x]" if item.state == "done" or item.taken else "[ ]"
    yield f"- {box} {plain(item.what)} ({about(item)})"
    for note in item.notes:
        yield f"  * {plain(note)}"
    yield f"  * why: {plain(item.reason)}"
    if item.seen is not None:
        yield f"  * {'not shown' if item.state == 'unseen' else item.state}: {plain(item.seen)}"
    if item.accepted is not None:
        yield f"  * {plain(accepted(item.accepted))}"
    yield f"  * {code(item.id)}"


def _sample(sample: Sample) -> Iterator[str]:
    of = f" ({sample.variant})" if sample.variant else ""
    for label, value in shown(sample):
        yield ""
        yield f"{label.capitalize()} in {code(sample.exchange)}{plain(of)}:"
        yield ""
        yield json_block(value)
    for note in remarks(sample):
        yield ""
        yield f"{plain(note[0].upper() + note[1:])}."
