"""What the golden tests share: the contracts of this repository, and the hand-written corpus."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from batchproof.contract import Contract, load_contract
from batchproof.places import schemas_dir

HERE = Path(__file__).parent
CONTRACTS = sorted(
    file.parent.relative_to(schemas_dir()).as_posix() for file in schemas_dir().glob("*/*/contract.yaml")
)


def _load(name: str) -> ModuleType:
    full = f"batchproof_golden_{name}"
    spec = importlib.util.spec_from_file_location(full, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def corpus() -> ModuleType:
    """``corpus.py``: reads and judges the hand-written instances."""
    return _load("corpus")


@pytest.fixture(scope="session")
def mutation() -> ModuleType:
    """``mutants.py``: schemas with one keyword less."""
    return _load("mutants")


@pytest.fixture(scope="session", params=CONTRACTS)
def contract(request: pytest.FixtureRequest) -> Contract:
    """Every contract of this repository in turn."""
    return load_contract(request.param)


@pytest.fixture(scope="session")
def instances(corpus: ModuleType, contract: Contract) -> list:
    """The corpus of ``contract``."""
    return corpus.read_corpus(contract)
