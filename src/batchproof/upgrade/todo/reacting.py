"""What is new to code that reacts: statuses, errors, events, and what no shape shows."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from batchproof.contract.model import Operation
from batchproof.upgrade.afters import unmapped
from batchproof.upgrade.change import After, Change
from batchproof.upgrade.codes import codes_at
from batchproof.upgrade.mapping import states
from batchproof.upgrade.model import ERRORS, Migration, Stated, Touch, touch
from batchproof.upgrade.todo.model import Item
from batchproof.upgrade.todo.paper import by_variant
from batchproof.upgrade.todo.places import covers, found
from batchproof.upgrade.todo.task import Context, Task, described


def status_tasks(context: Context) -> Iterator[Task]:
    """The statuses of what the program reads that its code does not know; without being told what it knows, the older ones."""
    manifest = context.mapped.older.manifest
    used: dict[str, list[str]] = {}
    for name in context.usage.calls:
        for shown in manifest.operations[name].success.shows:
            life = manifest.resources[shown.resource].lifecycle
            if life is not None:
                used.setdefault(life, []).append(name)
    for life, names in used.items():
        yield from _life(context, life, names)


def _life(context: Context, life: str, names: Sequence[str]) -> Iterator[Task]:
    mapped = context.mapped
    fate, targets = mapped.migration.lifecycles[life], mapped.lifecycles(life)
    older = mapped.older.manifest.lifecycles[life]
    variants = list(dict.fromkeys(one for name in names for one in context.usage.variants(mapped, name)))
    if not targets:
        change = next((one for one in context.paper.changes if one.id.startswith(f"{life}.status.")), None)
        if change is not None:
            yield _status(context, names, change, f"Look at the statuses of {life}: {change.what}")
        return
    known = context.handles or {*fate.kept, *fate.renamed.values()}
    fresh: dict[str, list[str]] = {}
    for variant in variants:
        newer = mapped.newer.manifest.lifecycles[targets[variant]]
        for status in states(newer.edges, newer.terminal):
            if status not in known:
                fresh.setdefault(status, []).append(variant)
    for status, new in fate.renamed.items():
        change = context.paper.get(f"{life}.status.{status}.renamed")
        if change is not None and new not in (context.handles or ()):
            yield _status(context, names, change, f"Know {new} where {status} was")
            fresh.pop(new, None)
    for status, of in fresh.items():
        change = context.paper.get(f"{life}.status.{status}.added")
        known_before = status in states(older.edges, older.terminal)
        yield Task(
            Item(
                id=f"{life}.status.{status}",
                part="status",
                grade="risky",
                silent=False,
                what=f"Know the status {status}{'' if known_before else ', which is new'}",
                reason="code that waits for an end has to know every status",
                after=by_variant(mapped.variants, of, dict.fromkeys(of, (status, None))),
                changes=[] if change is None else [change.id],
                routes=context.routes(names),
            ),
            at=status,
        )
    for change in context.paper.changes:
        step = change.id.startswith(f"{life}.status.") and change.kind in ("states", "removed")
        if step and context.paper.concerns(change, variants):
            yield _status(context, names, change, f"Look at what is done after each status: {change.what}")


def _status(context: Context, names: Sequence[str], change: Change, what: str) -> Task:
    return Task(
        Item(
            id=change.id,
            part="status",
            grade=change.grade,
            silent=change.silent,
            what=what,
            reason=change.reason,
            before=change.before,
            after=change.after,
            notes=[after.note for after in change.after if after.note],
            changes=[change.id],
            routes=context.routes(names),
        ),
        at=change.after[0].at or "" if change.after else "",
    )


def error_status_tasks(context: Context) -> Iterator[Task]:
    """The statuses of errors that are new to the program."""
    mapped = context.mapped
    new: dict[int, list[str]] = {}
    operations = [mapped.older.manifest.operations[name] for name in context.usage.calls]
    known = {status for operation in operations for status in _errors(operation)}
    for name in context.usage.calls:
        targets = mapped.operations(name)
        now = {
            status
            for variant in context.usage.variants(mapped, name)
            if variant in targets
            for status in _errors(mapped.newer.manifest.operations[targets[variant]])
        }
        for status in sorted(now - known):
            if str(status) not in (context.handles or ()):
                new.setdefault(status, []).append(name)
    for status, names in sorted(new.items()):
        yield Task(
            Item(
                id=f"errors.status.{status}",
                part="error",
                grade="risky",
                silent=False,
                what=f"Know {status} as the status of an error",
                reason="code that knows the documented statuses does not know it",
                after=[After(at=str(status))],
                notes=[f"of {', '.join(names)}"],
                changes=[
                    change.id for change in (context.paper.get(f"error.status.{status}.added"),) if change
                ],
                routes=context.routes(names),
            ),
            at=str(status),
        )


def error_code_tasks(context: Context) -> Iterator[Task]:
    """The codes that errors of the program's own calls may have now and its code does not know.

    Without being told what it knows, those are the ones that the older contract has at none of these calls, and they are
    information: no traffic shows whether code looks at a code, so that they would be open for ever.
    """
    handles = context.handles
    for met in _codes_met(context):
        if handles is not None and met.text in handles:
            continue
        if handles is None and not met.new:
            continue
        statuses = f" ({' or '.join(map(str, sorted(met.statuses)))})" if met.statuses else ""
        yield Task(
            Item(
                id=f"errors.code.{met.text}",
                part="error",
                grade="risky",
                silent=False,
                what=f"Know the error code {met.text}{statuses}{', which is new to you' if met.new else ''}",
                reason="code that looks for the codes it knows does not know it"
                if handles is not None
                else "nothing says whether code looks at codes; code that does, does not know it",
                after=[After(at=met.text)],
                notes=[f"of {', '.join(met.calls)}"] if len(met.calls) < len(context.usage.calls) else [],
                routes=context.routes(met.calls),
                information=handles is None,
            ),
            at=met.text,
        )


class _Met(NamedTuple):
    """A code that calls of the program may meet, and whether the older contract has none of this name at some of them."""

    text: str
    statuses: set[int]
    calls: list[str]
    new: bool


def _codes_met(context: Context) -> list[_Met]:
    mapped = context.mapped
    stated = {code for change in mapped.migration.changes for code in change.codes}
    met: dict[str, _Met] = {}
    for name in context.usage.calls:
        before = {code.text for code in codes_at(mapped.older, name)} | stated
        targets = mapped.operations(name)
        used = dict.fromkeys(targets[one] for one in context.usage.variants(mapped, name) if one in targets)
        for code in (code for target in used for code in codes_at(mapped.newer, target)):
            known = met.get(code.text, _Met(code.text, set(), [], new=False))
            known.statuses.update(code.statuses)
            calls = known.calls if name in known.calls else [*known.calls, name]
            met[code.text] = known._replace(calls=calls, new=known.new or code.text not in before)
    return sorted(met.values(), key=lambda one: (not one.statuses, min(one.statuses, default=0)))


def _errors(operation: Operation) -> list[int]:
    return list(operation.errors.statuses)


def stated_words(migration: Migration) -> list[str]:
    """What code may know though no folder lists it: codes of errors and events that only ``changes`` name."""
    words = []
    for stated in migration.changes:
        touches = [one for one in map(touch, stated.touches) if one is not None]
        words += [one.name for one in touches if "." in one.name and " " not in one.name]
        words += stated.codes
    return words


def event_tasks(context: Context, name: str) -> Iterator[Task]:
    """What an event that the program gets, or knows, is called now."""
    mapped = context.mapped
    change = next(
        (
            one
            for one in context.paper.changes
            if one.before == name and one.about == "event" and one.kind in ("renamed", "outside", "removed")
        ),
        None,
    )
    if change is None:
        return
    variants = context.usage.variants(mapped, name)
    targets = mapped.events(name)
    if targets:
        after = by_variant(mapped.variants, variants, {one: (targets[one], None) for one in variants})
        what = f"Subscribe to {described(after)}, and know it for {name}"
    else:
        after = unmapped(mapped, mapped.migration.events[name])
        what = f"Wait for {name} no longer"
    yield Task(
        Item(
            id=change.id,
            part="event",
            grade=change.grade,
            silent=change.silent,
            what=what,
            reason=change.reason,
            before=name,
            after=after,
            notes=[one.note for one in after if one.note],
            changes=[change.id],
            routes=context.routes([name]),
        ),
        targets={variant: targets[variant] for variant in variants if variant in targets},
        at=name,
    )


def stated_tasks(context: Context) -> Iterator[tuple[str | None, Task]]:
    """What no shape shows, if it touches something that the program does; with the call that it is about, if it is one."""
    for stated in context.mapped.migration.changes:
        change = context.paper.get(f"stated.{stated.name}")
        if change is None or change.grade == "compatible":
            continue
        touches = [one for one in map(touch, stated.touches) if one is not None]
        names = list(dict.fromkeys(one.name for one in touches if _is_touched(context, stated, one)))
        if touches and not names:
            continue
        described = [name for name in names if name in context.mapped.older.manifest.operations]
        described += list(context.usage.calls) if ERRORS in names else []
        about = names[0] if len(names) == 1 and names[0] != ERRORS else None
        yield (
            about,
            Task(
                Item(
                    id=change.id,
                    part="behaviour",
                    grade=change.grade,
                    silent=change.silent,
                    what=change.what,
                    reason=change.reason,
                    before=stated.before,
                    after=[After(at=stated.after)],
                    changes=[change.id],
                    routes=context.routes(described or names, stated.name),
                )
            ),
        )


def _is_touched(context: Context, stated: Stated, one: Touch) -> bool:
    usage = context.usage
    if one.name == ERRORS:
        if set(stated.codes) & (context.handles or frozenset()):
            return True
        return any(item.refusal is not None for seen in usage.calls.values() for item in seen)
    if one.name in usage.outside or one.name in usage.events or one.name in (context.handles or ()):
        return True
    seen = usage.calls.get(one.name, [])
    if not seen or (one.variant and one.variant not in usage.variants(context.mapped, one.name)):
        return False
    if not one.at:
        return True
    sent = any(_holds(body, one.at) for item in seen for body in (item.sent, item.query))
    reads = None if context.reads is None else context.reads.get(one.name, ())
    answered = any(_holds(item.answer, one.at) for item in seen)
    read = reads is None or any(covers(one.at, at) or covers(at, one.at) for at in reads)
    return ("writes requests" in stated.directions and sent) or (answered and read)


def _holds(body: object, at: str) -> bool:
    return any(True for _ in found(body, at))
