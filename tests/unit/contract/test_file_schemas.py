"""The JSON Schemas for editors say what the loader reads, and every file names its own in the first line."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from batchproof.contract.yamlfile import read
from batchproof.places import schemas_dir
from tools.contract_schemas import FILES, first_line, written

ROOT = schemas_dir()
SCHEMAS = ROOT / "batchproof" / "contract"
YAML = [pytest.param(file, id=file.relative_to(ROOT).as_posix()) for file in sorted(ROOT.glob("*/*/*.yaml"))]


def fits(name: str, value: Any) -> bool:
    return jsonschema_rs.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text())).is_valid(
        value
    )


def test_schemas_are_those_of_the_model() -> None:
    """``python -m tools.contract_schemas`` writes them anew."""
    assert {file.name: file.read_text("utf-8") for file in SCHEMAS.iterdir()} == dict(written())


@pytest.mark.parametrize("name", FILES)
def test_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))


@pytest.mark.parametrize("file", YAML)
def test_file_fits_the_schema_that_its_first_line_names(file: Path) -> None:
    assert file.read_text("utf-8").startswith(first_line(file.stem))
    assert fits(file.stem, read(file).data)


def test_examples_fit() -> None:
    examples = [json.loads(file.read_text("utf-8")) for file in ROOT.glob("*/*/examples/*.json")]
    assert [example for example in examples if not fits("example", example)] == []


@pytest.mark.parametrize("name", ["contract", "requirements", "invariants", "probes"])
def test_invented_vendor_fits(build: ModuleType, name: str) -> None:
    assert fits(name, read(build.ACME / f"{name}.yaml").data)


@pytest.mark.parametrize(
    ("value", "fit"),
    [
        ([{"operations": ["a"], "aspects": ["enum"], "reason": "None."}], True),
        ([{"for": ["one"], "operations": ["<family>"], "aspects": ["enum"], "reason": "None."}], True),
        ([{"for": {"one": {"n": 1}}, "items": [{"operations": [], "aspects": [], "reason": ""}]}], True),
        ([{"for": ["one"], "operations": "<all>", "aspects": ["enum"], "reason": "None."}], True),
        ([{"for": ["one"], "items": [{"reason": "Nothing else."}]}], False),
        ([{"operations": "all", "aspects": ["enum"], "reason": "None."}], False),
        ([{"for": [], "operations": ["a"], "aspects": ["enum"], "reason": "None."}], False),
        ([{"operations": ["a"], "aspects": ["colour"], "reason": "None."}], False),
        ([{"operation": ["a"], "operations": [], "aspects": [], "reason": ""}], False),
    ],
)
def test_items_groups_and_what_is_neither(value: Any, fit: bool) -> None:
    assert fits("holes", value) is fit
