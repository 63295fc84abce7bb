"""Secrets that traffic shows: credentials in headers, cookies, keys in addresses, and the signatures of presigned ones."""

import base64
import binascii
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from batchproof.history import strict_json
from batchproof.history.presigned import signatures, unsigned
from batchproof.history.traffic.callers import is_credential
from batchproof.history.traffic.message import Message, joined

TOKEN = "BATCHPROOF_TOKEN"  # noqa: S105 - the name of a variable
SIGNATURE = "signature"
_COOKIE = "cookie "
_SHORTEST = 8
# looking for one in all its encodings takes time at every line
_MOST_SHORT_LIVED = 32
_RUN = re.compile(r"[^\s\"'\\<>&,;:]{8,}")
# words, numbers and dates may stand anywhere, whatever they are to somebody
_ORDINARY = re.compile(
    r"[A-Za-z]{1,8}|[0-9.]{1,10}|[0-9]{13}|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[a-z]{2}[-_][A-Z]{2}"
)
# properties of what a server of tokens answers with, and is asked with: RFC 6749
_TOKENS = re.compile(
    r"\b(?:access_token|refresh_token|id_token|client_secret|client_assertion|api_key|password|"
    r"apiKey|accessToken|refreshToken|idToken|clientSecret)\b"
)
_NO_NAME = re.compile("[^A-Z0-9]+")


class Learned:
    """The secrets of some traffic, each with the name that stands for it.

    Cookies and signatures may be new in every answer. After the first ones, those are learned that occur elsewhere.
    """

    def __init__(self) -> None:
        self.named: dict[str, str] = {}
        self._values: set[str] = set()
        self._short_lived = 0
        # the others by how they begin, with their names
        self._waiting: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def take(self, message: Message) -> dict[str, str]:
        """Looks for secrets in ``message``. What is new is returned: values by name."""
        new: dict[str, str] = {}
        for name, value in _found(message):
            if value in self._values or not _is_telling(value):
                continue
            self._values.add(value)
            if name == SIGNATURE or name.startswith(_COOKIE):
                self._short_lived += 1
                if self._short_lived > _MOST_SHORT_LIVED:
                    self._waiting[value[:_SHORTEST]].append((value, name))
                    continue
            new[self._free(name, new)] = value
        self.named |= new
        return new

    def meet(self, text: str) -> dict[str, str]:
        """The secrets that occur in ``text``, which is no place where they are expected: they are learned, too."""
        new: dict[str, str] = {}
        for run in _RUN.findall(unsigned(text)) if self._waiting else ():
            for at in range(len(run) - _SHORTEST + 1):
                for value, name in self._waiting.get(run[at : at + _SHORTEST], ()):
                    if run.startswith(value, at) and value not in new.values():
                        new[self._free(name, new)] = value
        for value in new.values():
            known = self._waiting[value[:_SHORTEST]]
            known[:] = [item for item in known if item[0] != value]
        self.named |= new
        return new

    def _free(self, name: str, new: Mapping[str, str]) -> str:
        plain = _NO_NAME.sub("_", name.upper()).strip("_") or "SECRET"
        number, free = 1, plain
        while free in self.named or free in new:
            number += 1
            free = f"{plain}_{number}"
        return free


def _is_telling(value: str) -> bool:
    return len(value) >= _SHORTEST and _ORDINARY.fullmatch(value) is None


def _found(message: Message) -> Iterator[tuple[str, str]]:
    for headers in (message.headers, message.answered):
        yield from _of_headers(joined(headers))
        for name, value in headers:
            if name.lower() in ("location", "referer", "link"):
                yield from _signed(value)
    for name, value in message.headers:
        if name.lower() == "cookie":
            for cookie in value.split(";"):
                yield from _of_cookie(cookie)
    for name, value in message.answered:
        if name.lower() == "set-cookie":
            # some recorders write those of one answer into one value
            for cookie in value.split("\n"):
                yield from _of_cookie(cookie.partition(";")[0])
    yield from _of_address(message.url)
    for content in (message.sent, message.content):
        if content:
            yield from _of_body(content)


def _of_headers(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        if name in ("cookie", "set-cookie") or not is_credential(name):
            continue
        if name not in ("authorization", "proxy-authorization"):
            yield name, value
            continue
        scheme, _, rest = value.strip().partition(" ")
        credential = rest.strip() or scheme
        yield TOKEN if name == "authorization" else name, credential
        if scheme.lower() == "basic":
            yield from _of_basic(name, credential)
        # parameters, as those of a digest or a signed request
        yield from ((name, match) for match in re.findall(r'[A-Za-z-]+="?([^",\s]{16,})"?', rest))


def _of_basic(name: str, credential: str) -> Iterator[tuple[str, str]]:
    try:
        user, _, password = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return
    yield f"{name} password", password
    # some have a key for a user, and no password
    yield f"{name} user", user if not password else ""


def _of_cookie(cookie: str) -> Iterator[tuple[str, str]]:
    name, _, value = cookie.strip().partition("=")
    for spelled in (value.strip('"'), unquote(value.strip('"'))):
        yield _COOKIE + name, spelled


def _of_address(url: str) -> Iterator[tuple[str, str]]:
    try:
        parts = urlsplit(url)
        password = parts.password
    except ValueError:
        return
    yield "password", unquote(password or "")
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if is_credential(name) or (name.lower() == "key" and len(value) >= 2 * _SHORTEST):
            yield name, value
    yield from _signed(url)


def _signed(text: str) -> Iterator[tuple[str, str]]:
    for value in signatures(text):
        yield SIGNATURE, value


def _of_body(content: bytes) -> Iterator[tuple[str, str]]:
    text = content.decode("utf-8", "replace")
    yield from _signed(text)
    if not _TOKENS.search(text):
        return
    try:
        yield from _granted(strict_json.parse(content))
    except ValueError:
        yield from ((name, value) for name, value in parse_qsl(text) if _TOKENS.search(f'"{name}"'))


def _granted(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for child in value:
            yield from _granted(child)
    elif isinstance(value, dict):
        for name, child in value.items():
            if isinstance(child, str) and _TOKENS.fullmatch(name):
                yield name, child
            else:
                yield from _granted(child)
