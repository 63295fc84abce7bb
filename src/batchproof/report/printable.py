"""Text from a server, made safe to show: nothing in it can steer a terminal or a CI runner, break XML or start a new line."""

import json

from batchproof.history.inert import COMMAND

_LONGEST = 300


def visible(text: str) -> str:
    """``text`` with everything that is not printable, line ends included, written as an escape.

    So is what a CI runner would take for a command.
    """
    if not text.isprintable():
        text = "".join(
            character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
            for character in text
        )
    return no_command(text)


def no_command(line: str) -> str:
    """``line``, in which no CI runner sees a command: GitHub's begin with two colons, others have number signs."""
    if line.lstrip().startswith("::"):
        line = line.replace("::", r"\x3a:", 1)
    return COMMAND.sub(r"#\\x23", line) if "##" in line else line


def short(text: str, limit: int = _LONGEST) -> str:
    """The beginning of ``text``, visible, with the length of the whole when it was cut."""
    if len(text) <= limit:
        return visible(text)
    return f"{visible(text[:limit])}… ({len(text):,} characters)"


def as_json(value: object, limit: int = _LONGEST) -> str:
    """``value`` as one short line of JSON."""
    return short(json.dumps(value, ensure_ascii=False), limit)
