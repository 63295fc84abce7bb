"""How broad a run was: requests by kind, keywords broken and exercised. It judges nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from batchproof.contract import Contract, pointer
from batchproof.contract.keywords import broken, keywords
from batchproof.contract.model import Operation
from batchproof.contract.request_checks import request_files
from batchproof.contract.shapes import KEYWORDS_OF
from batchproof.history import Exchange, has_body
from batchproof.judging.exercised import typical
from batchproof.judging.results import Breadth, OperationBreadth
from batchproof.judging.snapshots import accepted

_SAMPLES = 8


def breadth(contract: Contract, exchanges: Iterable[Exchange]) -> Breadth:
    """What ``exchanges``, which are in order, exercised, for every operation of the contract."""
    of: dict[str, list[Exchange]] = {name: [] for name in contract.manifest.operations}
    for exchange in exchanges:
        if exchange.operation in of and exchange.response is not None:
            of[exchange.operation].append(exchange)
    return Breadth(
        operations={
            name: _operation(contract, contract.manifest.operations[name], sent) for name, sent in of.items()
        },
    )


def _operation(contract: Contract, operation: Operation, sent: Sequence[Exchange]) -> OperationBreadth:
    modes = Counter(exchange.case.mode if exchange.case is not None else "" for exchange in sent)
    files = list(request_files(operation))
    known = {part + path for part, file in files for path in keywords(contract.shapes, file)}
    response = set(keywords(contract.shapes, operation.success.schema))
    return OperationBreadth(
        sent=len(sent),
        valid=modes["valid"],
        invalid=modes["invalid"],
        open=modes["open"],
        request_keywords=len(known),
        request_keywords_broken=len(known & set(_broken(contract, dict(files), sent))),
        response_keywords=len(response),
        response_keywords_exercised=len(response & _exercised(contract, operation, sent)),
    )


def _broken(contract: Contract, files: Mapping[str, str], sent: Sequence[Exchange]) -> Iterator[str]:
    """The keywords of the request schemas that generated requests and probes broke."""
    for exchange in sent:
        if exchange.case is not None and exchange.case.mode == "invalid":
            yield exchange.case.place or ""
        elif exchange.probe is not None and has_body(exchange.request) and "body" in files:
            for item in broken(contract.shapes, files["body"], exchange.request.body):
                yield "body" + item.keyword


def _exercised(contract: Contract, operation: Operation, sent: Sequence[Exchange]) -> set[str]:
    """The keywords of the success schema that found a value they say something about, in answers of each form."""
    validator = contract.shapes.validator(operation.success.schema)
    samples: dict[Any, Any] = {}
    for exchange in sent:
        if accepted(contract, exchange) and exchange.response is not None:
            samples.setdefault(_form(exchange.response.body), exchange.response.body)
        if len(samples) == _SAMPLES:
            break
    found: set[str] = set()
    for body in samples.values():
        few = typical(contract.shapes, operation.success.schema, body)
        for unit in validator.evaluate(few).list()["details"]:
            _, below, keyword = unit["evaluationPath"].rpartition("/")
            value = pointer.first(few, unit["instanceLocation"])
            if below and _says_something(keyword, value):
                found.add(unit["evaluationPath"])
                if keyword == "required" and isinstance(value, dict):
                    found |= {unit["evaluationPath"] + pointer.join([name]) for name in value}
    return found


def _says_something(keyword: str, value: Any) -> bool:
    kinds = [kind for kind, words in KEYWORDS_OF.items() if keyword in words]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return not kinds or type(value) in kinds or (int in kinds and number)


def _form(body: Any, depth: int = 3) -> Any:
    """Which properties are there and which are null, of an array those of its first element."""
    if isinstance(body, dict) and depth:
        return tuple((key, _form(body[key], depth - 1)) for key in sorted(body) if key != "metadata")
    if isinstance(body, list):
        return (_form(body[0], depth),) if body else ()
    return body is None
