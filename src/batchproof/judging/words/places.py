"""What the expressions of invariants name, in words: ``status of row 3``, ``the parameter limit``."""

from typing import NamedTuple

from batchproof.judging.words.values import place

# how the variables of invariants are told: with a property, and without one
_WHOSE = {
    "oldSelf": "{} before",
    "row": "{} in the list",
    "request": "{} of the request",
    "query": "the parameter {}",
    "path": "the {} in the path",
    "headers": "the header {}",
    "before": "{} before the call",
    "after": "{} after the call",
    "owner": "{} of the object that the list belongs to",
    "later": "{} later",
    "event": "{} of the event",
    "named": "{} of the object that it names",
    "first": "{} of the first answer",
    "earlier": "{} of the first delivery",
}
ALONE = {
    "self": "the object",
    "oldSelf": "the object before",
    "response": "the answer",
    "rows": "the list",
    "row": "the row",
    "details": "the objects of the list",
    "status": "the status",
    "request": "the request",
    "query": "the query",
    "headers": "the headers",
    "oddities": "the JSON of the answer",
    "media_type": "the media type",
    "before": "the object before the call",
    "after": "a look after the call",
    "owner": "the object that the list belongs to",
    "later": "a later look",
    "named": "the object that it names",
    "started_at": "the beginning of the run",
    "asked_at": "the request",
    "answered_at": "the answer",
    "known": "the known objects",
    "others": "the other lists",
    "shown_before": "that it had been seen before",
    "method": "the method",
    "event": "the event",
    "earlier": "the first delivery of the event",
    "created": "the creation",
}
_LISTS = {"rows": "row", "details": "object", "about": "page", "others": "list", "known": "known object"}


class Place(NamedTuple):
    """What an expression names: a variable, and a way into its value."""

    root: str
    segments: tuple[str, ...]

    def __str__(self) -> str:
        root, segments = self
        if root in _LISTS and segments and segments[0].isascii() and segments[0].isdigit():
            number, *rest = segments
            of = f"{_LISTS[root]} {int(number) + 1}"
            return f"{place(rest)} of {of}" if rest else of
        if root == "first" and segments:
            segments = segments[1:]
        if root == "after" and segments[:1] == ("body",):
            segments = segments[1:]
        if not segments:
            return ALONE.get(root, root)
        return _WHOSE.get(root, "{}").format(place(segments))
