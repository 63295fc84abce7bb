"""``[[accepted]]``: the changes between two versions that a team has dealt with, or lives with."""

import difflib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from batchproof.target.errors import ConfigError
from batchproof.target.toml import decoded
from batchproof.upgrade.change import Accepted, Upgrade

_OPTION = "--accepted"


class AcceptedSection(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One ``[[accepted]]``: the id of a change, and why it fails nothing; ``until`` is its last day."""

    change: str
    reason: str
    link: str | None = None
    until: date | None = None


class AcceptedFile(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A file that holds nothing but ``[[accepted]]``."""

    accepted: list[AcceptedSection] = []


def with_accepted(told: Upgrade, file: Path, day: date) -> Upgrade:
    """``told``, in which the changes that ``file`` names are accepted, if their date has not passed on ``day``.

    Raises ``ConfigError`` for a file that cannot be read, and for an entry that names no change or gives no reason.
    """
    sections = decoded(file, AcceptedFile, _OPTION).accepted
    _check(sections, file, told)
    by_change = {section.change: section for section in sections}
    changes = [
        msgspec.structs.replace(change, accepted=_accepted(by_change[change.id], day))
        if change.id in by_change
        else change
        for change in told.changes
    ]
    return msgspec.structs.replace(told, changes=changes)


def _accepted(section: AcceptedSection, day: date) -> Accepted:
    return Accepted(
        reason=section.reason,
        link=section.link,
        until=section.until,
        over=section.until is not None and day > section.until,
    )


def _check(sections: Sequence[AcceptedSection], file: Path, told: Upgrade) -> None:
    known = [change.id for change in told.changes]
    seen: dict[str, str] = {}
    for number, section in enumerate(sections):
        entry = f"accepted[{number}]"
        if section.change not in known:
            near = difflib.get_close_matches(section.change, known, n=3, cutoff=0.5)
            hint = f"near: {', '.join(near)}" if near else "upgrade.md lists them"
            raise ConfigError(file, f"{entry}.change", f"there is no change {section.change!r}; {hint}")
        if section.change in seen:
            raise ConfigError(
                file, entry, f"names {section.change} as {seen[section.change]} does; remove one of them"
            )
        if not section.reason.strip():
            raise ConfigError(file, f"{entry}.reason", "is empty; say why the change is accepted")
        seen[section.change] = entry
