"""What a run was configured with, as far as it is on record, and the commands that repeat it."""

import shlex
from collections.abc import Iterator

from batchproof.history import History
from batchproof.judging import Results
from batchproof.report.printable import visible

_EMBEDDED = "embedded emulator"


def facts(results: Results, history: History) -> list[tuple[str, str]]:
    """Labels and values. Of a secret nothing is on record but the name of its variable."""
    header = history.header
    return [
        ("Contract", results.contract),
        ("Target", results.target),
        ("Profile", results.profile),
        ("Seed", str(header.seed)),
        ("Started", header.started_at),
        ("Claims", "everything" if results.claims is None else ", ".join(results.claims)),
        ("Strict", "yes: a SHOULD fails the run, too" if results.strict else "no"),
        ("Token", "none" if header.token is None else f"${header.token} (its value is in no report)"),
        (
            "Webhooks",
            {"received": "received", "only": "recorded deliveries alone"}.get(
                header.webhooks or "", "not received"
            ),
        ),
        ("Limits", _limits(history)),
        ("Shard", header.shard or "the whole plan"),
        (
            "batchproof",
            results.suite + ("" if results.suite == header.suite else f", recorded by {header.suite}"),
        ),
        ("History, SHA-256", results.history_sha256),
        ("Catalogue of requirements, SHA-256", results.catalogue_sha256),
    ]


def _limits(history: History) -> str:
    header = history.header
    described = [
        "no limit on documents" if header.max_runs is None else f"at most {header.max_runs:,} documents",
        "no limit on requests"
        if header.max_requests is None
        else f"at most {header.max_requests:,} requests",
    ]
    return ", ".join(described)


def commands(results: Results, history: History) -> list[tuple[str, str]]:
    """What each command does, and the command. They are for the folder in which the report is."""
    return [
        ("Judge this history again, offline", "batchproof judge history.ndjson"),
        ("Make this page anew", "batchproof report ."),
        ("Run the same again", " ".join(_run(results, history))),
    ]


def _run(results: Results, history: History) -> Iterator[str]:
    header = history.header
    yield "batchproof run"
    yield f"--contract {_word(results.contract)}"
    if results.target != _EMBEDDED:
        yield f"--target {_word(results.target)}"
        if header.max_runs is not None:
            yield f"--max-runs {header.max_runs}"
    if header.max_requests is not None:
        yield f"--max-requests {header.max_requests}"
    yield f"--profile {results.profile}"
    yield f"--seed {header.seed}"
    if results.target != _EMBEDDED and header.token is not None:
        yield f"--token-env {_word(header.token)}"
    yield from (f"--claim {_word(name)}" for name in results.claims or ())
    if results.strict:
        yield "--strict"


def _word(text: str) -> str:
    return shlex.quote(visible(text))
