"""A migration file that leaves anything open, or names what is not there, is refused in one line: file, key, remedy."""

from collections.abc import Callable
from typing import Any

import pytest

from batchproof.contract import ContractError, load_contract
from batchproof.upgrade import load_map

BATCH = "resources/batch.json"
Change = Callable[[dict[str, Any]], object]


def fields(migration: dict[str, Any], file: str = BATCH) -> dict[str, Any]:
    return migration["shapes"][file]["fields"]


def stated(**more: Any) -> dict[str, Any]:
    return {
        "name": "move",
        "about": "operation",
        "directions": ["writes requests"],
        "grade": "risky",
        "before": "One.",
        "after": "Another.",
        "reason": "it moved",
        "source": {"document": "guide", "section": "Moves"},
        **more,
    }


def route(**more: Any) -> dict[str, Any]:
    return {"about": "A way.", "source": {"document": "guide", "section": "Ways"}, **more}


def shown(before: Any, after: Any, file: str = BATCH, **more: Any) -> Change:
    """A change of an operation, with an example."""
    example = {"shapes": {"before": file, "after": file}, "before": before, "after": after, **more}
    return lambda migration: migration.update(changes=[stated(touches=["get_batch"], example=example)])


def prefixed(**more: Any) -> Change:
    rows = {"older": ["batch.id"], "newer": ["batch.id"], **more}
    return lambda migration: migration.update(changes=[stated(prefixes={"x_": "y_"}, **rows)])


OPEN: dict[str, tuple[Change, str]] = {
    "example before that its shape refuses": (
        shown({"status": 1}, {"status": "done"}),
        "changes.move.example.before: does not fit resources/batch.json of acme/1: /status (type); correct it",
    ),
    "example after that its shape refuses": (
        shown({"status": "done"}, {"status": 1}),
        "changes.move.example.after: does not fit resources/batch.json of acme/2: /status (type); correct it, or say",
    ),
    "example that is said to be refused and is not": (
        shown({"status": "done"}, {"status": "done"}, refused=True),
        "changes.move.example.refused: is true, but resources/batch.json of acme/2 allows after; leave it out",
    ),
    "example of a request that is not whole": (
        shown({}, {}, "requests/submit_batch.json"),
        "changes.move.example.before: does not fit requests/submit_batch.json of acme/1: the body (required)",
    ),
    "example without its shape": (
        shown({}, {}, shapes={"before": BATCH}),
        "changes.move.example.shapes: lacks after; name the schema file of that body",
    ),
    "example with a shape that is none": (
        shown({}, {}, "resources/bath.json"),
        "changes.move.example.shapes.before: 'resources/bath.json' is no schema file of acme/1",
    ),
    "prefix that no row states": (
        prefixed(),
        "changes.move.prefixes.x_: 'x_' stands in no row of acme/1 that this change names; name the row",
    ),
    "operation": (
        lambda m: m["operations"].pop("get_batch"),
        "operations.get_batch: is missing; say whether this operation is kept, moved, outside or gone",
    ),
    "field of an answer": (
        lambda m: fields(m)["kept"].remove("/count"),
        "shapes.resources/batch.json: /count: is missing; say whether it is kept, moved, outside or gone",
    ),
    "field of a request": (
        lambda m: m["shapes"]["requests/submit_batch.json"].update(fields={"kept": ["/documents"]}),
        "shapes.requests/submit_batch.json: /documents/*: is missing; say whether it is kept,",
    ),
    "query parameter": (
        lambda m: fields(m, "requests/list_documents.json")["kept"].remove("/size"),
        "shapes.requests/list_documents.json: /size: is missing; say whether it is kept,",
    ),
    "field of an error": (
        lambda m: fields(m, "resources/error.json").update(kept=["/error"]),
        "shapes.resources/error.json: /error/code: is missing; say whether it is kept,",
    ),
    "status": (
        lambda m: m["lifecycles"]["work"]["kept"].remove("done"),
        "lifecycles.work.done: is missing; say whether this status is kept, moved, outside or gone",
    ),
    "life cycle": (
        lambda m: m["lifecycles"].pop("work"),
        "lifecycles.work: is missing; say whether this life cycle is kept, moved, outside or gone",
    ),
    "shape": (
        lambda m: m["shapes"].pop(BATCH),
        "shapes.resources/batch.json: is missing; say field by field what became of it",
    ),
}
WRONG: dict[str, tuple[Change, str]] = {
    "another contract": (
        lambda m: m.update({"from": "acme/0"}),
        "from: leads from acme/0, not from acme/1",
    ),
    "an operation that is not there": (
        lambda m: m["operations"].update(drop_batch={"to": "get_batch"}),
        "operations.drop_batch: is no operation of acme/1; take it out",
    ),
    "no operation of the newer": (
        lambda m: m["operations"].update(get_batch={"to": "read_batch"}),
        "operations.get_batch.to: 'read_batch' is no operation of acme/2",
    ),
    "two fates": (
        lambda m: m["operations"].update(get_batch={"to": "get_batch", "gone": "It is not."}),
        "operations.get_batch: says exactly one of to, outside and gone",
    ),
    "a field that is not there": (
        lambda m: fields(m)["kept"].append("/colour"),
        "shapes.resources/batch.json: /colour: is no field in acme/1; take it out",
    ),
    "no field of the newer": (
        lambda m: fields(m).update(
            kept=["/id", "/status", "/created_at", "/finished_at"], moved={"/count": "/n"}
        ),
        "shapes.resources/batch.json: /count: '/n' is no field of resources/batch.json",
    ),
    "a field twice": (
        lambda m: fields(m).update(gone={"/count": "It is not."}),
        "shapes.resources/batch.json: /count: stands there twice; a field has one fate",
    ),
    "unspelled, and spelled out": (
        lambda m: fields(m).update(
            kept=["/id", "/status", "/created_at", "/finished_at"], unspelled=["/count"]
        ),
        "shapes.resources/batch.json: /count: is spelled out in resources/batch.json; it is kept",
    ),
    "a word that no variant has": (
        lambda m: m["operations"].update(get_batch={"to": "get_$thing"}),
        "operations.get_batch.to: 'get_$thing' has a word that no variant has",
    ),
    "a variant that is not there": (
        lambda m: m["shapes"][BATCH].update(only=["paper"]),
        "shapes.resources/batch.json: 'paper' is no variant; they stand in variants",
    ),
    "a status of another": (
        lambda m: m["lifecycles"]["work"].update(
            kept=["queued", "running", "done"], renamed={"failed": "broken"}
        ),
        "lifecycles.work.broken: is no status of acme/2; is it gone?",
    ),
    "no requirement": (
        lambda m: m.update(allowed={"property": "nothing.of.it"}),
        "allowed.property: 'nothing.of.it' is no requirement of acme/2",
    ),
    "no operation that something became": (
        lambda m: m.update(changes=[stated(became=["nothing"])]),
        "changes.move: 'nothing' is no operation or event of acme/2",
    ),
    "a touch that says nothing": (
        lambda m: m.update(changes=[stated(touches=["get_batch, list_documents"])]),
        "changes.move.touches: 'get_batch, list_documents' is neither 'name@variant /pointer' nor 'METHOD /path'",
    ),
    "a touch of no operation": (
        lambda m: m.update(changes=[stated(touches=["read_batch"])]),
        "changes.move.touches: 'read_batch' is no operation or event",
    ),
    "a touch of no variant": (
        lambda m: m.update(changes=[stated(touches=["get_batch@paper"])]),
        "changes.move.touches: 'paper' is no variant; they stand in variants",
    ),
    "a route that keeps no operation": (
        lambda m: m.update(routes={"all": route(keeps=["read_batch"])}),
        "routes.all.keeps: 'read_batch' is no operation of acme/1",
    ),
    "a route on which nothing holds": (
        lambda m: m.update(routes={"all": route(holds=["move"])}),
        "routes.all.holds: 'move' is the name of no change",
    ),
    "an unknown key": (
        lambda m: m["shapes"][BATCH].update(colour="red"),
        "Object contains unknown field `colour`",
    ),
    "a file that is not there": (
        lambda m: m["shapes"].update({"resources/pen.json": {"gone": "It is."}}),
        "shapes.resources/pen.json: is no schema file of acme/1; take it out",
    ),
}


@pytest.mark.parametrize("name", [*OPEN, *WRONG])
def test_refused(versions: Any, name: str) -> None:
    change, described = {**OPEN, **WRONG}[name]
    change(versions.migration)
    with pytest.raises(ContractError) as refused:
        versions.compared()
    message = str(refused.value)
    assert message.startswith(f"{versions.newer / 'migration.yaml'}: ")
    assert described in message
    assert "\n" not in message


def test_a_folder_without_the_file(versions: Any) -> None:
    older, newer = load_contract(str(versions.older)), load_contract(str(versions.newer))
    with pytest.raises(ContractError, match="yaml: does not exist; write down in it"):
        load_map(older, newer)


def test_what_is_gone_takes_its_parts_with_it(versions: Any) -> None:
    file = "resources/document.json"
    versions.fields(file)["kept"].remove("/sheets/**")
    versions.fields(file)["gone"] = {"/sheets": "Nothing shows them."}
    assert list(versions.ids()) == ["document.sheets.removed"]


def test_an_example_may_be_refused_or_a_piece(versions: Any) -> None:
    shown({"status": "done"}, {"status": 1}, refused=True)(versions.migration)
    (change,) = (one for one in versions.compared().changes if one.id == "stated.move")
    assert (change.example.after, change.details) == ({"status": 1}, ["the example after is refused"])
