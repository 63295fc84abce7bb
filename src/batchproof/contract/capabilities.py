"""Capabilities: the parts of an API that a server may leave out, and what belongs to each."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from batchproof.contract.model import Capability, Manifest, Requirement
from batchproof.contract.problems import Problem
from batchproof.contract.webhooks import RECEIVER


def operations_to_claim(manifest: Manifest) -> list[str]:
    """Every operation of the contract, and the receiver of webhooks if it describes any."""
    return [*manifest.operations, *([RECEIVER] if manifest.webhooks is not None else [])]


def matching(names: Iterable[str], patterns: Collection[str]) -> Iterator[str]:
    """Those of ``names`` that one of ``patterns`` names."""
    return (name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns))


def check_capabilities(
    file: Path, manifest: Manifest, requirements: Mapping[str, Requirement]
) -> Iterator[Problem]:
    """Each pattern that names nothing, and each operation that belongs to no capability."""
    operations = operations_to_claim(manifest)
    for name, capability in manifest.capabilities.items():
        at = ("capabilities", name)
        yield from _check_patterns(file, (*at, "operations"), capability.operations, operations)
        yield from _check_patterns(file, (*at, "rows"), capability.rows, requirements)
        if not capability.operations and not capability.rows:
            remedy = "holds nothing; give `operations` or `rows`, or remove it"
            yield Problem(file, ".".join(at), remedy, at)
    if manifest.capabilities:
        yield from _check_homes(file, manifest.capabilities, operations)


def _check_patterns(
    file: Path, at: tuple[str, ...], patterns: Iterable[str], among: Collection[str]
) -> Iterator[Problem]:
    what = "operation" if at[-1] == "operations" else "row of requirements.yaml"
    for index, pattern in enumerate(patterns):
        if not any(matching(among, [pattern])):
            remedy = f"{pattern!r} is no {what}, and matches none; remove it, or name one"
            yield Problem(file, ".".join(at), remedy, (*at, index), missing=pattern)


def _check_homes(
    file: Path, capabilities: Mapping[str, Capability], operations: Iterable[str]
) -> Iterator[Problem]:
    for operation in operations:
        if not any(list(matching([operation], item.operations)) for item in capabilities.values()):
            remedy = (
                f"the operation {operation!r} belongs to none; name it in `operations` of one of: "
                f"{', '.join(capabilities)}"
            )
            yield Problem(file, "capabilities", remedy, ("capabilities",), missing=operation)
