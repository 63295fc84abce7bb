"""Files of the current folder are never executed, whatever their names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# modules that the standard library, pytest or this project import by these names
NAMES = ("secrets", "json", "httpx", "conftest", "sitecustomize", "pytest", "yaml", "starlette")


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """A folder whose Python files leave a trace when they are executed."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'trace')!r}, 'a').write({name!r})\n")
    return tmp_path


@pytest.mark.parametrize("more", [(), ("--", "-k", "test")], ids=["plan", "pytest"])
def test_run_imports_nothing_from_there(
    trapped: Path, program: Callable[..., Any], more: tuple[str, ...]
) -> None:
    done = program("run", "--profile", "quick", "--contract", "talonic/v1", *more, cwd=trapped)
    assert (done.code, (trapped / "trace").exists()) == (0, False)
