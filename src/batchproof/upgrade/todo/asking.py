"""What has to change in the requests of a program: where they go, their headers, their bodies and parameters."""

from collections.abc import Iterator, Sequence

from batchproof.json_values import Json
from batchproof.upgrade.afters import unmapped
from batchproof.upgrade.change import About, Change
from batchproof.upgrade.fields import Field
from batchproof.upgrade.todo.model import Item
from batchproof.upgrade.todo.paper import by_variant, weigh
from batchproof.upgrade.todo.places import found
from batchproof.upgrade.todo.task import Context, Task, described, notes_of
from batchproof.upgrade.todo.using import Seen


def header_tasks(context: Context) -> Iterator[Task]:
    """The headers of every request that have another value, if some request lacks it."""
    older, newer = context.mapped.older.manifest.headers, context.mapped.newer.manifest.headers
    asked = [one.exchange.request.headers for seen in context.usage.calls.values() for one in seen]
    for name, value in older.items():
        change = context.paper.get(f"header.{name}.changed")
        if change is None or all(headers.get(name.lower()) == newer.get(name) for headers in asked):
            continue
        now = newer.get(name)
        yield Task(
            Item(
                id=change.id,
                part="header",
                grade=change.grade,
                silent=change.silent,
                what=f"Send {name}: {now}" if now is not None else f"Send {name} no longer",
                reason=change.reason,
                before=f"{name}: {value}",
                after=change.after,
                changes=[change.id],
                routes=context.routes([]),
            ),
            at=name,
        )


def call_task(context: Context, name: str) -> Iterator[Task]:
    """Where an operation is now, or what takes its place."""
    mapped, variants = context.mapped, context.usage.variants(context.mapped, name)
    fate, targets = mapped.migration.operations[name], mapped.operations(name)
    change = next((one for one, _ in context.paper.of(name, "operation")), None)
    if change is None:
        return
    before = f"{mapped.older.manifest.operations[name].method} {mapped.older.manifest.operations[name].path}"
    if targets:
        newer = mapped.newer.manifest.operations
        calls = {one: f"{newer[targets[one]].method} {newer[targets[one]].path}" for one in variants}
        after = by_variant(mapped.variants, variants, {one: (call, None) for one, call in calls.items()})
        what = f"Call {described(after)} instead of {before}"
    else:
        after = unmapped(mapped, fate)
        what = f"Call {before} no longer"
    yield Task(
        Item(
            id=change.id,
            part="call",
            grade=change.grade,
            silent=change.silent,
            what=what,
            reason=change.reason,
            before=before,
            after=after,
            notes=notes_of(after),
            changes=[change.id],
            routes=context.routes([name]),
        ),
        targets={one: targets[one] for one in variants if one in targets},
    )


def request_tasks(context: Context, name: str, seen: Sequence[Seen]) -> Iterator[Task]:
    """What has to change in the body and the parameters of an operation, of what the program sends."""
    operation = context.mapped.older.manifest.operations[name]
    if operation.request is not None:
        bodies = [one.sent for one in seen if one.sent is not None]
        yield from _of_part(context, name, operation.request.schema, bodies, "request")
    if operation.query is not None:
        yield from _of_part(context, name, operation.query, [one.query for one in seen], "query")
    yield from _paging(context, name, [one.query for one in seen])


def _of_part(context: Context, name: str, file: str, bodies: Sequence[Json], part: About) -> Iterator[Task]:
    variants = context.usage.variants(context.mapped, name)
    places: dict[str, None] = {}
    for change, at in context.paper.of(name, part):
        if context.paper.concerns(change, variants):
            if change.kind == "added":
                yield _addition(context, name, variants, change)
            else:
                places[at] = None
    for at in places:
        changes = [
            change
            for change in context.paper.at(name, at, variants, part)
            if _sent(context, change, file, at, variants, bodies)
        ]
        if changes:
            yield _field(context, name, file, at, variants, changes)


def _sent(
    context: Context, change: Change, file: str, at: str, variants: Sequence[str], bodies: Sequence[Json]
) -> bool:
    """Whether the program sends what the change is about, or lacks what it asks for."""
    values = [value for body in bodies for _, value in found(body, at)]
    if change.kind == "required":
        return any(not any(True for _ in found(body, at)) for body in bodies)
    if change.kind == "null":
        return None in values
    if change.kind in ("values_removed", "value_renamed"):
        return any(
            value not in (field.values or ())
            for field in _newer(context, file, at, variants)
            for value in values
        )
    return bool(values)


def _newer(context: Context, file: str, at: str, variants: Sequence[str]) -> Iterator[Field]:
    for variant in variants:
        pair = context.carriers[variant].pair(file)
        target = None if pair is None else pair.target(at)
        if pair is not None and target is not None:
            yield pair.newer[target]


def _field(
    context: Context, name: str, file: str, at: str, variants: Sequence[str], changes: Sequence[Change]
) -> Task:
    part = "query" if changes[0].about == "query" else "request"
    plain = at[1:] if part == "query" else at
    landings = {variant: context.carriers[variant].land(file, at) for variant in variants}
    after = by_variant(
        context.mapped.variants,
        variants,
        {variant: (_named(landing.at, part), landing.note) for variant, landing in landings.items()},
    )
    weight = weigh(changes)
    details = context.paper.details(changes, variants)
    now = described(after)
    if changes[0].kind == "required":
        what = f"Send {now or plain}, too"
    elif not now:
        what = f"Send {plain} no longer"
    elif now == plain:
        what = f"Look at {plain}: {'; '.join(details)}"
    else:
        what = f"Send {now} instead of {plain}"
    targets = context.mapped.operations(name)
    return Task(
        Item(
            id=f"{name}.{part}{at.replace('/', '.')}",
            part="query" if part == "query" else "request",
            grade=weight.grade,
            silent=weight.silent,
            what=what,
            reason=weight.reason,
            before=plain,
            after=after,
            notes=[*notes_of(after), *(one for one in details if one not in what)],
            changes=[change.id for change in changes],
            routes=context.routes([name]),
        ),
        targets={variant: targets[variant] for variant in variants if variant in targets},
        at=at,
        landings={variant: landing.at for variant, landing in landings.items()},
    )


def _addition(context: Context, name: str, variants: Sequence[str], change: Change) -> Task:
    part = "query" if change.about == "query" else "request"
    landings = {
        variant: one.at
        for one in change.after
        for variant in (one.variants or context.mapped.variants)
        if variant in variants
    }
    after = by_variant(
        context.mapped.variants, variants, {one: (_named(at, part), None) for one, at in landings.items()}
    )
    targets = context.mapped.operations(name)
    return Task(
        Item(
            id=change.id,
            part="query" if part == "query" else "request",
            grade=change.grade,
            silent=change.silent,
            what=f"Send {described(after)}, too",
            reason=change.reason,
            after=after,
            changes=[change.id],
            routes=context.routes([name]),
        ),
        targets={variant: targets[variant] for variant in variants if variant in targets},
        landings=landings,
    )


def _named(at: str | None, part: str) -> str | None:
    return at[1:] if at is not None and part == "query" else at


def _paging(context: Context, name: str, queries: Sequence[dict[str, str]]) -> Iterator[Task]:
    variants = context.usage.variants(context.mapped, name)
    for change, _ in context.paper.of(name, "paging"):
        if change.before is not None and any(change.before in query for query in queries):
            targets = context.mapped.operations(name)
            now = {one.at for one in change.after if one.at is not None}
            yield Task(
                Item(
                    id=change.id,
                    part="query",
                    grade=change.grade,
                    silent=change.silent,
                    what=f"Send {' or '.join(sorted(now))} instead of {change.before}",
                    reason=change.reason,
                    before=change.before,
                    after=change.after,
                    changes=[change.id],
                    routes=context.routes([name]),
                ),
                targets={variant: targets[variant] for variant in variants if variant in targets},
                at=f"/{change.before}",
                landings={variant: f"/{at}" for variant in variants for at in sorted(now)[:1]},
            )
