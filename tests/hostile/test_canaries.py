"""A server that works, and repeats secrets wherever a text can stand: none is in any artefact, or on a stream."""

import asyncio
import gzip
import itertools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.canaries import SECRETS, echoes, revealed

from .table import EITHER, Behaviour, always
from .trial import Limits, Secrets, attempt
from .wire import JSON, Request, Wire
from .world import World

FAULTS = ("created-at-drifts", "not-found-is-200", "list-loses-a-run")
ADDRESS = f"https://files.example.com/a.pdf?X-Amz-Signature={quote(SECRETS['presigned'], safe='')}"
CANARIES = Secrets(
    {
        "BATCHPROOF_TOKEN": SECRETS["token"],
        "SECOND": SECRETS["second"],
        "BATCHPROOF_WEBHOOK_SECRET": SECRETS["signing"],
        "HTTPS_PROXY": f"http://user:{quote(SECRETS['proxy'], safe='')}@proxy.example.com",
    },
    f"[target]\nheaders = {{x-workspace = {json.dumps(SECRETS['header'])}}}\n"
    f"[fixtures]\nfile_url = {json.dumps(ADDRESS)}\nsecond_token_env = 'SECOND'\n",
    revealed,
)


def _described(value: Any, echo: str) -> Any:
    """``value`` with the echo as a member, as a name, and in what it refuses."""
    if isinstance(value, list):
        return [_described(item, echo) for item in value]
    if not isinstance(value, dict):
        return value
    rest = {name: _described(item, echo) for name, item in value.items()}
    words = {name: f"{rest[name]} {echo}" for name in ("message", "failureMessage") if rest.get(name)}
    return {**rest, **words, "note": echo, echo: [{"signature": echo}]}


async def echoing(world: World, wire: Wire, request: Request) -> None:
    """Another secret in another encoding each time."""
    echo = world.memory.setdefault("echoes", itertools.cycle(echoes()))
    text = next(echo)
    healthy = await world.forward(request)
    body = json.dumps(_described(healthy.json, text)).encode() if healthy.body else b""
    if "receiver" in world.memory and world.requests % 8 == 0:
        await _delivered(world.memory["receiver"], text, next(echo))
    headers = [JSON, ("X-Echo", next(echo)), ("Location", f"/{text}"), ("Set-Cookie", f"a={text}")]
    if world.requests % 2:
        body = gzip.compress(body)
        headers.append(("Content-Encoding", "gzip"))
    await wire.answer(healthy.status, body, headers, text)


async def _delivered(port: int, *texts: str) -> None:
    """An event whose body, headers and name repeat ``texts``."""
    body = json.dumps(
        {"eventId": texts[0], "eventType": texts[1], "payload": {"id": texts[0], texts[1]: texts}}
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /hook HTTP/1.1\r\nHost: a\r\nX-Echo: {texts[1]}\r\nConnection: close\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    await reader.read()
    writer.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A run that sends its findings again in CI, and whole profiles as the whole proof."""
    if "limits" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--proof") == "whole"
        runs = [Limits(150, 20), Limits(150, 40, profile="core", only="test_batch_runs_to_its_end")]
        more = [Limits(3_000, 200, 1_200, "core"), Limits(3_000, 1_500, 1_200, "full")]
        runs += more if whole else []
        # what is echoed counts, however busy the machine is
        runs = [limits._replace(timeout_s=20) for limits in runs]
        metafunc.parametrize("limits", runs, ids=lambda limits: f"{limits.profile}-{limits.requests}")


def test_no_secret_is_in_an_artefact_or_on_a_stream(limits: Limits) -> None:
    receiver = limits.profile == "core"
    behaviour = Behaviour("echoing", "", EITHER, asked=echoing, when=always, receiver=receiver, faults=FAULTS)
    seen = attempt(behaviour, limits, CANARIES)
    assert (seen.wrong, seen.requests > 40) == ([], True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--target", "https://user:{}@api.example.com"),
        ("--target", "https//user:{}@api.example.com"),
        ("--target", "api.example.com?token={}"),
        ("--target", "https://api.example.com/#{}"),
        ("--target", "https://[user:{}@api.example.com"),
        ("--target", "http://127.0.0.1:9", "--webhook-url", "https://user:{}@hooks.example.com:x/hook"),
        ("--target", "http://127.0.0.1:9", "--webhook-listen", "user:{}@127.0.0.1:x"),
    ],
    ids=" ".join,
)
def test_password_in_a_mistyped_address_is_not_printed(
    batchproof: Callable[..., Any], arguments: tuple[str, ...]
) -> None:
    words = [word.format(SECRETS["proxy"]) for word in arguments]
    done = batchproof("run", *words, BATCHPROOF_TOKEN="tok_a_0123456789")
    assert (done.code, revealed(done.out + done.err)) == (2, [])
    assert "Traceback" not in done.err


@pytest.mark.parametrize("scheme", ["socks5", "htp", ""])
def test_password_in_the_address_of_a_proxy_is_not_printed(
    batchproof: Callable[..., Any], scheme: str
) -> None:
    address = f"{scheme}://user:{SECRETS['proxy']}@proxy.example.com:99999"
    done = batchproof(
        *("run", "--target", "http://api.example.com", "--profile", "quick"),
        BATCHPROOF_TOKEN="tok_a_0123456789",
        HTTP_PROXY=address,
    )
    assert (done.code in (2, 3), revealed(done.out + done.err)) == (True, [])
    assert "Traceback" not in done.err
