"""What GitHub Actions shows of a step: its summary, and annotations."""

from collections.abc import Iterator

from batchproof.history import History
from batchproof.judging import Results
from batchproof.report.described import Described, described_once
from batchproof.report.evidence import Narrator, unstable, warned
from batchproof.report.expected import stale_lines
from batchproof.report.formats.comment import comment
from batchproof.report.markdown import summary
from batchproof.report.outcome import outcome
from batchproof.report.printable import visible

# bytes of all summaries of a step; more, and GitHub shows none
SUMMARY_LIMIT = 1024 * 1024
# GitHub shows no more of one kind for a step
MOST_ANNOTATIONS = 10
_KINDS = {"failed": "error", "inconclusive": "warning", "passed": "notice", "not_applicable": "notice"}
_TOO_LONG = "What this step has to say is longer than GitHub shows; `summary.md` of the run has it.\n"


def step_summary(results: Results, history: History, taken: int = 0) -> str:
    """The text for ``$GITHUB_STEP_SUMMARY``, of which the step has ``taken`` so many bytes already.

    ``summary.md`` where there is room for it, else the comment, else a line; nothing where not even that fits.
    """
    for text in (summary(results, history), comment(results, history), _TOO_LONG):
        if taken + len(text.encode("utf-8", "backslashreplace")) <= SUMMARY_LIMIT:
            return text
    return ""


def annotations(results: Results, history: History) -> list[str]:
    """Workflow commands: the verdict, an error for each thing that is broken, a warning for what fails nothing.

    Of a kind there are ten at most; the last one says how many there are besides.
    """
    narrator = Narrator(history)
    described: dict[str, list[tuple[str, str]]] = {"error": [], "warning": [], "notice": []}
    described[_KINDS[results.verdict]].append(
        ("batchproof", f"{visible(results.contract)}: {outcome(results)}")
    )
    for kind, rows in (("error", results.failing), ("warning", [*unstable(results), *warned(results)])):
        described[kind] += [(item.headline, _lines(item)) for item in described_once(rows, narrator)]
    described["error"] += [("an expected finding", line) for line in stale_lines(results)]
    return [line for kind, each in described.items() for line in _commands(kind, each)]


def _lines(item: Described) -> str:
    return "\n".join(f"{label}: {text}" for label, text in item.words.lines)


def _commands(kind: str, described: list[tuple[str, str]]) -> Iterator[str]:
    if len(described) > MOST_ANNOTATIONS:
        left = len(described) - MOST_ANNOTATIONS + 1
        described = [
            *described[: MOST_ANNOTATIONS - 1],
            ("batchproof", f"and {left} more; see the summary of the step"),
        ]
    for title, message in described:
        yield f"::{kind} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    """``text`` as the message of a workflow command: it ends where the line ends."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """``text`` as a property, which a comma or two colons would end as well."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
