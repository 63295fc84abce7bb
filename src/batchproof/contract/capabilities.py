"""Capabilities: the parts of an API that a server may leave out, and what belongs to each."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from batchproof.contract.errors import ContractError
from batchproof.contract.model import Capability, Manifest, Requirement
from batchproof.contract.webhooks import RECEIVER


def operations_to_claim(manifest: Manifest) -> list[str]:
    """Every operation of the contract, and the receiver of webhooks if it describes any."""
    return [*manifest.operations, *([RECEIVER] if manifest.webhooks is not None else [])]


def matching(names: Iterable[str], patterns: Collection[str]) -> Iterator[str]:
    """Those of ``names`` that one of ``patterns`` names."""
    return (name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns))


def check_capabilities(file: Path, manifest: Manifest, requirements: Mapping[str, Requirement]) -> None:
    """Raises ``ContractError`` for a pattern that names nothing, and for an operation that belongs to no capability."""
    operations = operations_to_claim(manifest)
    for name, capability in manifest.capabilities.items():
        _check_patterns(file, f"capabilities.{name}.operations", capability.operations, operations)
        _check_patterns(file, f"capabilities.{name}.rows", capability.rows, requirements)
        if not capability.operations and not capability.rows:
            raise ContractError(
                file, f"capabilities.{name}", "holds nothing; give `operations` or `rows`, or remove it"
            )
    if manifest.capabilities:
        _check_homes(file, manifest.capabilities, operations)


def _check_patterns(file: Path, key: str, patterns: Iterable[str], among: Collection[str]) -> None:
    what = "operation" if key.endswith("operations") else "row of requirements.yaml"
    for pattern in patterns:
        if not any(matching(among, [pattern])):
            raise ContractError(
                file, key, f"{pattern!r} is no {what}, and matches none; remove it, or name one"
            )


def _check_homes(file: Path, capabilities: Mapping[str, Capability], operations: Iterable[str]) -> None:
    for operation in operations:
        if not any(list(matching([operation], item.operations)) for item in capabilities.values()):
            raise ContractError(
                file,
                "capabilities",
                f"the operation {operation!r} belongs to none; name it in `operations` of one of: "
                f"{', '.join(capabilities)}",
            )
