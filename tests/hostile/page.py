"""docs/reliability.md: what every behaviour leads to."""

import re
from collections.abc import Mapping
from pathlib import Path

from .behaviours import ALL, TABLES
from .trial import LIMITS, MOST_MB, Seen

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
WORDS = {
    "connect": "no connection",
    "not_json": "no JSON",
    "protocol": "broken off, or no HTTP",
    "timeout": "too late",
    "too_large": "too large",
    "unhandled": "more than is handled",
}
INTRODUCTION = f"""# Reliability

What a run does when a server is hostile, broken, or no server of an API at all. Each case is a function in `tests/hostile/`;
`python -m tests.hostile --write` runs all of them and writes this page, `python -m tests.hostile NAME` runs one.

Each run is in profile quick, with {LIMITS.requests} requests, {LIMITS.documents} documents and one second for a request, so that none can end
with 0; in each the server has behaved so at least once. All have to end by themselves, with reports, without a traceback, under {MOST_MB} MB, with an exit code that is true (1 only where
answers contradict the documentation, or one operation stays without any beside others that have theirs; 3 where nothing could be told),
without a request or a document too many, without a question to another host, and with neither the token nor a control character in any
artefact. Times are those of a busy machine with two cores.
"""


def page(seen: Mapping[str, Seen]) -> str:
    """The page, for one run against each behaviour."""
    bad = sum(bool(one.wrong) for one in seen.values())
    lines = [INTRODUCTION, f"{len(seen)} behaviours, {len(seen) - bad} of them handled well."]
    for table in TABLES:
        lines += [
            f"\n## {(table.__doc__ or '').rstrip('.')}\n",
            "| case | the server | what happens | exit | s | MB |",
            "|---|---|---|--:|--:|--:|",
        ]
        lines += [_row(name, one) for name, one in seen.items() if ALL[name].table == table.__name__]
    return "\n".join(lines) + "\n"


def named(text: str) -> set[str]:
    """The cases that a page has rows of."""
    return set(re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE))


def _row(name: str, seen: Seen) -> str:
    sentence = ALL[name].sentence.replace("|", "\\|")
    return f"| `{name}` | {sentence} | {_described(seen)} | {seen.code} | {seen.seconds:.0f} | {seen.megabytes} |"


def _described(seen: Seen) -> str:
    if seen.wrong:
        return "; ".join(seen.wrong)
    verdict = re.sub(r"^[A-Z]+: | \(exit \d\)$", "", seen.described)
    failures = [f"{WORDS[kind]}: {number}" for kind, number in seen.failures.items()]
    return "; ".join([verdict, *failures])
