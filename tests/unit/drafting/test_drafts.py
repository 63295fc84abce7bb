"""`batchproof contract new --openapi FILE` drafts a folder that loads, and says what it left out."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from batchproof.cli import commands
from batchproof.contract import Contract, load_contract, pointer
from batchproof.contract.shapes import ANNOTATION

PAPERS = Path(__file__).with_name("papers.yaml")
DOCUMENT = yaml.safe_load(PAPERS.read_text("utf-8"))
NOTES = [
    (
        "/paths/~1documents~1{id}~1file/get: GET /documents/{id}/file is left out: no success with a JSON body is documented, "
        "and others are not judged"
    ),
    (
        "/paths/~1batches~1{batch_id}/get: batch: its states are queued, running, done, and no OpenAPI document says which "
        "follows which; write `lifecycles` in contract.yaml"
    ),
    (
        "/paths/~1documents~1{id}~1pages~1{number}/get: GET /documents/{id}/pages/{number} is left out: its path has 2 "
        "placeholders, and scenarios fill one"
    ),
    (
        "/paths/~1batches~1{batch_id}/patch: PATCH /batches/{batch_id} is left out: it changes an object of the kind batch in a "
        "way that no scenario drives; a probe may"
    ),
    "/servers: paths begin behind the server's address, which is https://papers.example/api; give --target with that path",
    (
        "/components/schemas/Input/properties/mail: format is left out: 'email' is not checked alike by all validators; use one "
        "of date, date-time, ipv4, ipv6, uri, uuid, or a pattern"
    ),
    (
        "/paths/~1documents/get/parameters/4: a query parameter that is a list or an object is left out; values are sent as one "
        "text"
    ),
    (
        "/components/schemas/Document/properties/result: the discriminator is ignored: the branches of a choice are told apart "
        "by their shapes"
    ),
    (
        "/components/schemas/Document/properties/result: oneOf is read as anyOf: shapes are open to additions, so that several "
        "branches may fit"
    ),
    "/components/schemas/Document: additionalProperties: false is left out of answers: additions to them break nobody",
]


def new(*arguments: str) -> tuple[int, list[str]]:
    """The exit code and the lines of `batchproof contract new`."""
    ended = CliRunner().invoke(commands, ["contract", "new", *arguments])
    return ended.exit_code, ended.output.splitlines()


def checked(*arguments: str) -> tuple[int, list[str]]:
    ended = CliRunner().invoke(commands, ["contract", "check", *arguments])
    return ended.exit_code, ended.output.splitlines()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is drafted from the invented document."""
    schemas = tmp_path_factory.mktemp("drafts")
    assert new("papers/2", "--openapi", str(PAPERS), "--schemas", str(schemas))[0] == 0
    return schemas / "papers" / "2"


@pytest.fixture(scope="module")
def papers(folder: Path) -> Contract:
    return load_contract(str(folder))


def test_it_says_what_was_left_out_and_how_much_came_out(tmp_path: Path) -> None:
    code, lines = new("papers/2", "--openapi", str(PAPERS), "--schemas", str(tmp_path))
    assert (code, lines[: len(NOTES)]) == (0, NOTES)
    assert lines[len(NOTES) :] == [
        "6 operations, 10 schema files, 64 requirements, 5 probes, 1 flows, 10 notes",
        f"{tmp_path / 'papers' / '2'}: nothing is wrong; 64 drafts to judge",
        f"next: batchproof contract check {tmp_path / 'papers' / '2'}",
    ]


def test_notes_stand_in_the_folder_too(folder: Path) -> None:
    written = (folder / "contract.yaml").read_text("utf-8").splitlines()
    assert [line.removeprefix("# - ") for line in written if line.startswith("# - ")] == NOTES


def test_the_same_document_gives_the_same_folder(folder: Path, tmp_path: Path) -> None:
    new("papers/2", "--openapi", str(PAPERS), "--schemas", str(tmp_path))
    again = tmp_path / "papers" / "2"
    files = {file.relative_to(folder): file.read_text("utf-8") for file in folder.rglob("*.*")}
    assert {file.relative_to(again): file.read_text("utf-8") for file in again.rglob("*.*")} == files


def test_files_name_their_schema_first(folder: Path) -> None:
    first = {file.name: file.read_text("utf-8").splitlines()[0] for file in folder.glob("*.yaml")}
    base = "# yaml-language-server: $schema=https://batchproof.dev/schemas/batchproof/contract"
    assert first == {name: f"{base}/{name.removesuffix('.yaml')}.json" for name in first}
    assert sorted(first) == ["contract.yaml", "probes.yaml", "requirements.yaml"]


def test_every_row_is_a_draft_that_can_fail_nothing(papers: Contract) -> None:
    rows = papers.requirements.values()
    assert {(row.level, row.basis, row.draft) for row in rows} == {("SHOULD", "inferred", True)}


def test_every_row_names_its_place_in_the_document(papers: Contract) -> None:
    # statuses are numbers to YAML
    document = _with_text_keys(DOCUMENT)
    sections = {row.source.section for row in papers.requirements.values()}
    assert [at for at in sections if pointer.first(document, at) is None] == []


def test_each_keyword_has_a_row(papers: Contract) -> None:
    assert {name for name in papers.requirements if name.startswith("request.submit_batch")} == {
        "request.submit_batch",
        "request.submit_batch.id",
        "request.submit_batch.inputs",
        "request.submit_batch.inputs.max_items",
        "request.submit_batch.inputs.min_items",
        "request.submit_batch.inputs.required",
        "request.submit_batch.mode",
        "request.submit_batch.mode.enum",
        "request.submit_batch.mode.required",
        "request.submit_batch.pages",
        "request.submit_batch.pages.exclusive_minimum",
    }
    row = papers.requirements["document.language.enum"]
    assert (row.aspect, row.statement) == ("enum", "document: language is one of en, de, null.")


def test_it_recognises_a_submission_and_its_list(papers: Contract) -> None:
    manifest = papers.manifest
    flow = manifest.flows["batch"]
    assert (flow.submit, flow.read, flow.list, flow.read_run, flow.cancel) == (
        "submit_batch",
        "get_batch",
        "list_documents",
        "get_document",
        "cancel_batch",
    )
    listed = manifest.operations["list_documents"]
    assert listed.pages is not None
    assert (listed.pages.rows, listed.pages.next, listed.pages.token, listed.pages.size) == (
        "/documents",
        "/next_cursor",
        "cursor",
        "limit",
    )
    assert listed.owner is not None
    assert (listed.owner.parameter, listed.owner.resource) == ("batch_id", "batch")
    submitted = manifest.operations["submit_batch"]
    assert submitted.request is not None
    assert (submitted.billed, submitted.creates) == ("/inputs", "batch")
    assert submitted.request.body == {"inputs": {"$inputs": "document"}, "mode": "fast"}
    assert manifest.inputs["document"][0].value == {"url": {"$fixture": "inputs_url"}}


def test_it_recognises_what_every_request_carries(papers: Contract) -> None:
    manifest = papers.manifest
    assert manifest.auth is not None
    assert (manifest.auth.scheme, manifest.headers, manifest.preflight) == (
        "bearer",
        {"papers-version": "2"},
        "list_documents",
    )
    assert manifest.operations["get_batch"].path == "/batches/{id}"
    assert manifest.fixtures["document_ids"].discover is not None


def test_probes_are_what_the_document_refuses(papers: Contract) -> None:
    refused = {
        name: probe.refused.statuses for name, probe in papers.probes.items() if probe.refused is not None
    }
    assert refused == {
        "no-token": [401],
        "unknown-token": [401],
        "get_batch-unknown": [404],
        "get_document-unknown": [404],
    }
    assert [name for name, probe in papers.probes.items() if probe.refused is None] == ["get_limits-again"]


def test_only_the_paths_that_are_wanted(tmp_path: Path) -> None:
    new("papers/2", "--openapi", str(PAPERS), "--path", "/documents*", "--schemas", str(tmp_path))
    drafted = load_contract(str(tmp_path / "papers" / "2"))
    assert list(drafted.manifest.operations) == ["list_documents", "get_document"]


def test_drafts_are_listed_and_wrong_only_to_the_strict(folder: Path) -> None:
    code, lines = checked(str(folder))
    assert (code, len(lines), lines[-1]) == (0, 65, f"{folder}: nothing is wrong; 64 drafts to judge")
    assert lines[0] == (
        f"{folder}/requirements.yaml:2:3: error.message: is a draft (SHOULD); read openapi "
        "/components/schemas/Error/properties/message, judge level and sentence, and remove `draft`"
    )
    assert checked(str(folder), "--strict") == (1, lines)


def test_a_draft_is_no_must(folder: Path, tmp_path: Path) -> None:
    new("papers/2", "--openapi", str(PAPERS), "--schemas", str(tmp_path))
    file = tmp_path / "papers" / "2" / "requirements.yaml"
    text = file.read_text("utf-8").replace("level: SHOULD", "level: MUST", 1)
    file.write_text(text.replace("basis: inferred", "basis: documented", 1), "utf-8")
    code, lines = checked(str(file.parent))
    remedy = "is a MUST and a draft; judge level and sentence, and remove `draft`, or make it a SHOULD"
    assert (code, lines[0]) == (1, f"{file}:8:3: error.message: {remedy}")


def test_nothing_is_overwritten(folder: Path) -> None:
    before = (folder / "contract.yaml").stat()
    code, lines = new("papers/2", "--schemas", str(folder.parents[1]))
    described = f"batchproof: {folder}: is there already, and nothing is overwritten; remove it, or choose another version"
    assert (code, lines, (folder / "contract.yaml").stat()) == (2, [described], before)


@pytest.mark.parametrize("name", ["papers", "Papers/2", "../2", "papers/2/3"])
def test_an_id_is_vendor_and_version(name: str, tmp_path: Path) -> None:
    code, lines = new(name, "--schemas", str(tmp_path))
    described = f"batchproof: {name}: is no id of a contract; write VENDOR/VERSION in lower case, such as acme/2026-01-01"
    assert (code, lines, list(tmp_path.iterdir())) == (2, [described], [])


def test_skeleton_loads_and_says_what_to_write(tmp_path: Path) -> None:
    skeleton = tmp_path / "acme" / "1"
    assert new("acme/1", "--schemas", str(tmp_path)) == (
        0,
        [f"{skeleton}: nothing is wrong; 10 drafts to judge", f"next: batchproof contract check {skeleton}"],
    )
    written = load_contract(str(skeleton))
    assert (written.id, {row.draft for row in written.requirements.values()}) == ("acme/1", {True})
    text = (skeleton / "contract.yaml").read_text("utf-8")
    assert len([line for line in text.splitlines() if line.strip().startswith("#")]) > 15


@pytest.mark.parametrize("name", ["extend/2026-02-09", "extend/2025-04-21", "talonic/v1"])
def test_what_batchproof_says_in_openapi_comes_back(name: str, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(CliRunner().invoke(commands, ["openapi", "--contract", name]).output, "utf-8")
    code, lines = new("again/1", "--openapi", str(document), "--schemas", str(tmp_path))
    assert (code, lines[-2].partition("; ")[0]) == (0, f"{tmp_path / 'again' / '1'}: nothing is wrong")
    drafted, known = load_contract(str(tmp_path / "again" / "1")), load_contract(name)
    assert drafted.manifest.operations.keys() <= known.manifest.operations.keys()
    assert drafted.manifest.headers == known.manifest.headers
    for operation, item in drafted.manifest.operations.items():
        described = known.manifest.operations[operation]
        assert (item.method, item.path, item.success.statuses) == (
            described.method,
            described.path,
            described.success.statuses,
        )


def test_a_catalogue_without_drafts_has_the_fingerprint_that_it_had(acme: Contract, papers: Contract) -> None:
    assert acme.catalogue_sha256() == ACME_CATALOGUE
    assert papers.shapes.document("resources/document.json")[ANNOTATION] == {"*": "document"}


ACME_CATALOGUE = "7470facbaf4fed6124e81ee73d4b879e1dab1709fc336e29dca7db1d8c91a14f"


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_text_keys(child) for key, child in value.items()}
    return [_with_text_keys(child) for child in value] if isinstance(value, list) else value
