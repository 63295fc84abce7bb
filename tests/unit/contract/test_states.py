"""States: which ones the schemas of the answers know for an object."""

from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract.model import Manifest
from batchproof.contract.states import documented_states

PAGE: dict[str, Any] = {"title": "Jobs", "url": "https://docs.example/jobs"}


def spoken_of(*states: str | None) -> dict[str, Any]:
    """The schema of an object with these states."""
    return {"properties": {"job": {"properties": {"status": {"enum": list(states)}}}}}


JOB = spoken_of("done", "failed", None)
OTHER = spoken_of("other")


def listed(rows: dict[str, Any]) -> dict[str, Any]:
    """The schema of a list of jobs, which shows something else, too."""
    return {"properties": {"rows": {"type": "array", "items": rows}, "owner": OTHER}}


def manifest(job: dict[str, Any]) -> Manifest:
    shown = [{"resource": "owner", "at": "/owner"}, {"resource": "job", "at": "/rows/*"}]
    success = {"status": 200, "schema": "resources/body.json", "requirement": "a", "shows": shown}
    operation = {"method": "GET", "path": "/jobs", "document": "jobs", "success": success}
    content = {
        "format": "batchproof-contract/1",
        "id": "acme/v1",
        "title": "Acme",
        "documents": {"jobs": PAGE},
        "preflight": "list_jobs",
        "error": "resources/body.json",
        "resources": {"job": job, "owner": {"id": "/id"}},
        "operations": {"list_jobs": {**operation, "errors": {"statuses": [], "requirement": "b"}}},
    }
    return msgspec.convert(content, Manifest)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (listed(JOB), {"done", "failed"}),
        (listed({"$ref": "file.json#/$defs/job"}), {"done", "failed"}),
        (listed({"allOf": [{"type": "object"}, JOB]}), {"done", "failed"}),
        ({"allOf": [OTHER, listed(JOB)]}, {"done", "failed"}),
        # what need not apply, and what stands elsewhere
        (listed({"anyOf": [JOB]}), set()),
        (listed({}), set()),
        (JOB, set()),
    ],
)
def test_states_that_the_schemas_know(
    build: ModuleType, tmp_path: Path, schema: dict[str, Any], expected: set[str]
) -> None:
    shapes = build.shapes(tmp_path, schema, file={"$defs": {"job": JOB}})
    job = {"id": "/id", "status": "/job/status"}
    assert documented_states(manifest(job), shapes, "job") == expected


def test_object_without_a_status_has_no_states(build: ModuleType, tmp_path: Path) -> None:
    assert documented_states(manifest({"id": "/id"}), build.shapes(tmp_path, listed(JOB)), "job") == set()
