"""What a run came to, from whatever is left of it: its folder, its results, or its history."""

from pathlib import Path

import msgspec

from batchproof import older_names
from batchproof.contract import load_contract
from batchproof.errors import BatchproofError
from batchproof.folders import HISTORY
from batchproof.history import read_history
from batchproof.judging import Results, judge
from batchproof.judging.results import FORMAT

RESULTS = "results.json"


class ResultsError(BatchproofError):
    """A file of results cannot be used. The message is one line that names it and the remedy."""


def read_run(run: Path, contract: str | None = None) -> Results:
    """The results in ``run``, a folder or a file; those of a history are judged, by ``contract`` or by its own.

    Raises ``ResultsError``, ``HistoryError`` or ``ContractError``.
    """
    if run.is_dir():
        run = next((run / name for name in (RESULTS, HISTORY) if (run / name).is_file()), run / HISTORY)
    if run.suffix == ".json":
        return _read(run)
    history = read_history(run)
    return judge(load_contract(contract or history.header.contract), history)


def _read(file: Path) -> Results:
    try:
        results = msgspec.convert(older_names.of_results(msgspec.json.decode(file.read_bytes())), Results)
    except OSError as error:
        raise ResultsError(f"{file}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ResultsError(f"{file}: holds no results: {error}; give the history of the run") from error
    if results.format != FORMAT:
        raise ResultsError(f"{file}: is of another format than {FORMAT}; give the history of the run")
    return results
