"""The documentation site: every requirement has a card, and no link is broken."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from batchproof.contract import installed_contracts, load_contract
from tools.site.staging import relinked

ROOT = Path(__file__).parents[2]


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
    wanted = [row.id for row in load_contract(name).requirements.values() if row.readings]
    assert re.findall(r'<h2 id="([^"]+)"', page) == wanted


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    page = (site / "index.html").read_text("utf-8")
    assert re.findall(r'(?:src|rel="stylesheet" href)="(?:https?:)?//[^"]+"', page) == []


def test_links_lead_to_where_the_site_shows_a_page() -> None:
    shown = {"docs/guides/vendor.md": "guides/vendor.md", "schemas/README.md": "contract-language.md"}
    text = "[the language](../../schemas/README.md#rows), [the licence](../../LICENSE), [RFC](https://example.com/)"
    assert relinked(text, "docs/guides/vendor.md", shown) == (
        "[the language](../contract-language.md#rows), the licence, [RFC](https://example.com/)"
    )
