"""Contracts are made anew for each test here: of a shared one only the first test would notice a change of the loader."""

from types import ModuleType

import pytest

from batchproof.contract import Contract, load_contract


@pytest.fixture
def acme(build: ModuleType) -> Contract:
    """The contract of the invented vendor."""
    return load_contract(str(build.ACME))
