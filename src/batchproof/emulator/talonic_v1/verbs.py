"""The verb that only this vendor's faults need."""

import uuid

from batchproof.emulator.verbs import ObjectVerb, Shown


class ShowAnother(ObjectVerb, frozen=True, kw_only=True):
    """An object has another id, the same for each operation, and its link leads there."""

    def change(self, shown: Shown) -> None:
        """Overwrite both."""
        old = shown.record.id
        new = str(uuid.uuid5(uuid.UUID(old), shown.call.operation))
        shown.put("id", new)
        shown.put("links.self", shown.at("links.self").replace(old, new))
