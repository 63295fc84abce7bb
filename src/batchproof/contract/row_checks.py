"""Rows of `requirements.yaml`: each by itself, and what it names."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from batchproof.contract.model import Manifest, Requirement, Testable
from batchproof.contract.problems import Problem, Step, undeclared

_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


def check_rows(file: Path, manifest: Manifest, rows: Mapping[int, Requirement]) -> Iterator[Problem]:
    """Everything that does not fit."""
    documents = manifest.documents
    for index, row in rows.items():
        if not _ID.fullmatch(row.id):
            yield Problem(file, row.id, "an id is lower case words joined by dots", (index, "id"))
        at: tuple[Step, ...] = (index, "source", "document")
        yield from undeclared(
            file, f"{row.id}.source.document", row.source.document, documents, "document", at
        )
        if row.level == "MUST" and row.basis != "documented":
            remedy = f"is a MUST with basis {row.basis}; only documented statements may fail a run"
            yield Problem(file, row.id, remedy, (index, "basis"))
        if row.level == "MUST" and row.draft:
            remedy = (
                "is a MUST and a draft; judge level and sentence, and remove `draft`, or make it a SHOULD"
            )
            yield Problem(file, row.id, remedy, (index, "draft"))
        if row.level == "MUST" and row.interpretations and row.untestable_because is None:
            remedy = (
                "is a MUST with interpretations; where sources contradict each other nothing may fail a run"
            )
            yield Problem(file, row.id, remedy, (index, "level"))
        if row.question is not None and not row.interpretations:
            remedy = "has a question but no interpretations; add them, or remove it"
            yield Problem(file, row.id, remedy, (index, "question"))
        if isinstance(row.testable, Testable):
            at, key = (index, "testable"), f"{row.id}.testable"
            if bool(row.testable.needs) == bool(row.testable.no):
                yield Problem(file, key, "says either what it needs or why it cannot be tested", at)
            for need in row.testable.needs:
                yield from undeclared(
                    file, f"{key}.needs", need, manifest.fixtures, "fixture", (*at, "needs")
                )
        for name, interpretation in row.interpretations.items():
            at = (index, "interpretations", name, "source", "document")
            key = f"{row.id}.interpretations.{name}"
            yield from undeclared(file, key, interpretation.source.document, documents, "document", at)
