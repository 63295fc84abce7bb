"""Requirements against faults: what was caught, by which row, and what was not. A pure function of what was seen."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from batchproof.contract.model import Level, Requirement
from batchproof.emulator import Fault, Variant

from .cases import CANARY, Case, Seen
from .expectations import Expectations, owed

FORMAT = "batchproof-fault-matrix/1"
EXIT_CODES = {"PROVEN": 0, "FAILED": 1, "VOID": 3}

Verdict = Literal["PROVEN", "FAILED", "VOID"]


class FaultRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fault. ``caught`` tells whether the row that it breaks failed; ``undeclared`` are findings nobody expected.

    ``withheld`` tells why the row cannot fail; then ``left_open`` tells whether it stayed inconclusive, so that nothing
    with this fault passes.
    """

    name: str
    breaks: str
    sentence: str
    caught: bool
    collateral: dict[str, str]
    undeclared: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    withheld: str | None = None
    left_open: bool = False


class VariantRow(Struct, frozen=True, kw_only=True):
    """One variant, and the rows that failed although it is legal; ``warnings`` are declared, and below MUST."""

    name: str
    sentence: str
    findings: tuple[str, ...]
    warnings: dict[str, str]


class RequirementRow(Struct, frozen=True, kw_only=True):
    """One testable row: the faults that break it, those that break it on the side, or why there is none."""

    id: str
    level: Level
    faults: tuple[str, ...]
    collateral_of: tuple[str, ...]
    no_fault: str | None = None

    @property
    def can_fail(self) -> bool:
        """Whether some fault was seen to fail it."""
        return bool(self.faults or self.collateral_of)


class Matrix(Struct, frozen=True, kw_only=True):
    """What the suite is proved to catch of one contract. It holds no time: the same code gives the same bytes."""

    format: str
    contract: str
    verdict: Verdict
    complaints: tuple[str, ...]
    faults: tuple[FaultRow, ...]
    variants: tuple[VariantRow, ...]
    requirements: tuple[RequirementRow, ...]

    @property
    def exit_code(self) -> int:
        """0: all right; 1: something escaped, was unexpected or cannot fail; 3: nothing was measured."""
        return EXIT_CODES[self.verdict]

    @property
    def proven(self) -> tuple[str, ...]:
        """The testable rows, of whatever level, that some fault was seen to fail."""
        return tuple(row.id for row in self.requirements if row.can_fail)


def compare(
    contract: str,
    requirements: Mapping[str, Requirement],
    planted: Mapping[str, Fault],
    variants: Mapping[str, Variant],
    expectations: Expectations,
    seen: Mapping[Case, Seen],
    *,
    whole: bool = True,
) -> Matrix:
    """The matrix of what was ``seen``; ``whole`` says whether all faults were run, so that a row without one is a hole."""
    void = list(_void(contract, seen))
    faults = tuple(_fault(planted[case.name], found) for case, found in seen.items() if case.kind == "fault")
    legal = tuple(
        _variant(variants[case.name], expectations.warnings.get(case.name, {}), found)
        for case, found in seen.items()
        if case.kind == "variant"
    )
    rows = tuple(
        _requirement(row, faults, expectations.no_fault.get(row.id))
        for row in sorted(requirements.values(), key=lambda row: row.id)
        if owed(row)
    )
    complaints = [*_of_faults(faults), *_of_variants(legal), *(_of_rows(rows) if whole else ())]
    return Matrix(
        format=FORMAT,
        contract=contract,
        verdict="VOID" if void else "FAILED" if complaints else "PROVEN",
        complaints=tuple(void or complaints),
        faults=faults,
        variants=legal,
        requirements=rows,
    )


def _void(contract: str, seen: Mapping[Case, Seen]) -> list[str]:
    """Why nothing was measured: findings without a fault, or no finding on the canary."""
    described = []
    for kind in ("healthy", "core"):
        healthy = seen.get(Case(contract=contract, kind=kind))
        if healthy is None:
            described.append(f"the {kind} run is missing")
        elif healthy.failed:
            described.append(f"the healthy emulator fails {', '.join(healthy.failed)} ({kind})")
        elif kind == "core" and healthy.exit_code != 0:
            described.append(f"the healthy emulator leaves open {', '.join(healthy.inconclusive)} ({kind})")
    canary = seen.get(Case(contract=contract, kind="canary", name=CANARY))
    if canary is None or canary.exit_code != 1 or not canary.failed:
        described.append("the canary is not caught: each of its answers is 200 and an empty object")
    return described


def _fault(fault: Fault, found: Seen) -> FaultRow:
    failed, declared = set(found.failed), set(fault.collateral)
    return FaultRow(
        name=fault.name,
        breaks=fault.breaks,
        sentence=" ".join(fault.doc.split()),
        caught=fault.breaks in failed,
        collateral={name: why for name, why in sorted(fault.collateral.items()) if name in failed},
        undeclared=tuple(sorted(failed - declared - {fault.breaks})),
        unseen=tuple(sorted(declared - failed)),
        withheld=fault.withheld,
        left_open=fault.withheld is not None and fault.breaks in found.inconclusive,
    )


def _variant(variant: Variant, warnings: Mapping[str, str], found: Seen) -> VariantRow:
    return VariantRow(
        name=variant.name,
        sentence=" ".join(variant.doc.split()),
        findings=tuple(name for name in found.failed if name not in warnings),
        warnings={name: why for name, why in sorted(warnings.items()) if name in found.failed},
    )


def _requirement(row: Requirement, faults: tuple[FaultRow, ...], no_fault: str | None) -> RequirementRow:
    return RequirementRow(
        id=row.id,
        level=row.level,
        faults=tuple(fault.name for fault in faults if fault.caught and fault.breaks == row.id),
        collateral_of=tuple(fault.name for fault in faults if row.id in fault.collateral),
        no_fault=no_fault,
    )


def _of_faults(faults: tuple[FaultRow, ...]) -> list[str]:
    described = []
    for fault in faults:
        if not fault.caught and not fault.left_open:
            described.append(f"fault {fault.name} escaped: {fault.breaks} did not fail")
        if fault.withheld is not None and fault.caught:
            described.append(f"fault {fault.name} is caught; strike off why it is not")
        if fault.undeclared:
            described.append(
                f"fault {fault.name} also fails {', '.join(fault.undeclared)}: undeclared collateral"
            )
        if fault.unseen:
            described.append(
                f"fault {fault.name} does not fail its declared collateral {', '.join(fault.unseen)}"
            )
    return described


def _of_variants(variants: tuple[VariantRow, ...]) -> list[str]:
    return [
        f"variant {variant.name} is legal and fails {', '.join(variant.findings)}"
        for variant in variants
        if variant.findings
    ]


def _of_rows(rows: tuple[RequirementRow, ...]) -> list[str]:
    holes = [f"hole: no fault fails {row.id}" for row in rows if not row.can_fail and row.no_fault is None]
    stale = [f"{row.id} has a fault; strike it off no_fault" for row in rows if row.no_fault and row.can_fail]
    return holes + stale
