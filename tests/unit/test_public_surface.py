"""What programs may use: names, where they are documented, and which errors they have to expect."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import batchproof
from batchproof import errors

PUBLIC = {
    "BatchproofError",
    "ClaimError",
    "ConfigError",
    "Contract",
    "ContractError",
    "Finding",
    "History",
    "HistoryError",
    "Recorder",
    "RequirementResult",
    "Results",
    "RunError",
    "__version__",
    "judge",
    "load_contract",
    "read_history",
    "run",
}
DRAWN = re.compile(r"^[├└]── (\w+) {2,}\S", re.MULTILINE)
SOURCE = Path(batchproof.__file__).parent


def test_the_public_names_are_these() -> None:
    assert set(batchproof.__all__) == PUBLIC
    assert set(dir(batchproof)) >= PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC - {"__version__"}))
def test_a_public_name_leads_to_something_documented(name: str) -> None:
    found = getattr(batchproof, name)
    assert found.__name__ == name
    assert inspect.getdoc(found)


@pytest.mark.parametrize("name", ["judge", "load_contract", "read_history", "run"])
def test_a_public_function_says_the_type_of_everything(name: str) -> None:
    signature = inspect.signature(getattr(batchproof, name))
    said = [signature.return_annotation, *(item.annotation for item in signature.parameters.values())]
    assert inspect.Signature.empty not in said


def test_no_module_takes_the_place_of_a_public_name() -> None:
    modules = {module.name for module in pkgutil.iter_modules([str(SOURCE)])}
    assert modules & PUBLIC == set()


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'judged'"):
        batchproof.judged  # noqa: B018


def test_the_drawn_tree_has_every_error() -> None:
    # the emulator is a server of its own: what it raises, it answers
    files = [file for file in SOURCE.rglob("*.py") if SOURCE / "emulator" not in file.parents]
    defined = {
        node.name: ".".join(("batchproof", *file.relative_to(SOURCE).with_suffix("").parts))
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and any(getattr(base, "id", "").endswith(("Error", "Exception")) for base in node.bases)
    }
    root = defined.pop("BatchproofError")
    assert root == "batchproof.errors"
    assert sorted(DRAWN.findall(errors.__doc__ or "")) == sorted(defined)
    for name, module in defined.items():
        assert getattr(importlib.import_module(module), name).__mro__[1] is errors.BatchproofError
