"""A run of the suite from a program of one's own; what else a program needs, ``batchproof`` hands out under its name."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from batchproof.client import Options
from batchproof.errors import RunError
from batchproof.judging import Results
from batchproof.runner import run_scenarios
from batchproof.session import configure_run


def run(
    contract: str | None = None,
    *,
    target: str | None = None,
    config: Path | str | None = None,
    profile: str | None = None,
    max_runs: int | None = None,
    max_requests: int | None = None,
    workers: int | None = None,
    seed: int | None = None,
    claims: Sequence[str] | None = None,
    strict: bool | None = None,
    output: Path | str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Results:
    """Drives a server, records, judges, and writes all reports, as ``batchproof run`` does, but prints nothing.

    ``contract`` is an id (``vendor/version``) or a folder; ``target`` the address of the server, None for the embedded
    emulator; ``config`` a ``batchproof.toml``, by default that of the working folder. What is None comes from there, or is
    the default of the command line. ``environment`` holds the token (``BATCHPROOF_TOKEN``); it is that of the process by default.
    ``output`` is the folder of the reports, by default a new one in ``reports/``, to which ``reports/latest`` points.

    What the server breaks is no error: ``Results.exit_code`` is 0, 1 or 3 as that of the command. Raises ``ConfigError``,
    ``ContractError`` and, where there is nothing to judge, or a scenario broke, ``RunError``.
    """
    options = Options(
        contract=contract,
        target=target,
        config=None if config is None else str(config),
        profile=profile,
        max_runs=max_runs,
        max_requests=max_requests,
        workers=workers,
        seed=seed,
        claim=claims,
        strict_bar=strict,
        output=None if output is None else str(output),
    )
    loaded, settings = configure_run(options, os.environ if environment is None else environment)
    ran = run_scenarios(loaded, settings, (), None)
    if ran.error is not None:
        raise RunError(ran.error)
    if ran.output:
        raise RunError(f"a scenario broke, a defect of batchproof:\n{ran.output}")
    if ran.results is None:
        raise RunError("the run was interrupted before the first request")
    return ran.results
