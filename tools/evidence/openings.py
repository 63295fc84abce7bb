"""``open.yaml``: mutants that no MUST has to kill, each class with the reason why, and where that stands."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from batchproof.contract import Contract, ContractError
from batchproof.contract.model import Data, Source
from batchproof.contract.yamlfile import read_yaml
from batchproof.places import schemas_dir

from .mutants import Fate, Judged, Key

FILE = "open.yaml"
# what a reason may be one for
EXCUSED: tuple[Fate, ...] = ("survived", "warned")


class Opening(Data, frozen=True, kw_only=True):
    """A class of survivors, or of mutants that are only warned of. Lists hold names or patterns: ``*`` is any text."""

    operations: list[str]
    properties: list[str]
    operators: list[str]
    reason: str
    source: Source
    states: tuple[str, ...] = ("*",)
    scopes: tuple[str, ...] = ("*",)

    def covers(self, key: Key) -> bool:
        """Whether the reason is one for this mutant."""
        return all(
            _matches(name, tuple(patterns))
            for name, patterns in (
                (key.operation, self.operations),
                (key.property, self.properties),
                (key.operator, self.operators),
                (key.state, self.states),
                (key.scope, self.scopes),
            )
        )


def read_openings(contract: Contract) -> list[Opening]:
    """The reasons of a contract; none where it has no such file. Raises ``ContractError``."""
    file = schemas_dir() / contract.id / FILE
    return checked(file, read_yaml(file, list[Opening]), contract) if file.exists() else []


def checked(file: Path, openings: list[Opening], contract: Contract) -> list[Opening]:
    """``openings``, if each says something. Raises ``ContractError`` naming file, key and remedy."""
    for number, opening in enumerate(openings):
        for name in ("operations", "properties", "operators", "states", "scopes"):
            if not getattr(opening, name):
                raise ContractError(file, f"[{number}].{name}", 'is empty; name one, or write ["*"]')
        if opening.source.document not in contract.manifest.documents:
            raise ContractError(
                file,
                f"[{number}].source.document",
                f"{opening.source.document!r} is none of the documents in contract.yaml",
            )
        if not opening.reason.strip().endswith("."):
            raise ContractError(file, f"[{number}].reason", "is no sentence; end it with a full stop")
    return openings


def has_reason(item: Judged, openings: Sequence[Opening]) -> bool:
    """Whether nothing that is a MUST fails, and an opening says why."""
    return item.fate in EXCUSED and any(opening.covers(item.key) for opening in openings)


def without_reason(judged: Iterable[Judged], openings: Sequence[Opening]) -> list[Judged]:
    """The survivors that no opening covers."""
    return [item for item in judged if item.fate == "survived" and not has_reason(item, openings)]


def forbidden(judged: Iterable[Judged], openings: Sequence[Opening]) -> list[Judged]:
    """The mutants of documented MUST properties that neither the shape allows nor an opening."""
    return [
        item for item in judged if item.must and item.fate != "allowed" and not has_reason(item, openings)
    ]


def needless(judged: Iterable[Judged], openings: Sequence[Opening]) -> list[Opening]:
    """The openings that are the reason for nothing."""
    keys = [item.key for item in judged if item.fate in EXCUSED]
    return [opening for opening in openings if not any(opening.covers(key) for key in keys)]


@lru_cache(maxsize=65536)
def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns is that of the name. Brackets mean themselves, only ``*`` is a wildcard."""
    return any(fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]")) for pattern in patterns)
