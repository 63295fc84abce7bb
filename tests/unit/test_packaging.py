"""What the package says of itself holds: to pip of every age, beside anything, and on the page of the package index."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
GROUPS = PROJECT["dependency-groups"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKED = {
    line.partition("==")[0].lower(): line
    for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    if line and not line.startswith((" ", "#"))
}


def members(group: str) -> set[str]:
    """The requirements of a dependency group, and of those that it includes."""
    found: set[str] = set()
    for item in GROUPS[group]:
        found |= members(item["include-group"]) if isinstance(item, dict) else {item}
    return found


def test_extras_say_what_the_dependency_groups_say() -> None:
    assert set(EXTRAS["test"]) == members("test")
    assert set(EXTRAS["dev"]) - {"batchproof[test]"} | set(EXTRAS["test"]) == members("dev")


def test_dependencies_have_lower_bounds_and_exclusions_only() -> None:
    bounds = [
        bound.strip()
        for needed in PROJECT["project"]["dependencies"]
        for bound in re.split(r"(?=[<>=!~])", needed, maxsplit=1)[1].split(",")
    ]
    assert [bound for bound in bounds if not bound.startswith((">=", "!="))] == []
    assert PROJECT["project"]["requires-python"] == ">=3.11"


@pytest.mark.parametrize("extra", ["test", "dev"])
def test_lock_has_an_exact_version_of_everything_that_is_named(extra: str) -> None:
    named = [*PROJECT["project"]["dependencies"], *EXTRAS[extra]]
    names = {re.split(r"[\[<>=!~]", needed)[0].lower() for needed in named} - {"batchproof"}
    assert names - set(LOCKED) == set()
    assert [line for line in LOCKED.values() if not re.match(r"[\w.-]+==[\w.]+( ;.*)?$", line)] == []


def test_links_of_the_readme_lead_somewhere_on_the_package_index() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (rule,) = PROJECT["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]
    shown = re.sub(rule["pattern"], rule["replacement"], readme)
    links = re.findall(r"\]\(([^)]+)\)", shown)
    home = PROJECT["project"]["urls"]["Source"]
    ours = [link.removeprefix(f"{home}/blob/main/") for link in links if link.startswith(home)]
    assert [link for link in links if not link.startswith("https://")] == []
    assert "docs/upgrading.md" in ours
    assert [link for link in ours if not (ROOT / link.partition("#")[0]).exists()] == []


def test_wheel_holds_the_tables_of_faults() -> None:
    """They are files of the package, which the wheel takes as it is."""
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["src/batchproof"]
    assert "exclude" not in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    tables = {file.parent.name for file in (ROOT / "src/batchproof/emulator").glob("*/faults.yaml")}
    assert tables == {"extend_2025_04_21", "extend_2026_02_09", "talonic_v1"}
