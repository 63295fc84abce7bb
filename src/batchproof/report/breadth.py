"""How broad the run was, for people."""

from collections.abc import Iterator

from batchproof.judging import Results
from batchproof.judging.results import OperationBreadth
from batchproof.report.markup import code


def breadth_lines(results: Results) -> Iterator[str]:
    """A few sentences for the terminal; nothing when nothing was generated."""
    rows = list(results.breadth.operations.values())
    if not any(row.valid + row.invalid + row.open for row in rows):
        return
    yield (
        f"{sum(row.sent for row in rows)} requests answered; generated: {sum(row.valid for row in rows)} valid, "
        f"{sum(row.invalid for row in rows)} invalid, {sum(row.open for row in rows)} left open"
    )
    yield (
        f"keywords of requests broken: {_share(rows, 'request_keywords_broken', 'request_keywords')}; "
        f"of answers exercised: {_share(rows, 'response_keywords_exercised', 'response_keywords')}"
    )


def breadth_table(results: Results) -> Iterator[str]:
    """A Markdown table of the operations."""
    if not any(row.sent for row in results.breadth.operations.values()):
        return
    yield "| operation | requests | valid | invalid | open | keywords broken | keywords exercised |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name, row in results.breadth.operations.items():
        yield (
            f"| {code(name)} | {row.sent} | {row.valid} | {row.invalid} | {row.open} "
            f"| {row.request_keywords_broken} of {row.request_keywords} "
            f"| {row.response_keywords_exercised} of {row.response_keywords} |"
        )
    yield ""
    yield "*valid*, *invalid* and *open* are the generated requests; *open* is what the documentation does not settle."


def _share(rows: list[OperationBreadth], part: str, whole: str) -> str:
    return f"{sum(getattr(row, part) for row in rows)} of {sum(getattr(row, whole) for row in rows)}"
