"""Earlier versions had other names for some commands and fields; files with these are read as if they had today's."""

from typing import Any

COMMANDS = {"discriminate": "matrix"}
_CONTROL = {"twin": "control", "twin_of": "control_of"}
_INTERPRETATION = {"reading": "interpretation", "readings": "interpretations"}


def may_be_in(line: bytes) -> bool:
    """Whether a line of a history may have such a field; most have none, and are read at once."""
    return b'"twin' in line


def of_request(plain: Any) -> Any:
    """An exchange of a history or a step of a replay: what it says of controls."""
    if not isinstance(plain, dict):
        return plain
    plain = _renamed(plain, _CONTROL)
    case = plain.get("case")
    return plain | {"case": _renamed(case, _CONTROL)} if isinstance(case, dict) else plain


def of_script(plain: Any) -> Any:
    """The requests of a finding."""
    if not isinstance(plain, dict) or not isinstance(plain.get("steps"), list):
        return plain
    return plain | {"steps": [of_request(step) for step in plain["steps"]]}


def of_results(plain: Any) -> Any:
    """The results of a run: what they say of interpretations, and of a server that answered no more."""
    if not isinstance(plain, dict):
        return plain
    rows, halted = plain.get("requirements"), plain.get("halted")
    if isinstance(rows, list):
        plain = plain | {"requirements": [_of_row(row) for row in rows]}
    return plain | {"halted": _renamed(halted, {"told": "described"})} if isinstance(halted, dict) else plain


def _of_row(row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    row = _renamed(row, _INTERPRETATION)
    seen = row.get("interpretations")
    if not isinstance(seen, list):
        return row
    return row | {
        "interpretations": [
            _renamed(item, _INTERPRETATION) if isinstance(item, dict) else item for item in seen
        ]
    }


def _renamed(plain: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in plain.items()}
