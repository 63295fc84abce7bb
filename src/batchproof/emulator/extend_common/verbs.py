"""The verb that only this vendor's faults need."""

from collections.abc import Callable, Container

from msgspec import field

from batchproof.emulator.behaviour import Behaviour
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.verbs import OneOrMore, Shown, Verb, said_members, several

from .behaviour import Behaviour as ExtendBehaviour

_REFUSED = (400, 404)


class Accept(Verb, frozen=True, kw_only=True):
    """What is refused is answered like the last request that was accepted, under a new id.

    The answer holds the object `under` a name, or is the object.
    """

    of: OneOrMore
    prefix: str
    under: str | None = None
    refused: int | list[int] = field(default_factory=lambda: list(_REFUSED))

    def plant(self, behaviour: Behaviour) -> None:
        """Keep the last success of each operation."""
        assert isinstance(behaviour, ExtendBehaviour)

        def when(call: Call) -> bool:
            return self.fits(Shown({}, None, call))

        for operation in several(self.of):
            accept(behaviour, operation, self.prefix, when, refused=several(self.refused), under=self.under)


def accept(
    behaviour: ExtendBehaviour,
    operation: str,
    prefix: str,
    when: Callable[[Call], bool],
    *,
    refused: Container[int] = _REFUSED,
    under: str | None = None,
) -> None:
    """Do so where a request is as it says. A batch has as many runs as the request has inputs."""
    last: list[JsonObject] = []

    def pretend(answer: Answer, call: Call) -> Answer:
        if answer.status == 200:
            last[:] = [answer.body]
        elif last and answer.status in refused and when(call):
            if under is not None:
                named = last[0][under] | {"id": behaviour.new_id(prefix)}
                return Answer(200, last[0] | {under: named})
            body = last[0] | {"id": behaviour.new_id(prefix)}
            inputs = said_members(call).get("inputs")
            return Answer(200, body | {"runCount": len(inputs)} if isinstance(inputs, list) else body)
        return answer

    behaviour.on_answer(operation, pretend)
