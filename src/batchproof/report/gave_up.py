"""Scenarios that gave up, and a token that was refused, in words."""

from collections import Counter

from batchproof.judging import Results

_MOST = 10


def gave_up_lines(results: Results) -> list[str]:
    """Why scenarios gave up, each reason once, with the first of them and how many more."""
    first = {(item.detail, item.option): item.scenario for item in reversed(results.gave_up)}
    counts = Counter((item.detail, item.option) for item in results.gave_up)
    lines = [
        f"{first[why]}{_more(count)}: {why[0]}{f' ({why[1]})' if why[1] else ''}"
        for why, count in counts.most_common()
    ]
    left = len(lines) - _MOST
    return [*lines[:_MOST], f"and {left} other reasons (results.json)"] if left > 1 else lines


def _more(count: int) -> str:
    return f" and {count - 1} more" if count > 1 else ""
