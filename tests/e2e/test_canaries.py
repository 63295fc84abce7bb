"""Secrets of every kind in every encoding, echoed by a server wherever it can: none is in any artefact, or on a stream."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from batchproof.emulator import Server
from batchproof.folders import REPORTS
from tests.canaries import ENCODINGS, SECRETS, echoes, revealed


def echoing(status: int) -> Starlette:
    async def answer(request: Request) -> JSONResponse:
        described = list(echoes())
        row = {
            "object": "batch_run",
            "id": described[0],
            "status": described[1],
            "batchId": described[2],
            "url": described[3],
        }
        body = {
            "object": "list",
            "data": [{**row, "id": text} for text in described],
            "code": described[-1],
            "message": " ".join(described),
            "nextPageToken": described[5],
            **{text: text for text in described},
            **row,
        }
        headers = {f"x-echo-{number}": text for number, text in enumerate(described)}
        headers["set-cookie"] = f"session={described[1]}"
        headers["x-amz-security-token"] = described[1]
        return JSONResponse(body, status, headers=headers)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "DELETE"])])


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", SECRETS)
def test_reader_of_this_test_finds_every_echo(name: str, encoding: str) -> None:
    assert name in revealed(f"told {ENCODINGS[encoding](SECRETS[name])} here")


@pytest.mark.parametrize(
    ("status", "more"),
    [(200, ()), (400, ()), (200, ("--", "--showlocals", "-rA", "--log-cli-level=DEBUG", "-k", "batch"))],
    ids=["accepted", "refused", "pytest"],
)
def test_no_secret_is_in_an_artefact_or_on_a_stream(
    program: Callable[..., Any], tmp_path: Path, status: int, more: tuple[str, ...]
) -> None:
    config = tmp_path / "canaries.toml"
    address = f"https://files.example.com/a.pdf?X-Amz-Signature={quote(SECRETS['presigned'], safe='')}"
    config.write_text(
        f"[target]\nheaders = {{x-workspace = {json.dumps(SECRETS['header'])}}}\n"
        f"[fixtures]\nfile_url = {json.dumps(address)}\nsecond_token_env = 'SECOND'\n"
        "[limits]\npoll_timeout_s = 1\npoll_interval_s = 0.1\n"
    )
    folder = tmp_path / "out"
    with Server(echoing(status)) as server:
        done = program(
            *("run", "--target", server.url, "--config", str(config), "--output", str(folder)),
            *("--profile", "quick", "--max-runs", "20", "--max-requests", "60"),
            *("--webhook-url", "http://127.0.0.1:0/hook", *more),
            BATCHPROOF_TOKEN=SECRETS["token"],
            SECOND=SECRETS["second"],
            BATCHPROOF_WEBHOOK_SECRET=SECRETS["signing"],
            HTTPS_PROXY=f"http://user:{quote(SECRETS['proxy'], safe='')}@proxy.example.com",
        )
    assert done.code in (1, 3), done.err
    assert revealed(done.out + done.err) == []
    files = {file.name: revealed(file.read_text()) for file in folder.rglob("*") if file.is_file()}
    assert {"history.ndjson", *REPORTS} <= set(files)
    assert {name: found for name, found in files.items() if found} == {}
    history = (folder / "history.ndjson").read_text()
    assert {"x-echo-1", "$BATCHPROOF_TOKEN", "$SECOND", "$HEADER_X_WORKSPACE", "$HTTPS_PROXY"} <= set(
        re.findall(r"x-echo-1(?=\")|\$[A-Z_]+[A-Z]", history)
    )


def test_artefact_that_holds_a_secret_is_removed_and_the_run_says_so(
    program: Callable[..., Any], tmp_path: Path
) -> None:
    # a sentence that reports have from the catalogue, where nobody looks for secrets; a word would be refused
    word = "The status of a batch is one of PENDING, PROCESSING, PROCESSED, FAILED, CANCELLED."
    with Server(echoing(200)) as server:
        done = program(
            *("run", "--target", server.url, "--profile", "quick", "--max-requests", "20"),
            *("--output", str(tmp_path / "out")),
            BATCHPROOF_TOKEN=word,
        )
    left = sorted(file.name for file in (tmp_path / "out").iterdir())
    removed = ["ctrf.json", "report.html", "results.json"]
    assert (done.code, left) == (4, sorted({"history.ndjson", *REPORTS} - set(removed)))
    assert done.err.endswith(
        f"batchproof: a secret stood in {', '.join(removed)}; removed, because a defect of "
        "batchproof had put it there\n"
    )
    assert word not in done.out
