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
    known = {_name(verb): verb for verb in (*SHARED, *verbs)}
    try:
        rows = msgspec.yaml.decode(file.read_bytes(), type=dict[str, Any])["faults"]
    except msgspec.DecodeError as error:
        raise FaultTableError(f"{file.name}: is not YAML: {' '.join(str(error).split())}") from error
    for row in rows:
        if "for" not in row:
            yield _fault(file, row, known)
            continue
        for name in row["for"]:
            if name not in (families or {}):
                raise FaultTableError(
                    f"{file.name}: {row.get('name')}: for: there is no family {name!r}; known: {', '.join(families or {})}"
                )
            yield _fault(file, _of_family(row, name, (families or {})[name]), known)


def _fault(file: Path, row: dict[str, Any], known: Mapping[str, type[Verb]]) -> Fault:
    name = str(row.get("name")).replace("_", "-")
    found = [key for key in row if key not in _ROW]
    if len(found) != 1 or found[0] not in known:
        raise FaultTableError(
            f"{file.name}: {name}: needs one verb, not {', '.join(found) or 'none'}; known: {', '.join(sorted(known))}"
        )
    (key,) = found
    try:
        verb: Verb = msgspec.convert(row[key], known[key])
        said = msgspec.convert(
            {k: value for k, value in row.items() if k not in ("for", "collateral_of", key)}, _Said
        )
    except msgspec.ValidationError as error:
        raise FaultTableError(f"{file.name}: {name}: {error}; correct the row") from error
    return Fault(name, said.breaks, said.sentence, verb.plant, by_statement(said.collateral), said.withheld)


def _of_family(row: dict[str, Any], name: str, words: Words) -> dict[str, Any]:
    """The row as it reads for one family."""
    own = row.get("collateral_of", {}).get(name, {})
    filled: dict[str, Any] = _filled({**row, "collateral": merged(row.get("collateral", {}), own)}, words)
    return filled


def _filled(value: Any, words: Words) -> Any:
    if isinstance(value, str):
        return value.format(**words)
    if isinstance(value, dict):
        return {_filled(key, words): _filled(child, words) for key, child in value.items()}
    return [_filled(child, words) for child in value] if isinstance(value, list) else value


def _name(verb: type[Verb]) -> str:
    """`page_size` for `PageSize`."""
    return re.sub("(?<!^)(?=[A-Z])", "_", verb.__name__).lower()
