"""Documented examples: whether each says what it is, and whether its shape agrees."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from batchproof.contract.loader import Contract
from batchproof.contract.model import Data
from batchproof.contract.problems import Problem, undeclared
from batchproof.contract.structure import mended
from batchproof.json_values import Json


class Example(Data, frozen=True, kw_only=True):
    """One file of ``examples/``: ``instance`` is the body, ``why`` and ``breaks`` say what is wrong with one that is not ``valid``."""

    document: str
    schema: str
    valid: bool
    why: str
    breaks: list[str]
    instance: Json


def documented(contract: Contract, schema: str) -> list[Json]:
    """The documented instances of the schema file ``schema`` that are valid; those that only a remark explains come last."""
    found = []
    for file in sorted((contract.folder / "examples").glob("*.json")):
        try:
            example = msgspec.json.decode(file.read_bytes(), type=Example)
        except (OSError, msgspec.DecodeError):
            # checking the folder tells of it
            continue
        if example.schema == schema and example.valid:
            found.append(example)
    return [example.instance for example in sorted(found, key=lambda one: bool(one.why))]


def check_examples(contract: Contract) -> Iterator[Problem]:
    """Each example that cannot be read, or contradicts its shape or itself."""
    for file in sorted((contract.folder / "examples").glob("*.json")):
        try:
            data = json.loads(file.read_text("utf-8"))
        except json.JSONDecodeError as error:
            yield Problem(file, "", f"is not JSON: {error}", mark=(error.lineno, error.colno))
        except (OSError, ValueError) as error:
            yield Problem(file, "", f"cannot be read: {error}")
        else:
            found = mended(file, data, Example)
            yield from found.problems
            if found.value is not None and "instance" in data:
                yield from _check(contract, file, found.value)


def _check(contract: Contract, file: Path, example: Example) -> Iterator[Problem]:
    documents = contract.manifest.documents
    yield from undeclared(file, "document", example.document, documents, "document", ("document",))
    known = contract.requirements
    for index, identifier in enumerate(example.breaks):
        yield from undeclared(file, "breaks", identifier, known, "requirement", ("breaks", index))
    if example.valid and example.breaks:
        described = "is empty where `valid` is true; say `valid: false`, or break nothing"
        yield Problem(file, "breaks", described, ("breaks",))
    if not example.valid and not (example.breaks and example.why):
        described = (
            "is false, so `breaks` names the requirements that it breaks, and `why` says why it is here"
        )
        yield Problem(file, "valid", described, ("valid",))
    if example.schema not in contract.shapes.files:
        among = dict.fromkeys(contract.shapes.files)
        yield from undeclared(file, "schema", example.schema, among, "schema file", ("schema",))
        return
    errors = list(contract.shapes.validator(example.schema).iter_errors(example.instance))
    for error in errors if example.valid else []:
        at = ("instance", *error.instance_path)
        described = (
            f"contradicts {example.schema}: {error.message}; correct it, or say `valid: false` and why"
        )
        yield Problem(file, ".".join(map(str, at)), described, at)
    stated = contract.shapes.stated(example.schema)
    if not example.valid and not errors and example.breaks and stated.issuperset(example.breaks):
        invariants = {invariant.invariant.requirement for invariant in contract.invariants}
        if invariants.isdisjoint(example.breaks):
            described = (
                f"is false, but {example.schema} allows the instance; say `valid: true`, or correct the shape"
            )
            yield Problem(file, "valid", described, ("valid",))
