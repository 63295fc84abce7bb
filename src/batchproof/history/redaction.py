"""Secrets are removed by value, before a byte reaches a file.

A secret is looked for as it is and as it may be written: percent-encoded, in base64 (any alignment), in hexadecimal.
"""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, quote_plus

_ALWAYS_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})
_SIGNED = re.compile(
    r"(?i)([?&](?:x-amz-[a-z-]+|x-goog-[a-z-]+|signature|sig|token|key-pair-id|policy)=)[^&\s\"'<>]+"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"(?i)\\ud[89a-f]")
_SHORTEST = 4


class Redactor:
    """Replaces secrets by ``$NAME``, the name under which the user knows them."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        """``secrets`` maps a name (of an environment variable) to its value; empty values are ignored."""
        self._replacements: dict[str, str] = {}
        self.learn(secrets)

    def learn(self, secrets: Mapping[str, str]) -> None:
        """Replaces these secrets from now on, too."""
        spellings = self._replacements | {
            spelling: f"${name}"
            for name, value in secrets.items()
            if len(value) >= _SHORTEST
            for spelling in _spellings(value)
        }
        # the longest first, so that no spelling is left half replaced
        alternatives = "|".join(re.escape(item) for item in sorted(spellings, key=len, reverse=True))
        self._pattern = re.compile(alternatives, re.IGNORECASE | re.ASCII) if alternatives else None
        self._folded = {spelling.lower(): name for spelling, name in spellings.items()}
        self._shortest = min(map(len, spellings), default=0)
        self._replacements = spellings

    def finds_nothing(self, line: str) -> bool:
        """Whether a line of ASCII JSON certainly holds nothing to remove: one look instead of one at every string."""
        return (
            not self._may_hold_a_secret(line)
            and _SIGNED.search(line) is None
            and _ESCAPED_SURROGATE.search(line) is None
        )

    def text(self, value: str) -> str:
        """``value`` without secrets and without the signatures of presigned addresses.

        Lone surrogates, which no UTF-8 text can hold, become U+FFFD.
        """
        value = without_surrogates(value)
        if self._pattern is not None and self._may_hold_a_secret(value):
            value = self._pattern.sub(
                lambda match: self._folded.get(match.group().lower(), "[redacted]"), value
            )
        return _SIGNED.sub(r"\1[signature]", value) if "=" in value else value

    def _may_hold_a_secret(self, value: str) -> bool:
        """Plain searches are many times as fast as one pattern of alternatives."""
        if len(value) < self._shortest:
            return False
        folded = value.lower()
        return any(spelling in folded for spelling in self._folded)

    def json(self, value: Any) -> Any:
        """A JSON value without secrets, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.json(child) for key, child in value.items()}
        if isinstance(value, list):
            return [self.json(child) for child in value]
        if isinstance(value, int | float) and str(value) in self._replacements:
            return self._replacements[str(value)]
        return value

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers by lower-case name; what always carries credentials keeps only what is known to be harmless."""
        return self.other_headers(self.credentials(headers))

    def credentials(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers by lower-case name, of which only those that always carry credentials are looked at."""
        kept = {name.lower(): value for name, value in headers.items()}
        for name in _ALWAYS_SECRET & kept.keys():
            clean = self.text(kept[name])
            kept[name] = "[redacted]" if clean == kept[name] else clean
        return kept

    def other_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers that rarely carry secrets, without them; those of ``credentials`` stay as they are."""
        return {
            name: value if name in _ALWAYS_SECRET else self.text(value) for name, value in headers.items()
        }

    def __repr__(self) -> str:
        return f"Redactor({sorted(set(self._replacements.values()))})"


def without_surrogates(value: str) -> str:
    """``value`` with every lone surrogate replaced by U+FFFD."""
    return value if value.isascii() else _SURROGATE.sub("\ufffd", value)


def _spellings(secret: str) -> set[str]:
    raw = secret.encode()
    found = {
        secret,
        json.dumps(secret)[1:-1],
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        raw.hex(),
    }
    for shift in range(3):
        # what base64 shows of the secret when other bytes stand before it; the edges depend on neighbours
        whole = base64.b64encode(b"\0" * shift + raw)
        first = (shift * 8 + 5) // 6
        last = (shift + len(raw)) * 8 // 6
        middle = whole[first:last].decode()
        if len(middle) >= 2 * _SHORTEST:
            found |= {middle, middle.replace("+", "-").replace("/", "_")}
    return {item for item in found if item}
