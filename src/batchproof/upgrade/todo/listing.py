"""The to-do list of one program: a pure function of two contracts, their map and its traffic."""

from collections.abc import Mapping, Sequence

from msgspec import structs

from batchproof.json_values import JsonObject
from batchproof.upgrade.change import After, Upgrade
from batchproof.upgrade.mapping import ALL, Map
from batchproof.upgrade.model import GRADES
from batchproof.upgrade.todo.answers import answer_tasks, error_tasks, payload_tasks
from batchproof.upgrade.todo.asking import call_task, header_tasks, request_tasks
from batchproof.upgrade.todo.carrying import Carrier
from batchproof.upgrade.todo.checking import Newer
from batchproof.upgrade.todo.completing import Completer
from batchproof.upgrade.todo.model import EVERYWHERE, Call, Item, RouteDescribed, Todo
from batchproof.upgrade.todo.paper import Paper
from batchproof.upgrade.todo.reacting import (
    error_code_tasks,
    error_status_tasks,
    event_tasks,
    stated_tasks,
    status_tasks,
)
from batchproof.upgrade.todo.samples import refused, samples
from batchproof.upgrade.todo.task import Context, Task
from batchproof.upgrade.todo.using import Event, Trace, usage

Reads = Mapping[str, Sequence[str]]


def todo(
    mapped: Map,
    described: Upgrade,
    traces: Sequence[Trace],
    events: Sequence[Event] = (),
    *,
    reads: Reads | None = None,
    handles: frozenset[str] | None = None,
    check: Sequence[Trace] | None = None,
    check_reads: Reads | None = None,
    check_handles: frozenset[str] | None = None,
    route: str | None = None,
) -> Todo:
    """What the program whose traffic ``traces`` and ``events`` are has to do.

    ``described`` are the changes between the two contracts. ``reads`` says what its code reads, by operation, event or ``errors``, and
    ``handles`` which statuses, events and codes it knows. ``check`` is traffic of the migrated program, which reads
    ``check_reads`` and knows ``check_handles``. ``route`` is the way to go; without one it is that on which nothing stays.
    """
    context = Context(
        mapped=mapped,
        paper=Paper(mapped, described.changes),
        usage=usage(mapped, traces, events),
        reads=reads,
        handles=handles,
        carriers={variant: Carrier(mapped, variant) for variant in mapped.variants},
        completer=Completer(mapped.newer),
    )
    before = {name: [one.exchange for one in seen] for name, seen in context.usage.calls.items()}
    newer = None if check is None else Newer(mapped, check, check_reads, check_handles, before)
    tasks = _tasks(context)
    items = {
        name: [newer.checked(task) if newer is not None else task.item for task in found]
        for name, found in tasks.items()
    }
    chosen = route or next((name for name, way in mapped.migration.routes.items() if not way.keeps), None)
    calls = [_call(context, name, found, chosen) for name, found in items.items()]
    concerned = {change for found in items.values() for item in found for change in item.changes}
    return _counted(
        Todo(
            files=list(dict.fromkeys(trace.file for trace in traces)),
            checked=list(dict.fromkeys(trace.file for trace in check or ())),
            requests=sum(map(len, context.usage.calls.values())),
            deliveries=sum(map(len, context.usage.events.values())),
            totals={},
            silent=0,
            done=0,
            unseen=0,
            elsewhere=sum(change.id not in concerned for change in context.paper.changes),
            unknown=context.usage.unknown,
            notes=_notes(context),
            routes={
                name: RouteDescribed(
                    about=way.about,
                    chosen=name == chosen,
                    totals={},
                    silent=0,
                    keeps=list(way.keeps),
                    unsettled=way.unsettled,
                )
                for name, way in mapped.migration.routes.items()
            },
            calls=sorted(
                (call for call in calls if call.items or call.count), key=lambda call: call.rank(chosen)
            ),
        )
    )


def recounted(found: Todo, items: Mapping[str, Item]) -> Todo:
    """``found`` with these items, by their ids, in place of its own."""
    calls = [
        structs.replace(call, items=[items.get(item.id, item) for item in call.items]) for call in found.calls
    ]
    return _counted(structs.replace(found, calls=calls))


def _counted(found: Todo) -> Todo:
    every = [item for call in found.calls for item in call.items]
    routes = {
        name: structs.replace(way, **_totals([item for item in every if item.on(name)]))
        for name, way in found.routes.items()
    }
    own = found.items
    return structs.replace(
        found,
        **_totals(own),
        done=sum(item.state == "done" for item in own),
        unseen=sum(item.state == "unseen" and not item.taken and not item.information for item in own),
        routes=routes,
    )


def _totals(items: Sequence[Item]) -> JsonObject:
    left = [item for item in items if item.open]
    return {
        "totals": {grade: sum(item.grade == grade for item in left) for grade in GRADES},
        "silent": sum(item.silent for item in left),
    }


def _tasks(context: Context) -> dict[str, list[Task]]:
    """All tasks, by operation, event or call; those of every call come first."""
    everywhere = [*header_tasks(context)]
    found: dict[str, list[Task]] = {EVERYWHERE: everywhere}
    for name, seen in context.usage.calls.items():
        found[name] = [
            *call_task(context, name),
            *request_tasks(context, name, seen),
            *_unless_described(context, found, name),
        ]
    for name in context.usage.outside:
        found[name] = []
    for name in _events(context):
        found[name] = [*event_tasks(context, name), *payload_tasks(context, name)]
    everywhere += error_tasks(context, [one for seen in context.usage.calls.values() for one in seen])
    everywhere += status_tasks(context)
    everywhere += error_status_tasks(context)
    everywhere += error_code_tasks(context)
    for about, task in stated_tasks(context):
        found.get(about or "", everywhere).append(task)
    return found


def _unless_described(context: Context, found: Mapping[str, list[Task]], name: str) -> list[Task]:
    """What reads the answers of ``name``. Without being told what is read, the same of several answers is listed once."""
    tasks = list(answer_tasks(context, name, context.usage.calls[name]))
    if context.reads is not None:
        return tasks
    new = []
    for task in tasks:
        first = next(
            (
                (others, number)
                for others in found.values()
                for number, other in enumerate(others)
                if other.item.part == "answer"
                and (other.item.before, other.item.what) == (task.item.before, task.item.what)
            ),
            None,
        )
        if first is None:
            new.append(task)
        else:
            others, number = first
            also = [*others[number].item.notes, f"the same in answers of {name}"]
            others[number] = others[number]._replace(item=structs.replace(others[number].item, notes=also))
    return new


def _events(context: Context) -> list[str]:
    """The events of the older contract that the program gets, reads or knows."""
    webhooks = context.mapped.older.manifest.webhooks
    known = {*context.usage.events, *(context.handles or ()), *(context.reads or ())}
    return [name for name in (webhooks.events if webhooks is not None else ()) if name in known]


def _call(context: Context, name: str, items: Sequence[Item], route: str | None) -> Call:
    mapped = context.mapped
    ranked = sorted(items, key=lambda item: item.rank)
    own = next(
        (item for item in items if item.part in ("call", "event") and item.id.startswith(f"{name}.")), None
    )
    operation = mapped.older.manifest.operations.get(name)
    seen = context.usage.calls.get(name) or context.usage.outside.get(name) or ()
    if name == EVERYWHERE:
        return Call(
            name=name,
            kind="everywhere",
            count=0,
            variants=[],
            before=EVERYWHERE,
            after=[],
            items=ranked,
            samples=refused(context, () if route is None else mapped.migration.routes[route].keeps),
        )
    if name in context.usage.outside:
        return Call(
            name=name, kind="outside", count=len(seen), variants=[], before=name, after=[], items=ranked
        )
    before = name if operation is None else f"{operation.method} {operation.path}"
    stays = operation is not None and route is not None and name in mapped.migration.routes[route].keeps
    moved = own.after if own is not None and not stays else [After(at=before)]
    return Call(
        name=name,
        kind="event" if operation is None else "operation",
        count=len(seen) if operation is not None else len(context.usage.events.get(name, ())),
        variants=[one for one in context.usage.variants(mapped, name) if one != ALL],
        before=before,
        after=moved,
        items=ranked,
        samples=samples(context, name, context.usage.calls[name])
        if operation is not None and not stays
        else [],
    )


def _notes(context: Context) -> list[str]:
    notes = []
    unread = sum(one.exchange.response is None for seen in context.usage.calls.values() for one in seen)
    if unread:
        notes.append(f"answers that are not in the recording, so that nothing of them is listed: {unread}")
    silent = [
        name
        for name in context.usage.calls
        if len(context.mapped.variants) > 1 and not any(one.variants for one in context.usage.calls[name])
    ]
    if silent:
        notes.append(
            f"nothing tells of what type it is in {', '.join(silent)}: all of {', '.join(context.mapped.variants)} are listed"
        )
    if not any(one.refusal is not None for seen in context.usage.calls.values() for one in seen) and not (
        context.reads or {}
    ).get("errors"):
        notes.append("no answer was an error: how the bodies of errors change is not listed")
    return notes
