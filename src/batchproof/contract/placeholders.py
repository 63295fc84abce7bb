"""The placeholders of templates, such as ``{$fixture: name}``: one object each, with all that is known of it.

What fills them while a run goes on are the ``Values`` of the room ``drive``.
"""

import random
import string
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from batchproof.contract.model import Manifest

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 20


class Values(Protocol):
    """What placeholders are filled from. Whatever is not there is refused with an exception of the room ``drive``."""

    @property
    def random(self) -> random.Random:
        """Choices that a seed repeats."""

    def mark(self) -> str:
        """Text that no request had before."""

    def number(self) -> str:
        """The next number of a label, with what tells this run from others."""

    def fixture(self, name: str) -> str:
        """The first value of a fixture."""

    def take(self, fixture: str) -> str:
        """The next value of a fixture that is a list."""

    def file(self, fixture: str) -> Any:
        """The local file that a fixture names."""

    def picture(self, name: str) -> Any:
        """A small PNG, unlike any other."""

    def known(self, resource: str) -> str:
        """The id of an existing object."""

    def working(self, flow: str) -> str:
        """The id of an object of a flow that was just created."""

    def ended(self, flow: str) -> str:
        """The id of an object of a flow that has ended."""

    def input(self, kind: str) -> Any:
        """One input document."""

    def inputs(self, kind: str) -> list[Any]:
        """As many input documents as the scenario wants."""


Section = Literal["fixtures", "inputs", "resources", "flows"]
_WHAT: Mapping[Section, str] = {
    "fixtures": "fixture",
    "inputs": "kind of input",
    "resources": "resource",
    "flows": "flow",
}


@dataclass(frozen=True)
class Placeholder:
    """One placeholder.

    ``argument`` and ``meaning`` describe it in the documentation. ``section`` is the one of contract.yaml that declares what the
    argument names; ``wrong`` says what is wrong with another argument. ``in_words`` says what a request has that has it
    under a name. ``beside`` other keys its value is merged into the object around it. ``is_free``: it differs from version to
    version of an API. ``passes``: what it names may be over when its turn comes. ``is_nothing``: it names nothing on purpose.
    """

    name: str
    argument: str
    meaning: str
    fill: Callable[[Values, Any], Any]
    section: Section | None = None
    wrong: Callable[[Any], str | None] = lambda _: None
    in_words: Callable[[str, Any], str] | None = None
    beside: bool = False
    is_free: bool = False
    passes: bool = False
    is_nothing: bool = False

    @property
    def what(self) -> str:
        """What the argument names."""
        return "" if self.section is None else _WHAT[self.section]

    def declared(self, manifest: Manifest) -> Mapping[str, Any]:
        """What the argument may name."""
        found: Mapping[str, Any] = {} if self.section is None else getattr(manifest, self.section)
        return found


def _prefix_or_form(argument: Any) -> str | None:
    fits = isinstance(argument, str) or argument == {"format": "uuid"}
    return None if fits else "$unknown takes a prefix, or {format: uuid}"


def _count(argument: Any) -> str | None:
    fits = type(argument) is int and argument >= 1
    return None if fits else "$text takes a number of characters"


def _unknown(values: Values, argument: Any) -> str:
    if isinstance(argument, dict):
        return str(uuid.UUID(int=values.random.getrandbits(128), version=4))
    return str(argument) + "".join(values.random.choices(_ALPHABET, k=_LENGTH))


def _with(name: str, _: Any) -> str:
    return f"with {name}"


PLACEHOLDERS: dict[str, Placeholder] = {
    item.name: item
    for item in (
        Placeholder(
            "$fixture",
            "a fixture",
            "The value of the fixture; the first one of a list.",
            lambda values, name: values.fixture(name),
            section="fixtures",
            in_words=_with,
        ),
        Placeholder(
            "$input",
            "a kind of `inputs`",
            "The keys of one input document, beside the other keys of the object.",
            lambda values, kind: values.input(kind),
            section="inputs",
            beside=True,
        ),
        Placeholder(
            "$inputs",
            "a kind of `inputs`",
            "A list of input documents. The scenario chooses how many, and of which kinds.",
            lambda values, kind: values.inputs(kind),
            section="inputs",
        ),
        Placeholder(
            "$label",
            "a prefix",
            "A text that is new for every input.",
            lambda values, prefix: f"{prefix}{values.number()}",
        ),
        Placeholder(
            "$known",
            "a resource",
            "The id of an existing object: given, discovered, or created by this run.",
            lambda values, resource: values.known(resource),
            section="resources",
            in_words=lambda name, resource: f"with the {name} of a known {resource}",
            is_free=True,
        ),
        Placeholder(
            "$unknown",
            "a prefix, or `{format: uuid}` where ids are UUIDs",
            "An id that names nothing.",
            _unknown,
            wrong=_prefix_or_form,
            in_words=lambda name, _: f"whose {name} names nothing",
            is_free=True,
            is_nothing=True,
        ),
        Placeholder(
            "$fresh",
            "a prefix",
            "A text that no run has used before.",
            lambda values, prefix: f"{prefix}{values.mark()}",
        ),
        Placeholder(
            "$text",
            "a number",
            "A text of that many characters.",
            lambda _, size: "x" * size,
            wrong=_count,
            in_words=lambda name, size: f"with {name} of {size:,} characters",
        ),
        Placeholder(
            "$working",
            "a flow",
            "The id of an object of the flow that was just created.",
            lambda values, flow: values.working(flow),
            section="flows",
            in_words=lambda name, flow: f"with the {name} of a working {flow}",
            is_free=True,
            passes=True,
        ),
        Placeholder(
            "$ended",
            "a flow",
            "The id of an object of the flow that this run saw end.",
            lambda values, flow: values.ended(flow),
            section="flows",
            in_words=lambda name, flow: f"with the {name} of an ended {flow}",
            is_free=True,
        ),
        Placeholder(
            "$take",
            "a fixture that is a list",
            "The next value of the list, each once.",
            lambda values, name: values.take(name),
            section="fixtures",
        ),
        Placeholder(
            "$file",
            "a fixture that is a file",
            "The content of the local file.",
            lambda values, name: values.file(name),
            section="fixtures",
            in_words=_with,
        ),
        Placeholder(
            "$picture",
            "a name",
            "A small PNG of that name, unlike any other.",
            lambda values, name: values.picture(name),
        ),
    )
}


def alone(template: Any) -> tuple[str, Any] | None:
    """The name and the argument of what stands alone in an object as a placeholder does, whether there is one of this name or not."""
    if not isinstance(template, dict) or len(template) != 1:
        return None
    ((name, argument),) = template.items()
    return (name, argument) if str(name).startswith("$") else None


def arguments(template: Any, *sections: Section) -> Iterator[str]:
    """What the placeholders of a template name of these sections of contract.yaml."""
    if isinstance(template, dict):
        for key, child in template.items():
            placeholder = PLACEHOLDERS.get(key)
            if placeholder is not None and placeholder.section in sections and isinstance(child, str):
                yield child
            yield from arguments(child, *sections)
    elif isinstance(template, list):
        for child in template:
            yield from arguments(child, *sections)


def names_nothing(template: Any) -> bool:
    """Whether a template is an id that names nothing."""
    found = alone(template)
    return found is not None and found[0] in PLACEHOLDERS and PLACEHOLDERS[found[0]].is_nothing


def may_pass(template: str) -> bool:
    """Whether what a template, written out as text, names may be over when its turn comes."""
    return any(item.passes and item.name in template for item in PLACEHOLDERS.values())
