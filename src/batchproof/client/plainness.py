"""Which secrets are too plain to be kept out of what a run writes: to be told before anything is sent."""

from functools import cache
from pathlib import Path

from batchproof import places
from batchproof.contract import Contract

_SHORTEST = 8
_FEWEST_CHARACTERS = 4
# no word is longer; most tokens are, and nothing need be read for them
_LONGEST_WORD = 40
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF-_.:")
_PACKAGE = Path(__file__).resolve().parents[1]
# whose words the reports are written in
_WRITING = ("history", "judging", "replay", "report")
_TEXTS = frozenset({".py", ".html", ".css", ".json", ".yaml"})

REMEDY = "so it cannot be kept out of reports without taking other text with it; use another one"


def why_plain(secret: str, contract: Contract) -> str | None:
    """What makes ``secret`` so plain that other text is mistaken for it; None where nothing does."""
    if len(secret) < _SHORTEST:
        return f"is shorter than {_SHORTEST} characters"
    if len(set(secret)) < _FEWEST_CHARACTERS:
        return f"has fewer than {_FEWEST_CHARACTERS} different characters"
    return "stands in the contract or in every report" if is_word(secret, contract) else None


def is_word(text: str, contract: Contract) -> bool:
    """Whether ``text`` stands in the contract, or among the words of reports, in whatever case."""
    lower = text.lower()
    return len(text) <= _LONGEST_WORD and (
        lower in contract.whole.kept(_words) or lower in _words_of_reports()
    )


def may_be_part_of_a_number(text: str) -> bool:
    """Whether ``text`` is so short that any number, date or id may hold it."""
    return len(text) < _SHORTEST and set(text) <= _HEXADECIMAL


def _words(contract: Contract) -> str:
    return _text(contract.folder)


@cache
def _words_of_reports() -> str:
    """What a run takes its words from besides the contract: the same for every run of this installation."""
    return _text(
        places.schemas_dir() / "batchproof", places.conformance_dir(), *(_PACKAGE / name for name in _WRITING)
    )


def _text(*folders: Path) -> str:
    """All text in ``folders``, in small letters."""
    files = (file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in _TEXTS)
    return "\n".join(file.read_text(encoding="utf-8", errors="replace").lower() for file in files)
