"""What stands there now: the targets of the variants, those together that have the same."""

from batchproof.upgrade.change import After
from batchproof.upgrade.mapping import ALL, Map, filled
from batchproof.upgrade.model import Fate, Life

LISTED = "is on no list of compatible changes"


def afters(mapped: Map, targets: dict[str, str]) -> list[After]:
    """Where it is now, by variant."""
    found: dict[str, list[str]] = {}
    for variant, target in targets.items():
        found.setdefault(target, []).append(variant)
    return [
        After(
            variants=[] if len(variants) == len(mapped.variants) else [one for one in variants if one != ALL],
            at=target,
            note=None,
        )
        for target, variants in found.items()
    ]


def unmapped(mapped: Map, fate: Fate | Life) -> list[After]:
    """What the file says of something that is outside or gone, by variant."""
    text = fate.outside or fate.gone or ""
    described = afters(
        mapped, {variant: filled(mapped.migration, text, variant) for variant in mapped.variants}
    )
    return [After(variants=after.variants, at=None, note=after.at) for after in described]


def allowed_by(row: str | None) -> str:
    """Why an addition has its grade; ``row`` is the requirement that allows it."""
    if row is None:
        return "nothing says that an addition is compatible"
    return f"the vendor counts it among its compatible changes ({row})"
