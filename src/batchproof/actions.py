"""What GitHub Actions is told when a command has judged something in one of its steps: annotations, and a summary."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from batchproof.failing import described
from batchproof.history import History
from batchproof.judging import Results
from batchproof.report.formats import annotations, step_summary
from batchproof.report.page import Page
from batchproof.saying import say

_RUNS_HERE = "GITHUB_ACTIONS"
_SUMMARY = "GITHUB_STEP_SUMMARY"


def describe_to_actions(
    results: Results, history: History, console: Console, environment: Mapping[str, str]
) -> None:
    """Prints annotations, and adds to the summary of the step, where the ``environment`` is that of a step.

    A summary that cannot be written changes no verdict: it is told on the standard error.
    """
    if environment.get(_RUNS_HERE) == "true":
        page = Page(console)
        for line in annotations(results, history):
            page.verbatim(line)
    if environment.get(_SUMMARY):
        try:
            _add(Path(environment[_SUMMARY]), results, history)
        except OSError as error:
            say(f"{_SUMMARY}: {described(error)}")


def _add(file: Path, results: Results, history: History) -> None:
    with file.open("ab") as stream:
        stream.write(step_summary(results, history, taken=stream.tell()).encode("utf-8", "backslashreplace"))
