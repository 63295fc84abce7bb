"""Paths that no shape has: in the rules of invariants, and in the pointers of ``contract.yaml``.

A rule on a property that does not exist never holds and never fails, and nothing else would tell.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence

from batchproof.contract import pointer
from batchproof.contract.cel import syntax as cel
from batchproof.contract.expressions import Expression
from batchproof.contract.kinds import KINDS
from batchproof.contract.loader import CompiledInvariant, Contract
from batchproof.contract.model import Manifest, Operation
from batchproof.contract.problems import Problem, Step
from batchproof.contract.reachable import Place, Reachable
from batchproof.contract.shown import Shown

Known = Mapping[str, Sequence[Place] | None]
# how much alike two names are of which one is a slip of the pen
_ALIKE = 0.8
# the arguments of functions that are pointers into one object
_OF_SELF = {
    "adds_up": ("at",),
    "agrees": ("except",),
    "conforms": ("value", "schema"),
    "keeps": ("at", "except"),
    "paths_lead": ("value",),
}


def check_paths(contract: Contract, invariants: Mapping[int, CompiledInvariant]) -> Iterator[Problem]:
    """Every path that no shape has."""
    yield from _Manifest(contract).problems()
    shown = Shown(contract.manifest, contract.shapes, contract.probes)
    file = contract.folder / "invariants.yaml"
    for index, invariant in invariants.items():
        known = KINDS[invariant.invariant.each].shapes(invariant.invariant, shown)
        expressions = {
            part: side
            for part, side in (("when", invariant.when), ("rule", invariant.rule))
            if side is not None
        }
        for part, described in _Rules(shown.reachable, known).problems(expressions):
            yield Problem(file, invariant.invariant.requirement, described, (index, part))
        for argument in _OF_SELF.get(invariant.invariant.function or "", ()):
            for path in invariant.invariant.arguments.get(argument, "").split():
                if (wrong := _wrong(shown.reachable, known.get("self"), path)) is not None:
                    yield Problem(
                        file, invariant.invariant.requirement, wrong, (index, "arguments", argument)
                    )


def _wrong(reachable: Reachable, places: Sequence[Place] | None, path: str) -> str | None:
    """What is wrong with a pointer, if anything."""
    if places and path.startswith("/"):
        steps = pointer.parse(path)
        for length in range(1, len(steps) + 1):
            above = reachable.at(places, pointer.join(steps[: length - 1]))
            if above and reachable.at(above, pointer.join([steps[length - 1]])) == []:
                return f"{path} {_unknown(steps[length - 1], reachable.names(above))}"
    return None


class _Rules:
    """Goes through the expressions of an invariant with what its variables can be."""

    def __init__(self, reachable: Reachable, known: Known) -> None:
        self._reachable = reachable
        self._known = known
        self._part = ""
        self._described: list[tuple[str, str, str]] = []
        self._asked: set[str] = set()

    def problems(self, expressions: Mapping[str, Expression]) -> list[tuple[str, str]]:
        """``(part, remedy)`` for each path that no shape has."""
        for part, expression in expressions.items():
            self._part = part
            self._read(cel.parse(expression.source), self._known)
        described = [(part, remedy) for part, path, remedy in self._described if path not in self._asked]
        return list(dict.fromkeys(described))

    def _read(self, tree: cel.Tree, known: Known) -> Sequence[Place] | None:
        match tree:
            case cel.Name(name):
                return known.get(name)
            case cel.Select(of, field):
                return self._property(self._read(of, known), of, field)
            case cel.Has(of, field):
                # a rule may ask for what a shape does not have, and then speak of it
                self._property(self._read(of, known), of, field, asks=True)
                self._asked.add(f"{_path(of)}.{field}")
            case cel.Index(of, cel.Literal(str(field))):
                return self._property(self._read(of, known), of, field)
            case cel.Index(of, key):
                self._read(key, known)
                places = self._read(of, known)
                return self._reachable.elements(places) if places else None
            case cel.Macro(of, macro, variable, body):
                places = self._read(of, known)
                elements = self._reachable.elements(places) if places else None
                self._read(body, {**known, variable: elements})
                return places if macro == "filter" else None
            case cel.Conditional(condition, yes, no):
                self._read(condition, known)
                sides = [self._read(side, known) for side in (yes, no)]
                return None if None in sides else [place for side in sides for place in side or ()]
            case cel.Binary(_, left, right):
                self._read(left, known)
                self._read(right, known)
            case cel.Unary(_, of):
                self._read(of, known)
            case cel.Call(_, arguments) | cel.Elements(arguments):
                for argument in arguments:
                    self._read(argument, known)
            case cel.Members(items):
                for _, value in items:
                    self._read(value, known)
        return None

    def _property(
        self, places: Sequence[Place] | None, of: cel.Tree, field: str, *, asks: bool = False
    ) -> Sequence[Place] | None:
        if not places:
            return None
        found = self._reachable.property(places, field)
        names = self._reachable.names(places)
        if found == [] and not asks:
            path = f"{_path(of)}.{field}"
            self._described.append((self._part, path, f"{path} {_unknown(field, names)}"))
        elif found == [] and (near := difflib.get_close_matches(field, names, n=1, cutoff=_ALIKE)):
            described = (
                f"{_path(of)}.{field} leads to {field!r}, which no shape has there; did you mean {near[0]}?"
            )
            self._described.append((self._part, "", described))
        return found


def _path(tree: cel.Tree) -> str:
    match tree:
        case cel.Name(name):
            return name
        case cel.Select(of, field):
            return f"{_path(of)}.{field}"
        case cel.Index(of, _):
            return f"{_path(of)}[…]"
        case _:
            return "…"


def _unknown(field: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(field, names, n=3)
    use = f"did you mean {', '.join(near)}?" if near else f"use one of: {', '.join(sorted(names))}"
    return f"leads to {field!r}, which no shape has there; {use}"


class _Manifest:
    """The pointers of ``contract.yaml``."""

    def __init__(self, contract: Contract) -> None:
        self._file = contract.folder / "contract.yaml"
        self._manifest: Manifest = contract.manifest
        self._shown = Shown(contract.manifest, contract.shapes, contract.probes)

    def problems(self) -> Iterator[Problem]:
        root = self._shown.reachable.root
        for name, operation in self._manifest.operations.items():
            for at, path, files in _pointers(operation):
                yield from self._at(("operations", name, *at), root(*files), path)
        for name, resource in self._manifest.resources.items():
            looks = self._shown.object(name)
            for part, path in (("id", resource.id), ("status", resource.status or "")):
                yield from self._at(("resources", name, part), looks, path)
            for named, path in resource.refers.items():
                yield from self._at(("resources", name, "refers", named), looks, path)
        for name, fixture in self._manifest.fixtures.items():
            found = fixture.discover
            if found is not None and found.operation in self._manifest.operations:
                body = root(self._manifest.operations[found.operation].success.schema)
                yield from self._at(("fixtures", name, "discover", "at"), body, found.at)
        if self._manifest.webhooks is not None:
            envelope = self._manifest.webhooks.envelope
            body = root(envelope.schema)
            yield from self._at(("webhooks", "envelope", "id"), body, envelope.id)
            yield from self._at(("webhooks", "envelope", "type"), body, envelope.type)
            for name, event in self._manifest.webhooks.events.items():
                yield from self._at(("webhooks", "events", name, "at"), body, event.at)

    def _at(self, at: tuple[Step, ...], places: Sequence[Place] | None, path: str) -> Iterator[Problem]:
        described = _wrong(self._shown.reachable, places, path)
        if described is not None:
            yield Problem(self._file, ".".join(map(str, at)), described, at)


def _pointers(operation: Operation) -> Iterator[tuple[tuple[Step, ...], str, list[str]]]:
    body = [operation.success.schema]
    for index, shown in enumerate(operation.success.shows):
        yield ("success", "shows", index, "at"), shown.at, body
    if operation.pages is not None:
        yield ("pages", "rows"), operation.pages.rows, body
        yield ("pages", "next"), operation.pages.next, body
        queries = [operation.query] if operation.query is not None else []
        for part in ("token", "size"):
            parameter = getattr(operation.pages, part)
            yield ("pages", part), pointer.join([parameter]) if parameter else "", queries
    if isinstance(operation.billed, str) and operation.request is not None:
        yield ("billed",), operation.billed, [operation.request.schema]
