"""jsonschema, the reference, and jsonschema-rs, which judges, give every instance the same verdict."""

import copy
import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import referencing

from batchproof.contract import Contract
from batchproof.contract.dialect import check_dialect
from batchproof.contract.shapes import Shapes

SEED = 20_260_209
GENERATED = 3_400  # for each contract: more than 10,000 for the three of them
ODD = [
    *(
        None,
        True,
        False,
        0,
        1,
        1.0,
        -1,
        1.5,
        1e300,
        10**20,
        "",
        "x",
        "x" * 256,
        "é",
        "😀",
        "1",
        "null",
        "a\n",
    ),
    *(
        "2024-03-21T16:45:00Z",
        "2024-03-21t16:45:00.5z",
        "2024-03-21T16:45:00+00:00",
        "2024-03-21T16:45:00.123Z",
    ),
    *("2024-02-30T16:45:00Z", "2024-03-21T16:45:00+02:00", "2024-03-21 16:45:00", "2024-03-21T24:00:00.000Z"),
    *("a1b2c3d4-e5f6-7890-abcd-ef1234567890", "a1b2c3d4e5f67890abcdef1234567890", "PROCESSED", "completed"),
    *([], {}, [None], [[]], {"id": "x"}, {"type": "x", "content": "y"}),
]


def reference(shapes: Shapes) -> Callable[[str], Any]:
    """The jsonschema validator of each file, formats on."""
    registry = referencing.Registry().with_contents(shapes.documents.items())
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER

    @cache
    def validator(file: str) -> Any:
        return jsonschema.Draft202012Validator(
            shapes.document(file), registry=registry, format_checker=formats
        )

    return validator


def disagreements(shapes: Shapes, pairs: list[tuple[str, Any]]) -> tuple[list[Any], Counter[bool]]:
    """Where the two differ, and how many instances the judging one accepts and refuses."""
    of_reference = reference(shapes)
    verdicts: Counter[bool] = Counter()
    different = []
    for file, value in pairs:
        verdict = shapes.validator(file).is_valid(value)
        verdicts[verdict] += 1
        if of_reference(file).is_valid(value) != verdict:
            different.append((file, verdict, value))
    return different, verdicts


def generated(instances: list[Any], chance: random.Random) -> Iterator[tuple[str, Any]]:
    """Instances of the corpus with one to three places changed: emptied, replaced by an odd value, or by one from a sibling."""
    by_schema: dict[str, list[Any]] = {}
    for instance in instances:
        by_schema.setdefault(instance.schema, []).append(instance)
    schemas = sorted(by_schema)
    for _ in range(GENERATED):
        siblings = by_schema[chance.choice(schemas)]
        value = copy.deepcopy(chance.choice([item for item in siblings if not item.breaks]).value)
        for _ in range(chance.randint(1, 3)):
            value = _changed(value, chance.choice(siblings).value, chance)
        yield siblings[0].schema, value


def _changed(value: Any, sibling: Any, chance: random.Random) -> Any:
    places = list(_places(value))
    if not places:
        return copy.deepcopy(chance.choice(ODD))
    holder, key = chance.choice(places)
    match chance.randrange(6):
        case 0:
            del holder[key]
        case 1 | 2:
            holder[key] = copy.deepcopy(chance.choice(ODD))
        case 3 if isinstance(holder, dict):
            holder["addition"] = copy.deepcopy(chance.choice(ODD))
        case _:
            same = [found for found in _places(sibling) if found[1] == key]
            if same:
                there, _ = chance.choice(same)
                holder[key] = copy.deepcopy(there[key])
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """``(holder, key)`` of everything in ``value``."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield value, key
        yield from _places(child)


def test_both_give_the_corpus_the_same_verdicts(contract: Contract, instances: list[Any]) -> None:
    different, verdicts = disagreements(contract.shapes, [(item.schema, item.value) for item in instances])
    assert different == []
    assert verdicts[True] == sum(not item.breaks for item in instances)


def test_both_give_generated_instances_the_same_verdicts(contract: Contract, instances: list[Any]) -> None:
    pairs = list(generated(instances, random.Random(f"{SEED} {contract.id}")))
    different, verdicts = disagreements(contract.shapes, pairs)
    assert different[:3] == []
    assert verdicts.total() == GENERATED
    assert min(verdicts[True], verdicts[False]) > GENERATED // 5


def test_what_is_generated_does_not_depend_on_the_run(contract: Contract, instances: list[Any]) -> None:
    first, second = (list(generated(instances, random.Random(SEED))) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"pattern": r"^\d"}, "٣"),
        ({"pattern": r"^\w"}, "é"),
        ({"pattern": r"^\s(?![\s\S])"}, "\x1c"),
        ({"pattern": "^a$"}, "a\n"),
        ({"multipleOf": 0.01}, 0.07),
    ],
)
def test_known_differences_are_kept_out_of_the_schemas(
    corpus: ModuleType, tmp_path: Path, schema: dict[str, Any], value: Any
) -> None:
    assert jsonschema.Draft202012Validator(schema).is_valid(value) != jsonschema_rs.is_valid(schema, value)
    shapes = corpus.one_schema(tmp_path, schema)
    assert [problem.file.name for problem in check_dialect(tmp_path, shapes)] == ["body.json"]


@pytest.mark.parametrize(
    ("value", "judged"),
    [("2016-12-31T23:59:60Z", True), ("0000-01-01T00:00:00Z", True), ("2024-01-01T00:00:00Z\n", False)],
)
def test_known_differences_about_times_are_judged_by_rfc_3339(value: str, judged: bool) -> None:
    """A leap second, the year 0, a line break: no schema can keep these out of answers, so they stand here."""
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
    by_reference = jsonschema.Draft202012Validator({"format": "date-time"}, format_checker=formats).is_valid(
        value
    )
    by_judge = jsonschema_rs.is_valid({"format": "date-time"}, value, validate_formats=True)
    assert (by_judge, by_reference) == (judged, not judged)
