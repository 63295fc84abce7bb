"""Loads a contract folder and refuses one that does not hold together."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from batchproof.contract.capabilities import check_capabilities
from batchproof.contract.catalog import contract_folder
from batchproof.contract.checks import check
from batchproof.contract.completeness import check_clients, check_contradictions, check_holes
from batchproof.contract.errors import ContractError
from batchproof.contract.everywhere import expanded
from batchproof.contract.expressions import Expression
from batchproof.contract.model import Client, Contradiction, Hole, Law, Manifest, Probe, Requirement
from batchproof.contract.shapes import Shapes
from batchproof.contract.statements import Statement, statements
from batchproof.contract.webhooks import RECEIVER
from batchproof.contract.yamlfile import read_yaml


class CompiledLaw(NamedTuple):
    """A law with its expressions compiled. ``name`` is stable: it goes into fingerprints.

    ``variables`` are those that ``when`` and ``rule`` name.
    """

    name: str
    law: Law
    when: Expression | None
    rule: Expression | None
    variables: frozenset[str]


class Contract(NamedTuple):
    """A loaded contract. It is read-only.

    ``part_of`` is the contract of which this one is what a server claims (``batchproof.contract.claims``).
    """

    folder: Path
    manifest: Manifest
    requirements: dict[str, Requirement]
    laws: tuple[CompiledLaw, ...]
    probes: dict[str, Probe]
    shapes: Shapes
    stated: dict[str, list[Statement]]
    contradictions: tuple[Contradiction, ...] = ()
    holes: tuple[Hole, ...] = ()
    clients: tuple[Client, ...] = ()
    part_of: "Contract | None" = None

    @property
    def whole(self) -> "Contract":
        """All that the vendor documents, whatever a server claims of it."""
        return self.part_of or self

    @property
    def id(self) -> str:
        """``<vendor>/<version>``."""
        return self.manifest.id

    def catalogue_sha256(self) -> str:
        """The fingerprint of the requirement catalogue: two runs with the same one can be compared."""
        rows = [msgspec.to_builtins(row) for row in self.requirements.values()]
        canonical = json.dumps(sorted(rows, key=lambda row: str(row["id"])), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def operations_of(self, requirement: str) -> frozenset[str]:
        """The operations whose exchanges can show whether ``requirement`` is met."""
        return frozenset().union(*(statement.operations for statement in self.stated.get(requirement, [])))

    def lists_of(self, resource: str) -> list[str]:
        """The operations that list objects of ``resource``."""
        return [
            name
            for name, item in self.manifest.operations.items()
            if item.pages is not None and any(shown.resource == resource for shown in item.success.shows)
        ]

    def fixtures_of(self, resource: str) -> list[str]:
        """The fixtures that name objects of ``resource``."""
        return [name for name, fixture in self.manifest.fixtures.items() if fixture.resource == resource]

    def only_delivered(self, requirement: str) -> bool:
        """Whether nothing but a delivery to a receiver of webhooks can show whether ``requirement`` is met."""
        return self.operations_of(requirement) == {RECEIVER}


def load_contract(reference: str) -> Contract:
    """The contract named by id or by folder. Raises ``ContractError`` with one line when it does not hold together."""
    return _held_together(contract_folder(reference))


def _held_together(folder: Path) -> Contract:
    manifest = read_yaml(folder / "contract.yaml", Manifest)
    rows = read_yaml(folder / "requirements.yaml", list[Requirement])
    laws = _optional(folder / "laws.yaml", list[Law])
    written = _optional(folder / "probes.yaml", list[Probe])
    contradictions = _optional(folder / "contradictions.yaml", list[Contradiction])
    holes = _optional(folder / "holes.yaml", list[Hole])
    clients = _optional(folder / "clients.yaml", list[Client])
    shapes = Shapes(folder)
    _unique(folder / "requirements.yaml", (row.id for row in rows))
    _unique(folder / "probes.yaml", (probe.name for probe in written))
    _unique(folder / "contradictions.yaml", (item.name for item in contradictions))
    requirements = {row.id: row for row in rows}
    probes = expanded(written, manifest)
    compiled = tuple(_compiled(folder / "laws.yaml", laws))
    check(folder, manifest, requirements, [(item.law, item.variables) for item in compiled], probes, shapes)
    check_contradictions(folder / "contradictions.yaml", contradictions, requirements)
    check_holes(folder / "holes.yaml", holes, manifest)
    check_clients(folder / "clients.yaml", clients, requirements, manifest)
    check_capabilities(folder / "contract.yaml", manifest, requirements)
    stated = statements(manifest, shapes, laws, probes)
    return Contract(
        folder=folder,
        manifest=manifest,
        requirements=requirements,
        laws=compiled,
        probes={probe.name: probe for probe in probes},
        shapes=shapes,
        stated=stated,
        contradictions=tuple(contradictions),
        holes=tuple(holes),
        clients=tuple(clients),
    )


def _optional(file: Path, kind: type[list[Any]]) -> list[Any]:
    return read_yaml(file, kind) if file.is_file() else []


def _unique(file: Path, names: Iterator[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ContractError(file, name, "stands there twice; names are unique")
        seen.add(name)


def _compiled(file: Path, laws: Sequence[Law]) -> Iterator[CompiledLaw]:
    for law in laws:
        source = law.rule or law.function
        if source is None or (law.rule and law.function):
            raise ContractError(file, law.requirement, "a law has either `rule` or `function`")
        name = hashlib.sha256(
            f"{law.each} {law.on} {law.view} {law.when} {source} {law.arguments}".encode()
        ).hexdigest()[:12]
        try:
            when = Expression(law.when) if law.when else None
            rule = Expression(law.rule) if law.rule else None
            yield CompiledLaw(
                name=f"law:{law.each}:{law.on}:{name}",
                law=law,
                when=when,
                rule=rule,
                variables=frozenset().union(*(side.variables for side in (when, rule) if side is not None)),
            )
        except ValueError as error:
            raise ContractError(file, law.requirement, "is not CEL: " + str(error).splitlines()[0]) from error
