"""The folders of the tests: each is collected, but for the scenarios that `batchproof run` runs."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_folder_but_the_scenarios_is_collected() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    folders = {
        f"tests/{test.relative_to(ROOT / 'tests').parts[0]}" for test in ROOT.glob("tests/*/**/test_*.py")
    }
    assert set(options["testpaths"]) == folders - {"tests/conformance"}
