"""``[[accepted]]``: the changes between two versions that a team has dealt with, or lives with."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from batchproof.client.errors import ConfigError
from batchproof.client.toml import decoded

_OPTION = "--accepted"


class AcceptedSection(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One ``[[accepted]]``: what fails nothing, and why; ``until`` is its last day.

    Exactly one of ``change``, the id of a change on paper or of something to do, and ``observed``, that of what a
    rehearsal shows.
    """

    change: str | None = None
    observed: str | None = None
    reason: str
    link: str | None = None
    until: date | None = None

    @property
    def about(self) -> str:
        """The id that it names."""
        return self.change or self.observed or ""


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
        if (section.change is None) == (section.observed is None):
            has = "neither change nor" if section.change is None else "both change and"
            raise ConfigError(path, entry, f"has {has} observed; give exactly one of them")
        if section.about in seen:
            raise ConfigError(
                path, entry, f"names {section.about} as {seen[section.about]} does; remove one of them"
            )
        if not section.reason.strip():
            raise ConfigError(path, f"{entry}.reason", "is empty; say why the change is accepted")
        seen[section.about] = entry
    return sections, path
