"""The signatures of presigned addresses: who holds one may read the document."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from batchproof.history.spellings import NOT_AMONG_BACKSLASHES

_DASH = r"(?:-|%(?:25)*2d|\\+u002d)"
_WORDS = f"[a-z]+(?:{_DASH}[a-z]+)*"
_VENDORS = f"x{_DASH}(?:amz|goog){_DASH}{_WORDS}"
_OTHERS = f"signature|sig|token|key{_DASH}pair{_DASH}id|policy"
_BEFORE = rf"(?:[?&;]|%(?:25)*(?:3f|26|3b)|{NOT_AMONG_BACKSLASHES}\\+u00(?:3f|26)|&\#(?:38|x26);)"
_EQUALS = r"(?:=|%(?:25)*3d|\\+u003d|&\#(?:61|x3d);)"
_VALUE = r"(?:(?!%(?:25)*26)[^&\s\"'<>\\]|\\+u00(?!26)[0-9a-f]{2})+"
_PARAMETER = re.compile(f"({_BEFORE}(?:{_VENDORS}|{_OTHERS}){_EQUALS}){_VALUE}", re.IGNORECASE)
_MEMBER = re.compile(rf"({NOT_AMONG_BACKSLASHES}\\*\"{_VENDORS}\\*\"\s*:\s*\\*\")[^\"\\]+", re.IGNORECASE)
_NAME = re.compile(f"{_VENDORS}|{_OTHERS}", re.IGNORECASE)
_OF_VENDORS = f"{_VENDORS}|awsaccesskeyid|googleaccessid|key-pair-id"
_OF_A_VENDOR = re.compile(_OF_VENDORS, re.IGNORECASE)
# where one stands, others beside it are signatures, too
_MEMBER_OF_A_VENDOR = re.compile(rf"\"(?:{_OF_VENDORS})\\*\"\s*:", re.IGNORECASE)
_SIGNS = ("=", "3d", "&#")
# what every name holds, and what may end what stands before that
_BEFORE_A_NAME = "?&;f6b"
_DASHES = "-d"
_MARKS_OF_PARAMETERS = {
    "sig": _BEFORE_A_NAME,
    "token": _BEFORE_A_NAME,
    "policy": _BEFORE_A_NAME,
    "pair": _DASHES,
    "amz": _DASHES,
    "goog": _DASHES,
}
_MARKS_OF_MEMBERS = ("amz", "goog", "awsaccesskeyid", "key-pair-id")
_SIGNATURE = "[signature]"
# of all that belongs to a signature, what nobody else may know
_TELLING = re.compile(
    rf"(?:signature|sig|token|credential|policy|key{_DASH}pair{_DASH}id){_EQUALS}\Z", re.IGNORECASE
)
_SHORTEST_TELLING = 16


def is_signed(name: str) -> bool:
    """Whether a query parameter of this name carries a signature, or what belongs to one."""
    return _NAME.fullmatch(name) is not None


def may_be_signed(line: str) -> bool:
    """Whether a line of JSON may hold the signature of a presigned address."""
    folded = line.lower()
    # plain searches are many times as fast as patterns, and most lines hold no address with a query
    return (
        any(sign in folded for sign in _SIGNS)
        and any(_stands(folded, mark, before) for mark, before in _MARKS_OF_PARAMETERS.items())
        and _PARAMETER.search(line) is not None
    ) or (any(mark in folded for mark in _MARKS_OF_MEMBERS) and _MEMBER_OF_A_VENDOR.search(line) is not None)


def _stands(folded: str, mark: str, before: str) -> bool:
    """Whether ``mark`` follows one of the letters in ``before``: in ``nextPageToken=`` stands no ``token``."""
    return mark in folded and any(part[-1:] in before for part in folded.split(mark)[:-1])


def signatures(text: str) -> Iterator[str]:
    """The values in ``text`` that make presigned addresses valid, as they stand there and decoded; some come twice."""
    if "=" not in text and "%3" not in text and "u003" not in text:
        return
    for match in _PARAMETER.finditer(text):
        value = match.group()[len(match.group(1)) :]
        if len(value) >= _SHORTEST_TELLING and _TELLING.search(match.group(1)):
            yield value
            if "%" in value:
                yield unquote(value)


def unsigned(text: str) -> str:
    """``text`` without signatures: parameters in any encoding, and members of JSON inside it."""
    return _MEMBER.sub(rf"\1{_SIGNATURE}", _PARAMETER.sub(rf"\1{_SIGNATURE}", text))


def unsigned_members(members: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON object without signatures; a property called ``policy``, say, is one only beside those of a vendor."""
    vendors = {name for name in members if _OF_A_VENDOR.fullmatch(name)}
    if not vendors:
        return dict(members)
    return {
        name: _SIGNATURE if isinstance(value, str) and (name in vendors or is_signed(name)) else value
        for name, value in members.items()
    }
