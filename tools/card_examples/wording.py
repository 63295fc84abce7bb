"""The words of an example: what was asked, what passes, and what does not."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from batchproof.contract import CompiledInvariant, Contract, pointer
from batchproof.history import Exchange
from batchproof.judging.case import Case
from batchproof.judging.words.invariants import of_invariant
from batchproof.judging.words.kept import why_kept
from batchproof.judging.words.rules import where
from batchproof.judging.words.values import described, listed, place_at
from batchproof.report.pair import Instances

from .changing import OPAQUE

_ASKING = frozenset({"exchange", "traversal", "row", "owned", "call", "probe"})
_SIDES = {"row": "in the list", "self": "in detail"}
_MADE = re.compile(r"\b(input|file)-[0-9a-f]{6}(?=-)")
_MICROSECONDS = re.compile(r"(?<=\.\d{3})000(?=Z)")
_MOMENT = re.compile(r"\b2026-0[67]-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_NOON = datetime.fromisoformat("2026-07-01T12:00:00Z")
_A_WEEK = timedelta(days=7)
_LONGEST_VALUE = 40
# three lines of a card
_LONGEST = 228


def in_words(
    contract: Contract, compiled: CompiledInvariant, case: Case, broken: Case, observed: Any
) -> Instances:
    """What ``case``, which keeps an invariant, shows, and what ``broken`` shows that does not; ``observed`` is what is wrong."""
    invariant = compiled.invariant
    fails = of_invariant(compiled, broken, observed).headline
    subject = of_invariant(compiled, case, observed).headline.partition(": ")[0]
    if invariant.function is not None:
        said = _held(invariant.function, observed, case.variables, invariant.arguments)
    else:
        said = why_kept(invariant.rule or "", case.variables, broken.variables)
    if len(fails) > _LONGEST:
        fails = fails.rpartition(" where ")[0] or fails
    chosen = where(invariant.when, case.variables) if invariant.when else ""
    if chosen and f" where {chosen}" in fails and len(subject + said + chosen) < _LONGEST - len(":  where "):
        said += f" where {chosen}"
    asked = _asked(contract, case) if invariant.each in _ASKING else ""
    return tidy(Instances(f"{subject}: {said}", fails, asked))


def _asked(contract: Contract, case: Case) -> str:
    exchange = case.asked[0] if case.asked else case.exchanges[-1]
    if not isinstance(exchange, Exchange) or exchange.operation is None:
        return ""
    operation = contract.manifest.operations[exchange.operation]
    token = operation.pages.token if operation.pages is not None else None
    query = [
        f"{name}={value}"
        for name, value in exchange.request.query
        if name != token and len(value) <= _LONGEST_VALUE
    ]
    return f"{operation.method} {operation.path}" + (f" with {' and '.join(query)}" if query else "")


def _held(
    function: str, observed: Mapping[str, Any], variables: Mapping[str, Any], arguments: Mapping[str, str]
) -> str:
    """What a function finds right where it finds ``observed`` wrong in the broken case."""
    match function:
        case "agrees" | "keeps":
            at, sides = next(iter(observed.items()))
            first, second = sides
            one, other = (described(pointer.first(variables[side], at)) for side in (first, second))
            if function == "keeps":
                return f"{place_at(at)} stays {one}"
            return f"{place_at(at)} is {one} {_SIDES[first]}, and {other} {_SIDES[second]}"
        case "distinct":
            rows = (
                pointer.first(variables["response"], arguments["rows"])
                if "rows" in arguments
                else variables["rows"]
            )
            values = [pointer.first(row, arguments["at"]) for row in rows]
            return f"{place_at(arguments['at'])} {listed(values[:3])}: each stands there once"
        case "finds_known":
            query = " and ".join(f"{name}={value}" for name, value in observed["query"].items())
            return f"a list {f'with {query} ' if query else ''}has {listed(observed['missing'][:2])}"
        case "one_to_one":
            rows = (
                pointer.first(variables["response"], arguments["rows"])
                if "rows" in arguments
                else variables["rows"]
            )
            shown = [
                value
                for row in rows
                if (value := pointer.first(row, arguments["at"], default=None)) is not None
            ]
            name = place_at(arguments["at"]).replace(".*", "[]")
            return f"{name}: {listed(shown[:3])}, as in the request"
        case "same_id":
            one, other = (pointer.first(variables, arguments[name]) for name in ("one", "other"))
            return f"{_named(arguments['one'])} is {described(one)}, and {_named(arguments['other'])} is {described(other)}"
        case "paths_lead":
            paths = pointer.first(variables["self"], arguments["paths"])
            named = [path for path in paths if path not in observed["leads nowhere"]]
            return f"{place_at(arguments['paths'])} names {listed(named[:2] or list(paths)[:2])}, which {place_at(arguments['value'])} has"
        case "adds_up":
            at = observed["at"]
            total = pointer.first(variables["self"], at + arguments["total"])
            parts = [value for _, value in pointer.find(variables["self"], at + arguments["parts"])]
            shown = " + ".join(map(described, parts[:4]))
            return f"{place_at(at + arguments['total'])} is {described(total)}, and {place_at(arguments['parts']).replace('.*', '[]')} {shown}"
        case "sorted_by_time":
            rows = pointer.first(variables["response"], arguments["rows"])
            times = [pointer.first(row, arguments["by"]) for row in rows[:2]]
            return f"{place_at(arguments['by'])} is {' and then '.join(map(described, times))}"
        case "conforms":
            at = arguments["value"] + observed["at"]
            return f"{place_at(at)} is {described(pointer.first(variables['self'], at))}, which fits {place_at(arguments['schema'])}"
    raise AssertionError(function)


def _named(at: str) -> str:
    root, _, rest = at.removeprefix("/").partition("/")
    name = place_at("/" + rest) if rest else root
    return {"path": f"the {name} in the path", "request": f"{name} of the request"}.get(root, name)


def tidy(made: Instances) -> Instances:
    """The same with short ids, and with times that begin at noon: those of a run are others in the next one."""
    whole = "\n".join(made)
    names: dict[str, str] = {}
    for match in OPAQUE.finditer(whole):
        prefix = match.group(1) or "id_"
        if match.group() not in names:
            number = 1 + sum(name.startswith(prefix) for name in names.values())
            names[match.group()] = f"{prefix}{number}"
    whole = OPAQUE.sub(lambda match: names[match.group()], whole)
    whole = _MICROSECONDS.sub("", whole)
    whole = _MADE.sub(r"\1", whole)
    times = [datetime.fromisoformat(match.group()) for match in _MOMENT.finditer(whole)]
    near = [time for time in times if abs(time - _NOON) < _A_WEEK]
    if near:
        shift = _NOON - min(near).replace(microsecond=0)
        whole = _MOMENT.sub(lambda match: _shifted(match.group(), shift), whole)
    return Instances(*whole.split("\n"))


def _shifted(text: str, shift: timedelta) -> str:
    timespec = "milliseconds" if "." in text else "seconds"
    return (datetime.fromisoformat(text) + shift).isoformat(timespec=timespec).replace("+00:00", "Z")
