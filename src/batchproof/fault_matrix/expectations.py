"""What the suite is expected to see of each fault: data beside the emulator, which the emulator makes nothing of."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from batchproof import emulator
from batchproof.contract import Contract, ContractError, load_contract
from batchproof.contract.model import Requirement
from batchproof.contract.yamlfile import read_yaml
from batchproof.errors import BatchproofError

from .cases import CANARY


class ExpectationsError(BatchproofError):
    """The data do not fit the faults or the contract. The message is one line with file, key and remedy."""


class Expectations(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a ``faults.yaml`` says beside the rows of its table, which the emulator reads.

    ``random`` are the faults that show only in a random order of requests, or to several clients at once, ``events``
    the faults and variants of deliveries, and ``generated`` the faults that only generated requests meet: such scenarios
    alone are driven for them. ``full`` are those of them that profile core does not find. ``large`` are the faults and
    variants for which probes with very many inputs are driven. ``warnings`` are rows below MUST that a legal variant may
    fail, by variant, each with the reason. ``no_fault`` are testable rows without a fault, each with the reason.
    ``families`` are lists of families that many rows name.
    """

    format: Literal["batchproof-fault-matrix/1"]
    families: dict[str, list[str]] = {}
    random: list[str] = []
    events: list[str] = []
    generated: list[str] = []
    full: list[str] = []
    large: list[str] = []
    faults: list[dict[str, Any]] = []
    warnings: dict[str, dict[str, str]] = {}
    no_fault: dict[str, str] = {}


@cache
def load_expectations(contract: str) -> Expectations:
    """The expectations of an emulated contract. Raises ``ExpectationsError`` when they do not hold together."""
    package = re.sub("[/-]", "_", contract)
    file = Path(emulator.__file__).parent / package / "faults.yaml"
    try:
        read = read_yaml(file, Expectations)
    except ContractError as error:
        raise ExpectationsError(str(error)) from error
    for key, name in _unknown(read, load_contract(contract), emulator.faults(contract)):
        raise ExpectationsError(f"{file.name} of {contract}: {key}: there is no {name}; correct or remove it")
    return read


def owed(row: Requirement) -> bool:
    """Whether a row must be able to fail: it can be tested from outside, and the documentation does not contradict itself."""
    return row.untestable_because is None and not row.interpretations


def _unknown(
    read: Expectations, contract: Contract, planted: Mapping[str, emulator.Fault]
) -> list[tuple[str, str]]:
    rows = contract.requirements
    named = [
        (key, name)
        for key, names in (
            ("random", read.random),
            ("events", read.events),
            ("generated", read.generated),
            ("full", read.full),
            ("large", read.large),
        )
        for name in names
        if name not in planted and name not in emulator.variants(contract.id)
    ]
    named += [
        (f"collateral of the fault {fault.name}", row)
        for fault in planted.values()
        for row in fault.collateral
        if row not in rows
    ]
    named += [("warnings", name) for name in read.warnings if name not in emulator.variants(contract.id)]
    named += [
        (f"warnings.{name}", f"{row} below MUST")
        for name, warned in read.warnings.items()
        for row in warned
        if row not in rows or rows[row].level == "MUST"
    ]
    named += [("no_fault", row) for row in read.no_fault if row not in rows or not owed(rows[row])]
    named += [
        (f"breaks of the fault {fault.name}", fault.breaks)
        for fault in planted.values()
        if fault.name != CANARY and fault.breaks not in rows
    ]
    return named
