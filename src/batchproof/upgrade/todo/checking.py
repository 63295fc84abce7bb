"""Traffic of the migrated program: which things to do does it show to be done, or not."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec import structs

from batchproof.contract import Contract
from batchproof.history import Exchange, has_body
from batchproof.history.traffic.routes import Routes
from batchproof.json_values import Json
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.todo.model import Item, State
from batchproof.upgrade.todo.places import covers, found, same
from batchproof.upgrade.todo.task import BODY, Task
from batchproof.upgrade.todo.using import Trace

_SUCCESS = range(200, 300)
_FEW = 3


class Verdict(NamedTuple):
    """What newer traffic shows of one thing to do."""

    state: State
    seen: str


class Newer:
    """What the migrated program does. ``reads`` and ``handles`` are what its code reads and knows, where that is told."""

    def __init__(
        self,
        mapped: Map,
        traces: Sequence[Trace],
        reads: Mapping[str, Sequence[str]] | None,
        handles: frozenset[str] | None,
        before: Mapping[str, Sequence[Exchange]],
    ) -> None:
        """``before`` are the calls that the program made of the older version, by operation."""
        self._mapped = mapped
        self._always_refused = {name: _statuses(made) for name, made in before.items() if not _accepted(made)}
        self._names = {
            f"{operation.method} {operation.path}": name
            for name, operation in mapped.older.manifest.operations.items()
        }
        self._reads = reads
        self._handles = handles
        self.calls: dict[str, list[Exchange]] = defaultdict(list)
        self.old: dict[str, list[Exchange]] = defaultdict(list)
        newer, older = Routes(mapped.newer), Routes(mapped.older)
        for trace in traces:
            for exchange in trace.exchanges:
                method, path = exchange.request.method, urlsplit(exchange.request.url).path
                route = newer.find(method, path, trace.before)
                if route is not None:
                    self.calls[route.operation].append(exchange)
                    continue
                route = older.find(method, path, trace.before)
                if route is not None:
                    self.old[route.operation].append(exchange)

    def checked(self, task: Task) -> Item:
        """The item of ``task`` with what was seen of it."""
        look = {
            "header": self._header,
            "call": self._call,
            "request": self._field,
            "query": self._field,
            "answer": self._read,
            "event": self._event,
            "error": self._error,
            "status": self._known,
        }.get(task.item.part)
        verdict = Verdict("unseen", "traffic does not show it") if look is None else look(task)
        return structs.replace(task.item, state=verdict.state, seen=verdict.seen)

    def _header(self, task: Task) -> Verdict:
        wanted = self._mapped.newer.manifest.headers.get(task.at)
        made = [one for calls in (*self.calls.values(), *self.old.values()) for one in calls]
        wrong = [one for one in made if one.request.headers.get(task.at.lower()) != wanted]
        if not made:
            return Verdict("unseen", "no call was made")
        return (
            Verdict("open", f"not so in {_described(wrong)}")
            if wrong
            else Verdict("done", f"in all {len(made)} requests")
        )

    def _call(self, task: Task) -> Verdict:
        name = self._names.get(task.item.before or "", "")
        if name in self.old:
            return Verdict("open", f"{task.item.before} is still called: {_described(self.old[name])}")
        return _worst([self._moved(name, target) for target in dict.fromkeys(task.targets.values())])

    def _moved(self, name: str, target: str) -> Verdict:
        operation = self._mapped.newer.manifest.operations[target]
        call = f"{operation.method} {operation.path}"
        made = self.calls.get(target, [])
        if not made:
            return Verdict("unseen", f"{call} is not called")
        wrong = [
            (one, described)
            for one in made
            for described in [_misfit(self._mapped.newer, target, one)]
            if described
        ]
        if wrong:
            return Verdict("open", f"{call}: {wrong[0][0].id} does not fit: {wrong[0][1]}")
        good = _accepted(made)
        if not good:
            answers = _statuses(made)
            text = f"{call} is answered with {', '.join(answers) or 'nothing'}: {_described(made)}"
            # nothing shows that the call would be right where it was refused before, too
            as_before = answers and set(answers) <= set(self._always_refused.get(name, ()))
            return Verdict("unseen", f"{text}, as it was before") if as_before else Verdict("open", text)
        return Verdict("done", f"{call}: {_described(good)}")

    def _field(self, task: Task) -> Verdict:
        return _worst([self._of_field(task, variant, target) for variant, target in task.targets.items()])

    def _of_field(self, task: Task, variant: str, target: str) -> Verdict:
        made = self.calls.get(target, [])
        if not made:
            return Verdict("unseen", f"{target} is not called")
        landing = task.landings.get(variant)
        part = "query" if task.item.part == "query" else "body"
        bodies = [(one, _sent(one, part)) for one in made]
        old = [one for one, body in bodies if task.at and _has(body, task.at)]
        if old and landing != task.at:
            return Verdict("open", f"{task.item.before} is still sent: {_described(old)}")
        new = [one for one, body in bodies if landing is not None and _has(body, landing)]
        if landing is not None and not new:
            return Verdict(
                "open", f"{landing.lstrip('/') if part == 'query' else landing} is not sent to {target}"
            )
        return Verdict("done", _described(new or made))

    def _read(self, task: Task) -> Verdict:
        if not task.targets:
            return Verdict("unseen", "traffic does not show it")
        return _worst(
            [self._of_read(task, target, task.landings.get(one)) for one, target in task.targets.items()]
        )

    def _of_read(self, task: Task, target: str, landing: str | None) -> Verdict:
        if self._reads is None or target not in self._reads:
            return Verdict(
                "unseen", f"traffic does not show what code reads; list it for {target} in --check-reads"
            )
        reads = self._reads[target]
        if landing != task.at and any(same(task.at, one) for one in reads):
            return Verdict("open", f"{task.at} is still among the reads of {target}")
        # whoever reads what holds it reads it, too
        if landing is not None and landing != "" and not any(covers(one, landing) for one in reads):
            return Verdict("open", f"{landing or BODY} is not among the reads of {target}")
        return Verdict("done", f"by the reads of {target}")

    def _event(self, task: Task) -> Verdict:
        if task.landings:
            return self._read(task)
        if self._handles is None:
            return Verdict("unseen", "traffic does not show what code knows; list it in --check-handles")
        missing = sorted(set(task.targets.values()) - self._handles)
        if missing or not task.targets:
            return Verdict("open", f"{', '.join(missing) or task.at} is not among what --check-handles lists")
        return Verdict("done", "--check-handles lists it")

    def _error(self, task: Task) -> Verdict:
        if task.landings:
            landing = next(iter(task.landings.values()))
            return self._of_read(task, "errors", landing)
        return self._known(task)

    def _known(self, task: Task) -> Verdict:
        if self._handles is None:
            return Verdict("unseen", "traffic does not show what code knows; list it in --check-handles")
        if task.at in self._handles:
            return Verdict("done", "--check-handles lists it")
        return Verdict("open", "--check-handles does not list it")


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    """What holds of all variants together: one that is open is open, and one that nothing shows leaves all unseen."""
    if not verdicts:
        return Verdict("unseen", "traffic does not show it")
    return min(verdicts, key=lambda one: ("open", "unseen", "done").index(one.state))


def _accepted(exchanges: Sequence[Exchange]) -> list[Exchange]:
    return [one for one in exchanges if one.response is not None and one.response.status in _SUCCESS]


def _statuses(exchanges: Sequence[Exchange]) -> list[str]:
    return sorted({str(one.response.status) for one in exchanges if one.response is not None})


def _described(exchanges: Sequence[Exchange]) -> str:
    names = ", ".join(one.id for one in exchanges[:_FEW])
    return f"{names} and {len(exchanges) - _FEW} more" if len(exchanges) > _FEW else names


def _sent(exchange: Exchange, part: str) -> Json:
    if part == "query":
        return dict(exchange.request.query)
    return exchange.request.body if has_body(exchange.request) else None


def _has(body: Json, at: str) -> bool:
    return any(True for _ in found(body, at))


def _misfit(contract: Contract, name: str, exchange: Exchange) -> str | None:
    """Where the body of a request does not fit its schema; None where it does."""
    operation = contract.manifest.operations[name]
    if operation.request is None:
        return None
    return next(_errors(contract, operation.request.schema, _sent(exchange, "body")), None)


def _errors(contract: Contract, schema: str, body: Json) -> Iterator[str]:
    for error in contract.shapes.validator(schema).iter_errors(body):
        at = "".join(f"/{segment}" for segment in error.instance_path)
        yield f"{at or BODY} ({error.kind.name})"
