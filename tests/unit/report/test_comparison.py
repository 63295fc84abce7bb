"""Two runs of one contract are compared requirement by requirement, and finding by finding."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import msgspec
import pytest
from rich.console import Console

from batchproof.contract import Contract
from batchproof.judging import Results, judge
from batchproof.places import schemas_dir
from batchproof.report.comparison import DifferentContractsError, compare, to_json
from batchproof.report.comparison_pages import comparison_markdown, print_comparison
from batchproof.report.page import Page

RUNS = ("a", "b")


@pytest.fixture
def run(build: ModuleType, acme: Contract) -> Callable[..., Results]:
    """The results of a run that read one batch."""

    def made(**changes: Any) -> Results:
        return judge(acme, build.history([build.exchange("get_batch", 1, body=build.batch(**changes))]))

    return made


def kinds(before: Results, after: Results) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for change in compare(before, after, RUNS).changes:
        found.setdefault(change.kind, []).append(change.requirement)
    return found


def with_row(results: Results, name: str, **changes: Any) -> Results:
    rows = [
        msgspec.structs.replace(row, **changes) if row.id == name else row for row in results.requirements
    ]
    return msgspec.structs.replace(results, requirements=rows)


def test_the_same_run_has_no_changes(run: Callable[..., Results]) -> None:
    compared = compare(run(), run(), RUNS)
    assert (compared.changes, compared.worse, compared.catalogues.same) == ([], False, True)


def test_newly_failed_and_mended(run: Callable[..., Results]) -> None:
    good, bad = run(), run(created_at=5)
    assert kinds(good, bad) == {"newly_failed": ["batch.created_at"]}
    assert kinds(bad, good) == {"mended": ["batch.created_at"]}
    assert [compare(*pair, RUNS).worse for pair in ((good, bad), (bad, good))] == [True, False]


def test_another_finding_of_a_failed_requirement_is_worse(run: Callable[..., Results]) -> None:
    bad = run(created_at=5)
    (row,) = bad.failing
    other = msgspec.structs.replace(row.findings[0], fingerprint="0" * 16)
    more = with_row(bad, row.id, findings=[*row.findings, other])
    assert kinds(bad, more) == {"other_findings": [row.id]}
    assert [compare(*pair, RUNS).worse for pair in ((bad, more), (more, bad))] == [True, False]
    (change,) = compare(bad, more, RUNS).changes
    assert [finding.fingerprint for finding in change.new_findings] == ["0" * 16]


@pytest.mark.parametrize(
    ("reason", "worse"), [("target_error", True), ("profile", False), ("not_claimed", False)]
)
def test_no_longer_established(run: Callable[..., Results], reason: str, *, worse: bool) -> None:
    good = run()
    less = with_row(good, "batch.created_at", verdict="inconclusive", reason=reason)
    compared = compare(good, less, RUNS)
    assert [change.kind for change in compared.changes] == ["no_longer_established"]
    assert compared.worse == worse
    assert kinds(less, good) == {"newly_established": ["batch.created_at"]}


def test_what_failed_and_is_open_now_is_not_mended(run: Callable[..., Results]) -> None:
    bad = run(created_at=5)
    less = with_row(bad, "batch.created_at", verdict="inconclusive", reason="not_exercised", findings=[])
    assert kinds(bad, less) == {"open": ["batch.created_at"]}


def test_what_is_expected_is_not_worse(run: Callable[..., Results]) -> None:
    good, bad = run(), run(created_at=5)
    (row,) = bad.failing
    entry = {"entry": "x", "requirement": row.id, "fingerprint": None, "reason": "known", "link": None}
    known = [
        msgspec.structs.replace(
            finding,
            expectation=msgspec.convert(
                {**entry, "until": None}, type(finding).__annotations__["expectation"]
            ),
        )
        for finding in row.findings
    ]
    compared = compare(good, with_row(bad, row.id, findings=known, expected=True), RUNS)
    assert [(change.kind, change.worse) for change in compared.changes] == [("newly_failed", False)]


def test_different_catalogues_are_compared_on_what_they_share(run: Callable[..., Results]) -> None:
    good, bad = run(), run(created_at=5)
    fewer = msgspec.structs.replace(bad, requirements=bad.requirements[1:], catalogue_sha256="0" * 64)
    compared = compare(good, fewer, RUNS)
    assert compared.catalogues.only_before == [good.requirements[0].id]
    assert (compared.catalogues.same, compared.catalogues.shared) == (False, len(fewer.requirements))
    assert "The catalogues differ" in comparison_markdown(compared)


def test_runs_of_different_contracts_are_refused(run: Callable[..., Results]) -> None:
    other = msgspec.structs.replace(run(), contract="acme/2")
    with pytest.raises(DifferentContractsError, match=r"^b: is a run of acme/2, and a one of acme/1"):
        compare(run(), other, RUNS)


def test_the_file_keeps_its_schema(run: Callable[..., Results]) -> None:
    schema = json.loads((schemas_dir() / "batchproof" / "comparison.json").read_text())
    compared = compare(run(), run(created_at="##[error]"), RUNS)
    written = to_json(compared)
    jsonschema.validate(json.loads(written), schema)
    assert b"##[" not in written


def test_pages_fit_and_name_every_change(run: Callable[..., Results], tmp_path: Path) -> None:
    compared = compare(run(), run(created_at=5), RUNS)
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        print_comparison(compared, Page(Console(file=file, width=80)))
    shown = (tmp_path / "out").read_text(encoding="utf-8")
    assert all(len(line) <= 80 for line in shown.splitlines())
    for text in (shown, comparison_markdown(compared)):
        assert "Newly failed" in text
        assert "batch.created_at" in text
        assert "1 of 1 changes are for the worse: exit 1" in text
