"""The pytest fixture ``batchproof_recorder``: what a test sends and gets is judged when the test has ended, and fails it.

Load it with ``pytest_plugins = ["batchproof.pytest_recorder"]``; it is no entry point, so it never loads into anyone
else's tests.
"""

import io
import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from batchproof.recording import Recorder

_RECORDER: pytest.StashKey["Recorder"] = pytest.StashKey()
_WIDTH = 80
_UNUSED = "nothing went through batchproof_recorder; use it: httpx.Client(transport=batchproof_recorder)"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("batchproof_contract", "the contract that batchproof_recorder judges by")
    parser.addini("batchproof_base_url", "the address of the server that batchproof_recorder judges")


@pytest.fixture
def batchproof_recorder(request: pytest.FixtureRequest) -> Iterator["Recorder"]:
    """A transport for a client of httpx. When the test has ended, what went through it fails the test if it breaks a MUST.

    The contract is that of ``batchproof_contract`` in the configuration of pytest, or of the variable ``BATCHPROOF_CONTRACT``.
    """
    from batchproof.client import ConfigError  # noqa: PLC0415
    from batchproof.contract import ContractError  # noqa: PLC0415 - half a second that only tests with a recorder need
    from batchproof.recording import Recorder  # noqa: PLC0415

    contract = request.config.getini("batchproof_contract") or os.environ.get("BATCHPROOF_CONTRACT")
    try:
        recorder = Recorder(contract or None, base_url=request.config.getini("batchproof_base_url") or None)
    except (ConfigError, ContractError) as error:
        pytest.fail(f"batchproof: {error}", pytrace=False)
    request.node.stash[_RECORDER] = recorder
    yield recorder
    recorder.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Judges what the test sent and got. A test that fails by itself is left as it is."""
    result = yield
    recorder = item.stash.get(_RECORDER, None)
    if recorder is not None:
        _judge(recorder)
    return result


def _judge(recorder: "Recorder") -> None:
    from rich.console import Console  # noqa: PLC0415

    from batchproof.bars import bar_of  # noqa: PLC0415
    from batchproof.client import ConfigError  # noqa: PLC0415
    from batchproof.history import HistoryError  # noqa: PLC0415
    from batchproof.report.terminal import print_failures  # noqa: PLC0415

    if not recorder.tape.count:
        pytest.fail(f"batchproof: {_UNUSED}", pytrace=False)
    contract = recorder.tape.contract
    try:
        results, history = recorder.judge(lambda recorded: bar_of(None, None, None, contract, recorded))
    except (ConfigError, HistoryError) as error:
        pytest.fail(f"batchproof: {error}", pytrace=False)
    if results.failing:
        text = io.StringIO()
        print_failures(results, history, Console(file=text, width=_WIDTH, highlight=False))
        pytest.fail(text.getvalue(), pytrace=False)
