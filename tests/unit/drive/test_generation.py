"""Generated requests: the places they vary, what they break, and that the same seed gives the same ones."""

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest

import batchproof
from batchproof.contract import Contract, load_contract
from batchproof.contract.keywords import broken
from batchproof.contract.pointer import put, without
from batchproof.drive import Api, Stopped, Unmet
from batchproof.drive.generation import Generator
from batchproof.drive.generation.by_schemathesis import negatives
from batchproof.drive.generation.documents import graft
from batchproof.drive.generation.places import places
from batchproof.drive.generation.values import (
    OBJECTS,
    TEXTS,
    Labelled,
    examples,
    objects,
    random_objects,
    together,
)
from batchproof.history import Exchange
from batchproof.history.events import from_json

MakeApi = Callable[..., Api]
EXTEND = load_contract("extend/2026-02-09")
SPLIT = "requests/submit_split_batch.json"
BATCH = {"splitter": {"id": "spl_1"}, "inputs": [{"file": {"url": "https://a.example/b"}, "metadata": {}}]}


# documents


def test_changes_leave_the_document_as_it_is() -> None:
    document = {"a": [{"b": 1}], "c": 2}
    assert put(document, "/a/0/b", 3) == {"a": [{"b": 3}], "c": 2}
    assert put(document, "/a/1", 4) == {"a": [{"b": 1}, 4], "c": 2}
    assert put(document, "", 5) == 5
    assert without(document, "/a/0/b") == {"a": [{}], "c": 2}
    assert without(document, "/c") == {"a": [{"b": 1}]}
    assert document == {"a": [{"b": 1}], "c": 2}


def test_graft_brings_what_stands_above_and_is_missing() -> None:
    other = {"file": {"settings": {"password": 0}}, "junk": 1}
    assert graft({"file": {"url": "u"}}, other, "/file/settings/password") == {
        "file": {"url": "u", "settings": {"password": 0}}
    }
    assert graft({"file": {"url": "u"}}, {"file": {"url": 7}}, "/file/url") == {"file": {"url": 7}}


# values and places


def test_places_of_a_valid_request() -> None:
    found = [(place.path, place.at, place.way) for place in places(EXTEND.shapes, SPLIT, BATCH)]
    inputs = "/properties/inputs"
    assert found == [
        (inputs, "/inputs", "free"),
        (f"{inputs}/items/properties/file", "/inputs/0/file", "free"),
        (f"{inputs}/items/properties/file/anyOf/0/$ref/properties/name", "/inputs/0/file/name", "open"),
        (f"{inputs}/items/properties/metadata", "/inputs/0/metadata", "free"),
        ("/properties/priority", "/priority", "open"),
    ]


def test_values_are_json_that_every_parser_holds() -> None:
    values = [item.value for item in (*OBJECTS, *TEXTS)] + list(examples(objects(), 20, 1))
    for value in values:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        assert json.loads(text.encode("utf-8")) == value
        assert len(text) < 8_000


def test_same_seed_same_values() -> None:
    assert examples(objects(), 10, 3) == examples(objects(), 10, 3)
    assert examples(objects(), 10, 3) != examples(objects(), 10, 4)


def test_objects_side_by_side_lose_nothing() -> None:
    values = [
        *OBJECTS,
        *(Labelled(f"random {at}", value) for at, value in enumerate(random_objects(5, 1))),
    ]
    joined = list(together(values, 6))
    assert "; ".join(item.about for item in joined).count("; ") == len(values) - 1
    for value in values:
        (holder,) = (item for item in joined if value.about in item.about.split("; "))
        assert {key: holder.value[key] for key in value.value} == value.value
    assert len(joined) < len(values) / 3


def test_objects_with_a_key_in_common_stand_apart() -> None:
    one, other = Labelled("one", {"a": 1}), Labelled("other", {"a": 2, "b": 3})
    assert list(together([one, other, Labelled("third", {"c": 4})], 6)) == [
        Labelled("one; third", {"a": 1, "c": 4}),
        other,
    ]


def test_objects_side_by_side_are_small_enough_for_every_server() -> None:
    long = [Labelled(str(number), {f"key{number}": "x" * 1_000}) for number in range(4)]
    assert [item.about for item in together(long, 6)] == ["0; 1", "2; 3"]


# Schemathesis


def test_negatives_are_labelled_and_invalid() -> None:
    found = list(negatives(EXTEND, "submit_split_batch"))
    assert "Missing required property: inputs" in {item.about for item in found}
    assert len([item for item in found if broken(EXTEND.shapes, SPLIT, item.body)]) > 40


def test_configuration_file_of_schemathesis_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list(negatives(EXTEND, "create_parse_run"))
    (tmp_path / "schemathesis.toml").write_text(
        "[phases.coverage]\nenabled = false\n[generation]\nmodes = []\n"
    )
    monkeypatch.chdir(tmp_path)
    assert list(negatives(EXTEND, "create_parse_run")) == before


def test_nothing_private_of_schemathesis_or_hypothesis_is_used() -> None:
    imported = [
        (file.name, name)
        for file in Path(batchproof.__file__).parent.rglob("*.py")
        for name in imports(ast.parse(file.read_text("utf-8")))
        if name.partition(".")[0] in ("hypothesis", "schemathesis")
    ]
    public = {"hypothesis", "hypothesis.stateful", "schemathesis"}
    assert {name for _, name in imported} == public


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules from which something is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module


# driving

ROWS = """
- {id: named, level: SHOULD, statement: A document without a name is refused., source: {document: guide, section: All}, basis: inferred, aspect: error, testable: black-box}
"""


@pytest.fixture(scope="module")
def papers_contract(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    folder: Path = build.copy_of_acme(tmp_path_factory.mktemp("generation"))
    file = folder / "requests" / "submit_batch.json"
    schema = json.loads(file.read_text())
    documents = schema["properties"]["documents"]
    documents["x-generate"] = "free"
    documents["items"]["properties"]["name"] |= {"x-generate": "open", "x-refused": {"required": "named"}}
    file.write_text(json.dumps(schema))
    rows = folder / "requirements.yaml"
    rows.write_text(rows.read_text() + ROWS)
    return load_contract(str(folder))


class Server:
    """Accepts every batch whose documents all have a name."""

    def __init__(self, build: ModuleType) -> None:
        self.build = build
        self.asked: list[tuple[str, str, bytes]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method, str(request.url), request.content))
        if request.method == "POST":
            try:
                documents = json.loads(request.content)["documents"]
                good = bool(documents) and all(isinstance(item["name"], str) for item in documents)
            except (ValueError, KeyError, TypeError, RecursionError):
                good = False
            error = {"error": {"code": "invalid", "message": "refused"}}
            return httpx.Response(201, json=self.build.batch()) if good else httpx.Response(422, json=error)
        if request.url.path == "/documents":
            return httpx.Response(200, json={"documents": [], "next": None})
        return httpx.Response(200, json=self.build.batch())


def exchanges(tmp_path: Path) -> list[Exchange]:
    lines = (tmp_path / "history.ndjson").read_text().splitlines()
    return [event for line in lines if isinstance(event := from_json(json.loads(line)), Exchange)]


def test_valid_requests(
    make_api: MakeApi, build: ModuleType, papers_contract: Contract, tmp_path: Path
) -> None:
    api = make_api(Server(build), contract=papers_contract)
    Generator(api).send_valid("submit_batch")
    control, *others = exchanges(tmp_path)
    cases = [one.case for one in others if one.case is not None]
    assert control.case is None
    assert {case.control for case in cases} == {control.id}
    assert {case.mode for case in cases} == {"valid", "open"}
    sizes = [len(one.request.body["documents"]) for one in others if one.case and one.case.mode == "valid"]
    assert sizes == [2, 3]
    names = {one.request.body["documents"][0]["name"] for one in others if one.request.method == "POST"}
    assert {item.value for item in TEXTS} <= names
    # what was created is listed
    assert any(one.case is None and one.operation == "list_documents" for one in others)


def test_invalid_requests_break_one_keyword(
    make_api: MakeApi, build: ModuleType, papers_contract: Contract, tmp_path: Path
) -> None:
    api = make_api(Server(build), contract=papers_contract)
    Generator(api).send_invalid("submit_batch")
    cases = [(one, one.case) for one in exchanges(tmp_path) if one.case is not None]
    file = "requests/submit_batch.json"
    for one, case in cases:
        if case.mode == "invalid":
            found = broken(papers_contract.shapes, file, one.request.body)
            assert ["body" + item.keyword for item in found] == [case.place]
    places_broken = {case.place for _, case in cases if case.mode == "invalid"}
    assert {"body/required/documents", "body/properties/documents/items/required/name"} <= places_broken
    assert any(one.request.text is not None for one, _ in cases)


def test_hostile_paths_and_headers(
    make_api: MakeApi, build: ModuleType, papers_contract: Contract, tmp_path: Path
) -> None:
    server = Server(build)
    api = make_api(server, contract=papers_contract, fixtures={"batch_ids": ["b_1"]})
    Generator(api).send_hostile_paths("get_batch")
    Generator(api).send_odd_headers("list_documents")
    urls = [url for _, url, _ in server.asked]
    assert "http://papers.test/batches/a%2Fb" in urls
    assert "http://papers.test/batches/%2E%2E" in urls
    assert any(one.request.path.get("id", "").startswith("b_1x") for one in exchanges(tmp_path))
    spelled = [one for one in exchanges(tmp_path) if one.case and one.case.about == "names in upper case"]
    assert [one.response.status for one in spelled if one.response] == [200]


def test_nothing_is_generated_beside_a_refused_control(
    make_api: MakeApi, papers_contract: Contract, tmp_path: Path
) -> None:
    api = make_api(lambda _: httpx.Response(422, json={}), contract=papers_contract)
    with pytest.raises(Stopped, match="the valid request was not accepted"):
        Generator(api).send_invalid("submit_batch")
    assert len(exchanges(tmp_path)) == 1


def test_generation_ends_with_the_budget(
    make_api: MakeApi, build: ModuleType, papers_contract: Contract, tmp_path: Path
) -> None:
    api = make_api(Server(build), contract=papers_contract, max_runs=4)
    with pytest.raises(Unmet) as unmet:
        Generator(api).send_valid("submit_batch")
    assert (unmet.value.reason, unmet.value.operations) == ("budget_exhausted", ("submit_batch",))
    sent = [one for one in exchanges(tmp_path) if one.request.method == "POST"]
    assert sum(len(one.request.body["documents"]) for one in sent) <= 4
