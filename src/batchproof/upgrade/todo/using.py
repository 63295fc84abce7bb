"""What a program calls, sends and gets, from its traffic: which operations, which variants, which events."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from batchproof.contract import Contract
from batchproof.contract.pointer import first
from batchproof.history import Exchange, has_body
from batchproof.history.traffic.routes import Routes, pattern_of
from batchproof.json_values import Json
from batchproof.upgrade.mapping import Map, filled
from batchproof.upgrade.model import touch
from batchproof.upgrade.shape_changes import seen_at
from batchproof.upgrade.todo.places import found, names_an_id

_SUCCESS = range(200, 300)


class Trace(NamedTuple):
    """Exchanges of one server, without secrets; ``before`` is what stands before all of its paths. ``file`` is their origin."""

    file: str
    before: str
    exchanges: Sequence[Exchange]


class Event(NamedTuple):
    """A delivery of a webhook, without secrets: its number in the file, and its body."""

    id: str
    body: Json


class Seen(NamedTuple):
    """One exchange of an operation, with the variants that it is about; none where nothing tells."""

    file: str
    exchange: Exchange
    variants: frozenset[str]

    @property
    def sent(self) -> Json:
        """The body of the request, None without one."""
        request = self.exchange.request
        return request.body if has_body(request) else None

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address."""
        return dict(self.exchange.request.query)

    @property
    def answer(self) -> Json:
        """The body of a success, None without one."""
        response = self.exchange.response
        good = response is not None and response.status in _SUCCESS and has_body(response)
        return response.body if good and response is not None else None

    @property
    def refusal(self) -> Json:
        """The body of an error, None without one."""
        response = self.exchange.response
        bad = response is not None and response.status not in _SUCCESS and has_body(response)
        return response.body if bad and response is not None else None


class Usage(NamedTuple):
    """What a program uses of the older version.

    ``calls`` are the exchanges by operation, ``outside`` those of calls that no folder describes but ``migration.yaml`` tells
    of, ``unknown`` counts calls of which nobody knows anything. ``events`` are deliveries by type, each with its variants.
    """

    calls: dict[str, list[Seen]]
    outside: dict[str, list[Seen]]
    unknown: dict[str, int]
    events: dict[str, list[tuple[Event, frozenset[str]]]]

    def variants(self, mapped: Map, name: str) -> list[str]:
        """The variants that an operation or event is used with; all where nothing tells."""
        seen = [one.variants for one in self.calls.get(name, ())]
        seen += [variants for _, variants in self.events.get(name, ())]
        described = frozenset[str]().union(*seen)
        return [variant for variant in mapped.variants if variant in described] or mapped.variants


def usage(mapped: Map, traces: Sequence[Trace], events: Sequence[Event] = ()) -> Usage:
    """What the program whose traffic ``traces`` and ``events`` are uses of the older contract."""
    routes = Routes(mapped.older)
    newer = Routes(mapped.newer)
    outside = [
        (name, method, pattern_of(path))
        for name, method, path in sorted(_undescribed(mapped), key=lambda call: call[2].count("{"))
    ]
    calls: dict[str, list[tuple[str, Exchange]]] = defaultdict(list)
    others: dict[str, list[Seen]] = defaultdict(list)
    unknown: Counter[str] = Counter()
    for trace in traces:
        for exchange in trace.exchanges:
            method, path = exchange.request.method, urlsplit(exchange.request.url).path
            route = routes.find(method, path, trace.before)
            rest = path.removeprefix(trace.before)
            if route is not None:
                calls[route.operation].append((trace.file, exchange))
            elif name := next(
                (name for name, known, pattern in outside if known == method and pattern.fullmatch(rest)),
                None,
            ):
                others[name].append(Seen(trace.file, exchange, frozenset()))
            elif newer.find(method, path, trace.before) is None:
                unknown[f"{method} {rest}"] += 1
    learner = _Learner(mapped)
    for name, made in calls.items():
        for _, exchange in made:
            learner.meet(name, exchange)
    typed = [(first(event.body, _type_at(mapped.older)), event) for event in events]
    for name, event in typed:
        learner.hear(str(name), event.body)
    return Usage(
        calls={
            name: [Seen(file, exchange, learner.of(name, exchange)) for file, exchange in calls[name]]
            for name in mapped.older.manifest.operations
            if name in calls
        },
        outside=dict(others),
        unknown=dict(unknown),
        events=_by_type(learner, typed),
    )


def _by_type(
    learner: "_Learner", typed: Sequence[tuple[Json, Event]]
) -> dict[str, list[tuple[Event, frozenset[str]]]]:
    events: dict[str, list[tuple[Event, frozenset[str]]]] = defaultdict(list)
    for name, event in typed:
        events[str(name)].append((event, learner.of_event(str(name), event.body)))
    return dict(events)


def _type_at(contract: Contract) -> str:
    webhooks = contract.manifest.webhooks
    return "" if webhooks is None else webhooks.envelope.type


def _undescribed(mapped: Map) -> Iterator[tuple[str, str, str]]:
    for change in mapped.migration.changes:
        for text in change.touches:
            described = touch(text)
            if described is not None and " " in described.name:
                method, _, path = described.name.partition(" ")
                yield described.name, method, path


class _Teller(NamedTuple):
    """A place that tells the variant: what stands there, and what holds it."""

    about: str
    at: str
    field: str
    variants: dict[str, str]


class _Learner:
    """Learns which variant an exchange is about: from what names it, and from the ids of what is known to be of one."""

    def __init__(self, mapped: Map) -> None:
        self._tellers: dict[str, list[_Teller]] = defaultdict(list)
        for file, places in seen_at(mapped).items():
            for at, text in mapped.migration.shapes[file].given.items():
                words = {filled(mapped.migration, text, variant): variant for variant in mapped.variants}
                for place in places:
                    self._tellers[place.name].append(_Teller(place.about, place.at, at, words))
        self._ids: dict[str, set[str]] = defaultdict(set)

    def meet(self, name: str, exchange: Exchange) -> None:
        """Takes in the ids of what an exchange shows of one variant."""
        for _ in self._named(name, exchange):
            pass

    def hear(self, name: str, body: Json) -> None:
        """Takes in the ids of what a delivery shows."""
        for _ in self._described(name, "event", body):
            pass

    def of(self, name: str, exchange: Exchange) -> frozenset[str]:
        """The variants that an exchange is about."""
        described = frozenset(self._named(name, exchange))
        return described or frozenset(self._by_ids(exchange))

    def of_event(self, name: str, body: Json) -> frozenset[str]:
        """The variants that a delivery is about."""
        return frozenset(self._described(name, "event", body))

    def _named(self, name: str, exchange: Exchange) -> Iterator[str]:
        request, response = exchange.request, exchange.response
        yield from self._described(name, "query", dict(request.query))
        if has_body(request):
            yield from self._described(name, "request", request.body)
        if response is not None and has_body(response):
            yield from self._described(name, "response", response.body)

    def _described(self, name: str, about: str, body: Json) -> Iterator[str]:
        for teller in self._tellers.get(name, ()):
            if teller.about != about:
                continue
            for _, holder in found(body, teller.at):
                variant = teller.variants.get(str(first(holder, teller.field)))
                if variant is not None:
                    for value in _ids(holder):
                        self._ids[value].add(variant)
                    yield variant

    def _by_ids(self, exchange: Exchange) -> Iterator[str]:
        request = exchange.request
        named = [
            *request.path.values(),
            *dict(request.query).values(),
            *urlsplit(request.url).path.split("/"),
        ]
        named += _ids(request.body) if has_body(request) else []
        for value in named:
            known = self._ids.get(value, set())
            if len(known) == 1:
                yield from known


def _ids(holder: Json) -> list[str]:
    """The ids in an object: what stands in properties with such a name."""
    if not isinstance(holder, dict):
        return []
    return [value for name, value in holder.items() if isinstance(value, str) and names_an_id(name)]
