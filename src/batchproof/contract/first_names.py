"""The first names of things: fingerprints are made of them, so they never change, and folders of contracts may still have them."""

from collections.abc import Iterable

from batchproof.json_values import JsonObject

# files of a contract folder, and keys and values in them, that had another name in earlier versions
FILES = {"laws": "invariants"}
NEW = {
    "pair": "probe",
    "reading": "interpretation",
    "readings": "interpretations",
    "sighting": "snapshot",
    "twin": "control",
    "walk": "traversal",
}
_KINDS = {"counterpart": "twin", "probe": "pair", "snapshot": "sighting", "traversal": "walk"}
_NEW = {first: each for each, first in _KINDS.items()}
_NOTHING_FITS = ":no interpretation"


def kind(each: str) -> str:
    """The first name of a kind of invariants."""
    return _KINDS.get(each, each)


def rule(name: str) -> str:
    """The first name of a rule that findings are about."""
    if name.startswith("invariant:"):
        _, each, rest = name.split(":", 2)
        name = f"law:{kind(each)}:{rest}"
    if name.endswith(_NOTHING_FITS):
        name = name.removesuffix(_NOTHING_FITS) + ":no reading"
    return name


def new(name: object, known: Iterable[object]) -> str:
    """What is called otherwise now, of those that are ``known``; empty where nothing is."""
    called = (
        [each for each in (_NEW.get(name), NEW.get(name)) if each in known] if isinstance(name, str) else []
    )
    return f" ({name} is called {called[0]} now)" if called else ""


def row(plain: JsonObject) -> JsonObject:
    """A requirement as plain values, with the first names of its fields."""
    return {"readings" if name == "interpretations" else name: value for name, value in plain.items()}
