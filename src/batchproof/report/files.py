"""Writes the reports of one judgement, each file whole or not at all."""

import os
from pathlib import Path

import msgspec

from batchproof.contract import Contract
from batchproof.history import History
from batchproof.history.inert import inert
from batchproof.json_values import Json
from batchproof.judging import Results, to_json
from batchproof.report.formats import attestation, badge, comment, ctrf
from batchproof.report.junit import junit
from batchproof.report.markdown import summary

RESULTS = "results.json"


def write_reports(folder: Path, contract: Contract, results: Results, history: History) -> None:
    """Writes ``results.json``, and whatever is made of it. Raises ``OSError``."""
    results_json = inert(to_json(_encodable(results)).decode()).encode()
    write_whole(folder / RESULTS, results_json)
    write_from(folder, contract, results, history, results_json)


def write_from(
    folder: Path, contract: Contract, results: Results, history: History, results_json: bytes
) -> list[Path]:
    """Writes what is made of ``results`` and ``history``; ``results_json`` are the bytes of ``results.json``.

    Returns the files. Raises ``OSError``.
    """
    # most commands write no page, and its templates take long to load
    from batchproof.report.html import html_report  # noqa: PLC0415

    contents = {
        "junit.xml": junit(results, history),
        "summary.md": _utf_8(summary(results, history)),
        "comment.md": _utf_8(comment(results, history)),
        "ctrf.json": ctrf(results, history),
        "badge.json": badge(results),
        "test-result.intoto.json": attestation(results, history, results_json),
        "report.html": _utf_8(html_report(contract, results, history)),
    }
    for name, content in contents.items():
        write_whole(folder / name, content)
    return [folder / name for name in contents]


def _utf_8(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


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


def _without_surrogates(value: Json) -> Json:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value
