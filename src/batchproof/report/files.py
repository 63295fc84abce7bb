"""Writes the reports of one judgement, each file whole or not at all."""

import os
from pathlib import Path
from typing import Any

import msgspec

from batchproof.contract import Contract
from batchproof.history import History
from batchproof.history.inert import inert
from batchproof.judge import Results, to_json
from batchproof.report.junit import junit
from batchproof.report.markdown import summary


def write_reports(folder: Path, contract: Contract, results: Results, history: History) -> None:
    """Writes ``results.json``, ``junit.xml``, ``summary.md`` and ``report.html``. Raises ``OSError``."""
    contents = {
        "results.json": inert(to_json(_encodable(results)).decode()).encode(),
        "junit.xml": junit(results, history),
        "summary.md": summary(results, history).encode("utf-8"),
    }
    for name, content in contents.items():
        write_whole(folder / name, content)
    write_page(folder, contract, results, history)


def write_page(folder: Path, contract: Contract, results: Results, history: History) -> None:
    """Writes ``report.html``. Raises ``OSError``."""
    # most commands write no page, and its templates take long to load
    from batchproof.report.html import html_report  # noqa: PLC0415

    page = html_report(contract, results, history)
    write_whole(folder / "report.html", page.encode("utf-8", "backslashreplace"))


def write_whole(file: Path, content: bytes) -> None:
    """Replaces ``file`` at once; when that fails, the earlier file is still there. Raises ``OSError``."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        # nobody knows the other one
        raise OSError(error.errno, error.strerror, str(file)) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _encodable(results: Results) -> Results:
    """``results`` without lone surrogates, which JSON text may escape but UTF-8 cannot hold."""
    return msgspec.convert(_without_surrogates(msgspec.to_builtins(results)), Results)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value
