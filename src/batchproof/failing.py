"""What to say, and with which exit code to end, when a run cannot go on."""

from pathlib import Path

EXIT_USAGE = 2
EXIT_BROKEN = 4
EXIT_INTERRUPTED = 130


def described(error: Exception) -> str:
    """Why the run did not come to its end, in one line."""
    if not isinstance(error, OSError):
        return str(error)
    return f"{error.filename or 'the output'} could not be written: {error.strerror or error}"


def named(error: Exception, place: Path) -> Exception:
    """``error``, which names ``place`` where it names no file."""
    if isinstance(error, OSError) and not error.filename:
        return OSError(error.errno, error.strerror or str(error), str(place))
    return error


def exit_code_of(error: Exception) -> int:
    """The exit code that says whose fault it is."""
    # the client takes a quarter of a second to load, and most who ask what to say have loaded it already
    from batchproof.client import ConfigError  # noqa: PLC0415

    return EXIT_USAGE if isinstance(error, ConfigError) else EXIT_BROKEN
