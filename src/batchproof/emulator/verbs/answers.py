"""Verbs that change whole answers: their status, their body, their headers."""

from copy import deepcopy
from dataclasses import replace
from itertools import count
from typing import Any

from msgspec import UNSET, field

from batchproof.emulator.behaviour import Behaviour
from batchproof.emulator.exchange import Answer, Call, JsonObject

from .base import OneOrMore, Verb, several
from .shown import Shown

OK = 200


class AnswerVerb(Verb, frozen=True, kw_only=True):
    """Changes the answers of some operations that come with one of these statuses; with none given, all.

    Paths lead into the body; `record.` leads to the answer itself.
    """

    of: OneOrMore
    answered: int | list[int] = OK

    def plant(self, behaviour: Behaviour) -> None:
        """Let every answer of the operations be changed."""

        def hook(answer: Answer, call: Call) -> Answer:
            return self.change(answer, call, behaviour) if self.meets(answer, call) else answer

        for operation in several(self.of):
            behaviour.on_answer(operation, hook)

    def meets(self, answer: Answer, call: Call) -> bool:
        """Whether this answer is one that it changes."""
        return (self.answered == [] or answer.status in several(self.answered)) and self.fits(
            Shown(answer.body, answer, call)
        )

    def change(self, answer: Answer, call: Call, behaviour: Behaviour) -> Answer:
        """The answer in its place."""
        raise NotImplementedError


class Reply(AnswerVerb, frozen=True, kw_only=True):
    """Another status, another body or more members of it, other headers."""

    status: int | None = None
    body: Any = UNSET
    values: JsonObject = field(default_factory=dict)
    headers: dict[str, str] | None = None

    def change(self, answer: Answer, call: Call, behaviour: Behaviour) -> Answer:  # noqa: ARG002
        """The answer with what is given."""
        body = answer.body if self.body is UNSET else deepcopy(self.body)
        return replace(
            answer,
            status=answer.status if self.status is None else self.status,
            body=body | deepcopy(self.values) if self.values else body,
            headers=answer.headers if self.headers is None else self.headers,
        )


class Enclose(AnswerVerb, frozen=True, kw_only=True):
    """The body stands in an array."""

    def change(self, answer: Answer, call: Call, behaviour: Behaviour) -> Answer:  # noqa: ARG002
        """The answer with that body."""
        return replace(answer, body=[answer.body])


class Refuse(AnswerVerb, frozen=True, kw_only=True):
    """An error, in the form of the vendor; only each of so many answers, if that is given."""

    status: int = 400
    message: str = "The request cannot be answered."
    every: int = 1

    def plant(self, behaviour: Behaviour) -> None:
        """Count the answers of the operations."""
        calls = count(1)

        def hook(answer: Answer, call: Call) -> Answer:
            refused = self.meets(answer, call) and next(calls) % self.every == 0
            return behaviour.refusal(self.status, self.message, call) if refused else answer

        for operation in several(self.of):
            behaviour.on_answer(operation, hook)


class ReplyAsBefore(AnswerVerb, frozen=True, kw_only=True):
    """What is refused is answered with the last success of the operation, `renamed` to the id in the path."""

    answered: int | list[int] = field(default_factory=list)
    renamed: bool = False

    def plant(self, behaviour: Behaviour) -> None:
        """Keep the last success of each operation."""
        last: dict[str, Answer] = {}

        def hook(answer: Answer, call: Call) -> Answer:
            if answer.status == OK:
                last[call.operation] = answer
                return answer
            known = last.get(call.operation)
            if known is None or not self.meets(answer, call):
                return answer
            return Answer(OK, known.body | {"id": call.path["id"]}) if self.renamed else known

        for operation in several(self.of):
            behaviour.on_answer(operation, hook)


class Headers(Verb, frozen=True, kw_only=True):
    """The headers that stand on every answer: without some, with others, or with what they were in the place of `%s`."""

    drop: OneOrMore = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)

    def plant(self, behaviour: Behaviour) -> None:
        """Change the headers of every answer."""

        def hook(headers: dict[str, str], call: Call) -> None:
            if not self.fits(Shown({}, None, call)):
                return
            for name in several(self.drop):
                headers.pop(name, None)
            headers.update(self.values)
            headers.update({name: form % headers[name] for name, form in self.forms.items()})

        behaviour.on_headers(hook)


VERBS = (Reply, Enclose, Refuse, ReplyAsBefore, Headers)
