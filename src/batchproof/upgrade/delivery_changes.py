"""Changes of headers, of requests as well as of deliveries, and of events."""

from collections.abc import Iterator

from batchproof.upgrade.afters import afters, allowed_by, unmapped
from batchproof.upgrade.change import After, Change
from batchproof.upgrade.mapping import Map


def header_changes(mapped: Map) -> Iterator[Change]:
    """The headers of every request and delivery that have another value, and how deliveries are signed."""
    older, newer = mapped.older.manifest, mapped.newer.manifest
    yield from _fixed(older.headers, newer.headers, "header", sent=True)
    if older.webhooks is not None and newer.webhooks is not None:
        before = {name: header.value for name, header in older.webhooks.headers.items()}
        now = {name: header.value for name, header in newer.webhooks.headers.items()}
        yield from _fixed(before, now, "webhook.header", sent=False)
        for part in ("header", "signed", "algorithm", "encoding"):
            old, new = getattr(older.webhooks.signature, part), getattr(newer.webhooks.signature, part)
            if old != new:
                yield Change(
                    id=f"webhook.signature.{part}.changed",
                    about="event",
                    kind="changed",
                    directions=["receives webhooks"],
                    grade="breaking",
                    silent=False,
                    what=f"the {part} of the signature is another one",
                    reason="signatures are checked another way",
                    before=old,
                    after=[After(at=new)],
                )


def _fixed(before: dict[str, str], now: dict[str, str], stem: str, *, sent: bool) -> Iterator[Change]:
    for name, value in before.items():
        if now.get(name) == value:
            continue
        yield Change(
            id=f"{stem}.{name}.changed",
            about="header" if sent else "event",
            kind="changed" if name in now else "removed",
            directions=["writes requests" if sent else "receives webhooks"],
            grade="breaking" if sent else "risky",
            silent=False,
            what=f"{name} says {now[name]} now" if name in now else f"{name} is not sent any more",
            reason="it chooses the version"
            if sent
            else "a receiver that looks at it has to know the new value",
            before=f"{name}: {value}",
            after=[After(at=f"{name}: {now[name]}" if name in now else None)],
        )


def event_changes(mapped: Map) -> Iterator[Change]:
    """Events with another name, events that are not sent any more, and new ones."""
    older, newer = mapped.older.manifest.webhooks, mapped.newer.manifest.webhooks
    taken = mapped.became
    for name in older.events if older is not None else ():
        fate, targets = mapped.migration.events[name], mapped.events(name)
        taken |= set(targets.values())
        if targets and set(targets.values()) == {name}:
            continue
        yield Change(
            id=f"{name}.{'renamed' if targets else 'outside' if fate.outside else 'removed'}",
            about="event",
            kind="renamed" if targets else "outside" if fate.outside else "removed",
            directions=["receives webhooks"],
            grade=fate.grade,
            silent=True,
            what=f"{name} is {' or '.join(dict.fromkeys(targets.values()))} now"
            if targets
            else f"{name} is not sent any more",
            reason="a receiver that ignores events it does not know hears of nothing any more",
            before=name,
            after=afters(mapped, targets) if targets else unmapped(mapped, fate),
        )
    row = mapped.migration.allowed.event
    for name in newer.events if newer is not None else ():
        if name not in taken:
            yield Change(
                id=f"{name}.added",
                about="event",
                kind="added",
                directions=["receives webhooks"],
                grade="compatible" if row else "risky",
                silent=False,
                what=f"{name} is new",
                reason=allowed_by(row),
                after=[After(at=name)],
            )
