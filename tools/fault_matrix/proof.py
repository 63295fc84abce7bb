"""``reports/fault-matrix.json``: which matrices a whole run has proved, in a few numbers and one hash."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from batchproof.fault_matrix import Matrix

FILE = Path("reports/fault-matrix.json")


class Proof(Struct, frozen=True, kw_only=True):
    """One contract. ``faults_sha256`` is over the names of faults and variants, and the rows that each of them fails."""

    contract: str
    verdict: str
    faults: int
    caught: int
    left_open: int
    variants: int
    rows: int
    proven: int
    faults_sha256: str


def proof(matrix: Matrix) -> Proof:
    """What is kept of a matrix."""
    return Proof(
        contract=matrix.contract,
        verdict=matrix.verdict,
        faults=len(matrix.faults),
        caught=sum(fault.caught for fault in matrix.faults),
        left_open=sum(fault.left_open for fault in matrix.faults),
        variants=len(matrix.variants),
        rows=len(matrix.requirements),
        proven=len(matrix.proven),
        faults_sha256=_digest(matrix),
    )


def to_json(proofs: Iterable[Proof]) -> bytes:
    """The bytes of the file."""
    return msgspec.json.format(msgspec.json.encode(list(proofs)), indent=1) + b"\n"


def read_proofs(file: Path) -> list[Proof]:
    """What the file says."""
    return msgspec.json.decode(file.read_bytes(), type=list[Proof])


def _digest(matrix: Matrix) -> str:
    lines = [
        *(
            f"{fault.name} {fault.breaks} {sorted(fault.collateral)} {fault.left_open}"
            for fault in matrix.faults
        ),
        *(f"{variant.name} {sorted(variant.warnings)}" for variant in matrix.variants),
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
