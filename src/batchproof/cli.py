"""The command line: finds the command and ends with its exit code. Each command is a module of ``commands/``."""

import importlib
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from batchproof import interruption, older_names
from batchproof.commands.options import EXIT_CODES
from batchproof.failing import EXIT_BROKEN, EXIT_INTERRUPTED, described
from batchproof.memory import collect_rarely, give_back
from batchproof.saying import WIDTH, say
from batchproof.version import __version__

# the command ``judge`` is ``judge_command`` in ``commands/judge.py``, which is loaded when somebody asks for it
COMMANDS = (
    "compare",
    "contract",
    "expect",
    "explain",
    "judge",
    "matrix",
    "merge",
    "openapi",
    "plan",
    "record",
    "replay",
    "report",
    "requirements",
    "run",
    "serve",
    "upgrade",
)


class _UnreadError(Exception):
    """Nobody reads the output any more."""


class _Commands(click.Group):
    """Loads a command when it is asked for, and says when the reader of the output has gone; click would end with 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, or None."""
        if new := older_names.COMMANDS.get(cmd_name):
            raise click.UsageError(f"{cmd_name} is called {new} now; run batchproof {new}")
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"batchproof.commands.{cmd_name}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def make_context(self, *about: Any, **more: Any) -> click.Context:
        with _read():
            return super().make_context(*about, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _read():
            return super().invoke(ctx)


@contextmanager
def _read() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise _UnreadError(described(error)) from error


def main() -> NoReturn:
    """Runs a command and ends the process with its exit code: 1 means what the command says, and nothing else."""
    interruption.install()
    code: object = EXIT_BROKEN
    if sys.stdout is None:
        say("the standard output is closed, so nothing could be told")
        sys.exit(EXIT_BROKEN)
    try:
        code = commands(standalone_mode=False)
        sys.stdout.flush()
    except SystemExit as ended:
        code = ended.code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        code = EXIT_INTERRUPTED
        say("interrupted")
    except (OSError, _UnreadError) as error:
        say(described(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no failed requirement
        *_, frame = traceback.extract_tb(error.__traceback__)
        say(
            f"{type(error).__name__}: {error} ({Path(frame.filename).name}, line {frame.lineno}); "
            "this is a defect of batchproof"
        )
    try:
        sys.stdout.flush()
    except OSError:
        code = EXIT_BROKEN
        # what is left would be written, and fail, once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code if isinstance(code, int) else 0)


@click.group(
    "batchproof",
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
    epilog=EXIT_CODES,
    no_args_is_help=False,
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="batchproof")
@click.pass_context
def commands(context: click.Context) -> None:
    """Prove whether a server keeps what its vendor's documentation says.

    Example: batchproof run
    """
    collect_rarely()
    give_back()
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
