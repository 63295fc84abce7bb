"""Whether anybody still reads what is printed, asked without printing anything."""

import errno
import os
import select
from typing import IO


def check_reader(stream: IO[str]) -> None:
    """Raises ``BrokenPipeError`` where ``stream`` is a pipe whose reader has gone."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):
        return
    asked = select.poll()
    asked.register(number, 0)
    if any(event & select.POLLERR for _, event in asked.poll(0)):
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
