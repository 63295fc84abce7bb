"""What has to change in code that reads answers, errors and payloads of webhooks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from batchproof.json_values import Json
from batchproof.upgrade.change import About, Change
from batchproof.upgrade.model import ERRORS
from batchproof.upgrade.todo.carrying import Carrier, Landing
from batchproof.upgrade.todo.model import Item, Part
from batchproof.upgrade.todo.paper import by_variant, weigh
from batchproof.upgrade.todo.places import covers, found
from batchproof.upgrade.todo.task import Context, Task, described, notes_of
from batchproof.upgrade.todo.using import Seen

_EVERY_OPERATION = "every operation"
_EVERY_EVENT = "every event"


class _Read(NamedTuple):
    """What one kind of body is, to who reads it: ``meets`` are the names and kinds under which changes of it are listed."""

    name: str
    part: Part
    meets: tuple[tuple[str, About], ...]
    variants: Sequence[str]
    land: Callable[[Carrier, str], Landing]
    targets: dict[str, str]
    routes: list[str]


def answer_tasks(context: Context, name: str, seen: Sequence[Seen]) -> Iterator[Task]:
    """What reads the answers of an operation."""
    mapped = context.mapped
    operation = mapped.older.manifest.operations[name]
    variants = context.usage.variants(mapped, name)
    targets = mapped.operations(name)
    yield from _success(context, name, variants)
    if not targets:
        return
    read = _Read(
        name,
        "answer",
        ((name, "response"),),
        variants,
        lambda carrier, at: carrier.land(operation.success.schema, at),
        {variant: targets[variant] for variant in variants if variant in targets},
        context.routes([name]),
    )
    bodies = [one.answer for one in seen if one.answer is not None]
    yield from _tasks(context, read, bodies, context.reads and context.reads.get(name, ()))


def error_tasks(context: Context, seen: Sequence[Seen]) -> Iterator[Task]:
    """What reads the bodies of errors, if errors were seen, or ``reads`` say what it reads."""
    manifest = context.mapped.older.manifest
    read = _Read(
        ERRORS,
        "error",
        ((_EVERY_OPERATION, "error"),),
        context.mapped.variants,
        lambda carrier, at: carrier.land(manifest.error, at),
        {},
        context.routes(context.usage.calls),
    )
    bodies = [one.refusal for one in seen if one.refusal is not None]
    yield from _tasks(context, read, bodies, context.reads and context.reads.get(ERRORS, ()))


def payload_tasks(context: Context, name: str) -> Iterator[Task]:
    """What reads the deliveries of an event."""
    mapped = context.mapped
    older, newer = mapped.older.manifest.webhooks, mapped.newer.manifest.webhooks
    targets = mapped.events(name)
    if older is None or newer is None or not targets:
        return
    variants = context.usage.variants(mapped, name)
    event = older.events[name]

    def land(carrier: Carrier, at: str) -> Landing:
        if not covers(event.at, at) or not event.at:
            return carrier.land(older.envelope.schema, at)
        landing = carrier.land(event.schema, at.removeprefix(event.at))
        held = newer.events[targets[carrier.variant]].at
        return landing if landing.at is None else landing._replace(at=held + landing.at)

    read = _Read(
        name,
        "event",
        ((name, "event"), (name, "response"), (_EVERY_EVENT, "event")),
        variants,
        land,
        {variant: targets[variant] for variant in variants if variant in targets},
        context.routes([name]),
    )
    bodies = [event.body for event, _ in context.usage.events.get(name, ())]
    yield from _tasks(context, read, bodies, context.reads and context.reads.get(name, ()))


def _success(context: Context, name: str, variants: Sequence[str]) -> Iterator[Task]:
    for change, _ in context.paper.of(name, "status"):
        if context.paper.concerns(change, variants):
            yield Task(
                Item(
                    id=change.id,
                    part="answer",
                    grade=change.grade,
                    silent=change.silent,
                    what=f"Expect another status: {change.what}",
                    reason=change.reason,
                    before=change.before,
                    after=change.after,
                    changes=[change.id],
                    routes=context.routes([name]),
                )
            )


def _tasks(
    context: Context, read: _Read, bodies: Sequence[Json], reads: Iterable[str] | None
) -> Iterator[Task]:
    below = dict.fromkeys(
        at
        for name, about in read.meets
        for change, at in context.paper.of(name, about)
        if context.paper.concerns(change, read.variants)
        and any(any(True for _ in found(body, at)) for body in bodies)
    )
    if reads is None:
        places = list(below)
    else:
        # what holds others is read with all that was seen in it
        # the errors of two operations are one kind of body
        wanted = list(dict.fromkeys(reads))
        places = [
            *wanted,
            *(at for at in below if at not in wanted and any(covers(one, at) for one in wanted)),
        ]
    for at in places:
        changes = _changes(context, read, at, asked=reads is not None)
        task = _task(context, read, at, changes, asked=reads is not None) if changes else None
        if task is not None:
            yield task


def _changes(context: Context, read: _Read, at: str, *, asked: bool) -> list[Change]:
    """The changes that who reads ``at`` meets; without being told what is read, those of the field itself."""
    look = context.paper.on_the_way if asked else context.paper.at
    found_changes = [change for name, about in read.meets for change in look(name, at, read.variants, about)]
    return [change for number, change in enumerate(found_changes) if change not in found_changes[:number]]


def _landings(context: Context, read: _Read, at: str) -> dict[str, Landing]:
    """Where ``at`` leads, by variant: those that have no such field are left out, unless none has it."""
    landings = {variant: read.land(context.carriers[variant], at) for variant in read.variants}
    return {one: landing for one, landing in landings.items() if landing.described} or landings


def _task(context: Context, read: _Read, at: str, changes: Sequence[Change], *, asked: bool) -> Task:
    landings = _landings(context, read, at)
    after = by_variant(
        context.mapped.variants,
        list(landings),
        {one: (landing.at, landing.note) for one, landing in landings.items()},
    )
    weight = weigh(changes)
    details = context.paper.details(changes, list(landings))
    now = described(after)
    if not now:
        what = f"Do without {at}: it is gone" if asked else f"Where you read {at}, do without: it is gone"
    elif [one.at for one in after] == [at]:
        what = f"Look at {at}: {'; '.join(details)}"
    else:
        what = f"Read {now} instead of {at}" if asked else f"Where you read {at}, read {now} instead"
    return Task(
        Item(
            id=f"{read.name}.{'payload' if read.part == 'event' else 'answer'}{at.replace('/', '.')}",
            part=read.part,
            grade=weight.grade,
            silent=weight.silent,
            what=what,
            reason=weight.reason,
            before=at,
            after=after,
            notes=[*notes_of(after), *(detail for detail in details if detail not in what)],
            changes=[change.id for change in changes],
            routes=read.routes,
        ),
        targets={one: target for one, target in read.targets.items() if one in landings},
        at=at,
        landings={variant: landing.at for variant, landing in landings.items()},
    )
