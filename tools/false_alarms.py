"""Runs the suite against emulators that keep their contract: whatever a run finds there is a false alarm.

    python tools/false_alarms.py --contract talonic/v1 --variant moves-between-requests --step-ms 5 --step-ms 35

prints one line for each run, a summary at the end, and ends with 1 when a run found anything.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from batchproof import emulator
from batchproof.contract import load_contract
from batchproof.contract.model import OTHER_TOKENS, token_fixture

STEPS_MS = (5, 10, 25, 35, 50, 100, 250, 1000)
HEALTHY = "-"
_TOKEN = "tok_false_alarms"  # noqa: S105 - the emulator takes any
_RUNS = 40_000
_LIMITS = "[limits]\npoll_interval_s = {poll_s}\npoll_timeout_s = 60\n"
_PDF = b"%PDF-1.4\n% a document for the emulator\n%%EOF\n"
_MOST_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Alarm:
    """What one run came to: its exit code, and the rows with findings, whatever became of these."""

    exit_code: int
    rows: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """Whether nothing was found; a run that only left something open is silent."""
        return self.exit_code in (0, 3) and not self.rows


@contextmanager
def served(contract: str, variant: str, step_ms: int) -> Iterator[str]:
    """The address of an emulator in a process of its own. Raises `RuntimeError` when it does not start."""
    command = [sys.executable, "-m", "batchproof", "serve", "--contract", contract, "--step-ms", str(step_ms)]
    if variant != HEALTHY:
        command += ["--variant", variant]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        try:
            assert process.stdout is not None
            word, _, url = process.stdout.readline().strip().partition(" ")
            if word != "READY":
                raise RuntimeError(f"the emulator of {contract} did not start")
            yield url
        finally:
            process.terminate()


def judged(contract: str, url: str, folder: Path, seed: int, poll_s: float) -> Alarm:
    """What a core run finds at an address; its reports are in the folder afterwards."""
    tokens = {token_fixture(name): f"{_TOKEN}_{name}" for name in OTHER_TOKENS}
    known = load_contract(contract).manifest.fixtures
    config = folder / "batchproof.toml"
    config.write_text(
        _LIMITS.format(poll_s=poll_s)
        + _fixtures(contract, folder, {name for name in tokens if name in known})
    )
    command = [sys.executable, "-m", "batchproof", "run", "--target", url, "--contract", contract]
    command += ["--config", str(config), "--max-runs", str(_RUNS), "--seed", str(seed)]
    command += ["--output", str(folder / "report"), "--quiet"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BATCHPROOF")}
    described = {name.upper(): token for name, token in tokens.items()}
    done = subprocess.run(  # noqa: S603 - ourselves
        command,
        env={**kept, **described, "BATCHPROOF_TOKEN": _TOKEN},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        timeout=_MOST_SECONDS,
        check=False,
    )
    results = folder / "report" / "results.json"
    rows = json.loads(results.read_bytes())["requirements"] if results.exists() else []
    found = [f"{row['id']}({row['level']},{row['verdict']})" for row in rows if row["findings"]]
    return Alarm(done.returncode, tuple(sorted(found)))


def _fixtures(contract: str, folder: Path, token_names: set[str]) -> str:
    """The table of fixtures: what the emulator knows, a document, and the variables that hold further tokens."""
    fixtures: dict[str, Any] = dict(emulator.fixtures(contract))
    fixtures |= {name: name.upper() for name in sorted(token_names)}
    document = folder / "invoice.pdf"
    document.write_bytes(_PDF)
    for name, fixture in load_contract(contract).manifest.fixtures.items():
        if fixture.type == "file":
            fixtures[name] = str(document)
    # JSON strings and lists of strings are TOML, too
    return "[fixtures]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in fixtures.items())


def run_once(
    contract: str, variant: str, step_ms: int, *, seed: int, poll_s: float, keep: Path | None
) -> Alarm:
    """One run against one fresh emulator; with `keep` its reports stay in a folder there."""
    with tempfile.TemporaryDirectory(prefix="batchproof-") as temporary:
        folder = Path(temporary)
        if keep is not None:
            folder = keep / f"{contract.replace('/', '_')}-{variant}-{step_ms}-{seed}"
            folder.mkdir(parents=True, exist_ok=True)
        with served(contract, variant, step_ms) as url:
            return judged(contract, url, folder.resolve(), seed, poll_s)


def variants_of(contract: str, wanted: tuple[str, ...]) -> list[str]:
    """The wanted variants that an emulator has: all of them, and none at all, where nothing is wanted."""
    known = [HEALTHY, *emulator.variants(contract)]
    return [name for name in known if not wanted or name in wanted]


@click.command()
@click.option("--contract", "contracts", multiple=True, help="A contract (default: all); may be given again.")
@click.option("--variant", "wanted", multiple=True, help=f"A variant, or {HEALTHY} for none (default: all).")
@click.option("--step-ms", "steps", multiple=True, type=click.IntRange(1), help=f"Default: {STEPS_MS}.")
@click.option(
    "--repetitions", type=click.IntRange(1), default=1, show_default=True, help="Runs of each kind."
)
@click.option(
    "--poll-s", type=float, default=0.01, show_default=True, help="The longest pause between looks."
)
@click.option("--keep", type=click.Path(path_type=Path), help="Folder in which the reports stay.")
def main(
    contracts: tuple[str, ...],
    wanted: tuple[str, ...],
    steps: tuple[int, ...],
    repetitions: int,
    poll_s: float,
    keep: Path | None,
) -> None:
    """Run the suite in profile core against emulators that keep their contract; repetition N has seed N."""
    chosen = contracts or emulator.contracts()
    unknown = set(wanted) - {HEALTHY, *(name for one in chosen for name in emulator.variants(one))}
    if unknown:
        raise click.BadParameter(f"nobody has {', '.join(sorted(unknown))}", param_hint="--variant")
    found: Counter[str] = Counter()
    runs = loud = 0
    for contract in chosen:
        for variant in variants_of(contract, wanted):
            for step_ms in steps or STEPS_MS:
                for seed in range(repetitions):
                    alarm = run_once(contract, variant, step_ms, seed=seed, poll_s=poll_s, keep=keep)
                    described = f"{contract} {variant} {step_ms} ms #{seed}: exit {alarm.exit_code}"
                    click.echo(" ".join([described, *alarm.rows]))
                    runs += 1
                    loud += not alarm.silent
                    found.update(f"{contract} {row}" for row in alarm.rows)
    click.echo(f"{runs} runs, {loud} of them with a false alarm")
    for row, times in found.most_common():
        click.echo(f"{times:5} {row}")
    sys.exit(1 if loud else 0)


if __name__ == "__main__":
    main()
