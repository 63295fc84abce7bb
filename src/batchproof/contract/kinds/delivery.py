"""``each: delivery``: one delivery of a webhook."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from batchproof.contract import pointer
from batchproof.contract.kinds.kind import About, Declared, Kind, Written
from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.variables import CREATED, CREATION, HEADERS, SELF, Variable
from batchproof.contract.model import Invariant
from batchproof.contract.problems import Problem
from batchproof.contract.reachable import Place
from batchproof.contract.shown import Shown
from batchproof.contract.webhooks import RECEIVER


class Delivery(Kind):
    """Every delivery whose body could be read."""

    name = "delivery"
    on = 'a resource that events carry, or `"*"` for all deliveries'
    where = "in every delivery of an event of {on}"
    any = "any type"
    timed = False
    own_variables = (
        Variable("event", "any", "The body of the delivery.", "the event", "{} of the event"),
        SELF._replace(
            type="any or null", meaning="The payload, or null for an unknown type.", is_subject=False
        ),
        HEADERS._replace(meaning="The headers of the delivery, in lower case."),
        Variable("method", "text or null", "The method of the delivery, or null.", "the method"),
        CREATED._replace(type="text or null", meaning="The operation that created the object, or null."),
        CREATION._replace(meaning="The body of the request that created the object, or null."),
        Variable(
            "after",
            "object or null",
            "`status` and `body` of the first read of the object that began after the delivery had arrived, or null.",
            "a look after the call",
            "{} after the call",
        ),
        Variable(
            "earlier",
            "any or null",
            "The body of the first delivery with the same id, or null.",
            "the first delivery of the event",
            "{} of the first delivery",
        ),
    )

    def subjects(self, declared: Declared) -> Collection[str]:
        """The resources."""
        return declared.manifest.resources

    def problems(self, written: Written, declared: Declared) -> Iterator[Problem]:
        """No event carries the resource."""
        webhooks, on = declared.manifest.webhooks, written.invariant.on
        if webhooks is None:
            remedy = "is about deliveries, and contract.yaml has no section `webhooks`"
            yield written.wrong(remedy, "on", missing="webhooks")
            return
        carried = sorted({event.resource for event in webhooks.events.values()})
        if on not in ("*", *carried):
            remedy = f"is about deliveries on {on}, which no event carries; use `*` or one of: {', '.join(carried)}"
            yield written.wrong(remedy, "on", missing=on)

    def operations(self, invariant: Invariant, declared: Declared) -> frozenset[str]:  # noqa: ARG002 - whatever it is about
        """The receiver."""
        return frozenset({RECEIVER})

    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        """The envelope, the payload, and what creates the object."""
        webhooks = shown.manifest.webhooks
        if webhooks is None:
            return {}
        events = [event for event in webhooks.events.values() if invariant.on in ("*", event.resource)]
        return {
            "event": shown.reachable.root(webhooks.envelope.schema),
            "self": shown.reachable.root(*(event.schema for event in events)),
            "request": shown.creation(invariant.on),
        }

    def subject(self, about: About) -> str:
        """The type of the event."""
        event = pointer.first(about.variables.get("event"), "/eventType")
        return f"webhook {about.described(event)}" if isinstance(event, str) else "webhook"

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each delivery."""
        return offered.deliveries(invariant.on)
