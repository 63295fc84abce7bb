"""Answers in JSON that RFC 8259 or RFC 9110 has something against: every emulator has these faults."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from .behaviour import Behaviour
from .exchange import Answer, Call
from .registry import Fault, Registry

_Hook = Callable[[Answer, Call], Answer]


def plant(registry: Registry[Any], operation: str) -> None:
    """Register the faults. Each shows in the answers of `operation`, which are never empty objects."""
    for name, breaks, doc, hook in _FAULTS:
        registry.add(Fault(name, breaks, doc, partial(_plant, operation, hook)))


def _plant(operation: str, hook: _Hook, behaviour: Behaviour) -> None:
    behaviour.on_answer(operation, hook)


def _in_utf_16(answer: Answer, _call: Call) -> Answer:
    return replace(answer, encode=lambda text: text.encode("utf-16"))


def _with_a_stray_byte(answer: Answer, _call: Call) -> Answer:
    return replace(answer, encode=lambda text: b'{"previewNote":"caf\xe9",' + text[1:].encode())


def _with_a_name_twice(answer: Answer, _call: Call) -> Answer:
    return replace(answer, encode=lambda text: b'{"previewNote":1,"previewNote":2,' + text[1:].encode())


def _as_a_page(answer: Answer, _call: Call) -> Answer:
    return replace(answer, headers={**answer.headers, "content-type": "text/html; charset=utf-8"})


_FAULTS: tuple[tuple[str, str, str, _Hook], ...] = (
    (
        "answer-in-utf-16",
        "json.utf_8",
        "RFC 8259, Character Encoding: JSON is encoded in UTF-8; here in UTF-16.",
        _in_utf_16,
    ),
    (
        "answer-with-stray-byte",
        "json.bytes",
        "RFC 8259, Character Encoding: JSON is encoded in UTF-8; here a new property has a letter in Latin-1.",
        _with_a_stray_byte,
    ),
    (
        "answer-with-name-twice",
        "json.names",
        "RFC 8259, Objects: the names within an object are unique; here a new property is there twice.",
        _with_a_name_twice,
    ),
    (
        "answer-labelled-as-page",
        "json.content_type",
        "RFC 9110, Content-Type: the header names the media type of the content; here it says that JSON is HTML.",
        _as_a_page,
    ),
)
