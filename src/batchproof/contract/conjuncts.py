"""The parts of a CEL expression that are joined by ``&&``: a cheap one may settle it before a dear one is looked at."""

_OPENING = {"(": ")", "[": "]", "{": "}"}
_QUOTES = frozenset("'\"")


def conjuncts(source: str) -> list[str]:
    """The parts of ``source``, in order; the whole where it is joined by something weaker than ``&&``."""
    parts, start, at, depth, quote = [], 0, 0, 0, ""
    while at < len(source):
        character = source[at]
        if quote:
            at += character == "\\"
            quote = "" if character == quote else quote
        elif character in _QUOTES:
            quote = character
        elif character in _OPENING:
            depth += 1
        elif character in _OPENING.values():
            depth -= 1
        elif depth == 0 and (source.startswith("||", at) or character == "?"):
            return [source]
        elif depth == 0 and source.startswith("&&", at):
            parts.append(source[start:at].strip())
            start = at + 2
        at += 1
    return [*parts, source[start:].strip()]
