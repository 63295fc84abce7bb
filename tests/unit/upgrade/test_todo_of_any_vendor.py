"""What a program has to do about each kind of change, planted into the invented vendor's second version."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from batchproof.contract import load_contract
from batchproof.history import Exchange, Request, Response
from batchproof.upgrade import load_map
from batchproof.upgrade.todo import Todo, Trace, todo

SUBMIT, LIST, BATCH = "requests/submit_batch.json", "requests/list_documents.json", "resources/batch.json"
SHOWN = {"id": "b_1", "status": "done", "count": 1, "created_at": "2026-01-01T00:00:00Z"}
Change = Callable[[Any], object]


def call(method: str, address: str, status: int, answer: Any, **about: Any) -> Exchange:
    request = Request(
        method=method, url=f"https://papers.test{address}", headers={"acme-version": "1"}, **about
    )
    return Exchange(
        id="m1",
        scenario="traffic",
        operation=None,
        start=0.0,
        end=1.0,
        request=request,
        response=Response(status=status, body=answer),
    )


TRAFFIC = [
    call("POST", "/batches", 201, SHOWN, body={"documents": [{"name": "a"}]}),
    call("GET", "/batches/b_1", 200, SHOWN, path={"id": "b_1"}),
    call("GET", "/documents", 200, {"documents": [], "next": None}, query=[("size", "5"), ("after", "x")]),
]


def found(versions: Any, exchanges: list[Exchange] = TRAFFIC, **more: Any) -> Todo:
    described = versions.compared()
    older, newer = load_contract(str(versions.older)), load_contract(str(versions.newer))
    return todo(load_map(older, newer), described, [Trace("t.har", "", exchanges)], **more)


def test_nothing_changes_nothing(versions: Any) -> None:
    whole = found(versions)
    assert ([item.id for item in whole.items], whole.routes, whole.route) == ([], {}, None)
    assert whole.requests == 3


def _rename(versions: Any) -> None:
    versions.fields(SUBMIT).update(kept=["/documents", "/documents/*", "/documents/*/language"])
    versions.fields(SUBMIT).update(moved={"/documents/*/name": "/documents/*/title"})
    versions.edit(SUBMIT, '"name": {', '"title": {')
    versions.edit(SUBMIT, '"name"\n', '"title"\n')


def _page(versions: Any) -> None:
    versions.edit("contract.yaml", "token: after", "token: cursor")
    versions.fields(LIST).update(kept=["/batch", "/status", "/size"], moved={"/after": "/cursor"})
    versions.schema(
        LIST, lambda schema: schema["properties"].update(cursor=schema["properties"].pop("after"))
    )


def _require(versions: Any) -> None:
    def change(schema: dict[str, Any]) -> None:
        schema["required"].append("owner")
        schema["properties"]["owner"] = {"type": "string"}

    versions.schema(SUBMIT, change)


def _status(versions: Any) -> None:
    versions.edit("contract.yaml", "[done, failed]", "[complete, failed]")
    for file in ("batch", "document_summary", "status"):
        versions.edit(f"resources/{file}.json", '"done"', '"complete"')
    versions.edit(LIST, '"done"', '"complete"')
    life = versions.migration["lifecycles"]["work"]
    life.update(kept=["queued", "running", "failed"], renamed={"done": "complete"})


CHANGES: dict[str, tuple[Change, dict[str, str]]] = {
    "a field of a request in a list": (
        _rename,
        {"submit_batch.request.documents.*.name": "Send /documents/*/title instead of /documents/*/name"},
    ),
    "a field that is required now": (_require, {"submit_batch.owner.added": "Send /owner, too"}),
    "the success of an operation": (
        lambda versions: versions.edit("contract.yaml", "status: 201", "status: 202"),
        {
            "submit_batch.success.changed": "Expect another status: submit_batch is answered with 202, not with 201"
        },
    ),
    "an operation": (
        lambda versions: versions.edit("contract.yaml", "path: /batches/{id}", "path: /jobs/{id}"),
        {"get_batch.moved": "Call GET /jobs/{id} instead of GET /batches/{id}"},
    ),
    "a header": (
        lambda versions: versions.edit("contract.yaml", 'acme-version: "1"', 'acme-version: "2"'),
        {"header.acme-version.changed": "Send acme-version: 2"},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_one_change_is_one_thing_to_do(versions: Any, name: str) -> None:
    change, expected = CHANGES[name]
    change(versions)
    described = {item.id: item.what for item in found(versions).items}
    assert {key: text for key, text in described.items() if key in expected} == expected
    assert set(described) - set(expected) == set()


def test_the_token_of_a_page(versions: Any) -> None:
    _page(versions)
    described = {item.id: (item.what, item.silent) for item in found(versions).items}
    assert described["list_documents.paging.token.changed"] == ("Send cursor instead of after", True)
    unpaged = [
        msgspec.structs.replace(TRAFFIC[2], request=msgspec.structs.replace(TRAFFIC[2].request, query=[]))
    ]
    assert [item.id for item in found(versions, unpaged).items] == []


def test_a_change_that_nothing_limits_is_everybodys(versions: Any) -> None:
    about = {
        "name": "slower",
        "about": "behaviour",
        "directions": ["reads answers"],
        "grade": "risky",
        "before": "It takes a second.",
        "after": "It takes a minute.",
        "reason": "who waits waits longer",
        "source": {"document": "guide", "section": "Time"},
    }
    versions.migration["changes"] = [about]
    assert [item.what for item in found(versions).items] == ["It takes a second. Now: It takes a minute."]
    versions.migration["changes"] = [{**about, "touches": ["get_document"]}]
    whole = found(versions)
    assert ([item.id for item in whole.items], whole.elsewhere) == ([], 1)


def test_a_status_with_another_name(versions: Any) -> None:
    _status(versions)
    described = {item.id: (item.what, item.silent) for item in found(versions).items}
    assert described["work.status.done.renamed"] == ("Know complete where done was", True)
    assert "work.status.done.renamed" not in {
        item.id
        for item in found(versions, handles=frozenset({"complete", "queued", "running", "failed"})).items
    }
