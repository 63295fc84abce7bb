"""The embedded emulator in a process of its own: it shares no interpreter with what asks it, so both can work at once."""

import json
import signal
import subprocess
import sys
from collections.abc import Collection
from datetime import datetime
from types import TracebackType
from typing import Self

from batchproof.memory import collect_rarely

from .embedded import Embedded

_START = "from batchproof.emulator.subprocess import serve; serve()"


class InSubprocess:
    """Serves an emulator of `contract` while the context is open: `url` is its address, `control` that of its clock."""

    def __init__(
        self,
        contract: str,
        *,
        seed: int = 0,
        tokens: Collection[str] | None = None,
        start: datetime | None = None,
    ) -> None:
        """The arguments are those of `Embedded`."""
        self._about = {
            "contract": contract,
            "seed": seed,
            "tokens": None if tokens is None else list(tokens),
            "start": None if start is None else start.isoformat(),
        }
        self._process: subprocess.Popen[str] | None = None
        self._described: dict[str, str] = {}

    @property
    def url(self) -> str:
        """The base address of the API. Waits until the server listens; raises `RuntimeError` when it never does."""
        return self._address("url")

    @property
    def control(self) -> str:
        """The address of the clock; otherwise like `url`."""
        return self._address("control")

    def __enter__(self) -> Self:
        """Start the process, which takes a second; who does not ask for `url` yet can do something else meanwhile.

        Raises `OSError` when no process can be started.
        """
        # tokens go through the pipe: an argument could be read by every user of the machine
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a constant
            # -P: a json.py in the current folder is none of ours
            [sys.executable, "-P", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(self._about) + "\n")
        self._process.stdin.flush()
        return self

    def _address(self, name: str) -> str:
        if not self._described:
            line = ""
            if self._process is not None and self._process.stdout is not None:
                line = self._process.stdout.readline()
            if not line:
                raise RuntimeError("the emulator did not start")
            self._described = json.loads(line)
        return self._described[name]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the process and wait for its end."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


def serve() -> None:
    """What the process does: reads what to serve, says where, and serves until its input ends."""
    # a signal to the group reaches this process too; the one that asks still needs its server then, and ends it itself
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    collect_rarely()
    about = json.loads(sys.stdin.readline())
    start = about.pop("start")
    begun = None if start is None else datetime.fromisoformat(start)
    with Embedded(about.pop("contract"), start=begun, **about) as server:
        print(json.dumps({"url": server.url, "control": server.control}), flush=True)  # noqa: T201 - the answer
        sys.stdin.read()
