"""Which operation of a contract a request calls, by its method and the path of its address."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from batchproof.contract import Contract

_PARAMETER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Route(NamedTuple):
    """An operation that a request calls; ``before`` is what stands before its path, ``path`` are its parameters."""

    operation: str
    before: str
    path: dict[str, str]


class Routes:
    """The methods and paths of a contract."""

    def __init__(self, contract: Contract) -> None:
        # what is written out goes before what a parameter may stand for
        operations = sorted(
            contract.manifest.operations.items(), key=lambda item: (item[1].path.count("{"), item[0])
        )
        self._known = [
            (name, operation.method, re.compile(f"(.*?){pattern_of(operation.path).pattern}"))
            for name, operation in operations
        ]

    def find(self, method: str, path: str, before: str) -> Route | None:
        """The operation that ``method`` and ``path`` call on a server whose paths begin with ``before``."""
        found = (route for route in self.candidates(method, path) if route.before == before)
        return next(found, None)

    def candidates(self, method: str, path: str) -> Iterator[Route]:
        """Every operation whose path ends ``path``, whatever stands before it."""
        for name, known, pattern in self._known:
            match = pattern.fullmatch(path) if known == method.upper() else None
            if match is not None:
                named = {key: unquote(value) for key, value in match.groupdict().items()}
                yield Route(name, match.group(1), named)


def pattern_of(path: str) -> re.Pattern[str]:
    """What every path looks like whose form is ``path``, with names in braces."""
    parts = _PARAMETER.split(path)
    return re.compile(
        "".join(f"(?P<{part}>[^/]+)" if number % 2 else re.escape(part) for number, part in enumerate(parts))
    )
