"""``docs/evidence.md``: what became of the mutants, and why the documentation allows those that survive."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from .campaign import Judged
from .openings import Opening, needless

_HEAD = """# Evidence mutation

A healthy run is recorded, one documented thing is changed in the record, and the judge is asked. The operators know what the documentation
names: properties, statuses, lists, states, order. They know no rule, no law and no requirement. A mutant is *killed* by a MUST that fails,
*only warned* of where nothing but a SHOULD or a MAY fails, and *survives* where nothing does.

`tox run -e evidence -- --write` makes this page.
"""


def page(judged: Mapping[str, Sequence[Judged]], openings: Mapping[str, Sequence[Opening]]) -> str:
    """The page, in Markdown. ``judged`` and ``openings`` are by contract."""
    lines = [_HEAD, "## By contract", "", *_contracts(judged), ""]
    for contract, items in judged.items():
        lines += [f"## {contract}", ""]
        for title, by in (
            ("operation", lambda item: item.key.operation),
            ("operator", lambda item: item.key.operator),
            ("scope", lambda item: item.key.scope),
            ("property", lambda item: item.key.property),
        ):
            lines += [f"### By {title}", "", *_table(title, items, by), ""]
        lines += ["### What the documentation allows", "", *_openings(items, openings.get(contract, ())), ""]
    return "\n".join(lines).rstrip() + "\n"


def _contracts(judged: Mapping[str, Sequence[Judged]]) -> list[str]:
    lines = [
        "| contract | mutants | killed | only warned | survived | of documented MUST properties | killed |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for contract, items in judged.items():
        counts = Counter(item.fate for item in items)
        must = [item for item in items if item.must]
        killed = sum(item.fate == "killed" for item in must)
        lines.append(
            f"| `{contract}` | {len(items)} | {counts['killed']} | {counts['warned']} | {counts['survived']} "
            f"| {len(must)} | {rate(killed, len(must))} |"
        )
    return lines


def rate(part: int, whole: int) -> str:
    """A share in per cent, rounded down, so that 100 means all."""
    return f"{part * 1000 // whole / 10:.1f} %" if whole else "-"


def _table(title: str, items: Iterable[Judged], by: Callable[[Judged], str]) -> list[str]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for item in items:
        groups[by(item)].append(item)
    lines = [
        f"| {title} | killed | only warned | survived | MUST properties killed |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, found in sorted(groups.items()):
        counts = Counter(item.fate for item in found)
        must = [item for item in found if item.must]
        killed = sum(item.fate == "killed" for item in must)
        lines.append(
            f"| `{name}` | {counts['killed']} | {counts['warned']} | {counts['survived']} | {rate(killed, len(must))} |"
        )
    return lines


def _openings(items: Sequence[Judged], openings: Sequence[Opening]) -> list[str]:
    if not openings:
        return ["No class of survivors has a reason yet."]
    idle = needless(items, openings)
    lines = [
        "| operations | properties | operators | survivors | why | source |",
        "|---|---|---|--:|---|---|",
    ]
    for opening in openings:
        if opening in idle:
            continue
        count = sum(item.fate == "survived" and opening.covers(item.key) for item in items)
        lines.append(
            f"| {_names(opening.operations)} | {_names(opening.properties)} | {_names(opening.operators)} | {count} "
            f"| {opening.reason} | {opening.source.document}, {opening.source.section} |"
        )
    return lines


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
