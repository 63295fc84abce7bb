"""``[[expected]]``: the findings that a team knows of, from the configuration or from a file of their own."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from batchproof.client.errors import ConfigError
from batchproof.client.toml import decoded
from batchproof.contract import Contract
from batchproof.contract.expected import Expected, no_such_requirement

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_OPTION = "--expected"


class ExpectedSection(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One ``[[expected]]``: exactly one of ``requirement`` and ``fingerprint``; ``until`` is its last day."""

    requirement: str | None = None
    fingerprint: str | None = None
    reason: str
    link: str | None = None
    until: date | None = None


class ExpectedFile(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A file that holds nothing but ``[[expected]]``."""

    expected: list[ExpectedSection] = []


def expected_findings(
    file: str | None, sections: Sequence[ExpectedSection], path: Path, contract: Contract
) -> tuple[Expected, ...]:
    """The entries in ``file``; without one, the ``sections`` of the configuration in ``path``.

    Raises ``ConfigError`` for an entry that cannot be meant.
    """
    if file is not None:
        path = Path(file)
        sections = decoded(path, ExpectedFile, _OPTION).expected
    return tuple(_entries(sections, path, contract))


def _entries(sections: Sequence[ExpectedSection], path: Path, contract: Contract) -> Iterator[Expected]:
    first: dict[str, str] = {}
    for number, section in enumerate(sections):
        entry = f"expected[{number}]"
        _check(section, entry, path, contract)
        about = section.requirement or section.fingerprint or ""
        if about in first:
            raise ConfigError(path, entry, f"names {about} as {first[about]} does; remove one of them")
        first[about] = entry
        yield Expected(
            entry=f"{path}: {entry}",
            requirement=section.requirement,
            fingerprint=section.fingerprint,
            reason=section.reason,
            link=section.link,
            until=section.until,
        )


def _check(section: ExpectedSection, entry: str, path: Path, contract: Contract) -> None:
    requirement, fingerprint = section.requirement, section.fingerprint
    if (requirement is None) == (fingerprint is None):
        has = "neither requirement nor" if requirement is None else "both requirement and"
        raise ConfigError(path, entry, f"has {has} fingerprint; give exactly one of them")
    if requirement is not None and requirement not in contract.requirements:
        remedy = (
            f"{no_such_requirement(contract, requirement)}; for another contract, give a file to {_OPTION}"
        )
        raise ConfigError(path, f"{entry}.requirement", remedy)
    if fingerprint is not None and not _FINGERPRINT.fullmatch(fingerprint):
        raise ConfigError(
            path,
            f"{entry}.fingerprint",
            f"{fingerprint!r} is no fingerprint; take the 16 hexadecimal digits from results.json",
        )
    if not section.reason.strip():
        raise ConfigError(path, f"{entry}.reason", "is empty; say why the finding is expected")
