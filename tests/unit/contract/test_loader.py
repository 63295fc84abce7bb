"""Reading a contract folder: what it takes, what it yields, and what is said of files that cannot be read."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract, ContractError, default_contract, installed_contracts, load_contract
from batchproof.contract.catalog import contract_folder
from batchproof.contract.yamlfile import read_yaml
from batchproof.places import schemas_dir


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("requirements.yaml", "cannot be read: No such file or directory"),
        ("resources/error.json", "is named by the contract but does not exist"),
    ],
)
def test_missing_file_is_refused_in_one_line(build: ModuleType, tmp_path: Path, name: str, says: str) -> None:
    folder = build.copy_of_acme(tmp_path)
    (folder / name).unlink()
    with pytest.raises(ContractError) as refused:
        load_contract(str(folder))
    assert refused.value.alone == f"{folder / name}: {says}"


@pytest.mark.parametrize("name", ["invariants.yaml", "probes.yaml"])
def test_invariants_and_probes_are_optional_files(build: ModuleType, tmp_path: Path, name: str) -> None:
    folder = build.copy_of_acme(tmp_path)
    (folder / name).unlink()
    if name == "probes.yaml":
        invariants = folder / "invariants.yaml"
        kept = [line for line in invariants.read_text("utf-8").splitlines() if "each: probe" not in line]
        invariants.write_text("\n".join(kept), "utf-8")
    with pytest.raises(ContractError, match="is testable, but no schema keyword"):
        load_contract(str(folder))


def test_contract_is_named_by_its_id_or_its_folder(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(build.copy_of_acme(tmp_path).parent)
    given = [default_contract(), "acme", str(tmp_path / "acme")]
    expected = [schemas_dir() / default_contract(), Path("acme"), tmp_path / "acme"]
    assert [contract_folder(reference) for reference in given] == expected


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


@pytest.mark.parametrize("about", ["{id: /id, status: /status}", "{id: /id, lifecycle: work}", "{id: /id}"])
def test_resource_without_status_or_life_cycle_is_accepted(
    build: ModuleType, tmp_path: Path, about: str
) -> None:
    folder = build.copy_of_acme(tmp_path)
    manifest = folder / "contract.yaml"
    text = manifest.read_text("utf-8")
    assert "batch: {id: /id, status: /status, lifecycle: work}" in text
    manifest.write_text(text.replace("batch: {id: /id, status: /status, lifecycle: work}", f"batch: {about}"))
    resource = load_contract(str(folder)).manifest.resources["batch"]
    assert (resource.status is None) is ("status" not in about)
    assert (resource.lifecycle is None) is ("lifecycle" not in about)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        # the condition of an invariant binds a variable
        ("invariants.yaml", "when: owner != null", "when: rows.all(one, one.id != '') && owner != null"),
        ("probes.yaml", "{$unknown: b_}", "{$unknown: {format: uuid}}"),
    ],
)
def test_changed_folder_is_accepted(
    build: ModuleType, tmp_path: Path, acme: Contract, name: str, old: str, new: str
) -> None:
    folder = build.copy_of_acme(tmp_path)
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    assert load_contract(str(folder)).stated == acme.stated


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


def rows_in_reverse(text: str) -> str:
    blocks = text.split("\n- ")[1:]
    return "\n".join(f"- {block}" for block in reversed(blocks)) + "\n"


def interpretations_in_reverse(text: str) -> str:
    return re.sub(r"(?m)^(    \S+: \{says: .*\n)(    \S+: \{says: .*\n)", r"\2\1", text)


@pytest.mark.parametrize("reverse", [rows_in_reverse, interpretations_in_reverse])
def test_catalogue_fingerprint_does_not_depend_on_layout(
    build: ModuleType, tmp_path: Path, acme: Contract, reverse: Callable[[str], str]
) -> None:
    def order(contract: Contract) -> list[tuple[str, list[str]]]:
        return [(row.id, list(row.interpretations)) for row in contract.requirements.values()]

    reordered = rewritten(build, tmp_path, reverse)
    assert order(reordered) != order(acme)
    assert reordered.requirements == acme.requirements
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


def test_name_of_a_invariant_depends_on_nothing_but_the_invariant(
    build: ModuleType, tmp_path: Path, acme: Contract
) -> None:
    folder = build.copy_of_acme(tmp_path)
    invariants = (folder / "invariants.yaml").read_text("utf-8")
    (folder / "invariants.yaml").write_text(
        "# a comment\n" + invariants.replace("self.name == row.name", "row.name == self.name"), "utf-8"
    )
    before = {
        invariant.invariant.requirement + str(invariant.invariant.interpretation): invariant.name
        for invariant in acme.invariants
    }
    after = {
        invariant.invariant.requirement + str(invariant.invariant.interpretation): invariant.name
        for invariant in load_contract(str(folder)).invariants
    }
    changed = {name: invariant for name, invariant in before.items() if invariant != after[name]}
    assert changed == {"document.nameNone": "invariant:counterpart:document:fd681cca5b34"}


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
        (b"? [a]\n: 1\n? [b]\n: 2\n", "key that is a list or has keys is no text; put it in quotes"),
        (b"\xff\xfe\x00", "is not YAML"),
        (b"- on\n", "top level: Expected `object`, got `array`"),
        (b"", "is empty; write its content, or remove the file"),
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
