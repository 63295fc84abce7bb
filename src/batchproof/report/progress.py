"""What is going on, while scenarios run."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from rich.console import Console
from rich.live import Live
from rich.text import Text

from batchproof.report.printable import visible
from batchproof.report.reader import check_reader

_BAR = 40
# seconds between two lines that stay: a long run says something less and less often
_SHORTEST = 10.0
_LONGEST = 300.0
_SHARE = 0.5
# after so long without a word, people think that a program hangs
_SILENCE = 60.0


class Progress:
    """On a terminal a few lines that change; elsewhere a line every ten seconds or less often, and one a minute at least.

    ``verbose`` is one line that stays for every finished scenario. ``clock`` counts seconds.
    """

    def __init__(
        self, console: Console, *, verbose: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console
        self._verbose = verbose
        self._clock = clock
        self._began = clock()
        self._described = self._began
        self._expected = 0
        self._scenarios = 0
        self._requests = 0
        self._findings = 0
        self._found = ""
        self._over = threading.Event()
        self._live: Live | None = None
        if console.is_terminal and not console.is_dumb_terminal:
            self._live = Live(console=console, auto_refresh=False, transient=True)
            self._live.start()

    def line(self, text: str) -> None:
        """Something to know before the first scenario, in lines that stay."""
        self._console.print(Text(text))

    def expect(self, scenarios: int) -> None:
        """How many scenarios there are to be, from now on."""
        self._expected = scenarios
        threading.Thread(target=self._break_silences, name="progress", daemon=True).start()

    def scenario(self, name: str, requests: int, findings: int, note: str = "") -> None:
        """A scenario has ended: what it sent, what it found, and what else there is to say (why it was skipped)."""
        self._scenarios += 1
        self._requests += requests
        self._findings += findings
        if findings:
            self._found = visible(name)
        if self._verbose:
            described = f"{visible(name)}: {_counts(requests, findings)}" + (
                f"; {visible(note)}" if note else ""
            )
            self._described = self._clock()
            self._console.print(self._line(described, "red" if findings else ""))
        if self._live is not None:
            self._described = self._clock()
            self._show(f"last: {visible(name)}")
        elif not self._verbose:
            self._now_and_then()

    def phase(self, text: str) -> None:
        """What is done after the last scenario, where there is somebody to see it."""
        if self._live is not None:
            self._show(text)

    def close(self) -> None:
        """Takes the changing lines away. Closing twice does nothing."""
        self._over.set()
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _break_silences(self) -> None:
        while not self._over.wait(_SILENCE / 4):
            with suppress(OSError):
                self.still_there()

    def still_there(self) -> None:
        """Says so after a minute in which no scenario ended: one may wait for an object that takes its time."""
        now = self._clock()
        if now - self._described < _SILENCE:
            return
        self._described = now
        if self._live is not None:
            self._show("waiting")
        else:
            self._console.print(self._line(f"{self._state()}; waiting"))

    def _show(self, doing: str) -> None:
        assert self._live is not None
        lines = [self._line(text) for text in (self._bar(), self._state(), doing) if text]
        if self._found:
            lines.append(self._line(f"first looks are wrong, last in {self._found}", "red"))
        self._live.update(Text("\n").join(lines), refresh=True)

    def _now_and_then(self) -> None:
        # who goes away between two lines would be noticed too late: each further request may cost something
        check_reader(self._console.file)
        now = self._clock()
        pause = min(max(_SHORTEST, (self._described - self._began) * _SHARE), _LONGEST)
        if now - self._described >= pause:
            self._described = now
            self._console.print(self._line(self._state()))

    def _state(self) -> str:
        of = f" of {self._expected}" if self._expected else ""
        seconds = int(self._clock() - self._began)
        scenarios = "scenario" if self._scenarios == 1 and not of else "scenarios"
        counted = f"{self._scenarios}{of} {scenarios}, {_counts(self._requests, self._findings)}"
        return f"{counted}, {seconds // 60}:{seconds % 60:02}"

    def _bar(self) -> str:
        if not self._expected:
            return ""
        done = min(self._scenarios * _BAR // self._expected, _BAR)
        return f"[{'#' * done}{'.' * (_BAR - done)}]"

    def _line(self, text: str, style: str = "") -> Text:
        encoding = self._console.encoding
        encodable = text.encode(encoding, "backslashreplace").decode(encoding)
        line = Text(encodable, style, no_wrap=True)
        line.truncate(self._console.width)
        return line


def _counts(requests: int, findings: int) -> str:
    return f"{_of(requests, 'request')}, {_of(findings, 'finding')}"


def _of(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
