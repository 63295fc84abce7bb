"""``batchproof replay``: sends the requests of a finding again."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from batchproof.client import ConfigError, Options
from batchproof.commands import options
from batchproof.commands.inputs import Input
from batchproof.console import console
from batchproof.contract import ContractError
from batchproof.failing import EXIT_BROKEN, described
from batchproof.leaks import LeakError
from batchproof.replay import ScriptError, replay
from batchproof.replay.again import LATEST
from batchproof.report.page import Page
from batchproof.saying import fail

REPLAY_CODES = """\b
Exit codes:
  0    the server keeps the requirement now
  1    the server is still wrong
  2    bad usage or configuration
  3    nothing could be told
"""


@click.command("replay", epilog=REPLAY_CODES)
@click.argument("finding", type=Input("a file in the replays folder of a report, or its name", names=LATEST))
@options.contract
@options.target
@options.token_env
@options.token_file
@options.ca_file
@options.config
@options.max_runs
@options.output
def replay_command(finding: Path, **given: Any) -> None:
    """Send the requests of one finding again, and tell whether the server is still wrong.

    FINDING is a file in the replays folder of a report, or the name of one in
    reports/latest/replays. Without --target the server is the one that the
    finding is from; the embedded emulator, if it was that.

    Example: batchproof replay reports/latest/replays/0f3a9c1d2b4e5f60.json
    """
    try:
        sys.exit(replay(finding, Options(**given), os.environ, Page(console()).verbatim))
    except (ConfigError, ContractError, ScriptError) as error:
        fail(error)
    except LeakError as error:
        fail(error, EXIT_BROKEN)
    except OSError as error:
        fail(described(error), EXIT_BROKEN)
