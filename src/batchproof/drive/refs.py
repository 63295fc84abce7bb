"""How drivers name an object of the server."""

from typing import NamedTuple


class Ref(NamedTuple):
    """One object: its resource and id."""

    resource: str
    id: str
