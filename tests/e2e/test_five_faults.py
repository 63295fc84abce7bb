"""Who has nothing but the terminal's output, or the JUnit file as a CI system shows it, reads which faults there are."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.junit_views import gitlab, jenkins

CONTRACT = "talonic/v1"
# each in one line, and what a reader takes it for
HEADLINES = {
    "completed-item-with-error": r'batch_item: error_message is "Completed with warnings\." where status is "completed"',
    "document-reopens": r'document: went back from "completed", which is an end, to "processing"',
    "items-repeat": r"get_batch: id [0-9a-f-]{36} stands there more than once",
    "processing-mode-unknown": r'ingestion: processing_mode is "deferred", which is none of the documented values',
    "sync-not-found-is-400": r"sync_batch: a request whose id names nothing is answered 400 instead of 404",
}
# what the same faults break besides
BESIDES = [
    r"get_batch: document_id [0-9a-f-]{36} stands there more than once",
    r"sync_batch: the answer has the status 400, not 404 where code is not_found",
]


def named(lines: list[str]) -> dict[str, int]:
    """How many of ``lines`` name each fault, and nothing else."""
    return {
        fault: sum(re.fullmatch(headline, line) is not None for line in lines)
        for fault, headline in HEADLINES.items()
    }


def unexplained(lines: list[str]) -> list[str]:
    known = [*HEADLINES.values(), *BESIDES]
    return [line for line in lines if not any(re.fullmatch(headline, line) for headline in known)]


def headlines_of_jenkins(file: Path) -> list[str]:
    """The error message of each failed test, which Jenkins shows above all else."""
    return [case.details or "" for case in jenkins(file) if case.status == "failed"]


def headlines_of_gitlab(file: Path) -> list[str]:
    """The first line of the output of each failed test, which is all that GitLab shows of it."""
    return [(case.output or "").splitlines()[0] for case in gitlab(file) if case.status == "failed"]


def test_headlines_name_the_five_faults(
    served: Callable[..., str], batchproof: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    config = tmp_path / "config.toml"
    config.write_text(
        '[limits]\npoll_interval_s = 0.05\npoll_timeout_s = 20\n[fixtures]\ndocument_file = "a.pdf"\n'
    )
    done = batchproof(
        *("run", "--contract", CONTRACT, "--target", served(CONTRACT, faults=list(HEADLINES))),
        *("--config", str(config), "--max-runs", "100", "--output", "out"),
        BATCHPROOF_TOKEN="tok_4c1d90ab27",
    )
    assert done.code == 1
    once = dict.fromkeys(HEADLINES, 1)
    terminal = [line.strip() for line in done.out.splitlines()]
    assert named(terminal) == once
    file = tmp_path / "out" / "junit.xml"
    for lines in (headlines_of_jenkins(file), headlines_of_gitlab(file)):
        assert (named(lines), unexplained(lines)) == (once, [])
