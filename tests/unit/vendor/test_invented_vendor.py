"""A vendor that batchproof never heard of costs a folder of data: the suite judges its server, and finds its defects."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import jsonschema
import pytest

from batchproof.contract import Contract
from batchproof.emulator import Server
from batchproof.judging.evidence import Evidence
from batchproof.judging.shape import judge_shape
from batchproof.places import conformance_dir

PASSED, FAILED = 0, 1
# each test starts a process that judges a server
pytestmark = pytest.mark.slow


def run_suite(build: ModuleType, url: str, output: Path, *scenarios: str) -> subprocess.CompletedProcess[str]:
    """The suite as a user runs it with pytest; ``scenarios`` are files of it, all if left out."""
    files = [str(conformance_dir() / name) for name in scenarios or ("",)]
    command = [sys.executable, "-m", "pytest", "-c", str(conformance_dir() / "conformance.ini")]
    command += [
        "--disable-plugin-autoload",
        "-p",
        "batchproof.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(conformance_dir()),
    ]
    command += ["--contract", str(build.ACME), "--target", url, "--max-runs", "300", "--profile", "core"]
    command += ["--output", str(output), "-q", *files]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        command,
        cwd=output.parent,
        env={**kept, "BATCHPROOF_TOKEN": build.TOKEN},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def verdicts(output: Path, verdict: str) -> list[str]:
    rows = json.loads((output / "results.json").read_text("utf-8"))["requirements"]
    return [row["id"] for row in rows if row["verdict"] == verdict]


def test_server_that_keeps_its_contract_passes(build: ModuleType, papers: ModuleType, tmp_path: Path) -> None:
    output = tmp_path / "run"
    with Server(papers.Papers(build.TOKEN).app) as server:
        ran = run_suite(build, server.url, output)
    assert ran.returncode == PASSED, ran.stdout + ran.stderr
    assert verdicts(output, "failed") == []
    assert verdicts(output, "inconclusive") == ["auth.separate", "document.language"]
    assert verdicts(output, "not_applicable") == ["rate.limit"]
    rows = json.loads((output / "results.json").read_text("utf-8"))["requirements"]
    assert sum(len(row["findings"]) for row in rows) == 0
    written = {file.name: file.read_text("utf-8") for file in output.iterdir()}
    assert "history.ndjson" in written
    assert [name for name, text in written.items() if build.TOKEN in text] == []
    assert build.TOKEN not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("defect", "broken", "scenarios"),
    [
        ("too_many_documents_accepted", "submit_batch.documents.range", "test_refusals.py"),
        ("a_step_back", "status.order", "test_batches.py"),
        ("a_row_lost_on_every_page", "list_documents.complete", "test_batches.py"),
        ("a_key_forgotten", "submit_batch.replay", "test_refusals.py"),
        ("a_batch_that_is_not_there", "document.batch", "test_batches.py test_existing_objects.py"),
    ],
)
def test_one_defect_is_found(
    build: ModuleType,
    papers: ModuleType,
    defects: ModuleType,
    tmp_path: Path,
    defect: str,
    broken: str,
    scenarios: str,
) -> None:
    output = tmp_path / "run"
    spoiled = papers.Papers(build.TOKEN)
    getattr(defects, defect)(spoiled)
    with Server(spoiled.app) as server:
        ran = run_suite(build, server.url, output, *scenarios.split())
    assert ran.returncode == FAILED, ran.stdout + ran.stderr
    assert verdicts(output, "failed") == [broken]


def test_documented_examples_get_their_verdict(build: ModuleType, acme: Contract) -> None:
    files = sorted((build.ACME / "examples").glob("*.json"))
    assert [file.stem for file in files] == ["batch", "batch_without_end"]
    for file in files:
        example = json.loads(file.read_text("utf-8"))
        evidence = Evidence()
        judge_shape(
            acme.shapes,
            example["schema"],
            example["instance"],
            build.exchange("get_batch", 1),
            evidence,
            "batch",
        )
        assert (file.stem, example["breaks"]) == (file.stem, list(build.found(evidence)))


def test_every_schema_file_is_a_schema(acme: Contract) -> None:
    for file in acme.shapes.files:
        jsonschema.Draft202012Validator.check_schema(acme.shapes.document(file))


def test_the_contract_uses_every_mechanism(acme: Contract) -> None:
    invariants = {compiled.invariant.each for compiled in acme.invariants}
    assert invariants == {
        "snapshot",
        "step",
        "exchange",
        "call",
        "traversal",
        "counterpart",
        "probe",
        "reference",
    }
    assert {compiled.invariant.function for compiled in acme.invariants} == {
        None,
        "sorted_by_time",
        "adds_up",
    }
    changes = {
        field
        for probe in acme.probes.values()
        for field in ("path", "query", "headers", "auth", "inputs", "raw", "content_type", "repeat")
        if getattr(probe.change, field) is not None
    }
    assert changes == {"path", "query", "headers", "auth", "inputs", "raw", "content_type", "repeat"}
    kinds = {statement.kind for stated in acme.stated.values() for statement in stated}
    assert kinds == {"schema", "invariant", "life cycle", "probe", "operation"}
