"""How a secret may be written: encoded as a whole, and with each of its characters escaped in any way."""

import base64
import html
import html.entities
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import unquote

# what base64 shows of a short secret stands in other words by chance
_SHORTEST_PART = 8
_MOST_LAYERS = 6
# no spelling of a secret has more characters; pieces of a text that overlap by so many hide none
LONGEST_SPELLING = 64 * 1024
# a long text is read in pieces: millions of escapes at once need a hundred times their size
_PIECE = 1024 * 1024
# a pattern that begins with one letter, and has no flags, is looked for ten times as fast
_JSON_BACKSLASHES = re.compile(r"\\\\*(?=[\\/\"'])")
_JSON_ESCAPE = re.compile(r"\\\\*(?:u([0-9a-f]{4})|x([0-9a-f]{2}))")
# Python reads no number of thousands of digits; the largest character has seven
_LONG_REFERENCE = re.compile("&#0*([0-9]{1,8})[0-9]*")
# a search may begin at the first of many backslashes only, or it would count the others again from each of them
NOT_AMONG_BACKSLASHES = r"(?<!\\)"
_NAMES: dict[str, list[str]] = defaultdict(list)
for _name, _text in html.entities.html5.items():
    _NAMES[_text].append(re.escape(_name.rstrip(";")))


def encoded(secret: str) -> set[str]:
    """``secret``, and what hexadecimal, base32 and base64 show of it, whatever bytes stand before it."""
    raw = secret.encode()
    found = {secret, raw.hex()}
    for encode, group, size in _ENCODINGS:
        for shift in range(group):
            whole = encode(b"\0" * shift + raw).decode()
            # the edges depend on the neighbours
            first, last = -(-shift * 8 // size), (shift + len(raw)) * 8 // size
            part = whole[first:last]
            if len(part) >= _SHORTEST_PART:
                found.add(part)
    return found


_ENCODINGS: tuple[tuple[Callable[[bytes], bytes], int, int], ...] = (
    (base64.b64encode, 3, 6),
    (base64.urlsafe_b64encode, 3, 6),
    (base64.b32encode, 5, 5),
)


@cache
def escaped(text: str) -> re.Pattern[str]:
    """What finds ``text``, each character as it is, or percent-encoded, or escaped for HTML or JSON, any times over."""
    first, rest = _character(text[0], NOT_AMONG_BACKSLASHES), map(_character, text[1:])
    return re.compile("".join([first, *rest]), re.IGNORECASE)


def _character(character: str, before: str = "") -> str:
    code = ord(character)
    percent = "".join(f"%(?:25)*{byte:02x}" for byte in character.encode("utf-8", "replace"))
    units = character.encode("utf-16-be", "surrogatepass").hex()
    json = before + "".join(rf"\\+u{units[at : at + 4]}" for at in range(0, len(units), 4))
    entity = "|".join([f"#0*{code}", f"#x0*{code:x}", *_NAMES.get(character, [])])
    other = [r"\+"] if character == " " else []
    short = [rf"{before}\\+x{code:02x}"] if code < 256 else []
    ways = [
        rf"{before}\\*{re.escape(character)}",
        percent,
        json,
        rf"&(?:amp;)*(?:{entity});?",
        *short,
        *other,
    ]
    return f"(?:{'|'.join(ways)})"


def as_bytes(text: str) -> bytes:
    """``text`` in UTF-8, and in something like it where an escape stood for half of a pair."""
    return text.encode("utf-8", "surrogatepass")


def plainer(text: str) -> Iterator[str]:
    """``text`` in small letters, then with one layer of escapes after the other taken away.

    A long text comes in pieces that overlap.
    """
    for begin in range(0, max(1, len(text) - LONGEST_SPELLING), _PIECE - LONGEST_SPELLING):
        yield from _plainer(text[begin : begin + _PIECE])


def _plainer(text: str) -> Iterator[str]:
    bare = text.lower()
    yield bare
    for _ in range(_MOST_LAYERS):
        before = bare
        for mark, unescape in _LAYERS:
            if mark in bare and (without := unescape(bare).lower()) != bare:
                bare = without
                yield bare
        if bare == before:
            return


def _of_json(text: str) -> str:
    """``text``, which is in small letters, without one layer of JSON; most of it are quotes, which need no function of Python for each."""
    return _JSON_ESCAPE.sub(_unescaped, _JSON_BACKSLASHES.sub("", text))


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match.group(1) or match.group(2), 16))


_LAYERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("%", unquote),
    ("&", lambda text: html.unescape(_LONG_REFERENCE.sub(r"&#\1", text))),
    ("\\", _of_json),
)
