"""The sample reports in Debian's Chromium, from disk: what a person sees who opens one."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tools.samples import RUNS, SAMPLES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SECTIONS = [
    "Claim",
    "Findings",
    "What was not established, and what would establish it",
    "Requirements by operation and aspect",
    "Life cycles",
    "What the documentation does not settle",
    "Breadth, cost and pace",
    "Configuration, versions, hashes, and how to reproduce",
]
NARROW, WIDE = 400, 1_440
WORST = "five-faults"
TABS = 100
# contrasts take axe most of its time: both schemes of the sample that has every mark are enough
WITHOUT_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}
LOOKED_AT = [
    (WORST, "light", {}),
    (WORST, "dark", {}),
    *[(name, "light", WITHOUT_CONTRAST) for name in RUNS if name != WORST],
]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium; apt-get install chromium brings it"
)


class Opened(NamedTuple):
    """A sample in the browser; ``said`` is what went to the console or failed, ``asked`` what was loaded."""

    page: Page
    said: list[str]
    asked: list[str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Chromium has no sandbox for root
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Opened]]:
    contexts = []

    def open_sample(name: str, width: int = WIDE, scheme: Any = "light") -> Opened:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((SAMPLES / name / "report.html").as_uri())
        return Opened(page, said, asked)

    yield open_sample
    for context in contexts:
        context.close()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")


@pytest.mark.parametrize("name", RUNS)
def test_it_opens_in_silence_with_its_sections_in_order(opened: Callable[..., Opened], name: str) -> None:
    page, said, asked = opened(name)
    assert page.locator("h2").all_text_contents() == SECTIONS
    tops = [heading.bounding_box() for heading in page.locator("h2").all()]
    assert [top["y"] for top in tops if top] == sorted(top["y"] for top in tops if top)
    assert (said, asked) == ([], [page.url])


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("name", RUNS)
def test_nothing_sticks_out_to_the_right(opened: Callable[..., Opened], name: str, width: int) -> None:
    page = opened(name, width).page
    widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    assert page.evaluate(widths) == [width, width]
    unfold(page)
    assert page.evaluate(widths) == [width, width]


@pytest.mark.parametrize("name", RUNS)
def test_the_keyboard_unfolds_and_folds(opened: Callable[..., Opened], name: str) -> None:
    page = opened(name).page
    focused = "document.activeElement.tagName"
    presses = 0
    while page.evaluate(focused) != "SUMMARY" and presses < TABS:
        page.keyboard.press("Tab")
        presses += 1
    assert page.evaluate(focused) == "SUMMARY"
    state = []
    for key in ("Enter", "Enter", "Space", "Space"):
        page.keyboard.press(key)
        state.append(page.evaluate("document.activeElement.parentElement.open"))
    assert state == [True, False, True, False]


@pytest.mark.parametrize("name", RUNS)
def test_it_is_light_or_dark_as_the_reader_prefers(opened: Callable[..., Opened], name: str) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    seen = [opened(name, scheme=scheme).page.evaluate(colour) for scheme in ("light", "dark")]
    assert seen == ["rgb(255, 255, 255)", "rgb(20, 23, 26)"]


@pytest.mark.parametrize(("name", "scheme", "options"), LOOKED_AT)
def test_axe_finds_no_violation(
    opened: Callable[..., Opened], name: str, scheme: str, options: dict[str, Any]
) -> None:
    page = opened(name, NARROW, scheme).page
    # all that a finding holds; what is folded elsewhere is made of the same elements
    page.evaluate("document.querySelectorAll('.card details').forEach(item => { item.open = true })")
    result = Axe().run(page, options={"resultTypes": ["violations"], **options})
    assert result.violations_count == 0, result.generate_report()


def test_a_link_from_the_table_unfolds_what_it_leads_to(opened: Callable[..., Opened]) -> None:
    page = opened(WORST).page
    link = page.locator(".cells td a").first
    target = page.locator(f"id={(link.get_attribute('href') or '').removeprefix('#')}")
    assert not target.is_visible()
    link.click()
    assert target.is_visible()
