"""Two versions of the invented vendor's API: the second is a copy of the first, with a migration file that keeps everything."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from batchproof.contract import load_contract
from batchproof.upgrade import upgrade
from batchproof.upgrade.change import Upgrade

KEPT: dict[str, Any] = {
    "format": "batchproof-migration/1",
    "from": "acme/1",
    "operations": {
        name: {"to": name} for name in ("submit_batch", "get_batch", "list_documents", "get_document")
    },
    "lifecycles": {"work": {"to": "work", "kept": ["queued", "running", "done", "failed"]}},
    "shapes": {
        "requests/submit_batch.json": {
            "to": "requests/submit_batch.json",
            "fields": {"kept": ["/documents/**"]},
        },
        "requests/list_documents.json": {
            "to": "requests/list_documents.json",
            "fields": {"kept": ["/batch", "/status", "/after", "/size"]},
        },
        "resources/batch.json": {
            "to": "resources/batch.json",
            "fields": {"kept": ["/id", "/status", "/count", "/created_at", "/finished_at"]},
        },
        "resources/document_list.json": {
            "to": "resources/document_list.json",
            "fields": {"kept": ["/documents", "/documents/*", "/next"]},
        },
        "resources/document_summary.json": {
            "to": "resources/document_summary.json",
            "fields": {"kept": ["/id", "/name", "/status", "/created_at", "/finished_at"]},
        },
        "resources/document.json": {
            "to": "resources/document.json",
            "fields": {
                "kept": [
                    "/id",
                    "/name",
                    "/status",
                    "/created_at",
                    "/finished_at",
                    "/pages",
                    "/sheets/**",
                ]
            },
        },
        "resources/error.json": {"to": "resources/error.json", "fields": {"kept": ["/error/**"]}},
    },
}


class Versions:
    """The folders of both versions; a test changes what it needs before it compares."""

    def __init__(self, build: ModuleType, folder: Path) -> None:
        self.older = build.copy_of_acme(folder / "1")
        self.newer = build.copy_of_acme(folder / "2")
        self.migration: dict[str, Any] = json.loads(json.dumps(KEPT))
        self.edit("contract.yaml", "id: acme/1\n", "id: acme/2\n")

    def edit(self, file: str, old: str, new: str) -> None:
        """Replaces a piece of a file of the newer version; it has to be there."""
        text = (self.newer / file).read_text(encoding="utf-8")
        assert old in text
        (self.newer / file).write_text(text.replace(old, new), encoding="utf-8")

    def schema(self, file: str, change: Callable[[dict[str, Any]], object], *, older: bool = False) -> None:
        """Changes a schema of the newer version, or of the older one."""
        place = (self.older if older else self.newer) / file
        document = json.loads(place.read_text(encoding="utf-8"))
        change(document)
        place.write_text(json.dumps(document), encoding="utf-8")

    def fields(self, file: str) -> dict[str, Any]:
        """What the migration file says of the fields of a schema."""
        return self.migration["shapes"][file]["fields"]

    def compared(self) -> Upgrade:
        """What changes from the older version to the newer one."""
        (self.newer / "migration.yaml").write_text(yaml.safe_dump(self.migration), encoding="utf-8")
        return upgrade(load_contract(str(self.older)), load_contract(str(self.newer)))

    def ids(self) -> dict[str, str]:
        """The changes by id, with their grades, and silent ones marked."""
        return {
            change.id: f"silent {change.grade}" if change.silent else change.grade
            for change in self.compared().changes
        }


@pytest.fixture
def versions(build: ModuleType, tmp_path: Path) -> Versions:
    return Versions(build, tmp_path)
