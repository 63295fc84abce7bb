"""An observed difference in a few words."""

from batchproof.upgrade.wire.observation import Seen


def what(seen: Seen) -> str:
    """What is different, without where it was seen."""
    match seen.kind:
        case "renamed" | "moved":
            return f"{seen.before} is {seen.after} now"
        case "absent" | "omitted":
            return f"is not there any more (it was {seen.before})"
        case "present" | "new":
            return f"is there now ({seen.after})"
        case "unset":
            return "is null now, and was absent"
        case "nulled":
            return f"is null now, and was {seen.before}"
        case "filled":
            return f"is {seen.after} now, and was null"
        case "type" | "value":
            return f"is {seen.after} now, and was {seen.before}"
        case "status":
            return f"is answered with {seen.after} now, and was with {seen.before}"
        case "refused":
            return f"is refused now with {seen.after}, and was accepted"
        case "accepted":
            return f"is accepted now, and was refused with {seen.before}"
        case "header-absent":
            return "is not sent any more"
        case "header-new":
            return "is sent now"
        case "order":
            return f"rows are sorted otherwise: {seen.after} now, {seen.before} before"
        case "page":
            return f"a page has {seen.after} rows now, and had {seen.before}, with more behind it"
        case "first-state":
            return f"what was created is {seen.after} at first, and was {seen.before}"
        case "state-skipped":
            return f"{seen.before} is never seen any more"
        case "state-new":
            return f"{seen.after} is seen now"
        case "end":
            return f"ends {seen.after} now, and ended {seen.before}"
