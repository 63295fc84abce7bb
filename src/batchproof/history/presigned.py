"""The signatures and passwords of addresses: who holds one may read the document."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ahocorasick_rs import BytesAhoCorasick

from batchproof.history import pairs
from batchproof.history.spellings import NOT_AMONG_BACKSLASHES, as_bytes, encoded, plainer

_DASH = r"(?:-|%(?:25)*2d|\\+u002d)"
_WORDS = f"[a-z]+(?:{_DASH}[a-z]+)*"
_VENDORS = f"x{_DASH}(?:amz|goog){_DASH}{_WORDS}"
_OTHERS = f"signature|sig|token|key{_DASH}pair{_DASH}id|policy"
_BEFORE = rf"(?:[?&;]|%(?:25)*(?:3f|26|3b)|{NOT_AMONG_BACKSLASHES}\\+u00(?:3f|26)|&\#(?:38|x26);)"
_EQUALS = r"(?:=|%(?:25)*3d|\\+u003d|&\#(?:61|x3d);)"
_VALUE = r"(?:(?!%(?:25)*26)[^&\s\"'<>\\]|\\+u00(?!26)[0-9a-f]{2})+"
_REMOVED = r"(?!\(signature\))"
_PARAMETER = re.compile(f"({_BEFORE}(?:{_VENDORS}|{_OTHERS}){_EQUALS}){_REMOVED}{_VALUE}", re.IGNORECASE)
_MEMBER = re.compile(
    rf"({NOT_AMONG_BACKSLASHES}\\*\"{_VENDORS}\\*\"\s*:\s*\\*\"){_REMOVED}[^\"\\]+", re.IGNORECASE
)
_PASSWORD = re.compile(r"(://[^/?#\s:@\"'<>\\]*:)(?!\(password\))[^/?#\s@\"'<>\\]+(?=@)")
_NAME = re.compile(f"{_VENDORS}|{_OTHERS}", re.IGNORECASE)
_OF_VENDORS = f"{_VENDORS}|awsaccesskeyid|googleaccessid|key-pair-id"
_OF_A_VENDOR = re.compile(_OF_VENDORS, re.IGNORECASE)
# where one stands, others beside it are signatures, too
_NAME_OF_A_VENDOR = re.compile(rf"[\"'](?:{_OF_VENDORS})\\*[\"']", re.IGNORECASE)
_PAIRS = pairs.patterns(_OF_VENDORS)
# what every name holds, behind what may end the text before it: in `nextPageToken=` stands no `token`
_MARKED = [
    (before + name).encode()
    for names, befores in ((("sig", "token", "policy"), "?&;f6b"), (("pair", "amz", "goog"), "-d"))
    for name in names
    for before in befores
] + [b"awsaccesskeyid", b"googleaccessid", b"key-pair-id"]
_MARKS = BytesAhoCorasick(_MARKED)
# an address stays one (RFC 3986 section 3.4), so what is said of it is said of the one that came
_SIGNATURE = "(signature)"
# an address that is encoded as a whole: what stands for its names can be read, but not cut out
_WHOLLY_ENCODED = sorted(
    {
        part.lower().encode()
        for name in ("X-Amz-Signature=", "X-Goog-Signature=", "&Signature=", "Key-Pair-Id=")
        for part in encoded(name) - {name}
    }
)
_ENCODED = BytesAhoCorasick(_WHOLLY_ENCODED)
# a text in small letters in which none of these stands holds no signature
TRACES = [*_MARKED, *_WHOLLY_ENCODED]
# of all that belongs to a signature, what nobody else may know
_TELLING = re.compile(
    rf"(?:signature|sig|token|credential|policy|key{_DASH}pair{_DASH}id){_EQUALS}\Z", re.IGNORECASE
)
_SHORTEST_TELLING = 16


def is_signed(name: str) -> bool:
    """Whether a query parameter of this name carries a signature, or what belongs to one."""
    return _NAME.fullmatch(name) is not None


def may_be_signed(text: str) -> bool:
    """Whether a text, or a line of JSON, may hold the signature or the password of an address."""
    content = as_bytes(text.lower())
    if _ENCODED.find_matches_as_indexes(content):
        return True
    # one pass for all marks takes a hundredth of the patterns' time, and most lines hold none
    return (
        bool(_MARKS.find_matches_as_indexes(content))
        and (_PARAMETER.search(text) is not None or _NAME_OF_A_VENDOR.search(text) is not None)
    ) or holds_a_password(text)


def holds_a_password(text: str) -> bool:
    """Whether an address in a text has a password."""
    return "@" in text and _PASSWORD.search(text) is not None


def still_signed(text: str) -> bool:
    """Whether a text from which the signatures were taken holds one that was written in another way."""
    if _ENCODED.find_matches_as_indexes(as_bytes(text.lower())):
        return True
    return any(
        pattern.search(bare) is not None for bare in plainer(text) for pattern in (_PARAMETER, _PASSWORD)
    ) or any(
        pattern.search(bare) is not None
        for bare in plainer(text)
        if _NAME_OF_A_VENDOR.search(bare) is not None
        for pattern in (_MEMBER, *_PAIRS)
    )


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
    """``text`` without signatures, which are parameters or members of JSON inside it, and passwords of addresses."""
    cut = _PARAMETER.sub(rf"\1{_SIGNATURE}", text)
    if _NAME_OF_A_VENDOR.search(text):
        for pattern in (_MEMBER, *_PAIRS):
            cut = pattern.sub(rf"\1{_SIGNATURE}", cut)
    return _PASSWORD.sub(r"\1(password)", cut)


def unsigned_members(members: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON object without signatures; a property called ``policy``, say, is one only beside those of a vendor."""
    vendors = {name for name in members if _is_of_a_vendor(name)}
    if not vendors:
        return pairs.without(dict(members), _SIGNATURE, _is_of_a_vendor)
    return {
        name: _SIGNATURE if isinstance(value, str) and (name in vendors or is_signed(name)) else value
        for name, value in members.items()
    }


def unsigned_items(items: Sequence[Any]) -> list[Any]:
    """A JSON array without signatures that stand beside their names."""
    return pairs.without_items(items, _SIGNATURE, _is_of_a_vendor, _is_signature)


def _is_of_a_vendor(name: str) -> bool:
    return _OF_A_VENDOR.fullmatch(name) is not None


def _is_signature(name: str) -> bool:
    return _is_of_a_vendor(name) or is_signed(name)
