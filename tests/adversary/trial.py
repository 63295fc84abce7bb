"""Runs the suite through alterations and counts what it says: ``python tests/adversary/trial.py CONTRACT [NAME …]``."""

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import batchproof.discrimination.drive as drive
from batchproof.contract import load_contract
from batchproof.discrimination.cases import Case
from proxy import ALL, Alteration, Proxy

MODULES = ("of_extend_2026_02_09", "of_extend_2025_04_21", "of_talonic_v1")


class Outcome(NamedTuple):
    """What a run through one alteration said: ``caught`` by a MUST, ``warned``, ``escaped``; of an oddity ``quiet`` or ``alarm``."""

    contract: str
    name: str
    told: str
    must: list[str]
    others: list[str]
    exit_code: int


def alterations(contract: str) -> dict[str, Alteration]:
    """All alterations of a contract, by name."""
    for module in MODULES:
        import_module(module)
    return ALL.get(contract, {})


def tried(contract: str, name: str) -> Outcome:
    """The suite in profile core, through one alteration."""
    alteration = alterations(contract)[name]
    seen = drive.see(
        Case(contract=contract, kind="core"),
        groups=("steady",),
        large=alteration.large,
        socket=False,
        around=lambda app: Proxy(app, alteration),
    )
    rows = load_contract(contract).requirements
    must = [row for row in seen.failed if rows[row].level == "MUST"]
    others = [row for row in seen.failed if rows[row].level != "MUST"]
    if alteration.kind == "oddity":
        told = "alarm" if seen.failed else "quiet"
    else:
        told = "caught" if must else "warned" if others else "escaped"
    return Outcome(contract, name, told, must, others, seen.exit_code)


def main(contract: str, *names: str) -> None:
    """Prints a line for each alteration, and the counts."""
    known = alterations(contract)
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(1) as pool:
        for outcome in pool.map(tried, *zip(*((contract, name) for name in names or known), strict=True)):
            counts[outcome.told] += 1
            rows = ", ".join([*outcome.must, *(f"({row})" for row in outcome.others)][:6])
            print(f"{outcome.told:8} {outcome.name}  exit {outcome.exit_code}  {rows}", flush=True)
    print(", ".join(f"{counts[told]} {told}" for told in sorted(counts)))


if __name__ == "__main__":
    main(*sys.argv[1:])
