"""A run goes on with what was spent, and with what was on its way when it was killed."""

from pathlib import Path

import pytest

from batchproof.client import ConfigError, Options, Settings
from batchproof.folders import HISTORY, SPENDING
from batchproof.history import Exchange, Header, History, Request, Spent, Unanswered, read_history
from batchproof.history.writer import line_of
from batchproof.resuming import opened, tidy
from batchproof.session import configure

CONTRACT = "extend/2026-02-09"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    options = Options(
        contract=CONTRACT, target="http://127.0.0.1:9", max_runs=20, max_requests=50, output=str(tmp_path)
    )
    return configure(options, {"BATCHPROOF_TOKEN": "tok_resuming_1b7f"})[1]


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """The folder of a run that was killed: three requests are on record, and four documents."""
    head = Header(
        suite="1",
        contract=CONTRACT,
        profile="core",
        seed=0,
        started_at="2026-01-01T00:00:00Z",
        target="http://127.0.0.1:9",
        scenarios=["one"],
    )
    sent = [
        Exchange(
            id=f"x{number}",
            scenario="one",
            operation=None,
            start=number,
            end=number + 1,
            request=Request(method="GET", url="http://127.0.0.1:9"),
            documents=documents,
        )
        for number, documents in enumerate((0, 1, 3))
    ]
    (tmp_path / HISTORY).write_text("".join(map(line_of, [head, *sent])))
    return tmp_path


def spends(folder: Path, requests: int, documents: int) -> None:
    (folder / SPENDING).write_text(f'{{"requests": {requests}, "documents": {documents}}}\n')


def spent(history: History) -> Spent:
    return Spent(requests=history.requests_spent, documents=history.documents_spent)


def test_what_was_on_its_way_counts_as_spent(killed: Path, settings: Settings) -> None:
    spends(killed, 5, 6)
    history = opened(killed, settings)
    assert history.unanswered == (Unanswered(requests=2, documents=2),)
    assert spent(history) == Spent(requests=5, documents=6)
    # killed again before it has sent anything
    assert opened(killed, settings).unanswered == history.unanswered
    # and again, with one more on its way
    spends(killed, 6, 6)
    assert opened(killed, settings).unanswered == (
        Unanswered(requests=2, documents=2),
        Unanswered(requests=1, documents=0),
    )


@pytest.mark.parametrize("content", ["", '{"requests": 3, "documents": 4}', '{"requests": 1}'])
def test_what_is_on_record_counts_once(killed: Path, settings: Settings, content: str) -> None:
    (killed / SPENDING).write_text(content)
    history = opened(killed, settings)
    assert (history.unanswered, spent(history)) == ((), Spent(requests=3, documents=4))


def test_file_of_somebody_else_is_refused(killed: Path, settings: Settings) -> None:
    (killed / SPENDING).write_text("nothing")
    before = (killed / HISTORY).read_bytes()
    with pytest.raises(
        ConfigError, match=r"spending\.json: does not say what the run has spent; start a new run"
    ):
        opened(killed, settings)
    assert (killed / HISTORY).read_bytes() == before


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ('{"requests": 3, "documents": 4}', False),
        ('{"requests": 4, "documents": 4}', True),
        ('{"requests": 3, "documents": 5}', True),
        ("nothing", True),
    ],
)
def test_file_goes_once_the_history_says_all_of_it(killed: Path, content: str, kept: bool) -> None:
    (killed / SPENDING).write_text(content)
    tidy(killed, read_history(killed / HISTORY))
    assert (killed / SPENDING).exists() is kept
