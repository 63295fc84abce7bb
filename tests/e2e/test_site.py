"""The documentation site: every requirement has a card, and no link is broken."""

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from batchproof.contract import installed_contracts, load_contract
from tools.site.staging import relinked

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "tools.site", "--output", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500)
    assert (done.returncode, done.stdout) == (0, "")
    return folder


@pytest.mark.parametrize("name", installed_contracts())
def test_every_requirement_has_one_card(site: Path, name: str) -> None:
    pages = (site / "catalogue" / name.replace("/", "-")).glob("*.html")
    shown = [
        found
        for page in pages
        if page.stem not in {"index", "questions"}
        for found in re.findall(r'<h2 id="([^"]+)"', page.read_text("utf-8"))
    ]
    assert sorted(shown) == sorted(load_contract(name).requirements)


@pytest.mark.parametrize("name", installed_contracts())
def test_every_contradiction_has_a_question(site: Path, name: str) -> None:
    page = (site / "catalogue" / name.replace("/", "-") / "questions.html").read_text("utf-8")
    wanted = [row.id for row in load_contract(name).requirements.values() if row.interpretations]
    assert re.findall(r'<h2 id="([^"]+)"', page) == wanted


@pytest.mark.parametrize(
    ("page", "heading"),
    [("reports.html", "Reports"), ("ci.html", "In CI"), ("kept-reports.html", "What is kept of runs")],
)
def test_no_page_has_taken_the_place_of_another(site: Path, page: str, heading: str) -> None:
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", (site / page).read_text("utf-8")) == [heading]


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "reports" / "sample").iterdir()))
def test_every_sample_is_there(site: Path, name: str) -> None:
    (link,) = re.findall(rf'href="(samples/{name}/[^"]+)"', (site / "samples.html").read_text("utf-8"))
    assert "<h1" in (site / link).read_text("utf-8")


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    page = (site / "index.html").read_text("utf-8")
    assert re.findall(r'(?:src|rel="stylesheet" href)="(?:https?:)?//[^"]+"', page) == []


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, *_: Any) -> None:
        pass


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; apt-get install chromium brings it")
def test_the_cards_are_found_by_a_search(site: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
            page = browser.new_page(viewport={"width": 1_440, "height": 900})
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
            page.locator("[data-md-component=search-query]").fill("holds at most maxPageSize runs")
            found = page.locator(".md-search-result__link")
            found.first.wait_for(timeout=60_000)
            links = [link.get_attribute("href") or "" for link in found.all()]
            browser.close()
        server.shutdown()
    assert [link for link in links if "list_extract_runs.max_page_size" in link] != []
    assert said == []


def test_links_lead_to_where_the_site_shows_a_page() -> None:
    shown = {"docs/guides/vendor.md": "guides/vendor.md", "schemas/README.md": "contract-language.md"}
    text = "[the language](../../schemas/README.md#rows), [the licence](../../LICENSE), [RFC](https://example.com/)"
    assert relinked(text, "docs/guides/vendor.md", shown) == (
        "[the language](../contract-language.md#rows), the licence, [RFC](https://example.com/)"
    )
