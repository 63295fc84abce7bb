import io
import re

from rich.console import Console

from batchproof.report import Progress


def test_one_plain_line_a_scenario() -> None:
    stream = io.StringIO()
    progress = Progress(Console(file=stream, width=80))
    progress.scenario("test_batches", 12, 0, "")
    progress.scenario("test_\x1b[2Jlists[a]", 1, 2, "skipped: [bold]no batch is known" + "x" * 100)
    progress.close()
    progress.close()
    first, second = stream.getvalue().splitlines()
    assert first == "test_batches: 12 requests, 0 findings"
    assert second.startswith("test_\\x1b[2Jlists[a]: 1 request, 2 findings; skipped: [bold]no batch")
    assert len(second) <= 80


def test_a_live_line_on_a_terminal() -> None:
    stream = io.StringIO()
    progress = Progress(Console(file=stream, width=80, force_terminal=True, color_system=None))
    progress.scenario("test_one", 2, 0, "")
    progress.scenario("test_two", 3, 1, "")
    progress.close()
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())
    assert "2 scenarios, 5 requests, 1 finding; last: test_two" in text
    assert "test_two: 3 requests, 1 finding\n" in text


def test_a_console_that_knows_only_ascii() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    progress = Progress(Console(file=stream, width=80))
    progress.scenario("té→st", 0, 0, "")
    progress.close()
