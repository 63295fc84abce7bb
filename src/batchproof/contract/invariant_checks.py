"""Invariants: what each speaks about is there, and it names nothing else."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from batchproof.contract.kinds import KINDS
from batchproof.contract.kinds.kind import Declared, Written
from batchproof.contract.model import Invariant, Manifest, Probe, Requirement
from batchproof.contract.problems import Problem, undeclared
from batchproof.contract.shapes import Shapes
from batchproof.contract.states import check_states_of_invariant

# the functions that an invariant may name; the judge has them
FUNCTIONS = (
    "adds_up",
    "agrees",
    "conforms",
    "distinct",
    "finds_known",
    "keeps",
    "one_to_one",
    "paths_lead",
    "same_id",
    "sorted_by_time",
)


def check_invariants(
    file: Path,
    manifest: Manifest,
    requirements: Mapping[str, Requirement],
    invariants: Mapping[int, tuple[Invariant, frozenset[str]]],
    probes: Mapping[str, Probe],
    shapes: Shapes,
) -> Iterator[Problem]:
    """Everything that does not fit."""
    for index, (invariant, variables) in invariants.items():
        key = invariant.requirement
        kind = KINDS[invariant.each]
        yield from kind.problems(Written(file, index, invariant), Declared(manifest, probes))
        yield from check_states_of_invariant(file, manifest, shapes, index, invariant)
        functions = dict.fromkeys(FUNCTIONS)
        yield from undeclared(file, key, invariant.function, functions, "function", (index, "function"))
        unknown = variables - kind.names
        if unknown:
            remedy = f"uses {', '.join(sorted(unknown))}; `each: {kind.name}` knows {', '.join(sorted(kind.names))}"
            part = "rule" if any(name in (invariant.rule or "") for name in unknown) else "when"
            yield Problem(file, key, remedy, (index, part))
        row = requirements.get(invariant.requirement)
        if row is not None and invariant.interpretation is not None:
            yield from undeclared(
                file,
                key,
                invariant.interpretation,
                row.interpretations,
                "interpretation",
                (index, "interpretation"),
            )
        if row is not None and row.interpretations and invariant.interpretation is None:
            remedy = "has interpretations, so its invariants name the interpretation that they show"
            yield Problem(file, key, remedy, (index,))
