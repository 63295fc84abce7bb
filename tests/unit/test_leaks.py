"""The last look: an artefact that holds a secret is removed, and the run says so."""

from pathlib import Path
from urllib.parse import quote

import pytest

from batchproof import leaks
from batchproof.leaks import LeakError, check

SECRETS = {"MY_TOKEN": "sk/canary+9f8e7d6c"}
DESCRIBED = "removed, because a defect of batchproof had put it there"


def test_artefact_with_a_secret_is_removed_and_named(tmp_path: Path) -> None:
    (tmp_path / "replays").mkdir()
    texts = {
        "history.ndjson": '{"a": "sk/canary+9f8e7d6c"}',
        "results.json": "{}",
        "summary.md": quote(quote("sk/canary+9f8e7d6c", safe="")),
        "report.html": "<p>sk/canary&#43;9f8e7d6c</p>",
        "replays/1.json": "sk\\/canary&#43;9f8e7d6c",
        "token.txt": "sk/canary+9f8e7d6c",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(LeakError) as leak:
        check(tmp_path, SECRETS)
    assert (
        str(leak.value)
        == f"a secret stood in history.ndjson, replays/1.json, report.html, summary.md; {DESCRIBED}"
    )
    left = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.*") if file.is_file())
    assert left == ["results.json", "token.txt"]


def test_secret_between_two_pieces_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "_STEP", 100)
    (tmp_path / "summary.md").write_text("x" * 95 + "sk/canary+9f8e7d6c")
    with pytest.raises(LeakError):
        check(tmp_path, SECRETS)


def test_artefacts_without_secrets_stay(tmp_path: Path) -> None:
    (tmp_path / "summary.md").write_text("$MY_TOKEN")
    check(tmp_path, SECRETS)
    assert (tmp_path / "summary.md").is_file()
