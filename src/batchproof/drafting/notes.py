"""What was left out of a draft, and why: one line each."""


class Notes:
    """Collects the lines. What holds in many places is one line that counts them and names the first."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def add(self, at: str, described: str) -> None:
        """``described`` holds at the place ``at`` of the document; no place means the document as a whole."""
        self._places.setdefault(described, []).append(at)

    def lines(self) -> list[str]:
        """The lines, in the order in which they came up."""
        return [_line(described, list(dict.fromkeys(places))) for described, places in self._places.items()]


def _line(described: str, places: list[str]) -> str:
    first, *others = places
    if not first:
        return described
    more = f" (and {len(others)} more place{'' if len(others) == 1 else 's'})" if others else ""
    return f"{first}{more}: {described}"
