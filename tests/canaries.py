"""Secrets of every kind, the encodings in which a server may send them back, and a reader who sees through all of them."""

import base64
import html
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

SECRETS = {
    "token": "sk/token+8f7e6d5c4b3a==",
    "second": "sk/second&7e6d5c4b3a29",
    "signing": "wss_signing<6d5c4b3a2918>",
    "header": "hdr/tenant+5c4b3a291807",
    "presigned": "sig/presigned+4b3a29180706",
    "proxy": "prx/password+3a2918070605",
}
ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda secret: quote(secret, safe=""),
    "percent-twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "percent-of-each-byte": lambda secret: "".join(f"%{byte:02x}" for byte in secret.encode()),
    "html": html.escape,
    "html-numbers": lambda secret: "".join(f"&#{ord(letter)};" for letter in secret),
    "json-again": lambda secret: json.dumps(json.dumps(secret)),
    "json-of-each-letter": lambda secret: "".join(f"\\u{ord(letter):04x}" for letter in secret),
    "hex": lambda secret: secret.encode().hex(),
    "base64": lambda secret: base64.b64encode(b"user:" + secret.encode()).decode(),
    "base64-for-urls": lambda secret: base64.urlsafe_b64encode(b"x" + secret.encode()).decode(),
    "base32": lambda secret: base64.b32encode(b"xy" + secret.encode()).decode(),
}
# what is unlike anything else in a secret, whatever stands around it
MARKS = {name: re.search("[0-9a-f]{12}", secret) for name, secret in SECRETS.items()}


def echoes() -> Iterator[str]:
    for secret in SECRETS.values():
        yield from (encode(secret) for encode in ENCODINGS.values())


def revealed(text: str) -> list[str]:
    """The secrets whose mark stands in ``text``, which is read in every way that a reader may think of."""
    layers = [text.lower()]
    for _ in range(4):
        plainer = html.unescape(unquote(layers[-1]))
        layers.append(re.sub(r"\\+u([0-9a-f]{4})", lambda match: chr(int(match.group(1), 16)), plainer))
    layers += [word for run in set(re.findall(r"[A-Za-z0-9+/_-]{16,}", text)) for word in unpacked(run)]
    return [name for name, mark in MARKS.items() if mark and any(mark.group() in layer for layer in layers)]


def unpacked(run: str) -> Iterator[str]:
    for skipped in range(8):
        rest = run[skipped:].replace("-", "+").replace("_", "/")
        yield base64.b64decode(rest + "A" * (-len(rest) % 4)).decode("latin-1")
        if re.fullmatch("[A-Z2-7]{16,}", run):
            yield base64.b32decode(run[skipped:] + "A" * (-len(run[skipped:]) % 8)).decode("latin-1")
    if re.fullmatch("[0-9a-f]{16,}", run):
        yield bytes.fromhex(run[: len(run) // 2 * 2]).decode("latin-1")
