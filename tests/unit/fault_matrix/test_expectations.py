"""The expectations beside the emulator name faults and rows that exist."""

import pytest

from batchproof import emulator
from batchproof.contract import load_contract
from batchproof.fault_matrix.expectations import Expectations, Expected, _unknown, load_expectations

TALONIC = "talonic/v1"


@pytest.mark.parametrize("contract", emulator.contracts())
def test_expectations_hold_together(contract: str) -> None:
    assert load_expectations(contract).format == "batchproof-fault-matrix/1"


def test_every_unknown_name_is_found() -> None:
    wrong = Expectations(
        format="batchproof-fault-matrix/1",
        faults={"no-fault": Expected(), "terminal-reopens": Expected(collateral={"no.row": "why"})},
        large=["no-large"],
        warnings={"no-variant": {}, "gzip": {"batch.id": "why"}},
        no_fault={"no.hole": "why"},
    )
    assert {name for _, name in _unknown(wrong, load_contract(TALONIC))} == {
        "no-fault",
        "no.row",
        "no-large",
        "no-variant",
        "batch.id below MUST",
        "no.hole",
    }
