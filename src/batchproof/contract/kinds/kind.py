"""What every kind of invariants says of itself: one value of ``each`` in ``invariants.yaml``."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.variables import WALL_TIME, Variable
from batchproof.contract.model import Invariant, Manifest, Probe
from batchproof.contract.problems import Problem, Step
from batchproof.contract.reachable import Place
from batchproof.contract.shown import Shown


class Declared(NamedTuple):
    """What a folder declares, and what invariants may name."""

    manifest: Manifest
    probes: Mapping[str, Probe]


class Written(NamedTuple):
    """An invariant where somebody wrote it: the file, and its place in the list."""

    file: Path
    place: int
    invariant: Invariant

    def wrong(self, remedy: str, part: str, missing: str | None = None) -> Problem:
        """What is wrong with one ``part`` of it."""
        at: tuple[Step, ...] = (self.place, part)
        return Problem(self.file, self.invariant.requirement, remedy, at, missing=missing)


class About(NamedTuple):
    """What a finding is about: what ``on`` names, the operation of the last exchange, and the variables of the case.

    ``described`` says in words what a value is.
    """

    on: str
    asked: str | None
    variables: Mapping[str, Any]
    described: Callable[[Any], str]


class Kind(ABC):
    """One kind of invariants. Everything that differs from kind to kind is said here, and nowhere else.

    The first line of the docstring of each kind is what the documentation says that it is judged on.
    """

    name: ClassVar[str]
    # what `on` names, in the documentation
    on: ClassVar[str]
    # where it is judged, after "invariant,"; knows {on} and {answered}
    where: ClassVar[str]
    # what "*" stands for in `where`
    any: ClassVar[str] = "any operation"
    own_variables: ClassVar[tuple[Variable, ...]]
    # whether the wall time of its cases is known
    timed: ClassVar[bool] = True
    # more that authors have to know, for the documentation
    note: ClassVar[str] = ""
    # whether `to` names a second resource
    refers: ClassVar[bool] = False
    # what a scenario has to do for a case: any accepted call, read a list to its end, the list of one owner, or send the probe
    takes: ClassVar[Literal["success", "traversal", "owned", "probe"]] = "success"
    # what a documented example can stand for, so that cards show an instance: an object that `on` names, or an answer
    example: ClassVar[Literal["object", "answer"] | None] = None
    # whether the same values come back so often that what a function says of them is remembered
    repeats: ClassVar[bool] = False

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What expressions may name."""
        return (*self.own_variables, *WALL_TIME) if self.timed else self.own_variables

    @property
    def names(self) -> frozenset[str]:
        """The names of the variables."""
        return frozenset(variable.name for variable in self.variables)

    @abstractmethod
    def subjects(self, declared: Declared) -> Collection[str]:
        """What ``on`` may name, as far as the folder declares it."""

    @abstractmethod
    def problems(self, written: Written, declared: Declared) -> Iterator[Problem]:
        """What keeps an invariant from having anything to speak of."""

    @abstractmethod
    def operations(self, invariant: Invariant, declared: Declared) -> frozenset[str]:
        """The operations whose exchanges can show whether an invariant holds."""

    @abstractmethod
    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        """What the variables look like, by name; what is left out, or None, is not known."""

    @abstractmethod
    def subject(self, about: About) -> str:
        """What a finding is about, for its headline."""

    @abstractmethod
    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """The cases that a history offers to an invariant."""
