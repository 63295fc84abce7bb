"""What is going on, while scenarios run."""

from rich.console import Console
from rich.live import Live
from rich.text import Text

from batchproof.report.printable import visible


class Progress:
    """On a terminal one line that changes; elsewhere one plain line for every finished scenario."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._scenarios = 0
        self._requests = 0
        self._findings = 0
        self._live: Live | None = None
        if console.is_terminal:
            self._live = Live(console=console, auto_refresh=False, transient=True)
            self._live.start()

    def line(self, text: str) -> None:
        """Something to know before the first scenario, in lines that stay."""
        self._console.print(Text(text))

    def scenario(self, name: str, requests: int, findings: int, note: str = "") -> None:
        """A scenario has ended: what it sent, what it found, and what else there is to say (why it was skipped)."""
        self._scenarios += 1
        self._requests += requests
        self._findings += findings
        told = f"{visible(name)}: {_counts(requests, findings)}" + (f"; {visible(note)}" if note else "")
        if self._live is None:
            self._console.print(self._line(told), markup=False, highlight=False)
            return
        if findings:
            self._console.print(self._line(told, "red"), markup=False, highlight=False)
        status = (
            f"{self._scenarios} scenarios, {_counts(self._requests, self._findings)}; last: {visible(name)}"
        )
        self._live.update(self._line(status), refresh=True)

    def close(self) -> None:
        """Takes the changing line away. Closing twice does nothing."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _line(self, text: str, style: str = "") -> Text:
        encoding = self._console.encoding
        encodable = text.encode(encoding, "backslashreplace").decode(encoding)
        line = Text(encodable, style, no_wrap=True)
        line.truncate(self._console.width)
        return line


def _counts(requests: int, findings: int) -> str:
    return (
        f"{requests} request{'' if requests == 1 else 's'}, {findings} finding{'' if findings == 1 else 's'}"
    )
