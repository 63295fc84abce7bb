"""What is broken, each once, whichever and however many requirements it is charged to."""

from collections.abc import Iterable
from typing import NamedTuple

from batchproof.judging import Finding, RequirementResult
from batchproof.report.evidence import Narrator
from batchproof.report.words import Words


class Described(NamedTuple):
    """One way in which something is broken, and all requirements that this contradicts."""

    words: Words
    finding: Finding
    rows: list[RequirementResult]

    @property
    def headline(self) -> str:
        """What is broken in one line, and of how many requirements."""
        more = len(self.rows) - 1
        return self.words.headline + (
            f" (and {more} more requirement{'' if more == 1 else 's'})" if more else ""
        )


def described_once(rows: Iterable[RequirementResult], narrator: Narrator) -> list[Described]:
    """What the server is to blame for and nobody expects, in the order of ``rows``."""
    found: dict[str, Described] = {}
    for row in rows:
        for finding in row.findings:
            if finding.expectation is not None or finding.blame != "server":
                continue
            words = narrator.words(row, finding)
            known = found.setdefault(words.headline, Described(words, finding, []))
            if row not in known.rows:
                known.rows.append(row)
    return list(found.values())
