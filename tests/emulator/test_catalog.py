"""The public surface."""

from datetime import UTC, datetime

import pytest

from batchproof import emulator
from batchproof.contract.loader import load_contract

CONTRACT = "extend/2026-02-09"


def test_names_its_contracts():
    assert set(emulator.contracts()) == {CONTRACT, "extend/2025-04-21", "talonic/v1"}


@pytest.mark.parametrize(
    ("contract", "options", "word"),
    [
        ("extend/1999", {}, CONTRACT),
        (CONTRACT, {"faults": ["nope"]}, "canary"),
        (CONTRACT, {"variants": ["nope"]}, "gzip"),
        (CONTRACT, {"step_ms": -1}, "step_ms"),
    ],
)
def test_refuses_an_unknown_name_in_one_line(contract, options, word):
    with pytest.raises(ValueError) as raised:
        emulator.create_app(contract, **options)
    assert word in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("contract", emulator.contracts())
def test_every_operation_of_the_contract_is_there(contract):
    wanted = load_contract(contract).manifest.operations
    found = {
        operation.name: (operation.method, operation.path)
        for operation in emulator.create_app(contract).state.emulator.operations
    }
    for name, operation in wanted.items():
        assert found[name] == (operation.method, operation.path)


@pytest.mark.parametrize("contract", emulator.contracts())
def test_every_fault_and_variant_is_documented(contract):
    for name, fault in emulator.faults(contract).items():
        assert fault.name == name
        assert fault.doc
    for name, variant in emulator.variants(contract).items():
        assert variant.name == name
        assert variant.doc


@pytest.mark.parametrize("contract", emulator.contracts())
def test_every_fault_names_the_statement_that_it_breaks(contract):
    assert all(fault.breaks for fault in emulator.faults(contract).values())


@pytest.mark.parametrize("contract", emulator.contracts())
def test_all_faults_and_variants_go_together(contract):
    emulator.create_app(
        contract, faults=list(emulator.faults(contract)), variants=list(emulator.variants(contract))
    )


@pytest.mark.parametrize("contract", [CONTRACT, "extend/2025-04-21"])
def test_fixtures_tell_the_failing_file_apart(contract):
    fixtures = emulator.fixtures(contract)
    assert "fail" in fixtures["failing_file_url"]
    assert "fail" not in fixtures["file_url"]


def test_a_manual_clock_moves_only_forward():
    clock = emulator.ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    clock.advance(1.5)
    assert clock.now() == datetime(2026, 1, 1, 0, 0, 1, 500000, tzinfo=UTC)
    with pytest.raises(ValueError):
        clock.advance(-1)
    with pytest.raises(ValueError):
        emulator.ManualClock(datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_system_clock_is_in_utc():
    clock = emulator.SystemClock()
    assert clock.now() <= clock.now()
    assert clock.now().tzinfo is UTC
