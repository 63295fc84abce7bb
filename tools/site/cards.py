"""The catalogue of a contract as Markdown: one page for each thing that its requirements are about, one card for each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from batchproof import emulator
from batchproof.contract import Contract
from batchproof.contract.model import Source
from batchproof.report.card import NO_INSTANCES, Card, Planted, card
from batchproof.report.markup import plain


def pages(contract: Contract) -> dict[str, str]:
    """The pages of a contract, by their paths below the folder of the catalogue."""
    known = emulator.faults(contract.id) if contract.id in emulator.contracts() else {}
    planted = {name: Planted(fault.breaks, " ".join(fault.doc.split())) for name, fault in known.items()}
    subjects: dict[str, list[Card]] = defaultdict(list)
    for row in contract.requirements.values():
        subjects[row.id.split(".")[0]].append(card(contract, row, planted))
    folder = contract.id.replace("/", "-")
    return {
        f"{folder}/index.md": "\n".join(_index(contract, subjects)) + "\n",
        f"{folder}/questions.md": "\n".join(_questions(contract)) + "\n",
        **{
            f"{folder}/{name}.md": "\n".join(_page(contract, name, cards)) + "\n"
            for name, cards in subjects.items()
        },
    }


def _index(contract: Contract, subjects: Mapping[str, list[Card]]) -> Iterator[str]:
    rows = contract.requirements.values()
    untested = sum(row.untestable_because is not None for row in rows)
    levels = [row.level for row in rows]
    yield f"# {contract.id}"
    yield ""
    yield (
        f"{len(levels)} requirements: {levels.count('MUST')} MUST, {levels.count('SHOULD')} SHOULD, "
        f"{levels.count('MAY')} MAY. {untested} of them cannot be tested from outside."
    )
    yield ""
    yield "[Questions to the vendor](questions.md): what the documentation says in more than one way."
    yield ""
    yield "| about | requirements | MUST | failed by a fault of the emulator |"
    yield "|---|---:|---:|---:|"
    for name, cards in subjects.items():
        must = sum(item.row.level == "MUST" for item in cards)
        broken = sum(bool(item.faults) for item in cards)
        yield f"| [{name}]({name}.md) | {len(cards)} | {must} | {broken} |"


def _page(contract: Contract, name: str, cards: list[Card]) -> Iterator[str]:
    yield f"# {name}"
    yield ""
    yield f"{len(cards)} requirements of [{contract.id}](index.md)."
    for item in cards:
        yield from ("", *_card(contract, item))


def _card(contract: Contract, shown: Card) -> Iterator[str]:
    row = shown.row
    yield f"## `{row.id}` {{ #{row.id} }}"
    yield ""
    yield f"> {plain(row.statement)}"
    yield ""
    yield f"**{row.level}** · {row.aspect} · {row.basis} · owed from profile {row.set} · {_source(contract, row.source)}"
    yield ""
    for interpretation, item in row.interpretations.items():
        yield f"* *Interpretation {plain(interpretation)}:* {plain(item.says)} ({_source(contract, item.source)})"
    if row.untestable_because is not None:
        yield f"Cannot be tested from outside: {plain(row.untestable_because)}"
        return
    if row.interpretations:
        yield from ("", "The sources contradict each other, so this row fails no run.", "")
    yield from (f"* Needs the fixture `{need}`: {plain(about)}" for need, about in shown.needs.items())
    yield from (f"* Tested: {plain(described)}" for described in shown.tested)
    if shown.instances is not None:
        if shown.instances.asked:
            yield f"* Asked: {plain(shown.instances.asked)}"
        yield f"* Passes: {plain(shown.instances.passes)}"
        yield f"* Does not pass: {plain(shown.instances.fails)}"
    elif not row.interpretations:
        yield f"* Example: {NO_INSTANCES}."
    for name, sentence in shown.faults.items():
        yield f"* Broken in the emulator by `{name}`: {plain(sentence)}"


def _questions(contract: Contract) -> Iterator[str]:
    rows = [row for row in contract.requirements.values() if row.interpretations]
    yield f"# Questions to the vendor of {contract.id}"
    yield ""
    yield "Each is ready to be sent. No interpretation fails a run; a report tells which one a server was seen to follow."
    for row in rows:
        yield from ("", f"## `{row.id}` {{ #{row.id} }}", "", plain(row.statement), "")
        for number, interpretation in enumerate(row.interpretations.values(), start=1):
            yield f"{number}. {_source(contract, interpretation.source)} says: {plain(interpretation.says)}"
        yield from ("", plain(row.question or f"Which of the {len(row.interpretations)} holds?"))


def _source(contract: Contract, source: Source) -> str:
    page = contract.manifest.documents[source.document]
    return f"[{plain(page.title)}, {plain(source.section)}](<{page.url}>)"
