"""The way from extend/2025-04-21 to extend/2026-02-09: all that the vendor's migration guide names, and no removal that is none."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from batchproof.contract import Contract, ContractError, load_contract
from batchproof.places import schemas_dir
from batchproof.report.page import Page
from batchproof.upgrade import documents, print_upgrade, to_json, upgrade, upgrade_markdown
from batchproof.upgrade.change import Change, Upgrade

# row by row what the guide, and the types of the clients where it could not be read, say is different
DOCUMENTED = {
    "extraction, classification and splitting have endpoints of their own": [
        "create_processor_run.moved",
        "get_processor_run.moved",
        "list_processor_runs.moved",
        "cancel_processor_run.moved",
        "delete_processor_run.moved",
        "list_processors.moved",
        "stated.one-list-three-lists",
    ],
    "a synchronous run": ["create_processor_run.sync.outside"],
    "parsing": ["stated.parse"],
    "publishing": ["stated.publish"],
    "reading one processor": ["stated.one-processor"],
    "items of evaluations": ["stated.evaluation-items"],
    "runs of evaluations": ["stated.evaluation-runs", "get_batch_processor_run.outside"],
    "filters of evaluations": ["stated.evaluation-filter"],
    "runs of workflows": ["stated.workflow-runs"],
    "corrections of outputs of workflows": ["stated.workflow-output-correction"],
    "file input": [
        "create_processor_run.file.fileUrl.renamed",
        "create_processor_run.file.fileName.renamed",
        "create_processor_run.file.fileId.renamed",
        "create_processor_run.rawText.moved@extraction+classification",
        "create_processor_run.rawText.removed@splitting",
    ],
    "reference to a processor": [
        "create_processor_run.processorId.moved@extraction",
        "create_processor_run.processorId.moved@classification+splitting",
        "create_processor_run.version.moved",
        "create_processor_run.config.moved@extraction",
        "create_processor_run.config.moved@classification+splitting",
        "create_processor_run.config.type.removed",
        "list_processor_runs.processorId.renamed",
    ],
    "ids": ["stated.ids-of-runs", "stated.ids-of-processors", "stated.ids-of-versions"],
    "envelope": ["processor_run_response.processorRun.moved", "processor_run_response.success.removed"],
    "lists": [
        "processor_run_list.processorRuns.renamed",
        "processor_run_list.object.added",
        "processor_run_list.success.removed",
        "processor_list.processors.renamed",
    ],
    "errors": [
        "error.error.renamed",
        "error.success.removed",
        "error.code.required",
        "error.retryable.added",
        "error.requestId.added",
        "stated.error-codes",
    ],
    "run object": ["processor_run.object.value_renamed", "processor_run.type.removed"],
    "url": ["processor_run.url.renamed"],
    "files": [
        "processor_run.files.renamed@extraction",
        "processor_run.files.renamed@classification+splitting",
    ],
    "processor of a run": [
        "processor_run.processorId.moved",
        "processor_run.processorName.moved",
        "processor_run.processorVersionId.moved",
    ],
    "merged processors": ["processor_run.mergedProcessors.removed"],
    "added": [
        "processor_run.parseRunId.added",
        "processor_run.createdAt.added",
        "processor_run.updatedAt.added",
    ],
    "null instead of absent": ["stated.unset-fields"],
    "citations": [
        "extraction_output.metadata.*.citations.*.page.moved",
        "extraction_output.metadata.*.citations.*.pageWidth.moved",
        "extraction_output.metadata.*.citations.*.pageHeight.moved",
    ],
    "parser": ["processor_run.config.parser.renamed", "stated.configuration-keys"],
    "method of splitting": ["processor_run.config.advancedOptions.splitMethod.value_renamed@splitting"],
    "configuration with fields": ["stated.fields-configuration"],
    "base of a classification": [
        "processor_run.config.baseProcessor.values_added@classification",
        "stated.classification-default",
    ],
    "events": [
        "processor_run.processed.renamed",
        "processor_run.failed.renamed",
        "stated.parser-events",
        "stated.processor-events",
    ],
    "batches": [
        "submit_extract_batch.added",
        "submit_classify_batch.added",
        "submit_split_batch.added",
        "get_batch_run.added",
    ],
    "behaviour that only requirements state": [
        "stated.first-status",
        "stated.output-before-the-end",
        "stated.edits-of-an-unedited-run",
        "stated.failing-documents",
        "stated.failure-reasons",
        "stated.normalized-schema",
        "stated.schema-rules",
        "stated.classification-rules",
        "stated.metadata-size",
        "stated.priority",
    ],
    "version": ["header.x-extend-api-version.changed", "webhook.header.x-extend-api-version.changed"],
}
GONE = {
    "create_processor_run.config.type.removed",
    "create_processor_run.rawText.removed@splitting",
    "error.success.removed",
    "file.usage.removed",
    "list_processor_runs.processorType.removed",
    "list_processors.type.removed",
    "processor_list.success.removed",
    "processor_list.warning.removed",
    "processor_run.config.advancedOptions.advancedFigureParsingEnabled.removed@extraction",
    "processor_run.config.advancedOptions.documentKind.removed@extraction",
    "processor_run.config.advancedOptions.fixedPageLimit.removed",
    "processor_run.config.advancedOptions.keyDefinitions.removed@extraction",
    "processor_run.config.type.removed",
    "processor_run.edits.removed@classification+splitting",
    "processor_run.mergedProcessors.removed",
    "processor_run.type.removed",
    "processor_run_deletion.message.removed",
    "processor_run_deletion.success.removed",
    "processor_run_list.success.removed",
    "processor_run_response.success.removed",
    "processor_run_summary.type.removed",
    "processor_summary.type.removed",
}


@pytest.fixture(scope="module")
def older() -> Contract:
    return load_contract("extend/2025-04-21")


@pytest.fixture(scope="module")
def newer() -> Contract:
    return load_contract("extend/2026-02-09")


@pytest.fixture(scope="module")
def described(older: Contract, newer: Contract) -> Upgrade:
    return upgrade(older, newer)


@pytest.fixture(scope="module")
def changes(described: Upgrade) -> dict[str, Change]:
    return {change.id: change for change in described.changes}


@pytest.mark.parametrize(
    ("old", "new", "described"),
    [
        (
            "  processor_run.failed: {to: $run.failed}\n",
            "",
            "events.processor_run.failed: is missing; say whether this event is kept, moved, outside or gone",
        ),
        (
            "{to: $run.failed}",
            "{to: $run.broken}",
            "events.processor_run.failed.to: 'extract_run.broken' is no event of extend/2026-02-09",
        ),
        (
            "        /url: /dashboardUrl\n",
            "",
            "shapes.resources/processor_run.json: /url: is missing in extraction; say whether it is kept",
        ),
        (
            "          /edits: A split run shows no edits; compare initialOutput with reviewedOutput.\n",
            "          /url: There is none.\n",
            "shapes.resources/processor_run.json: /edits: '/edits' is no field of resources/split_run.json",
        ),
    ],
)
def test_a_line_less_is_refused(older: Contract, tmp_path: Path, old: str, new: str, described: str) -> None:
    folder = Path(shutil.copytree(schemas_dir() / "extend" / "2026-02-09", tmp_path / "newer"))
    text = (folder / "migration.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "migration.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContractError) as refused:
        upgrade(older, load_contract(str(folder)))
    assert described in str(refused.value)


@pytest.mark.parametrize("row", DOCUMENTED)
def test_documented_difference_is_told(changes: dict[str, Change], row: str) -> None:
    assert [name for name in DOCUMENTED[row] if name not in changes] == []


def test_legacy_paths_are_a_route(described: Upgrade) -> None:
    assert list(described.routes) == ["header-only", "all"]


def test_nothing_else_is_gone(described: Upgrade) -> None:
    assert {change.id for change in described.changes if change.kind == "removed"} == GONE


def test_what_something_undescribed_became_is_no_addition(changes: dict[str, Change]) -> None:
    names = (
        "create_parse_run",
        "get_parse_run",
        "delete_parse_run",
        "parse_run.processed",
        "parse_run.failed",
    )
    assert [name for name in names if f"{name}.added" in changes] == []


def test_every_change_has_an_id_of_its_own(described: Upgrade) -> None:
    assert [
        name for name, count in Counter(change.id for change in described.changes).items() if count > 1
    ] == []


def test_silent_breaks_come_first(described: Upgrade) -> None:
    ranks = [change.rank for change in described.changes]
    assert ranks == sorted(ranks)
    silent = [change.silent for change in described.changes if change.grade == "breaking"]
    assert silent == sorted(silent, reverse=True)
    assert any(silent)


def test_what_each_family_has_under_its_own_name_is_one_addition(changes: dict[str, Change]) -> None:
    added = changes["processor_run.<processor>.createdAt.added"]
    assert [after.at for after in added.after] == [
        f"/{name}/createdAt" for name in ("extractor", "classifier", "splitter")
    ]


def test_what_is_silent_in_requests(changes: dict[str, Change]) -> None:
    """A run of extraction needs no extractor, so a forgotten processorId is no error; a classification needs one."""
    names = ["extraction", "classification+splitting"]
    assert [changes[f"create_processor_run.processorId.moved@{name}"].silent for name in names] == [
        True,
        False,
    ]


def test_the_file_keeps_its_schema(described: Upgrade) -> None:
    schema = json.loads((schemas_dir() / "batchproof" / "upgrade.json").read_text())
    jsonschema.validate(json.loads(to_json(described)), schema)


def test_requests_of_examples_are_whole(described: Upgrade, older: Contract, newer: Contract) -> None:
    """Each is accepted before; after, the old one is refused, or accepted silently, and the new one is accepted."""
    before = older.shapes.validator("requests/create_processor_run.json")
    families = [
        newer.shapes.validator(f"requests/create_{name}_run.json")
        for name in ("extract", "classify", "split")
    ]
    shown = [
        change
        for change in described.changes
        if change.id.startswith("create_processor_run.") and change.example
    ]
    assert len(shown) >= 9
    for change in shown:
        assert change.example is not None
        assert before.is_valid(change.example.before), change.id
        accepted = any(one.is_valid(change.example.after) for one in families)
        # nothing takes the place of raw text where none is taken
        assert accepted == (change.id != "create_processor_run.rawText.removed@splitting"), change.id


def test_breaking_changes_of_shapes_have_examples(described: Upgrade) -> None:
    shapes = (
        "renamed",
        "moved",
        "removed",
        "outside",
        "value_renamed",
        "null",
        "retyped",
        "required",
        "stated",
    )
    lacking = [
        change.id
        for change in described.changes
        if change.grade == "breaking"
        and change.kind in shapes
        and change.about in ("request", "query", "response", "error")
        and change.example is None
    ]
    assert lacking == []
    assert [
        change.id
        for change in described.changes
        if change.example and change.example.before == change.example.after
    ] == []


def test_pages(described: Upgrade, older: Contract, newer: Contract, tmp_path: Path) -> None:
    for verbose in (False, True):
        with (tmp_path / "out").open("w", encoding="utf-8") as file:
            print_upgrade(described, Page(Console(file=file, width=80)), folder="out", verbose=verbose)
        shown = (tmp_path / "out").read_text(encoding="utf-8")
        assert all(len(line) <= 80 for line in shown.splitlines())
        # the summary fits one screen, and names what is silent
        first = "\n".join(shown.splitlines()[:24])
        assert "Silent: it is answered as before" in first
        assert "stores ids" in first
    page = upgrade_markdown(described, documents(older, newer))
    assert [change.id for change in described.changes if f"### `{change.id}`" not in page] == []


def test_rows_that_are_cited_exist(described: Upgrade, older: Contract, newer: Contract) -> None:
    cited: list[tuple[Any, Contract]] = [(change.older, older) for change in described.changes]
    cited += [(change.newer, newer) for change in described.changes]
    assert [row for rows, contract in cited for row in rows if row not in contract.requirements] == []
