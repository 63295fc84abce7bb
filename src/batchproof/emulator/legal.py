"""Unusual but legal behaviour that no vendor's documentation excludes: every emulator has these variants."""

from . import clocks, edge, replica, tricks
from .behaviour import Behaviour
from .registry import Registry

registry: Registry[Behaviour] = Registry()
variant = registry.variant

variant("replica-behind")(replica.behind)
variant("lists-behind")(replica.lists_behind)
variant("coarse-clock")(clocks.coarse)
variant("fine-clock")(clocks.fine)
variant("fractional-offset-times")(tricks.fractional_offset_times)
variant("cdn-in-front")(edge.network_in_front)
variant("gzip")(tricks.gzip)


@variant("new-properties-named-like-others")
def named_like_others(behaviour: Behaviour) -> None:
    """New properties are a compatible change, whatever their names; here they have names that mean something elsewhere."""
    address = "https://files.example.com/presigned"
    tricks.add(behaviour, success=True, presignedUrl=address, presigned_url=address)
