"""A command loads what it needs, and nothing else: what the modules are tells that on any machine."""

import json
import subprocess
import sys

import pytest

from batchproof.cli import COMMANDS, commands

HEAVY = {"_pytest", "hypothesis", "jsonschema", "pytest", "schemathesis"}
# what ``--version`` has no use for, besides
MORE = {
    "batchproof.contract",
    "httpx",
    "jinja2",
    "jsonschema_rs",
    "msgspec",
    "rich",
    "starlette",
    "uvicorn",
    "yaml",
}


def loaded(program: str) -> set[str]:
    """The modules that are loaded when a process of its own has run ``program``."""
    listing = "import atexit, json, sys; atexit.register(lambda: print(json.dumps(list(sys.modules))))\n"
    done = subprocess.run(
        [sys.executable, "-c", listing + program], capture_output=True, text=True, timeout=120, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_version_loads_neither_contracts_nor_libraries() -> None:
    program = "sys.argv = ['batchproof', '--version']\nfrom batchproof.starting import main\nmain()"
    modules = loaded(program)
    assert "batchproof.cli" in modules
    assert modules & (HEAVY | MORE) == set()


@pytest.mark.parametrize("command", ["judge", "record", "report", "serve", "upgrade"])
def test_command_that_generates_nothing_loads_no_generator(command: str) -> None:
    modules = loaded(f"import batchproof.commands.{command}")
    assert f"batchproof.commands.{command}" in modules
    assert modules & HEAVY == set()


def test_the_table_of_commands_is_that_of_the_modules() -> None:
    assert [(name, commands.get_command(None, name).name) for name in COMMANDS] == [
        (name, name) for name in COMMANDS
    ]
    assert sorted(COMMANDS) == list(COMMANDS)


def test_a_name_that_is_no_command_is_told() -> None:
    assert commands.get_command(None, "of_a_run") is None
