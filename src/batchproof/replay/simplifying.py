"""Makes the bodies of a script smaller while it still shows its finding: fewer inputs, fewer properties, shorter text."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from batchproof.contract import Contract, pointer
from batchproof.history import has_body
from batchproof.replay.script import Reference, Script, Step

_SHORT_TEXT = 8


def simplified(contract: Contract, script: Script, still: Callable[[Script], bool]) -> Script:
    """The smallest script found; ``still`` sends one and tells whether it shows the finding.

    A body that its request schema allows stays one that it allows.
    """
    smaller = True
    while smaller:
        smaller = False
        for candidate in _candidates(contract, script):
            if still(candidate):
                script, smaller = candidate, True
                break
    return script


def _candidates(contract: Contract, script: Script) -> Iterator[Script]:
    if any(step.probe is not None for step in script.steps):
        # a refused request differs from its control in one thing, which has to stay so
        return
    paired = {number for number, step in enumerate(script.steps) if step.control is not None}
    paired |= {step.control for step in script.steps if step.control is not None}
    for number, step in enumerate(script.steps):
        # so does a generated one
        if number in paired or not has_body(step.request) or step.request.text is not None:
            continue
        declared = contract.operation(step.operation).request
        if declared is None or declared.multipart is not None:
            continue
        validator = contract.shapes.validator(declared.schema)
        valid = validator.is_valid(step.request.body)
        for body, references in _smaller(step):
            if validator.is_valid(body) is valid:
                request = msgspec.structs.replace(step.request, body=body)
                changed = msgspec.structs.replace(step, request=request, references=references)
                steps = [*script.steps[:number], changed, *script.steps[number + 1 :]]
                yield msgspec.structs.replace(script, steps=steps)


def _smaller(step: Step) -> Iterator[tuple[Any, list[Reference]]]:
    """Bodies with less in them, boldest first, each with the references that are left."""
    body = step.request.body
    named = {reference.at for reference in step.references if reference.part == "body"}
    containers = list(_containers(body, []))
    for path, container in containers:
        if isinstance(container, list):
            size = len(container) // 2
            while size:
                for begin in range(0, len(container), size):
                    yield _without_elements(step, path, container, begin, min(begin + size, len(container)))
                size //= 2
    for path, container in containers:
        if isinstance(container, dict):
            for name in container:
                at = pointer.join([*path, name])
                if not any(item == at or item.startswith(at + "/") for item in named):
                    kept = {key: value for key, value in container.items() if key != name}
                    yield pointer.placed(body, path, kept), step.references
    for path, container in containers:
        for key, value in _items(container):
            at = pointer.join([*path, key])
            if isinstance(value, str) and len(value) > _SHORT_TEXT and at not in named:
                yield pointer.placed(body, [*path, key], value[: len(value) // 2]), step.references
                yield pointer.placed(body, [*path, key], value[len(value) // 2 :]), step.references


def _without_elements(
    step: Step, path: list[str | int], container: list[Any], begin: int, end: int
) -> tuple[Any, list[Reference]]:
    """The body without some elements of one array; what refers to later elements moves with them."""
    at = pointer.join(path)
    references = []
    for reference in step.references:
        if reference.part == "body" and reference.at.startswith(at + "/"):
            index, _, rest = reference.at[len(at) + 1 :].partition("/")
            if begin <= int(index) < end:
                continue
            if int(index) >= end:
                moved = "/".join([at, str(int(index) - (end - begin)), *([rest] if rest else [])])
                reference = msgspec.structs.replace(reference, at=moved)  # noqa: PLW2901
        references.append(reference)
    return pointer.placed(step.request.body, path, container[:begin] + container[end:]), references


def _containers(value: Any, path: list[str | int]) -> Iterator[tuple[list[str | int], Any]]:
    if isinstance(value, dict | list):
        yield path, value
        for key, child in _items(value):
            yield from _containers(child, [*path, key])


def _items(container: Any) -> list[tuple[str | int, Any]]:
    return list(enumerate(container)) if isinstance(container, list) else list(container.items())
