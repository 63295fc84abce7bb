"""Probes: each makes one change, of what is there."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from batchproof.contract.model import OTHER_TOKENS, Manifest, Probe, Requirement, token_fixture
from batchproof.contract.problems import Problem, undeclared
from batchproof.contract.template_checks import check_template


def check_probes(
    file: Path,
    manifest: Manifest,
    requirements: Mapping[str, Requirement],
    probes: Mapping[int, Probe],
) -> Iterator[Problem]:
    """Everything that does not fit."""
    for index, probe in probes.items():
        row = requirements.get(probe.requirement)
        interpretations = row.interpretations if row is not None else {}
        for interpretation in probe.interpretations:
            yield from undeclared(
                file,
                f"{probe.name}.interpretations",
                interpretation,
                interpretations,
                "interpretation",
                (index, "interpretations"),
            )
        yield from undeclared(
            file,
            f"{probe.name}.operation",
            probe.operation,
            manifest.operations,
            "operation",
            (index, "operation"),
        )
        yield from undeclared(
            file,
            f"{probe.name}.control.kind",
            probe.control.kind,
            manifest.inputs or {probe.control.kind: None},
            "kind of input",
            (index, "control", "kind"),
        )
        for at in _TEMPLATES:
            value = getattr(getattr(probe, at[0]), at[1])
            yield from check_template(file, probe.name, value, manifest, (index, *at))
        if probe.change.auth in OTHER_TOKENS:
            needed = token_fixture(probe.change.auth)
            at = ("change", "auth")
            yield from undeclared(
                file,
                f"{probe.name}.change.auth",
                needed,
                manifest.fixtures,
                "fixture",
                (index, *at),
            )
        changes = [name for name in probe.change.__struct_fields__ if _given(getattr(probe.change, name))]
        if len(changes) != 1:
            remedy = "makes exactly one change, so that the refusal has one cause"
            yield Problem(file, f"{probe.name}.change", remedy, (index, "change"))


_TEMPLATES = (
    ("control", "path"),
    ("control", "query"),
    ("control", "headers"),
    ("control", "body"),
    ("change", "path"),
    ("change", "query"),
    ("change", "body"),
)


def _given(value: Any) -> bool:
    return value is not None and value is not msgspec.UNSET
