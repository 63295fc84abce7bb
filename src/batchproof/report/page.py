"""Lines on a console: wrapped to its width, in its encoding, never read as markup."""

from rich.console import Console
from rich.text import Text

from batchproof.report.printable import no_command

_SUBSTITUTES = (("→", "->"), ("…", "..."))


class Page:
    """Writes to one console. Colour is an addition; the text says everything without it."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def gap(self) -> None:
        """An empty line."""
        self._console.print()

    def text(self, text: str, *, indent: int = 0, label: str = "", style: str = "") -> None:
        """``text`` wrapped; what follows the first line hangs under the end of ``label``."""
        hanging = indent + len(label)
        width = max(self._console.width - hanging, 20)
        wrapped = Text(self._encodable(text)).wrap(self._console, width, overflow="fold")
        for number, line in enumerate(wrapped):
            line.rstrip()
            start = (" " * indent + label) if number == 0 else " " * hanging
            # a long text may have been cut just before what a CI runner takes for a command
            self._line(no_command(start + line.plain), style)

    def verbatim(self, text: str, *, indent: int = 0, style: str = "") -> None:
        """Lines that are meant to be copied or searched for: not wrapped."""
        for line in self._encodable(text).split("\n"):
            self._line(" " * indent + line, style)

    def _line(self, text: str, style: str) -> None:
        self._console.print(Text(text, style), soft_wrap=True, markup=False, highlight=False, emoji=False)

    def _encodable(self, text: str) -> str:
        encoding = self._console.encoding
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            for character, substitute in _SUBSTITUTES:
                text = text.replace(character, substitute)
            return text.encode(encoding, "backslashreplace").decode(encoding)
        return text
