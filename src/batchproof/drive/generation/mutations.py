"""Invalid bodies: the hand-written valid one with one keyword broken.

Most come from Schemathesis; of each only the broken place is kept and grafted into the valid body, so that whatever a
server says is about this place. Our own validator has the last word on what is broken.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import UNSET

from batchproof.client import Call
from batchproof.contract import Contract, pointer
from batchproof.contract.keywords import Broken, broken, keywords
from batchproof.contract.pointer import put, without
from batchproof.drive.api import Api
from batchproof.drive.generation.bodies import of_every_kind
from batchproof.drive.generation.by_schemathesis import negatives
from batchproof.drive.generation.documents import graft
from batchproof.drive.generation.variation import Variation

_ROOTS: tuple[Any, ...] = ([], None, "text", 7)
_RAW: tuple[tuple[str, bytes], ...] = (
    ("an empty body", b""),
    ("a body that is not UTF-8", b'{"a":"\xff"}'),
    ("a body with a byte order mark", b"\xef\xbb\xbf{}"),
    ("NaN", b'{"a":NaN}'),
    ("brackets without end", b"[" * 5_000),
    ("a lone surrogate", b'{"a":"\\ud800"}'),
    ("a key twice", b'{"inputs":1,"inputs":2}'),
    ("a number of 5,000 digits", b'{"a":' + b"9" * 5_000 + b"}"),
)
_OVERSIZED = 200_000


def invalid(api: Api, operation: str, body: Any, *, most: int) -> Iterator[Variation]:
    """Bodies that break exactly one keyword; up to ``most`` for each keyword."""
    seen: Counter[str] = Counter()
    for about, changed in _changed(api, operation, body):
        found = _one_broken(api.contract, operation, changed)
        if found is None or seen[found.keyword] >= most:
            continue
        seen[found.keyword] += 1
        # null for what may be left out is often read as left out
        settled = pointer.first(changed, found.at, default=0) is not None or found.at == ""
        yield Variation("invalid" if settled else "open", about, "body" + found.keyword, {"body": changed})


def most_invalid(contract: Contract, file: str, *, most: int) -> int:
    """How many bodies break one keyword each, at most; fewer may be found."""
    return most * len(keywords(contract.shapes, file))


def raw(control: Call) -> Iterator[Variation]:
    """Bodies that are not what they should be as a whole, and a very long one."""
    if control.form is not None:
        return
    for about, content in _RAW:
        yield Variation("open", about, "body", {"raw": content, "body": UNSET})
    if isinstance(control.body, dict):
        yield Variation(
            "open", "an unknown property", "body", {"body": {**control.body, "batchproof": {"a": [1]}}}
        )
        long = {**control.body, "batchproof": "x" * _OVERSIZED}
        yield Variation("open", f"{_OVERSIZED} characters in an unknown property", "body", {"body": long})
        yield Variation("open", "another content type", "body", {"content_type": "text/plain"})


def _changed(api: Api, operation: str, body: Any) -> Iterator[tuple[str, Any]]:
    declared = api.contract.manifest.operations[operation]
    assert declared.request is not None
    if declared.request.multipart is None:
        yield from ((f"a body that is {value!r}", value) for value in _ROOTS)
    yield from _with_one_wrong_input(api, operation, body)
    for negative in negatives(api.contract, operation):
        for found in broken(api.contract.shapes, declared.request.schema, negative.body):
            grafted = _grafted(body, negative.body, found)
            if grafted is not None:
                yield negative.about, grafted


def _grafted(body: Any, other: Any, found: Broken) -> Any:
    """``body`` with only that broken place of ``other``."""
    above, _, last = found.keyword.rpartition("/")
    try:
        if above.endswith("/required"):
            return without(body, found.at + pointer.join(pointer.parse("/" + last)))
        return graft(body, other, found.at)
    except (KeyError, IndexError, AttributeError, TypeError, ValueError):
        # the valid body has nothing there
        return None


def _with_one_wrong_input(api: Api, operation: str, body: Any) -> Iterator[tuple[str, Any]]:
    """A kind of input document that is not allowed here, alone, and behind one that is."""
    declared = api.contract.manifest.operations[operation]
    for kind, other in of_every_kind(api, operation):
        if _one_broken(api.contract, operation, other) is None:
            continue
        yield f"an input that is not allowed: {kind}", other
        if isinstance(declared.billed, str):
            first, second = (pointer.first(one, declared.billed + "/0") for one in (body, other))
            yield f"a second input that is not allowed: {kind}", put(body, declared.billed, [first, second])


def _one_broken(contract: Contract, operation: str, body: Any) -> Broken | None:
    declared = contract.manifest.operations[operation].request
    assert declared is not None
    found = broken(contract.shapes, declared.schema, body)
    return found[0] if len(found) == 1 else None
