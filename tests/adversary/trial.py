"""Runs the suite through alterations and counts what it says: ``python tests/adversary/trial.py CONTRACT [NAME …]``."""

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from batchproof.contract import load_contract
from batchproof.fault_matrix import drive
from batchproof.fault_matrix.cases import Case

sys.path.insert(0, str(Path(__file__).parent))

from proxy import ALL, Alteration, Proxy

MODULES = {
    "extend/2026-02-09": "of_extend_2026_02_09",
    "extend/2025-04-21": "of_extend_2025_04_21",
    "talonic/v1": "of_talonic_v1",
}


class Outcome(NamedTuple):
    """What a run through one alteration said.

    A breach is ``caught`` by a MUST, ``warned`` of by another row, or ``escaped``; an oddity is left ``quiet``, or there is an
    ``alarm``. ``must`` and ``others`` are the rows that failed.
    """

    contract: str
    name: str
    described: str
    must: tuple[str, ...]
    others: tuple[str, ...]
    exit_code: int


def alterations(contract: str) -> dict[str, Alteration]:
    """All alterations of a contract, by name."""
    import_module(MODULES[contract])
    return ALL[contract]


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
    must = tuple(row for row in seen.failed if rows[row].level == "MUST")
    others = tuple(row for row in seen.failed if rows[row].level != "MUST")
    if alteration.kind == "oddity":
        described = "alarm" if seen.failed else "quiet"
    else:
        described = "caught" if must else "warned" if others else "escaped"
    return Outcome(contract, name, described, must, others, seen.exit_code)


def main(contract: str, *names: str) -> None:
    """Prints a line for each alteration, and the counts."""
    chosen = list(names or alterations(contract))
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(1) as pool:
        for outcome in pool.map(tried, [contract] * len(chosen), chosen):
            counts[outcome.described] += 1
            rows = ", ".join([*outcome.must, *(f"({row})" for row in outcome.others)][:6])
            print(f"{outcome.described:8} {outcome.name}  exit {outcome.exit_code}  {rows}", flush=True)
    print(", ".join(f"{counts[described]} {described}" for described in sorted(counts)))


if __name__ == "__main__":
    main(*sys.argv[1:])
