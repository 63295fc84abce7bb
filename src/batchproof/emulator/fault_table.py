"""The table of a vendor's faults: rows of YAML, each of which says with a verb what the fault does.

A row has a name, the id of the statement that it breaks, the sentence that tells both sides, a verb with its arguments and,
by their reasons, the other statements that fail with it. A row `for` several families becomes a fault of each: `{run}` and
the like stand in its texts for the words of the family, and `collateral_of` holds what fails with the fault of one alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from .registry import Fault, by_statement, merged
from .verbs import SHARED, Verb

FILE = "faults.yaml"

Words = Mapping[str, str]
_ROW = {"name", "breaks", "sentence", "for", "collateral", "collateral_of", "withheld"}


class FaultTableError(ValueError):
    """A table cannot be read. The message is one line that names file, fault and remedy."""


class _Table(msgspec.Struct, frozen=True, kw_only=True):
    """What the emulator reads of a file."""

    faults: list[dict[str, Any]]


class _Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row, but for its verb."""

    name: str
    breaks: str
    sentence: str
    collateral: dict[str, list[str]] = {}
    withheld: str | None = None


def read_faults(
    file: Path, verbs: Sequence[type[Verb]] = (), families: Mapping[str, Words] | None = None
) -> Iterator[Fault]:
    """The faults of a table that may use a vendor's own `verbs`, too. Raises `FaultTableError`."""
    shown = f"{file.parent.name}/{file.name}"
    known = {_name(verb): verb for verb in (*SHARED, *verbs)}
    try:
        rows = msgspec.yaml.decode(file.read_bytes(), type=_Table).faults
    except msgspec.DecodeError as error:
        said = " ".join(str(error).split())
        raise FaultTableError(f"{shown}: cannot be read: {said}; correct the file") from error
    for row in rows:
        try:
            for one in _of_families(row, families or {}):
                yield _fault(one, known)
        except _RowError as error:
            raise FaultTableError(f"{shown}: {row.get('name')}: {error}") from error


class _RowError(Exception):
    """What is wrong with a row, and the remedy."""


def _of_families(row: dict[str, Any], families: Mapping[str, Words]) -> Iterator[dict[str, Any]]:
    """The row as it is, or as it reads for each of the families that it names."""
    if "for" not in row:
        yield row
        return
    own = row.get("collateral_of", {})
    for name in (*row["for"], *own):
        if name not in families:
            raise _RowError(f"there is no family {name!r}; known: {', '.join(families)}")
    for name in row["for"]:
        collateral = merged(row.get("collateral", {}), own.get(name, {}))
        try:
            yield _filled({**row, "collateral": collateral}, families[name])
        except (KeyError, ValueError, IndexError) as error:
            known = ", ".join(f"{{{word}}}" for word in families[name])
            raise _RowError(f"{error} stands for no word of the family {name}; known: {known}") from error


def _fault(row: dict[str, Any], known: Mapping[str, type[Verb]]) -> Fault:
    found = [key for key in row if key not in _ROW]
    if len(found) != 1 or found[0] not in known:
        raise _RowError(
            f"needs one verb, not {', '.join(found) or 'none'}; known: {', '.join(sorted(known))}"
        )
    (key,) = found
    try:
        verb: Verb = msgspec.convert(row[key], known[key])
        said = msgspec.convert(
            {k: v for k, v in row.items() if k not in ("for", "collateral_of", key)}, _Said
        )
    except msgspec.ValidationError as error:
        raise _RowError(f"{error}; correct the row") from error
    name = said.name.replace("_", "-")
    return Fault(name, said.breaks, said.sentence, verb.plant, by_statement(said.collateral), said.withheld)


def _filled(value: Any, words: Words) -> Any:
    if isinstance(value, str):
        return value.format(**words)
    if isinstance(value, dict):
        return {_filled(key, words): _filled(child, words) for key, child in value.items()}
    return [_filled(child, words) for child in value] if isinstance(value, list) else value


def _name(verb: type[Verb]) -> str:
    """`page_size` for `PageSize`."""
    return re.sub("(?<!^)(?=[A-Z])", "_", verb.__name__).lower()
