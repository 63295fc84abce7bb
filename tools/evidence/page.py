"""``docs/evidence.md``: what became of the mutants, and why the documentation allows those that no MUST kills."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from .drawing import PER_MILLE
from .mutants import Judged
from .openings import Opening, forbidden, has_reason, needless, without_reason
from .ranking import described, ranked

# per cent of the mutants of documented MUST properties that a MUST killed in samples, before the judge was mended
_BEFORE = {"extend/2025-04-21": "61.7 %", "extend/2026-02-09": "61.5 %", "talonic/v1": "60.4 %"}
# segments of a property's path that are told apart in tables
_DEPTH = 2
_HEAD = (Path(__file__).parent / "head.md").read_text(encoding="utf-8")


def page(
    judged: Mapping[str, Sequence[Judged]],
    openings: Mapping[str, Sequence[Opening]],
    per_mille: int = PER_MILLE,
) -> str:
    """The page, in Markdown. ``judged`` and ``openings`` are by contract; ``per_mille`` of a thousand mutants were judged."""
    share = (
        [] if per_mille == PER_MILLE else [f"This page is made from {per_mille} of every 1,000 mutants.", ""]
    )
    lines = [_HEAD, *share, "## By contract", "", *_contracts(judged, openings), ""]
    for contract, items in judged.items():
        known = openings.get(contract, ())
        lines += [f"## {contract}", ""]
        for title, by in (
            ("operation", lambda item: item.key.operation),
            ("operator", lambda item: item.key.operator),
            ("scope", lambda item: item.key.scope),
            ("property", lambda item: grouped(item.key.property)),
        ):
            lines += [f"### By {title}", "", *_table(title, items, known, by), ""]
        lines += ["### What the documentation allows", "", *_openings(items, known), ""]
        lines += ["### What the shape allows", "", *_allowed(items), ""]
        lines += ["### Survivors without a reason", "", *_bare(items, known), ""]
    return "\n".join(lines).rstrip() + "\n"


def _contracts(
    judged: Mapping[str, Sequence[Judged]], openings: Mapping[str, Sequence[Opening]]
) -> list[str]:
    lines = [
        "| contract | mutants | killed | only warned | survived | by the shape | by a reason | MUST, allowed by nothing | killed | before |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for contract, items in judged.items():
        known = openings.get(contract, ())
        counts = Counter(item.fate for item in items)
        reasoned = sum(has_reason(item, known) for item in items)
        must = forbidden(items, known)
        lines.append(
            f"| `{contract}` | {len(items)} | {counts['killed']} | {counts['warned']} | {counts['survived']} "
            f"| {counts['allowed']} | {reasoned} | {len(must)} | {_killed(must)} "
            f"| {_BEFORE.get(contract, '-')} |"
        )
    return lines


def grouped(path: str) -> str:
    """A property with all below it, where it lies deep; `*` is no step of its own."""
    segments = path.split("/")
    steps = [at for at, segment in enumerate(segments) if segment not in ("", "*")]
    return path if len(steps) <= _DEPTH else "/".join(segments[: steps[_DEPTH - 1] + 1]) + "/…"


def rate(part: int, whole: int) -> str:
    """A share in per cent, rounded down, so that 100 means all."""
    return f"{part * 1000 // whole / 10:.1f} %" if whole else "-"


def _killed(items: Sequence[Judged]) -> str:
    return rate(sum(item.fate == "killed" for item in items), len(items))


def _table(
    title: str, items: Iterable[Judged], openings: Sequence[Opening], by: Callable[[Judged], str]
) -> list[str]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for item in items:
        groups[by(item)].append(item)
    lines = [
        f"| {title} | killed | only warned | survived | allowed by the shape | MUST, and allowed by nothing: killed |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, found in sorted(groups.items()):
        counts = Counter(item.fate for item in found)
        lines.append(
            f"| `{name}` | {counts['killed']} | {counts['warned']} | {counts['survived']} | {counts['allowed']} "
            f"| {_killed(forbidden(found, openings))} |"
        )
    return lines


def _openings(items: Sequence[Judged], openings: Sequence[Opening]) -> list[str]:
    if not openings:
        return ["No class of mutants has a reason yet."]
    idle = needless(items, openings)
    lines = [
        "| operations | properties | operators | only in | mutants | why no MUST kills them | source |",
        "|---|---|---|---|--:|---|---|",
    ]
    for opening in openings:
        if opening in idle:
            continue
        count = sum(item.fate in ("survived", "warned") and opening.covers(item.key) for item in items)
        lines.append(
            f"| {_names(opening.operations)} | {_names(opening.properties)} | {_names(opening.operators)} "
            f"| {_only(opening)} | {count} "
            f"| {opening.reason} | {opening.source.document}, {opening.source.section} |"
        )
    return lines


def _allowed(items: Sequence[Judged]) -> list[str]:
    groups = Counter(
        (item.owner or "-", grouped(item.key.property), item.key.operator)
        for item in items
        if item.fate == "allowed"
    )
    lines = ["| row | property | may be | mutants |", "|---|---|---|--:|"]
    return lines + [
        f"| `{owner}` | `{about}` | {operator} | {count} |"
        for (owner, about, operator), count in sorted(groups.items())
    ]


def _bare(items: Sequence[Judged], openings: Sequence[Opening]) -> list[str]:
    bare = ranked(without_reason(items, openings))
    return [f"* {described(item).strip()}" for item in bare] or ["None."]


def _only(opening: Opening) -> str:
    """The states and scopes that a reason is limited to."""
    return _names([name for name in (*opening.states, *opening.scopes) if name != "*"]) or "-"


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
