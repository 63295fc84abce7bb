"""A browser that works with an API while real tools record: Chromium's developer tools, Playwright, and mitmproxy."""

import base64
import hashlib
import json
import os
import shutil
import socket
import socketserver
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from batchproof import emulator
from batchproof.serving import Server

from .front import Front

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MITMDUMP = HERE / "mitmproxy" / "bin" / "mitmdump"
TOKEN = "tok_canary_of_a_browser_7d1f"
COOKIE = "canary-of-a-cookie-5e8b"
_WAIT = 60.0
# RFC 6455, section 1.3
_ACCEPTED = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# what the button "Export HAR" does; sanitized is its default
_EXPORT = """async (sanitize) => {
  const [har, logs, common] = await Promise.all(
    ["models/har/har", "models/logs/logs", "core/common/common"].map((at) => import(`/devtools/${at}.js`)));
  const requests = logs.NetworkLog.NetworkLog.instance().requests()
    .filter((request) => ["http", "https"].includes(request.parsedURL.scheme));
  const pieces = [];
  const file = { write: async (piece) => pieces.push(piece) };
  await har.Writer.Writer.write(file, requests, { sanitize }, new common.Progress.Progress());
  return pieces.join("");
}"""
_WATCHING = """async (url) => {
  const logs = await import("/devtools/models/logs/logs.js");
  return logs.NetworkLog.NetworkLog.instance().requests().some((request) => request.url() === url);
}"""


def record(contract: str, folder: Path, *, through_a_proxy: bool) -> str:
    """Records what a browser does, with every tool there is, in files below ``folder``; the address of the API is returned."""
    # slow enough for a page to see what is on its way
    app = emulator.create_app(contract, step_ms=200)
    with (
        emulator.Server(app) as behind,
        Server(Front(behind.url, COOKIE)) as api,
        Server(Front(behind.url, COOKIE)) as pages,
        _sockets() as sockets,
        _proxy(folder if through_a_proxy else None) as arguments,
    ):
        headers = {"authorization": f"Bearer {TOKEN}"}
        if contract.startswith("extend/"):
            headers["x-extend-api-version"] = contract.partition("/")[2]
        about = {"api": api.url, "sockets": sockets, "contract": contract, "headers": headers}
        # a page of the API's own address, and one of another, for which the browser asks first
        place = (api if through_a_proxy else pages).url
        _browse(f"{place}/app/page.html#{quote(json.dumps(about))}", arguments, folder)
        return api.url


def _browse(url: str, arguments: list[str], folder: Path) -> None:
    debugging = _free_port()
    arguments = [f"--remote-debugging-port={debugging}", "--remote-allow-origins=*", *arguments]
    # addresses of this machine go through a proxy, too, but not what the tools ask the browser
    arguments.append(f"--proxy-bypass-list=<-loopback>;127.0.0.1:{debugging}")
    # Chromium has no sandbox for root
    arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        context = browser.new_context(record_har_path=folder / "playwright.har")
        page = context.new_page()
        tools = _tools(browser.new_context().new_page(), debugging, page)
        page.goto(url)
        assert page.evaluate("window.ended") == "ended"
        for name, sanitize in (("devtools", False), ("sanitized", True)):
            (folder / f"{name}.har").write_text(tools.evaluate(_EXPORT, sanitize))
        context.close()
        browser.close()


def _tools(tools: Page, port: int, page: Page) -> Page:
    """Chromium's own developer tools, opened in ``tools`` for ``page``."""
    known = f"http://127.0.0.1:{port}/json/version"
    page.goto(known)
    (target,) = [
        item["id"]
        for item in json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=_WAIT))
        if item["type"] == "page" and item["url"] == known
    ]
    tools.goto(f"http://127.0.0.1:{port}/devtools/inspector.html?ws=127.0.0.1:{port}/devtools/page/{target}")
    until = time.monotonic() + _WAIT
    while True:
        page.goto(known)
        try:
            if tools.evaluate(_WATCHING, known):
                return tools
        except Exception:
            # the tools are not there yet
            if time.monotonic() > until:
                raise
        assert time.monotonic() < until, "the developer tools see no request"
        tools.wait_for_timeout(100)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port


@contextmanager
def _proxy(folder: Path | None) -> Iterator[list[str]]:
    """Starts mitmproxy, which writes a file when it ends; gives what tells Chromium to go through it."""
    if folder is None:
        yield []
        return
    port = _free_port()
    command = [str(MITMDUMP), "-q", "--listen-host", "127.0.0.1", "--listen-port", str(port)]
    command += ["--set", f"hardump={folder / 'mitmproxy.har'}", "--set", f"confdir={folder / 'authority'}"]
    with subprocess.Popen(command) as process:
        try:
            _listening(port)
            yield [f"--proxy-server=http://127.0.0.1:{port}"]
        finally:
            process.terminate()


def _listening(port: int) -> None:
    until = time.monotonic() + _WAIT
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < until, "mitmproxy does not listen"
            time.sleep(0.05)
        else:
            return


class _Handshake(socketserver.StreamRequestHandler):
    """Opens a web socket, says one thing, and hears one."""

    def handle(self) -> None:
        key = ""
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            key = value.strip() if name.lower() == "sec-websocket-key" else key
        accept = base64.b64encode(hashlib.sha1((key + _ACCEPTED).encode()).digest()).decode()
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
        self.wfile.write("\r\n".join([*lines, f"Sec-WebSocket-Accept: {accept}", "", ""]).encode())
        self.wfile.write(b"\x81\x02hi")
        self.rfile.read(2)


@contextmanager
def _sockets() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handshake) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        address: Any = server.server_address
        yield f"ws://127.0.0.1:{address[1]}"
        server.shutdown()
