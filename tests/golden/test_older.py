"""A history that an earlier version wrote, byte for byte, is read as if it had today's names."""

from pathlib import Path

from batchproof.history import read_history

FOLDER = Path(__file__).parent
NAME = "internal_error_that_passes.ndjson"


def test_older_history_is_read() -> None:
    older, newer = (read_history(FOLDER / folder / NAME) for folder in ("older", "overturned"))
    assert any(exchange.control_of for exchange in older.exchanges)
    assert older._replace(sha256="") == newer._replace(sha256="")
