"""How long commands take to begin: the time of ``--version`` and of the help of others, beside Python's own.

``python benchmarks/starting.py [--times N]``; each figure is the median of N starts.
"""

import statistics
import subprocess
import sys
import time

import click

COMMANDS = {
    "python": ["-c", ""],
    "--version": ["-m", "batchproof", "--version"],
    "serve --help": ["-m", "batchproof", "serve", "--help"],
    "judge --help": ["-m", "batchproof", "judge", "--help"],
    "run --help": ["-m", "batchproof", "run", "--help"],
}


def seconds(arguments: list[str], times: int) -> float:
    """The median time from the start of a process to its end."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - ours
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


@click.command()
@click.option("--times", default=9, help="Starts of each command.")
def main(times: int) -> None:
    """Print a line for each command."""
    for name, arguments in COMMANDS.items():
        click.echo(f"{name}: {seconds(arguments, times):.2f} s")


if __name__ == "__main__":
    main()
