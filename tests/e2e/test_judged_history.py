"""``batchproof judge HISTORY --output DIR`` leaves a folder that other commands can read."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batchproof.history import Exchange, Footer, Header, Request, Response
from batchproof.history.writer import line_of
from tests.hars import har, write
from tests.upgrades import BASE, OLD, RUN, SENT, creation

Run = Callable[..., Any]


@pytest.fixture
def history(tmp_path: Path) -> Path:
    exchange = Exchange(
        id="m1",
        scenario="traffic",
        operation="create_processor_run",
        start=0.0,
        end=1.0,
        request=Request(method="POST", url=f"{BASE}/processor_runs", headers=OLD, body=SENT),
        response=Response(status=200, body={"success": True, "processorRun": RUN}),
    )
    header = Header(
        suite="1",
        contract="extend/2025-04-21",
        profile="core",
        seed=0,
        started_at="2026-01-01T00:00:00Z",
        target=BASE,
    )
    file = tmp_path / "older.ndjson"
    file.write_text("".join(map(line_of, (header, exchange, Footer(ended=1.0, exchanges=1)))))
    return file


def test_the_history_stands_beside_its_reports(batchproof: Run, tmp_path: Path, history: Path) -> None:
    done = batchproof("judge", "older.ndjson", "--output", "out")
    assert (done.code, done.err) == (1, "")
    kept = tmp_path / "out" / "history.ndjson"
    assert kept.read_bytes() == history.read_bytes()
    page = (tmp_path / "out" / "report.html").read_bytes()
    history.unlink()
    done = batchproof("report", "out")
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "out" / "report.html").read_bytes() == page


def test_judging_it_again_moves_nothing_away(batchproof: Run, tmp_path: Path, history: Path) -> None:
    for file in ("older.ndjson", "older.ndjson", "out/history.ndjson"):
        batchproof("judge", file, "--output", "out")
        assert (tmp_path / "out" / "history.ndjson").read_bytes() == history.read_bytes()
    assert not (tmp_path / "out" / "earlier").exists()


def test_another_history_takes_its_place(batchproof: Run, tmp_path: Path, history: Path) -> None:
    batchproof("judge", "older.ndjson", "--output", "out")
    other = shutil.copy(history, tmp_path / "other.ndjson")
    Path(other).write_text(history.read_text().replace('"seed":0', '"seed":1'))
    batchproof("judge", "other.ndjson", "--output", "out")
    assert (tmp_path / "out" / "history.ndjson").read_bytes() == Path(other).read_bytes()
    assert (tmp_path / "out" / "earlier" / "1" / "history.ndjson").read_bytes() == history.read_bytes()


def test_a_har_file_is_not_copied_and_report_says_what_to_do(batchproof: Run, tmp_path: Path) -> None:
    write(tmp_path / "traffic.har", har(creation()))
    done = batchproof("judge", "traffic.har", "--contract", "extend/2025-04-21", "--output", "out")
    assert (done.code, done.err.count("Traceback")) == (1, 0)
    assert not (tmp_path / "out" / "history.ndjson").exists()
    done = batchproof("report", "out")
    assert (done.code, done.err) == (
        2,
        (
            "batchproof: out/history.ndjson: does not exist, so these are reports on a HAR file or on deliveries; "
            "make them anew from that: batchproof judge FILE --output out\n"
        ),
    )
