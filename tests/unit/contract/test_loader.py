"""A contract folder that does not hold together is refused with one line: file, key, remedy."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import msgspec
import pytest

from batchproof.contract import Contract, ContractError, default_contract, installed_contracts, load_contract
from batchproof.contract.yamlfile import read_yaml


class Broken(NamedTuple):
    """One change to the invented vendor's folder, and what the refusal names."""

    file: str
    old: str
    new: str
    key: str
    says: str
    blamed: str | None = None


BROKEN = {
    "duplicate-key": Broken(
        "contract.yaml", "preflight:", "preflight: get_batch\npreflight:", "", "duplicate key"
    ),
    "not-yaml": Broken("contract.yaml", "documents:", "documents: [", "", "is not YAML"),
    "unknown-key": Broken(
        "contract.yaml", "preflight:", "preflights: x\npreflight:", "top level", "preflights"
    ),
    "unknown-nested-key": Broken(
        "requirements.yaml", "  aspect: auth", "  aspekt: auth\n  aspect: auth", "[0]", "aspekt"
    ),
    "wrong-type": Broken("requirements.yaml", "  level: MUST", "  level: 3", "[0].level", "str"),
    "unknown-level": Broken("requirements.yaml", "  level: MUST", "  level: SHALL", "[0].level", "SHALL"),
    "row-twice": Broken("requirements.yaml", "- id: batch.id", "- id: batch", "batch", "twice"),
    "id-in-capitals": Broken(
        "requirements.yaml", "- id: batch.id", "- id: Batch.Id", "Batch.Id", "lower case"
    ),
    "unknown-document-in-row": Broken(
        "requirements.yaml",
        "{document: guide, section: Tokens}",
        "{document: book, section: Tokens}",
        "auth.required.source.document",
        "'book', which is not declared; declare it or use one of: guide, reference",
    ),
    "question-without-readings": Broken(
        "requirements.yaml",
        "  aspect: auth",
        "  aspect: auth\n  question: Why?",
        "auth.required",
        "has a question but no readings",
    ),
    "must-without-document": Broken(
        "requirements.yaml",
        "basis: documented",
        "basis: inferred",
        "auth.required",
        "only documented statements may fail a run",
    ),
    "must-with-readings": Broken(
        "requirements.yaml",
        "- id: document.language\n  level: SHOULD",
        "- id: document.language\n  level: MUST",
        "document.language",
        "is a MUST with readings",
    ),
    "testable-with-nothing": Broken(
        "requirements.yaml",
        "{needs: [second_token_env]}",
        "{}",
        "auth.separate.testable",
        "either what it needs or why",
    ),
    "needs-unknown-fixture": Broken(
        "requirements.yaml",
        "{needs: [second_token_env]}",
        "{needs: [third_token]}",
        "auth.separate.testable.needs",
        "the fixture 'third_token'",
    ),
    "testable-row-without-statement": Broken(
        "requirements.yaml",
        "testable: {no: a test of it would be an attack}",
        "testable: black-box",
        "rate.limit",
        "is testable, but no schema keyword, law, life cycle, probe or operation states it",
    ),
    "untestable-row-with-statement": Broken(
        "requirements.yaml",
        "testable: {needs: [second_token_env]}",
        "testable: {no: nobody has two tokens}",
        "auth.separate",
        "cannot be tested, it says, but other-customer tests it",
    ),
    "operation-with-unknown-requirement": Broken(
        "contract.yaml",
        "requirement: get_batch.success",
        "requirement: get_batch.ok",
        "get_batch.ok",
        "is stated by operation get_batch: success, but is no row of requirements.yaml",
        blamed="",
    ),
    "preflight-unknown": Broken(
        "contract.yaml",
        "preflight: list_documents",
        "preflight: ping",
        "preflight",
        "names the operation 'ping', which is not declared",
    ),
    "reads-unknown-resource": Broken(
        "contract.yaml",
        "reads: batch",
        "reads: bundle",
        "operations.get_batch.reads",
        "the resource 'bundle'",
    ),
    "shows-unknown-resource": Broken(
        "contract.yaml",
        "shows: [{resource: document, at: /documents/*",
        "shows: [{resource: paper, at: /documents/*",
        "operations.list_documents.success.shows",
        "the resource 'paper'",
    ),
    "unknown-life-cycle": Broken(
        "contract.yaml",
        "batch: {id: /id, status: /status, lifecycle: work}",
        "batch: {id: /id, status: /status, lifecycle: play}",
        "resources.batch.lifecycle",
        "the life cycle 'play'",
    ),
    "edge-out-of-a-terminal-state": Broken(
        "contract.yaml",
        "running: [done, failed]}",
        "running: [done, failed], done: [queued]}",
        "lifecycles.work.edges.done",
        "remove the edge",
    ),
    "unknown-fixture-in-template": Broken(
        "contract.yaml",
        "language: {$fixture: language}",
        "language: {$fixture: tongue}",
        "inputs.document",
        "the fixture 'tongue'",
    ),
    "unknown-inputs-in-template": Broken(
        "contract.yaml",
        "{$inputs: document}",
        "{$inputs: sheet}",
        "operations.submit_batch.request.body",
        "the kind of input 'sheet'",
    ),
    "unknown-need": Broken(
        "contract.yaml",
        "- needs: [language]",
        "- needs: [tongue]",
        "inputs.document.needs",
        "the fixture 'tongue'",
    ),
    "unknown-operation-in-flow": Broken(
        "contract.yaml",
        "list: list_documents,",
        "list: list_all,",
        "flows.papers.list",
        "the operation 'list_all'",
    ),
    "discovery-by-unknown-operation": Broken(
        "contract.yaml",
        "discover: {operation: list_documents",
        "discover: {operation: list_all",
        "fixtures.document_ids.discover",
        "the operation 'list_all'",
    ),
    "law-with-unknown-variable": Broken(
        "laws.yaml",
        "rule: self.name == row.name",
        "rule: self.name == other.name",
        "document.name",
        "uses other; `each: twin` knows row, self",
    ),
    "law-that-is-not-cel": Broken(
        "laws.yaml", "rule: self.name == row.name", "rule: self.name ===", "document.name", "is not CEL"
    ),
    "law-without-rule": Broken(
        "laws.yaml", ", rule: self.name == row.name", "", "document.name", "either `rule` or `function`"
    ),
    "law-with-rule-and-function": Broken(
        "laws.yaml",
        ", rule: self.name == row.name",
        ", function: adds_up, rule: self.name == row.name",
        "document.name",
        "either `rule` or `function`",
    ),
    "law-on-unknown-resource": Broken(
        "laws.yaml", "on: batch, when", "on: bundle, when", "batch.count", "the resource 'bundle'"
    ),
    "law-in-a-view-that-nothing-shows": Broken(
        "laws.yaml",
        "on: batch, view: detail",
        "on: batch, view: row",
        "batch.created_at",
        "no operation shows",
    ),
    "walk-without-pages": Broken(
        "laws.yaml",
        "each: walk\n  on: list_documents",
        "each: walk\n  on: get_batch",
        "list_documents.complete",
        "walks get_batch, which declares no pages",
    ),
    "law-with-unknown-reading": Broken(
        "laws.yaml", "reading: absent", "reading: missing", "document.language", "the reading 'missing'"
    ),
    "law-without-its-reading": Broken(
        "laws.yaml", "reading: absent, ", "", "document.language", "name the reading that they show"
    ),
    "law-with-unknown-requirement": Broken(
        "laws.yaml",
        "requirement: document.name",
        "requirement: document.title",
        "document.title",
        "no row",
        "",
    ),
    "probe-twice": Broken("probes.yaml", "name: basic", "name: no-token", "no-token", "twice"),
    "probe-with-two-changes": Broken(
        "probes.yaml",
        "change: {inputs: 0}",
        "change: {inputs: 0, raw: x}",
        "no-documents.change",
        "exactly one change",
    ),
    "probe-without-change": Broken(
        "probes.yaml", "change: {inputs: 0}", "change: {}", "no-documents.change", "exactly one change"
    ),
    "probe-on-unknown-operation": Broken(
        "probes.yaml",
        "operation: list_documents, change: {auth: none}",
        "operation: list_all, change: {auth: none}",
        "no-token.operation",
        "the operation 'list_all'",
    ),
    "probe-with-unknown-resource": Broken(
        "probes.yaml", "{$known: batch}", "{$known: bundle}", "unknown-batch", "the resource 'bundle'"
    ),
    "probe-with-undeclared-token": Broken(
        "probes.yaml",
        "change: {auth: second}",
        "change: {auth: limited}",
        "other-customer.change.auth",
        "the fixture 'limited_token_env'",
    ),
    "probe-of-unknown-kind": Broken(
        "probes.yaml",
        "operation: submit_batch, change: {inputs: 0}",
        "operation: submit_batch, twin: {kind: sheet}, change: {inputs: 0}",
        "no-documents.twin.kind",
        "the kind of input 'sheet'",
    ),
    "schema-with-unknown-requirement": Broken(
        "resources/batch.json",
        '"batch.id"',
        '"batch.identity"',
        "x-requirement",
        "'batch.identity' is no row",
    ),
    "dangling-reference": Broken(
        "requests/submit_batch.json", '"type": "string"', '"$ref": "#/$defs/name"', "$ref", "leads nowhere"
    ),
    "relative-id-of-a-schema": Broken(
        "resources/batch.json",
        "https://batchproof.dev/schemas/acme/1/resources/batch.json",
        "resources/batch.json",
        "$id",
        "must be an absolute https address",
    ),
    "schema-that-is-not-json": Broken("resources/batch.json", "{", "", "", "is not JSON"),
    "schema-that-is-no-object": Broken("resources/status.json", "{", "[{", "", "is not JSON"),
    "schema-with-unknown-type": Broken(
        "resources/batch.json",
        '"type": "integer"',
        '"type": "whole"',
        "/properties/count/type",
        '"whole" is not valid',
    ),
    "schema-named-but-missing": Broken(
        "contract.yaml",
        "schema: resources/document_list.json",
        "schema: resources/page.json",
        "",
        "is named by the contract but does not exist",
        "resources/page.json",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_folder_is_refused_in_one_line(build: ModuleType, tmp_path: Path, name: str) -> None:
    broken = BROKEN[name]
    folder = build.copy_of_acme(tmp_path)
    file = folder / broken.file
    text = file.read_text("utf-8")
    assert broken.old in text
    file.write_text(text.replace(broken.old, broken.new, 1), "utf-8")
    with pytest.raises(ContractError) as refused:
        load_contract(str(folder))
    message = str(refused.value)
    blamed = folder / (broken.file if broken.blamed is None else broken.blamed)
    expected = f"{blamed}: {broken.key}: " if broken.key else f"{blamed}: "
    assert expected == message[: len(expected)]
    assert broken.says in message[len(expected) :]
    assert "\n" not in message


@pytest.mark.parametrize("name", ["requirements.yaml", "resources/error.json"])
def test_missing_file_is_refused_in_one_line(build: ModuleType, tmp_path: Path, name: str) -> None:
    folder = build.copy_of_acme(tmp_path)
    (folder / name).unlink()
    with pytest.raises(ContractError) as refused:
        load_contract(str(folder))
    assert str(folder / name) == str(refused.value).partition(": ")[0]
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["laws.yaml", "probes.yaml"])
def test_laws_and_probes_are_optional_files(build: ModuleType, tmp_path: Path, name: str) -> None:
    folder = build.copy_of_acme(tmp_path)
    (folder / name).unlink()
    with pytest.raises(ContractError, match="is testable, but no schema keyword"):
        load_contract(str(folder))


def test_unknown_contract_names_the_installed_ones(tmp_path: Path) -> None:
    with pytest.raises(ContractError) as refused:
        load_contract("acme/9")
    known = ", ".join(installed_contracts())
    assert (
        str(refused.value)
        == f"acme/9: is neither a contract nor a folder with a contract.yaml; use one of: {known}"
    )


def test_untouched_copy_is_accepted(build: ModuleType, tmp_path: Path, acme: Contract) -> None:
    assert load_contract(str(build.copy_of_acme(tmp_path))).requirements == acme.requirements


@pytest.mark.parametrize("name", installed_contracts())
def test_installed_contract_loads(name: str) -> None:
    contract = load_contract(name)
    assert (contract.id, contract.folder.name) == (name, name.rpartition("/")[2])


def test_default_contract_is_installed() -> None:
    assert default_contract() in installed_contracts()


def test_operations_of_a_requirement(acme: Contract) -> None:
    everywhere = {"submit_batch", "get_batch", "list_documents", "get_document"}
    expected = {
        "error": everywhere,
        "error.code": everywhere,
        "status.enum": everywhere,
        "batch.id": {"submit_batch", "get_batch"},
        "list_documents.complete": {"list_documents"},
        "document.pages": {"get_document"},
        "auth.required": {"list_documents"},
        "rate.limit": set(),
    }
    assert {name: set(acme.operations_of(name)) for name in expected} == expected


def rewritten(build: ModuleType, folder: Path, change: Callable[[str], str]) -> Contract:
    copy = build.copy_of_acme(folder)
    rows = copy / "requirements.yaml"
    rows.write_text(change(rows.read_text("utf-8")), "utf-8")
    return load_contract(str(copy))


def test_catalogue_fingerprint_does_not_depend_on_layout(
    build: ModuleType, tmp_path: Path, acme: Contract
) -> None:
    def in_reverse(text: str) -> str:
        blocks = text.split("\n- ")[1:]
        return "\n".join(f"- {block}" for block in reversed(blocks)) + "\n"

    reordered = rewritten(build, tmp_path, in_reverse)
    assert list(reordered.requirements) == list(acme.requirements)[::-1]
    assert reordered.catalogue_sha256() == acme.catalogue_sha256()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A status is a string.", "A status is a text."),
        ("- id: document.language\n  level: SHOULD", "- id: document.language\n  level: MAY"),
        ("  set: full", "  set: core"),
        ("section: Limits", "section: Rates"),
    ],
)
def test_catalogue_fingerprint_changes_with_a_row(
    build: ModuleType, tmp_path: Path, acme: Contract, old: str, new: str
) -> None:
    changed = rewritten(build, tmp_path, lambda text: text.replace(old, new, 1))
    assert changed.requirements != acme.requirements
    assert changed.catalogue_sha256() != acme.catalogue_sha256()


def test_name_of_a_law_depends_on_nothing_but_the_law(
    build: ModuleType, tmp_path: Path, acme: Contract
) -> None:
    folder = build.copy_of_acme(tmp_path)
    laws = (folder / "laws.yaml").read_text("utf-8")
    (folder / "laws.yaml").write_text(
        "# a comment\n" + laws.replace("self.name == row.name", "row.name == self.name"), "utf-8"
    )
    before = {law.law.requirement + str(law.law.reading): law.name for law in acme.laws}
    after = {law.law.requirement + str(law.law.reading): law.name for law in load_contract(str(folder)).laws}
    assert [name for name in before if before[name] != after[name]] == ["document.nameNone"]


class Words(msgspec.Struct):
    on: str
    no: str
    y: str
    octal: int


def test_yaml_is_version_1_2(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("on: on\nno: no\ny: yes\noctal: 010\n", "utf-8")
    assert read_yaml(file, Words) == Words("on", "no", "yes", 10)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"on: a\non: b\n", "duplicate key"),
        (b"\xff\xfe\x00", "is not YAML"),
        (b"- on\n", "top level: Expected `object`, got `array`"),
        (b"", "top level: Expected `object`, got `null`"),
        (b"on: on\nno: true\ny: y\noctal: 1\n", "no: Expected `str`, got `bool`"),
    ],
)
def test_yaml_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "words.yaml"
    file.write_bytes(content)
    with pytest.raises(ContractError) as refused:
        read_yaml(file, Words)
    assert f"{file}: " == str(refused.value)[: len(f"{file}: ")]
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_file_of_the_invented_vendor_is_read(acme: Contract) -> None:
    names = sorted(file.relative_to(acme.folder).as_posix() for file in acme.folder.rglob("re*/*.json"))
    assert sorted(acme.shapes.files) == names
    titles: dict[str, Any] = {name: json.loads((acme.folder / name).read_text("utf-8")) for name in names}
    assert {name: acme.shapes.document(name) for name in names} == titles
