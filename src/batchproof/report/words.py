"""A finding in words: what is broken, what was asked, what came, and what the documentation says."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from batchproof.history import Delivery, Exchange, Header, Recorded
from batchproof.judging import Finding, RequirementResult
from batchproof.judging.results import Shown
from batchproof.report.printable import short, visible

_HEADLINE = 160
_LINE = 240
_TARGET = 72
_ASKED = 2


class Words(NamedTuple):
    """A finding in words. Nothing here holds a control character; each line has a label."""

    headline: str
    lines: list[tuple[str, str]]


def words(
    row: RequirementResult, finding: Finding, recorded: Mapping[str, Recorded], header: Header
) -> Words:
    """The headline, and at most three lines: ``asked``, ``came`` and ``says``, each left out where nothing is known.

    ``recorded`` has what the history holds, by id.
    """
    lines = [
        ("asked", _asked(finding, recorded)),
        ("came", _came(finding.shown, recorded, header)),
        ("says", f"{short(row.statement, _LINE)} ({row.level} {visible(row.id)})"),
    ]
    return Words(
        _cut(finding.headline or finding.message, _HEADLINE),
        [(label, text) for label, text in lines if text],
    )


def _cut(text: str, limit: int) -> str:
    """How much is missing helps nobody here."""
    return visible(text) if len(text) <= limit else f"{visible(text[:limit].rstrip())}…"


def _asked(finding: Finding, recorded: Mapping[str, Recorded]) -> str:
    """The requests that show it, those of the smallest evidence where somebody looked for it."""
    shrunken = finding.reproduction
    named = shrunken.exchanges if shrunken is not None and shrunken.exchanges else finding.exchanges
    shown = [item.exchange for item in finding.shown if item.exchange is not None]
    telling = [item for item in shown or named if item in recorded]
    described = [request_line(recorded[item]) for item in dict.fromkeys(telling[:_ASKED])]
    if len(described) == _ASKED and described[0].partition(" → ")[0] == described[1].partition(" → ")[0]:
        described[1] = (
            f"{_again(recorded[telling[0]], recorded[telling[1]])} → {described[1].partition(' → ')[2]}"
        )
    more = len(named) - len(described)
    return ", then ".join(described) + (f", and {more} more" if described and more > 0 and not shown else "")


def _again(first: Recorded, second: Recorded) -> str:
    """How the ``second`` request with the same line differs from the ``first``: the control of a probe lacks its change."""
    changed = [isinstance(item, Exchange) and item.probe is not None for item in (first, second)]
    return {(True, False): "without the change", (False, True): "with the change"}.get(
        (changed[0], changed[1]), "again"
    )


def request_line(recorded: Recorded) -> str:
    """``GET /path → 200 (x1)``, or what else came of it."""
    name = visible(recorded.id)
    if isinstance(recorded, Delivery):
        return f"delivery {visible(recorded.method or '')} {_cut(recorded.path or '', _TARGET)} ({name})"
    path = recorded.request.url.partition("://")[2].partition("/")[2]
    return f"{visible(recorded.request.method)} {_cut('/' + path, _TARGET)} → {_outcome(recorded)} ({name})"


def _outcome(exchange: Exchange) -> str:
    if exchange.response is not None:
        return str(exchange.response.status)
    return "no answer" if exchange.failure is None else exchange.failure.kind


def _came(shown: Sequence[Shown], recorded: Mapping[str, Recorded], header: Header) -> str:
    return short(" and ".join(_at_its_time(item, recorded, header) for item in shown), _LINE)


def _at_its_time(shown: Shown, recorded: Mapping[str, Recorded], header: Header) -> str:
    seen = recorded.get(shown.exchange or "")
    if seen is None:
        return shown.text
    at = seen.received_at if isinstance(seen, Delivery) else seen.end
    return f"{shown.text} {_moment(header, at)} ({seen.id})"


def _moment(header: Header, seconds: float) -> str:
    """When something happened: the time of day in UTC, or the second of a run of which nobody knows when it began."""
    try:
        began = datetime.fromisoformat(header.started_at)
    except ValueError:
        return f"in second {seconds:.1f}"
    return f"at {began + timedelta(seconds=seconds):%H:%M:%S}"
