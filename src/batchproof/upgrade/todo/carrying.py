"""Pointers and bodies of the older contract, carried through the map into the newer one."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from batchproof.contract.pointer import join, parse
from batchproof.json_values import Json
from batchproof.upgrade.fields import ANY
from batchproof.upgrade.mapping import Map, Pair, filled
from batchproof.upgrade.todo.places import names_an_id

Segment = str | int


class Landing(NamedTuple):
    """Where a pointer of the older contract leads in the newer one.

    ``at`` is None where nothing is the same; ``note`` says what ``migration.yaml`` has to say of it. ``described`` is whether
    the older contract says anything of such a field.
    """

    at: str | None
    note: str | None
    described: bool = True


class Described(NamedTuple):
    """The fields of the newer contract that older ones became: ``partial`` are those of which the older one does not tell all."""

    kept: frozenset[str]
    partial: frozenset[str]


class Carrier:
    """Carries what belongs to one variant."""

    def __init__(self, mapped: Map, variant: str) -> None:
        self._mapped = mapped
        self.variant = variant
        self._pairs = {pair.older_file: pair for pair in mapped.pairs if pair.variant == variant}
        self._prefixes = {
            before: filled(mapped.migration, after, variant)
            for change in mapped.migration.changes
            for before, after in change.prefixes.items()
        }

    def pair(self, file: str | None) -> Pair | None:
        """The older schema file ``file`` beside the newer one, for this variant."""
        return None if file is None else self._pairs.get(file)

    def land(self, file: str, at: str) -> Landing:
        """Where the pointer ``at`` into a body of the older ``file`` leads; ``*`` and indices stand for elements."""
        base: list[Segment] = []
        rest = parse(at)
        pair = self.pair(file)
        while pair is not None:
            known, stars = "", list[Segment]()
            while rest:
                below = _below(pair, known, rest[0])
                if below is None:
                    break
                segment = rest.pop(0)
                stars += [segment] if below.endswith(f"/{ANY}") else []
                known = below
                fate = pair.fates[known]
                if fate.kind in ("gone", "outside"):
                    return Landing(None, fate.text)
                if self._apart(pair, known):
                    break
            here = [*base, *self._target(pair, known, stars)]
            nested = pair.older[known].file if self._apart(pair, known) else None
            if nested is None or self.pair(nested) is None:
                if nested is not None and rest and self._lost(nested) is not None:
                    return Landing(None, self._lost(nested))
                note = None if rest else self.note(pair, known)
                return Landing(join([*here, *rest]), note, not rest)
            base, pair = here, self.pair(nested)
        return Landing(None, self._lost(file))

    def carried(self, file: str, body: Json) -> Json:
        """``body`` of the older ``file`` as the newer contract has it: what is gone is left out, what is new is not made up."""
        pair = self.pair(file)
        if pair is None:
            return None
        made = _Made()
        self._traverse(made, pair, body, "", [], [])
        return made.value()

    def described(self, file: str) -> Described:
        """What fields of the older ``file``, and of the files in it, have become."""
        found = list(self._described(self.pair(file), "", ()))
        return Described(
            frozenset(at for at, _ in found), frozenset(at for at, is_partial in found if is_partial)
        )

    def _described(self, pair: Pair | None, base: str, above: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
        if pair is None or pair.older_file in above:
            return
        for at in pair.older:
            target = pair.target(at)
            if target is not None:
                yield base + target, at in pair.shape.partial
                if self._apart(pair, at):
                    nested = self.pair(pair.older[at].file)
                    yield from self._described(nested, base + target, (*above, pair.older_file))

    def renamed(self, value: str) -> str:
        """An id with the prefix that such ids have now."""
        prefix = next((one for one in self._prefixes if value.startswith(one)), None)
        return value if prefix is None else self._prefixes[prefix] + value.removeprefix(prefix)

    def note(self, pair: Pair, at: str) -> str | None:
        """What to know of a field besides."""
        note = pair.shape.notes.get(at)
        return None if note is None else filled(self._mapped.migration, note, self.variant)

    def _lost(self, file: str) -> str | None:
        shape = self._mapped.migration.shapes.get(file)
        text = None if shape is None else shape.outside or shape.gone
        return None if text is None else filled(self._mapped.migration, text, self.variant)

    def _apart(self, pair: Pair, at: str) -> bool:
        """Whether a file of its own, of which ``migration.yaml`` tells apart, describes the field."""
        file = pair.older[at].file
        return (
            bool(at)
            and file is not None
            and file != pair.older_file
            and file in self._mapped.migration.shapes
        )

    def _target(self, pair: Pair, at: str, stars: Sequence[Segment]) -> list[Segment]:
        target = pair.target(at)
        if target is None:
            above, _, name = at.rpartition("/")
            return [*self._target(pair, above, stars), *parse(f"/{name}")]
        remaining = list(stars)
        # what holds one thing now held several: there is nothing left to count
        return [remaining.pop(0) if segment == ANY and remaining else segment for segment in parse(target)]

    def _traverse(
        self, made: "_Made", pair: Pair, value: Json, at: str, stars: list[Segment], base: list[Segment]
    ) -> None:
        if pair.fates[at].kind in ("gone", "outside"):
            return
        here = [*base, *self._target(pair, at, stars)]
        if self._apart(pair, at):
            nested = self.pair(pair.older[at].file)
            if nested is None:
                made.put(here, value)
            else:
                self._traverse(made, nested, value, "", [], here)
        elif isinstance(value, dict):
            made.put(here, {})
            for name, child in value.items():
                below = _below(pair, at, name)
                if below is None:
                    made.put([*here, name], child)
                else:
                    more = [name] if below.endswith(f"/{ANY}") else []
                    self._traverse(made, pair, child, below, [*stars, *more], base)
        elif isinstance(value, list) and f"{at}/{ANY}" in pair.older:
            self._elements(made, pair, value, at, stars, base)
        else:
            made.put(here, self._renamed(pair, at, value))

    def _elements(
        self,
        made: "_Made",
        pair: Pair,
        value: list[Json],
        at: str,
        stars: list[Segment],
        base: list[Segment],
    ) -> None:
        each = f"{at}/{ANY}"
        if pair.target(each) == pair.target(at):
            # one thing takes the place of a list
            for child in value[:1]:
                self._traverse(made, pair, child, each, stars, base)
            return
        made.put([*base, *self._target(pair, at, stars)], [])
        for number, child in enumerate(value):
            self._traverse(made, pair, child, each, [*stars, number], base)

    def _renamed(self, pair: Pair, at: str, value: Any) -> Any:
        if isinstance(value, str) and names_an_id(at.rpartition("/")[2]):
            return self.renamed(value)
        names = pair.shape.values.get(at, {})
        if isinstance(value, str) and value in names:
            return filled(self._mapped.migration, names[value], self.variant)
        return value


def _below(pair: Pair, at: str, segment: str) -> str | None:
    """The field that ``segment`` of what stands at ``at`` is; None where nothing says anything of it."""
    named, each = at + join([segment]), f"{at}/{ANY}"
    if named in pair.older:
        return named
    return each if each in pair.older else None


class _Made:
    """A body as it grows. Nodes are dictionaries, whose keys are numbers where a list will be."""

    def __init__(self) -> None:
        self._root: Json = {}

    def put(self, segments: Sequence[Segment], value: Json) -> None:
        if not segments:
            if value != {}:
                self._root = value
            return
        if not isinstance(self._root, dict):
            self._root = {}
        node = self._root
        for segment in segments[:-1]:
            below = node.get(segment)
            if not isinstance(below, dict):
                below = node[segment] = {}
            node = below
        last = segments[-1]
        # a container that something was put into already stays
        if not (value in ({}, []) and isinstance(node.get(last), dict)):
            node[last] = value

    def value(self) -> Json:
        return _plain(self._root)


def _plain(node: Json) -> Json:
    if not isinstance(node, dict):
        return node
    if node and all(isinstance(key, int) for key in node):
        return [_plain(node[key]) for key in sorted(node)]
    return {str(key): _plain(child) for key, child in node.items()}
