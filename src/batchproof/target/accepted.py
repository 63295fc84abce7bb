"""``[[accepted]]``: the changes between two versions that a team has dealt with, or lives with."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from batchproof.target.errors import ConfigError
from batchproof.target.toml import decoded

_OPTION = "--accepted"


class AcceptedSection(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One ``[[accepted]]``: the id of a change or of something to do, and why it fails nothing; ``until`` is its last day."""

    change: str
    reason: str
    link: str | None = None
    until: date | None = None


class AcceptedFile(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A file that holds nothing but ``[[accepted]]``."""

    accepted: list[AcceptedSection] = []


def accepted_sections(
    file: Path | None, sections: Sequence[AcceptedSection], path: Path
) -> tuple[Sequence[AcceptedSection], Path]:
    """The entries in ``file`` with its path; without one, ``sections`` of the configuration in ``path``.

    Raises ``ConfigError`` for a file that cannot be read, for an entry without a reason, and for two of one thing.
    """
    if file is not None:
        path, sections = file, decoded(file, AcceptedFile, _OPTION).accepted
    seen: dict[str, str] = {}
    for number, section in enumerate(sections):
        entry = f"accepted[{number}]"
        if section.change in seen:
            raise ConfigError(
                path, entry, f"names {section.change} as {seen[section.change]} does; remove one of them"
            )
        if not section.reason.strip():
            raise ConfigError(path, f"{entry}.reason", "is empty; say why the change is accepted")
        seen[section.change] = entry
    return sections, path
