"""The hand-written good and bad instances of ``instances/``; its README describes the format."""

import copy
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from batchproof.judge.evidence import Evidence
from batchproof.judge.shape import judge_shape

from batchproof.contract import Contract, pointer
from batchproof.contract.shapes import Shapes
from batchproof.contract.yamlfile import read_yaml
from batchproof.history import Exchange, Request

INSTANCES = Path(__file__).parent / "instances"
# stands in `breaks` where a shared file leaves a keyword to the requirement of whatever refers to it
REFERRER = "(the referrer)"
# written <256 characters>: one more than any documented limit
_ALWAYS = {"256 characters": "x" * 256}
_EXCHANGE = Exchange(
    id="1",
    scenario="corpus",
    operation=None,
    start=0.0,
    end=0.0,
    request=Request(method="GET", url="http://corpus"),
)


class Whole(msgspec.Struct, forbid_unknown_fields=True):
    """A complete instance: a part of a documented example, or a value written out."""

    example: str | None = None
    at: str = ""
    value: Any = None


class Row(msgspec.Struct, forbid_unknown_fields=True):
    """A complete instance with a change; several instances if the change is made at several places or to several values."""

    why: str
    start: str | None = msgspec.field(default=None, name="from")
    set: dict[str, Any] = {}
    remove: list[str] = []
    at: str | list[str] = ""
    is_: list[Any] = msgspec.field(default=[], name="is")
    without: list[str] = []
    breaks: str | list[str] = []
    unseen: str | list[str] = []


class Page(msgspec.Struct, forbid_unknown_fields=True):
    """One file of ``instances/``."""

    schema: str
    instances: dict[str, Whole]
    good: list[Row] = []
    bad: list[Row] = []


class Instance(NamedTuple):
    """One instance, judged by ``schema``; ``breaks`` is empty if it is a good one.

    What is ``unseen`` is not exercised by it, though the schema speaks of it.
    """

    name: str
    schema: str
    value: Any
    breaks: frozenset[str]
    unseen: frozenset[str] = frozenset()


def read_corpus(contract: Contract, folder: Path = INSTANCES) -> list[Instance]:
    """Every instance for the response shapes of ``contract``: those of ``folder``, and its documented examples."""
    found = list(_examples(contract))
    for file in sorted((folder / contract.id).glob("*.yaml")):
        raw = read_yaml(file, dict[str, Any])
        for names in raw.pop("each", [{}]):
            try:
                page = msgspec.convert(_filled(raw, {**names, **_ALWAYS}), Page)
                found += _of_page(contract.folder, " ".join([file.stem, *names.values()]), page)
            except (KeyError, OSError, ValueError, msgspec.ValidationError) as error:
                raise ValueError(f"{file.name} {names or ''}: {error}") from error
    return found


def judged(contract: Contract, instance: Instance) -> tuple[set[str], set[str]]:
    """The requirements that our judge sees exercised by ``instance``, and those that it sees broken."""
    evidence = Evidence()
    judge_shape(contract.shapes, instance.schema, instance.value, _EXCHANGE, evidence, REFERRER)
    return set(evidence.observations) - {REFERRER}, {
        name for name in evidence.observations if evidence.findings(name)
    }


def misjudged(contract: Contract, instance: Instance) -> str | None:
    """How our judge's view of ``instance`` differs from what is written by hand; None if it does not."""
    seen, broken = judged(contract, instance)
    if broken != instance.breaks:
        return f"breaks {sorted(broken)}, not {sorted(instance.breaks)}"
    if seen & instance.unseen:
        return f"exercises {sorted(seen & instance.unseen)}"
    return None


def _examples(contract: Contract) -> Iterator[Instance]:
    """The documented examples of responses. What they break of invariants is no matter of shapes."""
    for file in sorted(contract.folder.glob("examples/*.json")):
        example = json.loads(file.read_bytes())
        if example["schema"].startswith("resources/"):
            stated = contract.shapes.stated(example["schema"])
            breaks = frozenset(example["breaks"]) & stated
            yield Instance(f"examples/{file.name}", example["schema"], example["instance"], breaks)


def _filled(value: Any, names: dict[str, str]) -> Any:
    """``value`` with ``<name>`` replaced in every string."""
    if isinstance(value, dict):
        return {_filled(key, names): _filled(child, names) for key, child in value.items()}
    if isinstance(value, list):
        return [_filled(child, names) for child in value]
    if isinstance(value, str):
        for name, filling in names.items():
            value = value.replace(f"<{name}>", filling)
    return value


def _of_page(folder: Path, file: str, page: Page) -> Iterator[Instance]:
    whole = {name: _whole(folder, item) for name, item in page.instances.items()}
    for name, value in whole.items():
        yield Instance(f"{file} {name}", page.schema, value, frozenset())
    for kind, rows in (("good", page.good), ("bad", page.bad)):
        for number, row in enumerate(rows, 1):
            breaks, unseen = _names(row.breaks), _names(row.unseen)
            if bool(breaks) != (kind == "bad"):
                raise ValueError(
                    f"{file}: {kind} row {number} ({row.why}): a bad row breaks something, a good one nothing"
                )
            start = whole[row.start or next(iter(whole))]
            for label, value in _changed(start, row):
                name = f"{file} {kind} row {number}{label}"
                yield Instance(name, page.schema, value, breaks, unseen)


def _names(given: str | list[str]) -> frozenset[str]:
    return frozenset([given] if isinstance(given, str) else given)


def _whole(folder: Path, item: Whole) -> Any:
    if item.example is None:
        return item.value
    example = json.loads((folder / "examples" / f"{item.example}.json").read_bytes())
    return copy.deepcopy(dict(pointer.find(example["instance"], item.at))[item.at])


def _changed(start: Any, row: Row) -> Iterator[tuple[str, Any]]:
    prepared = copy.deepcopy(start)
    for at, value in row.set.items():
        prepared = _put(prepared, at, value)
    for at in row.remove:
        prepared = _put(prepared, at)
    for at, value in product([row.at] if isinstance(row.at, str) else row.at, row.is_):
        yield f": {at} = {json.dumps(value)}", _put(copy.deepcopy(prepared), at, value)
    for at in row.without:
        yield f": without {at}", _put(copy.deepcopy(prepared), at)
    if not row.is_ and not row.without:
        yield "", prepared


_REMOVED = object()


def _put(document: Any, at: str, value: Any = _REMOVED) -> Any:
    """``document`` with ``value`` at a JSON Pointer, or without what is there. The document is changed."""
    if not at:
        return value
    above, _, _ = at.rpartition("/")
    key: Any = pointer.parse(at)[-1]
    holder = dict(pointer.find(document, above))[above]
    if isinstance(holder, list):
        key = int(key)
    if value is _REMOVED:
        del holder[key]
    elif isinstance(holder, list) and key == len(holder):
        holder.append(copy.deepcopy(value))
    else:
        holder[key] = copy.deepcopy(value)
    return document


def one_schema(folder: Path, schema: dict[str, Any]) -> Shapes:
    """A folder of schemas with this one in it."""
    (folder / "resources").mkdir()
    uri = "https://batchproof.dev/schemas/small/1/resources/body.json"
    (folder / "resources" / "body.json").write_text(json.dumps({"$id": uri, **schema}), encoding="utf-8")
    return Shapes(folder)
