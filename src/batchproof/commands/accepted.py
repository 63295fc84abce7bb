"""What is accepted, put into the changes between two versions, what a program has to do, and what a rehearsal shows."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import structs

from batchproof.client import ConfigError
from batchproof.client.accepted import AcceptedSection
from batchproof.upgrade.change import Accepted, Upgrade
from batchproof.upgrade.todo import Item, Todo
from batchproof.upgrade.wire import Rehearsal

Entries = Mapping[str, Accepted]


def entries(
    sections: Sequence[AcceptedSection], path: Path, day: date, described: Upgrade, found: Todo | None
) -> Entries:
    """What is accepted, by the id of a change or of something to do; ``day`` is today.

    Raises ``ConfigError`` for an entry of ``path`` that names neither.
    """
    known = [change.id for change in described.changes]
    known += [item.id for item in _every(found)]
    for number, section in enumerate(sections):
        if section.change is not None and section.change not in known:
            near = difflib.get_close_matches(section.change, known, n=3, cutoff=0.5)
            hint = f"near: {', '.join(near)}" if near else "upgrade.md lists them"
            raise ConfigError(
                path,
                f"accepted[{number}].change",
                f"there is no change {section.change!r}; {hint}; for other versions give a file to --accepted",
            )
    return {section.change: _accepted(section, day) for section in sections if section.change is not None}


def with_observed(found: Rehearsal, sections: Sequence[AcceptedSection], path: Path, day: date) -> Rehearsal:
    """``found``, in which the observations that ``sections`` name are accepted; it says which entries are out of date."""
    taken = {
        section.observed: _accepted(section, day) for section in sections if section.observed is not None
    }
    observed = [item.id for item in found.observations]
    stale = [
        f"{path}: accepted[{number}]: {section.observed}: {why}"
        for number, section in enumerate(sections)
        if section.observed is not None
        and (why := _stale(section.observed, _accepted(section, day), observed, found))
    ]
    observations = [structs.replace(item, accepted=taken.get(item.id)) for item in found.observations]
    return structs.replace(found, observations=observations, stale=stale)


def _stale(name: str, taken: Accepted, observed: Sequence[str], found: Rehearsal) -> str:
    if taken.over:
        return f"its date, {taken.until}, has passed; remove the entry, or give it a later date"
    # a quick rehearsal does not look at everything
    if name in observed or not found.established or found.profile == "quick":
        return ""
    near = difflib.get_close_matches(name, observed, n=3, cutoff=0.8)
    return "it is not observed any more; remove the entry" + (f" (near: {', '.join(near)})" if near else "")


def _accepted(section: AcceptedSection, day: date) -> Accepted:
    return Accepted(
        reason=section.reason,
        link=section.link,
        until=section.until,
        over=section.until is not None and day > section.until,
    )


def with_accepted(described: Upgrade, taken: Entries) -> Upgrade:
    """``described``, in which the changes that ``taken`` names are accepted."""
    changes = [structs.replace(change, accepted=taken.get(change.id)) for change in described.changes]
    return structs.replace(described, changes=changes)


def accepted_items(found: Todo, taken: Entries) -> dict[str, Item]:
    """The things to do that are accepted, by id: those that ``taken`` names, and those all of whose changes it names."""
    items = {}
    for item in _every(found):
        own = taken.get(item.id)
        changes = [taken[name] for name in item.changes if name in taken]
        if own is None and changes and len(changes) == len(item.changes):
            # what has passed for one of them has passed for all
            own = next((one for one in changes if one.over), changes[0])
        if own is not None:
            items[item.id] = structs.replace(item, accepted=own)
    return items


def _every(found: Todo | None) -> list[Item]:
    """What there is to do on any way."""
    return [] if found is None else [item for call in found.calls for item in call.items]
