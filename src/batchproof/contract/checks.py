"""What must hold between the files of a contract folder."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from batchproof.contract.dialect import check_dialect
from batchproof.contract.invariant_checks import check_invariants
from batchproof.contract.manifest_checks import check_manifest
from batchproof.contract.model import Invariant, Manifest, Probe, Requirement
from batchproof.contract.probe_checks import check_probes
from batchproof.contract.problems import Problem
from batchproof.contract.request_checks import check_requests
from batchproof.contract.row_checks import check_rows
from batchproof.contract.shapes import Shapes
from batchproof.contract.statement_checks import check_schemas, check_statements
from batchproof.contract.webhook_checks import check_webhooks


def check(
    folder: Path,
    manifest: Manifest,
    rows: Mapping[int, Requirement],
    invariants: Mapping[int, tuple[Invariant, frozenset[str]]],
    probes: Mapping[int, Probe],
    everywhere: Sequence[Probe],
    shapes: Shapes,
) -> Iterator[Problem]:
    """Everything that does not fit. ``everywhere`` are all probes, those that the loader makes among them."""
    requirements = {row.id: row for row in rows.values()}
    yield from check_dialect(folder, shapes)
    yield from check_manifest(folder / "contract.yaml", manifest, shapes)
    yield from check_webhooks(folder / "contract.yaml", manifest, shapes)
    yield from check_rows(folder / "requirements.yaml", manifest, rows)
    by_name = {probe.name: probe for probe in everywhere}
    yield from check_invariants(
        folder / "invariants.yaml", manifest, requirements, invariants, by_name, shapes
    )
    yield from check_probes(folder / "probes.yaml", manifest, requirements, probes)
    yield from check_schemas(folder, requirements, shapes)
    yield from check_requests(folder, manifest, requirements, shapes)
    yield from check_statements(folder, manifest, rows, invariants, everywhere, shapes)
