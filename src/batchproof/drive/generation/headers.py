"""Odd headers around a valid request."""

from collections.abc import Iterator

from batchproof.contract.model import Manifest
from batchproof.drive.generation.variation import Variation

_ACCEPTED = (
    "*/*",
    "application/*",
    "text/html",
    "application/xml;q=0.1",
    "application/json;q=0",
    "",
    "x" * 4_000,
)


def odd(manifest: Manifest) -> Iterator[Variation]:
    """Spellings, repetitions, odd values. What a server does with them is left open; it must not break."""
    place = "headers"
    for value in _ACCEPTED:
        yield Variation("open", f"Accept: {value[:30]}", place, {"headers": {"accept": value}})
    yield Variation("open", "no Accept", place, {"headers": {"accept": None}})
    yield Variation("open", "names in upper case", place, {"spelling": "upper"})
    yield Variation("open", "names with capitals", place, {"spelling": "title"})
    if manifest.auth is not None:
        yield Variation("open", "the scheme in lower case", place, {"auth": "lower-case"})
    for name, value in manifest.headers.items():
        yield Variation("open", f"{name} twice", place, {"more_headers": [(name, value)]})
    more = {
        "Accept twice": ("accept", "text/plain"),
        "an unknown header beyond ASCII": ("x-batchproof", "größe 🧾"),
        "an unknown header of 4,000 characters": ("x-batchproof", "x" * 4_000),
        "a range": ("range", "bytes=0-0"),
        "a condition": ("if-none-match", "*"),
        "a language": ("accept-language", "tlh, *;q=0.5"),
        "an overridden method": ("x-http-method-override", "DELETE"),
        "a content type without content": ("content-type", "application/json"),
    }
    for about, header in more.items():
        yield Variation("open", about, place, {"more_headers": [header]})
