"""Secrets are removed by value, before a byte reaches a file.

A secret is looked for as it is and as it may be written: in base64 or base32 (any alignment), in hexadecimal, and with
any of its characters percent-encoded or escaped for HTML or JSON, several times over.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from ahocorasick_rs import BytesAhoCorasick, Implementation

from batchproof.history.presigned import (
    TRACES,
    holds_a_password,
    is_signed,
    may_be_signed,
    still_signed,
    unsigned,
    unsigned_items,
    unsigned_members,
)
from batchproof.history.spellings import as_bytes, encoded, escaped, plainer

__all__ = ["Redactor", "is_signed", "without_surrogates"]

_ALWAYS_SECRET = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-amz-security-token"}
)
_REDACTED = "[redacted]"
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_PAIR = re.compile(r"\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}")
_ESCAPED_SURROGATE = re.compile(r"\\ud[89a-f]")
_SHORTEST = 4
_MOST_KEPT = 64


def escapes_a_surrogate(line: str) -> bool:
    """Whether a line of JSON spells a lone surrogate as an escape."""
    if "\\ud" not in line and "\\uD" not in line:
        return False
    folded = line.lower()
    # a backslash that stands for itself before a `u` would seem to begin an escape
    return _ESCAPED_SURROGATE.search(_ESCAPED_PAIR.sub("", folded.replace("\\\\", "  "))) is not None


class Redactor:
    """Replaces secrets by ``$NAME``, the name under which the user knows them."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        """``secrets`` maps a name (of an environment variable) to its value; empty values are ignored."""
        self._named: dict[str, str] = {}
        self.learn(secrets)

    def learn(self, secrets: Mapping[str, str]) -> None:
        """Replaces these secrets from now on, too."""
        self._named = self._named | {
            value: f"${name}" for name, value in secrets.items() if len(value) >= _SHORTEST
        }
        # the longest first, so that no spelling is left half replaced
        self._spellings = sorted(
            ((spelling, name) for value, name in self._named.items() for spelling in encoded(value)),
            key=lambda item: -len(item[0]),
        )
        # the taking away of escapes may take a backslash of the secret's own, so what JSON makes of it counts, too
        folded = {
            form.lower() for spelling, _ in self._spellings for form in (spelling, json.dumps(spelling)[1:-1])
        }
        self._shortest = min(map(len, folded), default=0)
        patterns = sorted(map(as_bytes, folded))
        self._any = _automaton(patterns) if patterns else None
        self._traces = _automaton(sorted({*patterns, *TRACES}))
        # a client sends the same credentials over and over
        self._clean: dict[str, str] = {}

    def finds_nothing(self, line: str) -> bool:
        """Whether a line of ASCII JSON certainly holds nothing to remove: one look instead of one at every string."""
        return not escapes_a_surrogate(line) and not any(map(self._may_hold_anything, plainer(line)))

    def _may_hold_anything(self, bare: str) -> bool:
        """Whether a secret, a signature or a password may stand in a text in small letters."""
        # one pass for all that could tell: in most texts nothing does
        if not self._traces.find_matches_as_indexes(as_bytes(bare)):
            return holds_a_password(bare)
        return self._holds(bare) or may_be_signed(bare)

    def text(self, value: str) -> str:
        """``value`` without secrets and without the signatures of presigned addresses.

        Lone surrogates, which no UTF-8 text can hold, become U+FFFD.
        """
        value = without_surrogates(value)
        if self.may_hold_a_secret(value):
            found = {text for bare in plainer(value) for text, _ in self._spellings if text.lower() in bare}
            for spelling, name in self._spellings:
                if spelling in found:
                    value = escaped(spelling).sub(name.replace("\\", r"\\"), value)
            if self.may_hold_a_secret(value):
                # written in a way that can be read, but not cut out
                return _REDACTED
        value = unsigned(value)
        return _REDACTED if still_signed(value) else value

    def may_hold_a_secret(self, value: str) -> bool:
        """Whether a secret stands in ``value``."""
        if self._any is None or len(value) < self._shortest:
            return False
        return any(map(self._holds, plainer(value)))

    def _holds(self, bare: str) -> bool:
        """Whether a secret stands in a text in small letters: one pass for all spellings of all secrets."""
        return self._any is not None and bool(self._any.find_matches_as_indexes(as_bytes(bare)))

    def json(self, value: Any) -> Any:
        """A JSON value without secrets, keys included; parts that hold none are not looked at string by string."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict | list) and self.finds_nothing(json.dumps(value)):
            return value
        if isinstance(value, dict):
            return {self.text(key): self.json(child) for key, child in unsigned_members(value).items()}
        if isinstance(value, list):
            return [self.json(child) for child in unsigned_items(value)]
        if isinstance(value, int | float) and str(value) in self._named:
            return self._named[str(value)]
        return value

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers by lower-case name; what always carries credentials keeps only what is known to be harmless."""
        return self.other_headers(self.credentials(headers))

    def credentials(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers by lower-case name, of which only those that always carry credentials are looked at."""
        kept = {name.lower(): value for name, value in headers.items()}
        for name in _ALWAYS_SECRET & kept.keys():
            value = kept[name]
            if value not in self._clean:
                clean = self.text(value)
                self._keep(value, _REDACTED if clean == value else clean)
            kept[name] = self._clean[value]
        return kept

    def _keep(self, value: str, clean: str) -> None:
        if len(self._clean) >= _MOST_KEPT:
            self._clean.clear()
        self._clean[value] = clean

    def other_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers that rarely carry secrets, without them, names included; those of ``credentials`` stay."""
        return {
            self.text(name): value if name in _ALWAYS_SECRET else self.text(value)
            for name, value in unsigned_members(headers).items()
        }

    def __repr__(self) -> str:
        return f"Redactor({sorted(set(self._named.values()))})"


def _automaton(patterns: list[bytes]) -> BytesAhoCorasick:
    """What finds any of ``patterns``; of many, it would be one that is small, and takes five times as long."""
    return BytesAhoCorasick(patterns, implementation=Implementation.DFA)


def without_surrogates(value: str) -> str:
    """``value`` with every lone surrogate replaced by U+FFFD."""
    return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
