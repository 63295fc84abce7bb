"""An in-toto statement, unsigned: which history and results say what of which requirement.

The predicate is https://in-toto.io/attestation/test-result/v0.1. ``docs/signing.md`` tells how to sign it.
"""

import hashlib
from typing import Literal

from batchproof.history import History
from batchproof.json_values import Json, JsonObject
from batchproof.judging import RequirementResult, Results
from batchproof.report.formats.encoding import encoded
from batchproof.report.printable import visible

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"


def attestation(results: Results, history: History, results_json: bytes) -> bytes:
    """The bytes of ``test-result.intoto.json``; ``results_json`` are those of ``results.json``.

    A run that is inconclusive has the result FAILED: there is no other that a policy would not take for a success.
    """
    failed = [row for row in results.requirements if row.fails(strict=results.strict)]
    warned = [row for row in results.requirements if row not in failed and _contradicted(row)]
    return encoded(
        {
            "_type": STATEMENT,
            "subject": [
                _file("history.ndjson", results.history_sha256),
                _file("results.json", hashlib.sha256(results_json).hexdigest()),
            ],
            "predicateType": PREDICATE,
            "predicate": {
                "result": _result(results, warned),
                "configuration": [_configuration(results, history)],
                "passedTests": [visible(row.id) for row in results.requirements if row.verdict == "passed"],
                "warnedTests": [visible(row.id) for row in warned],
                "failedTests": [
                    *(visible(row.id) for row in failed),
                    *(visible(entry.entry) for entry in results.stale),
                ],
            },
        }
    )


def _result(results: Results, warned: list[RequirementResult]) -> Literal["PASSED", "WARNED", "FAILED"]:
    if results.verdict != "passed" or results.exit_code != 0:
        return "FAILED"
    return "WARNED" if warned else "PASSED"


def _contradicted(row: RequirementResult) -> bool:
    """Whether something contradicts it that fails no run: expected, unstable, or of a level that does not count."""
    return row.verdict == "failed" or row.expected or row.unproven


def _file(name: str, sha256: str) -> JsonObject:
    return {"name": name, "digest": {"sha256": sha256}}


def _configuration(results: Results, history: History) -> JsonObject:
    """The catalogue of requirements that was the measure, and how the run was configured."""
    about = {
        "claim": results.claim,
        "verdict": results.verdict,
        "target": results.target,
        "profile": results.profile,
        "strict": results.strict,
        "claims": results.claims,
        "seed": history.header.seed,
        "started_at": history.header.started_at,
        "shard": history.header.shard,
        "batchproof": results.suite,
    }
    return {
        "name": visible(results.contract),
        "digest": {"sha256": results.catalogue_sha256},
        "annotations": {name: _plain(value) for name, value in about.items() if value is not None},
    }


def _plain(value: Json) -> Json:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return visible(value) if isinstance(value, str) else value
