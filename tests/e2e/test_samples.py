"""The reports in ``reports/sample/`` are those that a run of today writes, and say what they are to say."""

import json
import re
from pathlib import Path

import pytest

from tests.junit_views import gitlab, jenkins
from tools.samples import FIVE_FAULTS, NEWER, RUNS, SAMPLES, headings, lasting, make

# what a stranger has to read of each of the five faults, in the order of the page
HEADLINES = {
    "basic-authentication-works": "list_extract_runs: a request with a user and a password instead of a token is accepted (200)",
    "not-found-is-retryable": "error: retryable is true, not false where code is NOT_FOUND",
    "list-extract-runs-page-too-long": "list_extract_runs: data has N elements, more than the parameter maxPageSize (N)",
    "parse-run-reopens": "parse_run: went back from FAILED, which is an end, to PROCESSING",
    "extract-run-one-of-many-without-output": "extract_run: output is null, not an object where status is PROCESSED",
}
ONE_LINE = 110


def test_they_are_not_stale(tmp_path: Path) -> None:
    make(tmp_path)
    made, kept = lasting(tmp_path), lasting(SAMPLES)
    stale = [name for name in made if made[name] != kept[name]]
    assert stale == [], "tox run -e samples makes them anew"


def counted(headline: str) -> str:
    """A headline without its numbers: which page is met first depends on the moment."""
    return re.sub(r"\b\d+(?= elements)|(?<=maxPageSize \()\d+", "N", headline)


def test_the_page_names_the_five_faults_in_a_line_each() -> None:
    page = (SAMPLES / "five-faults" / "report.html").read_text()
    described = [text.partition(": ")[2] for text in headings(page) if text.startswith("✗ Failed: ")]
    assert [counted(text) for text in described] == list(HEADLINES.values())
    assert set(HEADLINES) == set(FIVE_FAULTS)
    assert [text for text in described if len(text) > ONE_LINE] == []


def test_all_that_is_known_of_a_finding_stands_on_its_card() -> None:
    page = (SAMPLES / "five-faults" / "report.html").read_text()
    cards = re.findall(r'<article class="card failed".*?</article>', page, re.DOTALL)
    assert len(cards) == len(FIVE_FAULTS)
    for described in (
        *(
            "<dt>Expected</dt>",
            "<dt>Observed</dt>",
            "<dt>Blame</dt>",
        ),
        *("sent a second time", "batchproof replay replays/", "curl ", 'rel="noreferrer"'),
    ):
        assert [card for card in cards if described not in card] == [], described
    # with another status the run of the life cycle would need another reason of failure, too: no one value would do
    assert sum("<dt>Smallest change that would pass</dt>" in card for card in cards) == len(cards) - 1
    # its illegal step is drawn, and so is that of the life cycle
    assert sum("segment illegal" in card for card in cards) == 1
    assert page.count('class="edge illegal"') >= 1


def test_jenkins_shows_the_five_faults() -> None:
    cases = jenkins(SAMPLES / "five-faults" / "junit.xml")
    failed = [case for case in cases if case.status == "failed"]
    assert [counted(case.details or "") for case in failed] == list(HEADLINES.values())
    # tests are listed by package, then by class: those are the contract and the aspect
    assert {case.package for case in cases} == {NEWER}
    assert [case.group for case in failed] == ["auth", "error", "pagination", "transition", "presence"]
    # the trace has the sentence, the evidence and a command; the duration is that of the evidence
    assert [case.name for case in failed if f"MUST {case.name}: " not in (case.trace or "")] == []
    assert [case.name for case in failed if "curl " not in (case.trace or "")] == []
    assert [case.name for case in failed if case.duration <= 0] == []
    assert [case.name for case in cases if case.status == "skipped" and not case.skipped] == []


def test_gitlab_shows_the_five_faults() -> None:
    file = SAMPLES / "five-faults" / "junit.xml"
    cases = gitlab(file)
    failed = [case for case in cases if case.status == "failed"]
    assert [counted((case.output or "").splitlines()[0]) for case in failed] == list(HEADLINES.values())
    assert [case.name for case in failed if f"MUST {case.name}: " not in (case.output or "")] == []
    # none has taken the place of another, and nothing is attached
    assert len(cases) == len(jenkins(file))
    assert {case.attachment for case in cases} == {None}
    assert [case.name for case in cases if case.status == "skipped" and not case.output] == []


@pytest.mark.parametrize(
    ("name", "verdict", "claims"),
    [
        ("healthy", "passed", None),
        ("five-faults", "failed", ["extract", "parse"]),
        ("extraction-alone", "passed", ["extract"]),
    ],
)
def test_each_shows_what_its_name_says(name: str, verdict: str, claims: list[str] | None) -> None:
    results = json.loads((SAMPLES / name / "results.json").read_bytes())
    assert (results["contract"], results["verdict"], results["claims"]) == (NEWER, verdict, claims)


@pytest.mark.parametrize(
    "file", sorted(SAMPLES.rglob("*.*")), ids=lambda file: str(file.relative_to(SAMPLES))
)
def test_nothing_in_them_tells_of_the_machine(file: Path) -> None:
    assert re.findall(r"/tmp/|/home/|/root\b|tok_sample", file.read_text()) == []


def test_they_are_small() -> None:
    sizes = [file.stat().st_size for file in SAMPLES.rglob("*.*")]
    assert max(sizes) < 1_000_000
    assert [name for name in RUNS if (SAMPLES / name / "history.ndjson").exists()] == []
