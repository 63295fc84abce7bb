"""What the functions of invariants find wrong, in words."""

from collections.abc import Mapping
from typing import Any

from batchproof.judging.words.values import described, listed, place_at

_SIDES = {"row": "in the list", "self": "in detail"}


def in_words(function: str, observed: Any, arguments: Mapping[str, str]) -> str:
    """Why an invariant with this ``function`` does not hold; ``observed`` is the evidence that the function gives."""
    if not isinstance(observed, dict):
        return ""
    match function:
        case "agrees":
            return "; ".join(_differing(at, sides) for at, sides in list(observed.items())[:2])
        case "keeps":
            at, sides = next(iter(observed.items()))
            return f"{place_at(at)} changed from {described(sides['oldSelf'])} to {described(sides['self'])}"
        case "distinct":
            doubled = observed["more than once"]
            return f"{place_at(arguments['at'])} {listed(doubled[:2])} stands there more than once"
        case "finds_known":
            return _missing(observed)
        case "one_to_one":
            return _one_to_one(observed, arguments)
        case "same_id":
            one, other = (_named(arguments[name]) for name in ("one", "other"))
            return f"{one} is {described(observed['one'])}, and {other} is {described(observed['other'])}"
        case "paths_lead":
            paths, value = (place_at(arguments[name]) for name in ("paths", "value"))
            return f"{paths} names {listed(observed['leads nowhere'][:2])}, which {value} does not have"
        case "adds_up":
            parts = place_at(arguments["parts"]).replace(".*", "[]")
            total = place_at(observed["at"] + arguments["total"])
            return f"{total} is {described(observed['total'])}, and the sum of {parts} is {described(observed['sum'])}"
        case "sorted_by_time":
            first, second = observed["row"], observed["next row"]
            direction = {"asc": "ascending", "desc": "descending"}[arguments["direction"]]
            return f"{place_at(arguments['by'])} is not {direction}: {described(first)} stands before {described(second)}"
        case "conforms":
            schema = place_at(arguments["schema"])
            at = place_at(arguments["value"] + observed["at"])
            return f"{at} does not fit {schema}, the schema that it was asked for with"
    return ""


def _differing(at: str, sides: Mapping[str, Any]) -> str:
    return f"{place_at(at)} is " + ", and ".join(
        f"{described(value)} {_SIDES.get(side, side)}" for side, value in sides.items()
    )


def _missing(observed: Mapping[str, Any]) -> str:
    query, missing = observed["query"], observed["missing"]
    asked = " and ".join(f"{name}={value}" for name, value in query.items())
    of = f"with {asked} " if asked else ""
    return f"a list {of}lacks {listed(missing[:2])}" + (
        f" and {len(missing) - 2} more" if len(missing) > 2 else ""
    )


def _one_to_one(observed: Mapping[str, Any], arguments: Mapping[str, str]) -> str:
    parts = []
    if observed["missing"]:
        parts.append(f"what was asked for with {listed(observed['missing'][:2])} is missing")
    if observed["more"]:
        parts.append(f"{listed(observed['more'][:2])} is there, which was not asked for")
    name = place_at(arguments["at"]).replace(".*", "[]")
    return f"{name}: {' and '.join(parts)}"


def _named(at: str) -> str:
    root, _, rest = at.removeprefix("/").partition("/")
    name = place_at("/" + rest) if rest else root
    return {"path": f"the {name} in the path", "request": f"{name} of the request"}.get(root, name)
