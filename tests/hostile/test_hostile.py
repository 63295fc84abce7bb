"""Hostile servers end no run in a way that lies: a sample in CI, all of them as the whole proof."""

import pytest

from .behaviours import ALL
from .page import PAGE, named
from .trial import attempt

SAMPLE = (
    "resets-after-the-request",
    "silent",
    "drips-headers",
    "storm-of-interim-answers",
    "certificate-of-an-unknown-authority",
    "content-length-twice",
    "gzip-bomb-in-a-bomb",
    "body-of-deep-arrays",
    "ids-with-commands",
    "page-token-that-grows",
    "redirects-to-another-host",
    "limited-for-thirty-years",
    "echoes-all-it-is-told",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Which behaviours are tried."""
    if "name" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--proof") == "whole"
        metafunc.parametrize("name", list(ALL) if whole else SAMPLE)


def test_run_against_a_hostile_server(name: str) -> None:
    assert attempt(ALL[name]).wrong == []


def test_page_has_a_row_of_each_behaviour() -> None:
    assert named(PAGE.read_text()) == set(ALL)
