"""JSON Pointers (RFC 6901) with one addition: a segment ``*`` stands for every element of an array."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from batchproof.json_values import Json

_INDEX = re.compile(r"/(?:0|[1-9][0-9]*)(?=/|\Z)")


def parse(pointer: str) -> list[str]:
    """The unescaped segments of ``pointer``; the empty pointer has none. Raises ``ValueError`` without a leading slash."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"a JSON Pointer begins with a slash: {pointer!r}")
    return [segment.replace("~1", "/").replace("~0", "~") for segment in pointer[1:].split("/")]


def join(segments: Sequence[str | int]) -> str:
    """The pointer with these segments, escaped."""
    return "".join("/" + str(segment).replace("~", "~0").replace("/", "~1") for segment in segments)


def find(document: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    """Every ``(pointer, value)`` that ``pointer`` names in ``document``; nothing where it leads nowhere."""
    found: list[tuple[str, Json]] = [("", document)]
    for segment in _parsed(pointer):
        deeper: list[tuple[str, Json]] = []
        for path, value in found:
            if segment == "*" and isinstance(value, list):
                deeper.extend((f"{path}/{index}", element) for index, element in enumerate(value))
            elif isinstance(value, dict) and segment in value:
                deeper.append((path + join([segment]), value[segment]))
            elif (
                isinstance(value, list)
                and segment.isascii()
                and segment.isdigit()
                and int(segment) < len(value)
            ):
                deeper.append((f"{path}/{int(segment)}", value[int(segment)]))
        found = deeper
    return iter(found)


def first(document: Json, pointer: str, default: Json = None) -> Json:
    """The first value that ``pointer`` names, or ``default``."""
    if "*" in pointer:
        return next((value for _, value in find(document, pointer)), default)
    value = document
    for segment in _parsed(pointer):
        if isinstance(value, dict) and segment in value:
            value = value[segment]
        elif (
            isinstance(value, list) and segment.isascii() and segment.isdigit() and int(segment) < len(value)
        ):
            value = value[int(segment)]
        else:
            return default
    return value


def put(document: Json, at: str, value: Json) -> Json:
    """``document`` with ``value`` at ``at``; see ``placed``."""
    return placed(document, parse(at), value)


def placed(document: Json, segments: Sequence[str | int], value: Json) -> Json:
    """``document`` with ``value`` where ``segments`` lead; the place above it exists. An index one beyond the end appends.

    The document itself stays as it is, and what lies beside the way is shared.
    """
    if not segments:
        return value
    head, *rest = segments
    if isinstance(document, list):
        index = int(head)
        fresh = [*document, None] if index == len(document) else list(document)
        fresh[index] = placed(fresh[index], rest, value)
        return fresh
    return {**document, str(head): placed(document.get(head), rest, value)}


def without(document: Json, at: str) -> Json:
    """``document`` without the property or the element at ``at``, which exists."""
    *above, last = parse(at)
    parent = first(document, join(above))
    if isinstance(parent, list):
        fresh: Json = [element for index, element in enumerate(parent) if index != int(last)]
    else:
        fresh = {key: value for key, value in parent.items() if key != last}
    return placed(document, above, fresh)


@lru_cache(maxsize=4096)
def _parsed(pointer: str) -> tuple[str, ...]:
    return tuple(parse(pointer))


def without_indices(pointer: str) -> str:
    """``pointer`` with every array index replaced by ``*``."""
    return _INDEX.sub("/*", pointer)
