"""Secrets of every kind in every encoding, echoed by a server wherever it can: none is in any artefact, or on a stream."""

import base64
import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from batchproof.emulator import Server

SECRETS = {
    "token": "sk/token+8f7e6d5c4b3a==",
    "second": "sk/second&7e6d5c4b3a29",
    "signing": "wss_signing<6d5c4b3a2918>",
    "header": "hdr/tenant+5c4b3a291807",
    "presigned": "sig/presigned+4b3a29180706",
    "proxy": "prx/password+3a2918070605",
}
ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda secret: quote(secret, safe=""),
    "percent-twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "percent-of-each-byte": lambda secret: "".join(f"%{byte:02x}" for byte in secret.encode()),
    "html": html.escape,
    "html-numbers": lambda secret: "".join(f"&#{ord(letter)};" for letter in secret),
    "json-again": lambda secret: json.dumps(json.dumps(secret)),
    "json-of-each-letter": lambda secret: "".join(f"\\u{ord(letter):04x}" for letter in secret),
    "hex": lambda secret: secret.encode().hex(),
    "base64": lambda secret: base64.b64encode(b"user:" + secret.encode()).decode(),
    "base64-for-urls": lambda secret: base64.urlsafe_b64encode(b"x" + secret.encode()).decode(),
    "base32": lambda secret: base64.b32encode(b"xy" + secret.encode()).decode(),
}
# what is unlike anything else in a secret, whatever stands around it
MARKS = {name: re.search("[0-9a-f]{12}", secret) for name, secret in SECRETS.items()}


def echoes() -> Iterator[str]:
    for secret in SECRETS.values():
        yield from (encode(secret) for encode in ENCODINGS.values())


def echoing(status: int) -> Starlette:
    async def answer(request: Request) -> JSONResponse:
        told = list(echoes())
        row = {"object": "batch_run", "id": told[0], "status": told[1], "batchId": told[2], "url": told[3]}
        body = {
            "object": "list",
            "data": [{**row, "id": text} for text in told],
            "code": told[-1],
            "message": " ".join(told),
            "nextPageToken": told[5],
            **{text: text for text in told},
            **row,
        }
        headers = {f"x-echo-{number}": text for number, text in enumerate(told)}
        headers["set-cookie"] = f"session={told[1]}"
        headers["x-amz-security-token"] = told[1]
        return JSONResponse(body, status, headers=headers)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "DELETE"])])


def revealed(text: str) -> list[str]:
    """The secrets whose mark stands in ``text``, which is read in every way that a reader may think of."""
    layers = [text.lower()]
    for _ in range(4):
        plainer = html.unescape(unquote(layers[-1]))
        layers.append(re.sub(r"\\+u([0-9a-f]{4})", lambda match: chr(int(match.group(1), 16)), plainer))
    layers += [word for run in set(re.findall(r"[A-Za-z0-9+/_-]{16,}", text)) for word in unpacked(run)]
    return [name for name, mark in MARKS.items() if mark and any(mark.group() in layer for layer in layers)]


def unpacked(run: str) -> Iterator[str]:
    for skipped in range(8):
        rest = run[skipped:].replace("-", "+").replace("_", "/")
        yield base64.b64decode(rest + "A" * (-len(rest) % 4)).decode("latin-1")
        if re.fullmatch("[A-Z2-7]{16,}", run):
            yield base64.b32decode(run[skipped:] + "A" * (-len(run[skipped:]) % 8)).decode("latin-1")
    if re.fullmatch("[0-9a-f]{16,}", run):
        yield bytes.fromhex(run[: len(run) // 2 * 2]).decode("latin-1")


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
    batchproof: Callable[..., Any], tmp_path: Path, status: int, more: tuple[str, ...]
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
        done = batchproof(
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
    assert {"history.ndjson", "results.json", "junit.xml", "summary.md"} <= set(files)
    assert {name: found for name, found in files.items() if found} == {}
    history = (folder / "history.ndjson").read_text()
    assert {"x-echo-1", "$BATCHPROOF_TOKEN", "$SECOND", "$HEADER_X_WORKSPACE", "$HTTPS_PROXY"} <= set(
        re.findall(r"x-echo-1(?=\")|\$[A-Z_]+[A-Z]", history)
    )


def test_artefact_that_holds_a_secret_is_removed_and_the_run_says_so(
    batchproof: Callable[..., Any], tmp_path: Path
) -> None:
    # a word that reports have from the catalogue, where nobody looks for secrets
    word = "batch_run.status.enum"
    with Server(echoing(200)) as server:
        done = batchproof(
            *("run", "--target", server.url, "--profile", "quick", "--max-requests", "20"),
            *("--output", str(tmp_path / "out")),
            BATCHPROOF_TOKEN=word,
        )
    left = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert (done.code, left) == (4, ["history.ndjson", "summary.md"])
    assert done.err.endswith(
        "batchproof: a secret stood in junit.xml, results.json; removed, because a defect of batchproof "
        "had put it there\n"
    )
    assert word not in done.out
