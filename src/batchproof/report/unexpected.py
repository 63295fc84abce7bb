"""Valid requests that were not answered with success, in words."""

from batchproof.judging import Results


def unexpected_lines(results: Results) -> list[str]:
    """A line for each operation and kind of answer, with the first exchanges that show it."""
    return [
        f"{item.operation}: {item.answer}, {_times(item.count)} ({', '.join(item.exchanges)})"
        for item in results.unexpected
    ]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
