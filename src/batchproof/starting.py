"""Where the program begins: signals count from the first moment on, though what it needs takes a second to load."""

import sys
from typing import NoReturn

from batchproof import interruption


def main() -> NoReturn:
    """The command line. Ends the process."""
    interruption.install()
    try:
        from batchproof import cli  # noqa: PLC0415 - later than the handlers of signals
    except KeyboardInterrupt:
        print("batchproof: interrupted", file=sys.stderr)  # noqa: T201 - nothing else is loaded yet
        sys.exit(130)
    cli.main()
