"""Loads a contract folder and refuses one that does not hold together."""

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar, cast

import msgspec

from batchproof.contract import first_names
from batchproof.contract.capabilities import check_capabilities
from batchproof.contract.catalog import contract_folder
from batchproof.contract.checks import check
from batchproof.contract.completeness import check_clients, check_contradictions, check_holes
from batchproof.contract.everywhere import expanded
from batchproof.contract.expressions import Expression
from batchproof.contract.families import Families, Origins, expand, families_of
from batchproof.contract.kinds import KINDS
from batchproof.contract.linked import Flow, Lifecycle, Links, Operation, Resource, link
from batchproof.contract.model import Client, Contradiction, Hole, Invariant, Manifest, Probe, Requirement
from batchproof.contract.problems import Problem, Step
from batchproof.contract.pruning import pruned, usable_invariants, usable_probes
from batchproof.contract.shapes import Shapes
from batchproof.contract.statements import Statement, statements
from batchproof.contract.structure import Mended, mended, mended_items
from batchproof.contract.webhooks import RECEIVER
from batchproof.contract.yamlfile import Read, read
from batchproof.json_values import Json, JsonObject

T = TypeVar("T")


class CompiledInvariant(NamedTuple):
    """An invariant with its expressions compiled. ``name`` is stable: it goes into fingerprints.

    ``variables`` are those that ``when`` and ``rule`` name.
    """

    name: str
    invariant: Invariant
    when: Expression | None
    rule: Expression | None
    variables: frozenset[str]


@dataclass(frozen=True, eq=False)
class Contract:
    """A loaded contract. It is read-only. What others work out of it hangs on it, and goes with it (``kept``).

    ``operations``, ``resources``, ``lifecycles`` and ``flows`` hold what they refer to; ``manifest`` is the file with its names.
    ``part_of`` is the contract of which this one is what a server claims (``batchproof.contract.claims``).
    """

    folder: Path
    manifest: Manifest
    requirements: dict[str, Requirement]
    invariants: tuple[CompiledInvariant, ...]
    probes: dict[str, Probe]
    shapes: Shapes
    stated: dict[str, list[Statement]]
    contradictions: tuple[Contradiction, ...] = ()
    holes: tuple[Hole, ...] = ()
    clients: tuple[Client, ...] = ()
    part_of: "Contract | None" = None
    _kept: dict[Hashable, object] = field(default_factory=dict, init=False, repr=False)

    def kept(self, make: Callable[["Contract"], T]) -> T:
        """What ``make``, a function of a module, finds in this contract: worked out once, and forgotten with the contract."""
        if make not in self._kept:
            self._kept[make] = make(self)
        return cast("T", self._kept[make])

    @cached_property
    def links(self) -> Links:
        """The objects of the contract, made once for it: one with another manifest has others."""
        return link(self.manifest)

    @property
    def operations(self) -> dict[str, Operation]:
        """The operations by name."""
        return self.links.operations

    @property
    def resources(self) -> dict[str, Resource]:
        """The resources by name."""
        return self.links.resources

    @property
    def lifecycles(self) -> dict[str, Lifecycle]:
        """The life cycles by name."""
        return self.links.lifecycles

    @property
    def flows(self) -> dict[str, Flow]:
        """The flows by name."""
        return self.links.flows

    def operation(self, named: Operation | str) -> Operation:
        """The operation of that name, also where ``named`` is one of another contract. Raises ``KeyError`` for an unknown name."""
        return self.links.operations[str(named)]

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
        rows = [_catalogued(row) for row in self.requirements.values()]
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
    gathered = gather(folder)
    if gathered.problems or gathered.contract is None:
        first, *others = gathered.problems
        raise first.error(len(others))
    contract = gathered.contract
    # now, before threads share it
    _ = contract.links
    return contract


def _catalogued(row: Requirement) -> JsonObject:
    """A row as fingerprints of the catalogue know it; only a draft says that it is one."""
    plain = first_names.row(msgspec.to_builtins(row))
    return plain if row.draft else {key: value for key, value in plain.items() if key != "draft"}


class Gathered(NamedTuple):
    """What there is of a contract folder, and everything for which the folder is refused.

    ``contract`` is what is left without that: complete where there are no problems, None where too little is left.
    ``lost`` are the texts of what was left out, ``invariants`` are those of the contract by their place in invariants.yaml, ``origins`` tell
    where in each file that is written which ``for`` made several of.
    """

    contract: Contract | None
    problems: list[Problem]
    lost: frozenset[str]
    invariants: Mapping[int, CompiledInvariant]
    origins: Mapping[Path, Origins]


def gather(folder: Path) -> Gathered:
    """Reads a contract folder, and goes on where something does not fit. Raises nothing."""
    files = _Files(folder)
    manifest = files.manifest()
    rows = files.items("requirements", Requirement, needed=True)
    invariants = files.items("invariants", Invariant)
    written = files.items("probes", Probe)
    contradictions = files.items("contradictions", Contradiction)
    holes = files.items("holes", Hole)
    clients = files.items("clients", Client)
    shapes = Shapes(folder, files.problems.append)
    files.renamed()
    files.once("requirements", {index: row.id for index, row in rows.items()})
    files.once("probes", {index: probe.name for index, probe in written.items()})
    files.once("contradictions", {index: item.name for index, item in contradictions.items()})
    compiled = files.compiled(invariants)
    if manifest is None or "requirements" in files.unread:
        return Gathered(None, files.problems, frozenset(files.lost), compiled, files.origins)
    requirements = {row.id: row for row in rows.values()}
    probes = expanded(list(written.values()), manifest)
    named = {index: (item.invariant, item.variables) for index, item in compiled.items()}
    found = [
        *check(folder, manifest, rows, named, written, probes, shapes),
        *check_contradictions(folder / "contradictions.yaml", contradictions, requirements),
        *check_holes(folder / "holes.yaml", holes, manifest),
        *check_clients(folder / "clients.yaml", clients, requirements, manifest),
        *check_capabilities(folder / "contract.yaml", manifest, requirements),
    ]
    if files.unread:
        files.lost |= requirements.keys()
    lost = files.lost_with(shapes)
    problems = files.problems + [problem for problem in found if problem.missing not in lost]
    if problems:
        manifest, probes = pruned(manifest), usable_probes(probes, manifest)
        compiled = usable_invariants(compiled, invariants, manifest, probes)
    return Gathered(
        Contract(
            folder=folder,
            manifest=manifest,
            requirements=requirements,
            invariants=tuple(compiled.values()),
            probes={probe.name: probe for probe in probes},
            shapes=shapes,
            stated=statements(manifest, shapes, [item.invariant for item in compiled.values()], probes),
            contradictions=tuple(contradictions.values()),
            holes=tuple(holes.values()),
            clients=tuple(clients.values()),
        ),
        problems,
        lost,
        compiled,
        files.origins,
    )


class _Files:
    """The YAML files of a folder, with what is wrong with each of them by itself."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[Problem] = []
        self.lost: set[str] = set()
        self.unread: set[str] = set()
        self.origins: dict[Path, Origins] = {}
        self._families: Families = {}
        self._folder = folder

    def manifest(self) -> Manifest | None:
        """``contract.yaml``, as far as it is one. Its families are those of all files that are read afterwards."""
        found = read(self._folder / "contract.yaml")
        if found.data is not None:
            self._families = families_of(found.data)
        return self._value("contract", found, lambda data: mended(found.file, data, Manifest))

    def items(self, name: str, item: type[T], *, needed: bool = False) -> dict[int, T]:
        """The usable items of a file that holds a list, by their index; none where it is not there and not ``needed``."""
        if not needed and not (self._folder / f"{name}.yaml").is_file():
            return {}
        found = read(self._folder / f"{name}.yaml")
        return self._value(name, found, lambda data: mended_items(found.file, data, item)) or {}

    def _value(self, name: str, found: Read, mend: Callable[[Json], Mended[T]]) -> T | None:
        self.problems += found.problems
        value: T | None = None
        if found.data is not None:
            data, origins, problems = expand(found.file, found.data, self._families)
            self.origins[found.file] = origins
            value, wrong, lost = mend(data)
            self.problems += [*problems, *wrong]
            self.lost |= lost
        if value is None:
            self.unread.add(name)
        return value

    def renamed(self) -> None:
        """Files under the names that they had in earlier versions: nothing of them would be read."""
        for old, new in first_names.FILES.items():
            if (file := self._folder / f"{old}.yaml").is_file():
                self.problems.append(Problem(file, "file", f"is called {new}.yaml now; rename it"))

    def once(self, name: str, names: Mapping[int, str]) -> None:
        """Tells of each of ``names`` that stands there more than once."""
        seen: set[str] = set()
        for index, one in names.items():
            if one in seen:
                remedy = "stands there twice; names are unique"
                self.problems.append(Problem(self._folder / f"{name}.yaml", one, remedy, (index,)))
            seen.add(one)

    def compiled(self, invariants: Mapping[int, Invariant]) -> dict[int, CompiledInvariant]:
        """The invariants with their expressions compiled, without those that cannot be."""
        found: dict[int, CompiledInvariant] = {}
        for index, invariant in invariants.items():
            if invariant.each not in KINDS:
                self._unknown_kind(index, invariant)
                continue
            when, rule = (self._expression(index, invariant, part) for part in ("when", "rule"))
            if (invariant.rule is None) is (invariant.function is None):
                self._describe(invariant, (index,), "an invariant has either `rule` or `function`")
            elif (when is None) is (invariant.when is None) and (rule is None) is (invariant.rule is None):
                found[index] = _compiled(invariant, when, rule)
        return found

    def _expression(
        self, index: int, invariant: Invariant, part: Literal["when", "rule"]
    ) -> Expression | None:
        source = invariant.when if part == "when" else invariant.rule
        try:
            return None if source is None else Expression(source)
        except ValueError as error:
            self._describe(invariant, (index, part), "is not CEL: " + str(error).splitlines()[0])
        return None

    def _unknown_kind(self, index: int, invariant: Invariant) -> None:
        remedy = f"{invariant.each!r} is not allowed; use one of: {', '.join(sorted(KINDS))}"
        file = self._folder / "invariants.yaml"
        key = f"{invariant.requirement}.each"
        self.lost.add(invariant.requirement)
        self.problems.append(
            Problem(file, key, remedy + first_names.new(invariant.each, KINDS), (index, "each"))
        )

    def _describe(self, invariant: Invariant, at: tuple[Step, ...], remedy: str) -> None:
        self.lost.add(invariant.requirement)
        self.problems.append(Problem(self._folder / "invariants.yaml", invariant.requirement, remedy, at))

    def lost_with(self, shapes: Shapes) -> frozenset[str]:
        """What was left out, with what schemas state that are named there, or are left out themselves."""
        stated = (shapes.stated(name) for name in shapes.files if name in self.lost)
        return frozenset(self.lost.union(shapes.texts_lost(), *stated))


def _compiled(invariant: Invariant, when: Expression | None, rule: Expression | None) -> CompiledInvariant:
    about = f"{first_names.kind(invariant.each)} {invariant.on} {invariant.view} {invariant.when} {invariant.rule or invariant.function} {invariant.arguments}"
    name = hashlib.sha256(about.encode()).hexdigest()[:12]
    variables = frozenset().union(*(side.variables for side in (when, rule) if side is not None))
    return CompiledInvariant(
        f"invariant:{invariant.each}:{invariant.on}:{name}", invariant, when, rule, variables
    )
