"""The expectations beside the emulator name faults and rows that exist."""

import pytest

from batchproof import emulator
from batchproof.contract import load_contract
from batchproof.emulator import Fault
from batchproof.fault_matrix.expectations import Expectations, _unknown, load_expectations

TALONIC = "talonic/v1"


@pytest.mark.parametrize("contract", emulator.contracts())
def test_expectations_hold_together(contract: str) -> None:
    assert load_expectations(contract).format == "batchproof-fault-matrix/1"


def test_every_unknown_name_is_found() -> None:
    wrong = Expectations(
        format="batchproof-fault-matrix/1",
        large=["no-large"],
        warnings={"no-variant": {}, "gzip": {"batch.id": "why"}},
        no_fault={"no.hole": "why"},
    )
    planted = {
        "id-lost": Fault("id-lost", "batch.id", "", lambda _: None, {"no.row": "why"}),
        "age-lost": Fault("age-lost", "batch.age", "", lambda _: None),
    }
    assert {name for _, name in _unknown(wrong, load_contract(TALONIC), planted)} == {
        "no.row",
        "batch.age",
        "no-large",
        "no-variant",
        "batch.id below MUST",
        "no.hole",
    }
