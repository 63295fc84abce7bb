"""Two versions with one store: what is made under one is read, listed, cancelled and deleted under the other.

Everything that goes by is judged by both contracts, so an object has the shape of the version that shows it.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Self

import httpx
import pytest

from batchproof import Recorder
from batchproof.contract import load_contract
from batchproof.emulator import Embedded, fixtures
from batchproof.recording import recorder

OLDER, NEWER = "extend/2025-04-21", "extend/2026-02-09"
URL = "https://files.example.com/invoice.pdf"
FAILING = "https://files.example.com/fail/invoice.pdf"
STEP_MS = 10_000
# What a processor of each type is called, with its runs, and the prefixes of their ids.
TYPES = {
    "EXTRACT": ("extractor", "ex", "extract_runs", "exr"),
    "CLASSIFY": ("classifier", "cl", "classify_runs", "clr"),
    "SPLITTER": ("splitter", "spl", "split_runs", "splr"),
}
EACH_TYPE = pytest.mark.parametrize("type_", TYPES)
FIELDS = [{"id": "f1", "name": "vendor", "type": "string"}, {"id": "f2", "type": "date"}]


class Version:
    """A client of one version, whose traffic is recorded."""

    def __init__(self, server: Embedded, contract: str) -> None:
        self.recorder = Recorder(contract, base_url=server.url)
        self.client = httpx.Client(
            base_url=server.url,
            transport=self.recorder,
            headers={
                "authorization": "Bearer sk_test_of_one_store",
                "x-extend-api-version": contract.removeprefix("extend/"),
            },
        )

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        return self.client.request(method, path, json=body, params=query)

    def get(self, path: str, **query: Any) -> Any:
        return self("GET", path, **query).raise_for_status().json()

    def post(self, path: str, body: Any = None) -> Any:
        return self("POST", path, body).raise_for_status().json()

    def findings(self) -> set[str]:
        return {row.id for row in self.recorder.judge().results.failed}


class Both:
    """Both versions at one address."""

    def __init__(self, server: Embedded) -> None:
        self.server = server
        self.older, self.newer = Version(server, OLDER), Version(server, NEWER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for version in (self.older, self.newer):
            version.client.close()

    def steps(self, count: float) -> None:
        httpx.post(self.server.control, params={"seconds": count * STEP_MS / 1000}).raise_for_status()

    def older_run(self, type_: str, url: str = URL, **members: Any) -> tuple[str, str]:
        """Make a run under the older version; its paths there and under the newer one."""
        processor = self.older.get("/processors", type=type_)["processors"][0]["id"]
        body = {"processorId": processor, "file": {"fileUrl": url}} | members
        id_ = self.older.post("/processor_runs", body)["processorRun"]["id"]
        *_, path, prefix = TYPES[type_]
        return f"/processor_runs/{id_}", f"/{path}/{id_.replace('dpr_', f'{prefix}_', 1)}"

    def newer_run(self, type_: str, url: str = URL, **members: Any) -> tuple[str, str]:
        """Make a run under the newer version; its paths there and under the older one."""
        kind, _, path, prefix = TYPES[type_]
        processor = self.newer.get(f"/{kind}s")["data"][-1]["id"]
        body = {kind: {"id": processor}, "file": {"url": url}} | members
        id_ = self.newer.post(f"/{path}", body)["id"]
        return f"/{path}/{id_}", f"/processor_runs/{id_.replace(f'{prefix}_', 'dpr_', 1)}"


@pytest.fixture(scope="module", autouse=True)
def contracts_are_loaded_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recorder, "load_contract", cache(load_contract))
        yield


@pytest.fixture
def both() -> Iterator[Both]:
    with Embedded([OLDER, NEWER], step_ms=STEP_MS) as server, Both(server) as versions:
        yield versions


def no_findings(both: Both) -> None:
    assert (both.older.findings(), both.newer.findings()) == (set(), set())


def seen(both: Both, older: str, newer: str) -> tuple[str, str]:
    return both.older.get(older)["processorRun"]["status"], both.newer.get(newer)["status"]


@EACH_TYPE
def test_a_run_of_the_older_version_lives_under_the_newer_one(both: Both, type_: str) -> None:
    path, there = both.older_run(type_, metadata={"order": "A-1"})
    life = [seen(both, path, there)]
    both.steps(3)
    life.append(seen(both, path, there))
    assert life == [("PROCESSING", "PROCESSING"), ("PROCESSED", "PROCESSED")]
    before, after = both.older.get(path)["processorRun"], both.newer.get(there)
    kind = TYPES[type_][0]
    assert (after[kind]["name"], after["metadata"]) == (before["processorName"], {"order": "A-1"})
    assert (after["file"]["id"], after["file"]["name"]) == (before["files"][0]["id"], "invoice.pdf")
    assert after["output"].get("value") == before["output"].get("value")
    no_findings(both)


@EACH_TYPE
def test_a_run_of_the_newer_version_lives_under_the_older_one(both: Both, type_: str) -> None:
    path, there = both.newer_run(type_, metadata={"order": "A-1"})
    life = [seen(both, there, path)]
    for _ in range(2):
        both.steps(1)
        life.append(seen(both, there, path))
    assert life == [(status, status) for status in ("PENDING", "PROCESSING", "PROCESSED")]
    before, after = both.older.get(there)["processorRun"], both.newer.get(path)
    kind = TYPES[type_][0]
    assert (before["type"], before["config"]["type"]) == (type_, type_)
    assert (before["processorName"], before["metadata"]) == (after[kind]["name"], {"order": "A-1"})
    assert before["files"][0]["id"] == after["file"]["id"]
    assert before["output"].get("value") == after["output"].get("value")
    no_findings(both)


@EACH_TYPE
@pytest.mark.parametrize("made", ["older", "newer"])
def test_what_fails_has_failed_for_both(both: Both, made: str, type_: str) -> None:
    paths = both.older_run(type_, FAILING) if made == "older" else both.newer_run(type_, FAILING)[::-1]
    both.steps(3)
    assert seen(both, *paths) == ("FAILED", "FAILED")
    before, after = both.older.get(paths[0])["processorRun"], both.newer.get(paths[1])
    assert before["failureReason"] == after["failureReason"] == "FAILED_TO_PROCESS_FILE"
    no_findings(both)


@EACH_TYPE
@pytest.mark.parametrize("made", ["older", "newer"])
@pytest.mark.parametrize("cancelled", ["older", "newer"])
def test_what_one_cancels_is_cancelled_for_both(both: Both, made: str, cancelled: str, type_: str) -> None:
    paths = both.older_run(type_) if made == "older" else both.newer_run(type_)[::-1]
    both.steps(1.2)
    version, path = (both.older, paths[0]) if cancelled == "older" else (both.newer, paths[1])
    version.post(f"{path}/cancel")
    both.steps(3)
    assert seen(both, *paths) == ("CANCELLED", "CANCELLED")
    refused = [
        one("POST", f"{at}/cancel").status_code
        for one, at in zip((both.older, both.newer), paths, strict=True)
    ]
    assert refused == [400, 400]
    no_findings(both)


@EACH_TYPE
@pytest.mark.parametrize("made", ["older", "newer"])
@pytest.mark.parametrize("deleted", ["older", "newer"])
def test_what_one_deletes_is_gone_for_both(both: Both, made: str, deleted: str, type_: str) -> None:
    paths = both.older_run(type_) if made == "older" else both.newer_run(type_)[::-1]
    both.steps(3)
    assert listed(both, type_) >= set(paths)
    version, path = (both.older, paths[0]) if deleted == "older" else (both.newer, paths[1])
    version("DELETE", path).raise_for_status()
    answers = [both.older("GET", paths[0]).status_code, both.newer("GET", paths[1]).status_code]
    assert (answers, listed(both, type_) & set(paths)) == ([404, 404], set())
    no_findings(both)


def listed(both: Both, type_: str) -> set[str]:
    """The paths of all runs of a type, under either version."""
    path = TYPES[type_][2]
    before = both.older.get("/processor_runs", processorType=type_, maxPageSize=1000)["processorRuns"]
    after = both.newer.get(f"/{path}", maxPageSize=1000)["data"]
    return {f"/processor_runs/{row['id']}" for row in before} | {f"/{path}/{row['id']}" for row in after}


@EACH_TYPE
def test_processors_are_the_same(both: Both, type_: str) -> None:
    kind, prefix, *_ = TYPES[type_]
    before = both.older.get("/processors", type=type_, maxPageSize=100)["processors"]
    after = both.newer.get(f"/{kind}s", maxPageSize=100)["data"]
    assert [row["id"].replace("dp_", f"{prefix}_", 1) for row in before] == [row["id"] for row in after]
    assert [(row["name"], row["createdAt"]) for row in before] == [
        (row["name"], row["createdAt"]) for row in after
    ]
    assert len(after) == 3
    no_findings(both)


def test_lists_filter_by_the_processor_of_either_version(both: Both) -> None:
    processor = both.older.get("/processors", type="EXTRACT")["processors"][0]["id"]
    extractor = processor.replace("dp_", "ex_", 1)
    made = both.newer.post("/extract_runs", {"extractor": {"id": extractor}, "file": {"url": URL}})["id"]
    rows = both.older.get("/processor_runs", processorId=processor)["processorRuns"]
    assert made.replace("exr_", "dpr_", 1) in {row["id"] for row in rows}
    assert {row["processorId"] for row in rows} == {processor}
    no_findings(both)


def test_the_runs_of_a_batch_are_shown_and_the_batch_is_not(both: Both) -> None:
    extractor = both.newer.get("/extractors")["data"][0]["id"]
    batch = both.newer.post(
        "/extract_runs/batch",
        {"extractor": {"id": extractor}, "inputs": [{"file": {"url": URL}}, {"file": {"url": FAILING}}]},
    )["id"]
    both.steps(4)
    runs = both.newer.get("/extract_runs", batchId=batch)["data"]
    wanted = {"source": "BATCH_PROCESSOR_RUN", "sourceId": batch}
    rows = both.older.get("/processor_runs", **wanted)["processorRuns"]
    assert {(row["id"].replace("dpr_", "exr_", 1), row["status"]) for row in rows} == {
        (run["id"], run["status"]) for run in runs
    }
    assert {run["status"] for run in runs} == {"PROCESSED", "FAILED"}
    by_the_api = both.older.get("/processor_runs", source="API", maxPageSize=100)["processorRuns"]
    assert {row["id"] for row in by_the_api} & {row["id"] for row in rows} == set()
    assert both.older("GET", f"/batch_processor_runs/{batch}").status_code == 404
    both.older("DELETE", f"/processor_runs/{rows[0]['id']}").raise_for_status()
    left = both.newer.get("/extract_runs", batchId=batch)["data"]
    assert {run["id"] for run in left} == {rows[1]["id"].replace("dpr_", "exr_", 1)}
    assert both.newer.get(f"/batch_runs/{batch}")["runCount"] == 2
    no_findings(both)


def test_batches_of_the_older_version_are_not_shown(both: Both) -> None:
    id_ = fixtures(OLDER)["batch_processor_run_ids"][0]
    answers = [
        both.older("GET", f"/batch_processor_runs/{id_}").status_code,
        both.newer("GET", f"/batch_runs/{id_}").status_code,
    ]
    assert answers == [200, 404]


def test_what_has_no_form_in_the_older_version_is_not_shown_there(both: Both) -> None:
    """A processor run always has a processor; parsing is no processor run."""
    made = [
        both.newer.post("/extract_runs", {"file": {"url": URL}})["id"],
        both.newer.post("/parse_runs", {"file": {"url": URL}})["id"],
    ]
    rests = {id_.partition("_")[2] for id_ in made}
    rows = both.older.get("/processor_runs", maxPageSize=1000)["processorRuns"]
    assert {row["id"].removeprefix("dpr_") for row in rows} & rests == set()
    no_findings(both)


def test_files_of_a_package_are_all_shown(both: Both) -> None:
    files = {"files": [{"url": URL}, {"id": "file_of_mine"}]}
    extractor = {"id": both.newer.get("/extractors")["data"][0]["id"]}
    made = both.newer.post("/extract_runs", {"extractor": extractor, "package": files})["id"]
    both.steps(3)
    shown = both.older.get(f"/processor_runs/{made.replace('exr_', 'dpr_', 1)}")["processorRun"]
    assert [file["name"] for file in shown["files"]] == ["invoice.pdf", "document.pdf"]
    assert shown["files"][1]["id"] == "file_of_mine"
    no_findings(both)


def test_a_configuration_of_the_older_version_is_translated(both: Both) -> None:
    options = {"splitMethod": "low_latency", "fixedPageLimit": 7, "pageRanges": [{"start": 1, "end": 2}]}
    config = {
        "type": "SPLITTER",
        "parser": {"target": "spatial"},
        "advancedOptions": options,
        "splitClassifications": [{"id": "other", "type": "other"}],
    }
    path, there = both.older_run("SPLITTER", config=config)
    both.steps(3)
    shown = both.newer.get(there)["config"]
    assert both.older.get(path)["processorRun"]["config"]["advancedOptions"] == options
    assert shown == {
        "baseProcessor": "splitting_performance",
        "baseVersion": "1.1.0",
        "parseConfig": {"target": "spatial"},
        "advancedOptions": {"splitMethod": "basic_precision", "pageRanges": [{"start": 1, "end": 2}]},
        "splitClassifications": [{"id": "other", "type": "other", "description": ""}],
    }
    no_findings(both)


def test_a_configuration_of_the_newer_version_is_translated(both: Both) -> None:
    splitter = both.newer.get("/splitters")["data"][-1]["id"]
    override = {"advancedOptions": {"splitMethod": "basic_precision"}, "parseConfig": {"target": "spatial"}}
    path, there = both.newer_run("SPLITTER", splitter={"id": splitter, "overrideConfig": override})
    shown = both.older.get(there)["processorRun"]["config"]
    kept = both.newer.get(path)["config"]
    assert (shown.pop("type"), shown.pop("parser")) == ("SPLITTER", kept.pop("parseConfig"))
    assert shown == kept | {"advancedOptions": {"splitMethod": "low_latency"}}
    _, classified = both.newer_run("CLASSIFY")
    config = both.older.get(classified)["processorRun"]["config"]
    # the older version knows no classification_standard, which is the default of the newer one
    assert set(config) == {"type", "classifications"}
    no_findings(both)


def test_a_schema_of_the_older_version_is_normalized(both: Both) -> None:
    schema = {"type": "object", "properties": {"name": {"type": ["string", "null"]}}}
    path, there = both.older_run("EXTRACT", config={"type": "EXTRACT", "schema": schema})
    assert both.older.get(path)["processorRun"]["config"]["schema"] == schema
    assert both.newer.get(there)["config"]["schema"] == schema | {
        "required": ["name"],
        "additionalProperties": False,
    }
    no_findings(both)


def test_fields_of_the_older_version_are_still_read(both: Both) -> None:
    _, there = both.older_run("EXTRACT", config={"type": "EXTRACT", "fields": FIELDS})
    both.steps(3)
    shown = both.newer.get(there)
    assert (shown["config"]["fields"], list(shown["output"])) == (FIELDS, ["vendor", "f2"])
    no_findings(both)


@pytest.mark.parametrize("options", [5, {"splitMethod": ["low_latency"]}])
def test_odd_options_of_the_older_version(both: Both, options: Any) -> None:
    """That version checks them hardly."""
    _, there = both.older_run(
        "CLASSIFY", config={"type": "CLASSIFY", "advancedOptions": options, "parser": 1}
    )
    both.steps(3)
    assert both.newer.get(there)["status"] == "PROCESSED"


def test_a_past_that_only_one_version_documents_stays_there(both: Both) -> None:
    """Reviews, older kinds of billing, runs without a processor."""
    rows = both.older.get("/processor_runs", maxPageSize=1000)["processorRuns"]
    shown = {row["id"] for row in rows} - set(fixtures(OLDER)["processor_run_ids"])
    theirs = {
        id_.partition("_")[2]: both.newer.get(f"/extract_runs/{id_}")
        for id_ in fixtures(NEWER)["extract_run_ids"]
    }
    assert {id_.removeprefix("dpr_") for id_ in shown} == {
        rest
        for rest, run in theirs.items()
        if run["extractor"] is not None
        and not run["reviewed"]
        and rest not in ("shown_legacy", "shown_before_breakdowns")
    }
    for id_ in shown:
        assert both.older.get(f"/processor_runs/{id_}")["processorRun"]["id"] == id_
    before = {id_: both.older.get(f"/processor_runs/{id_}") for id_ in fixtures(OLDER)["processor_run_ids"]}
    answers = {
        both.newer("GET", f"/{path}/{id_.replace('dpr_', f'{prefix}_', 1)}").status_code
        for id_, run in before.items()
        for *_, path, prefix in [TYPES[run["processorRun"]["type"]]]
        if not run["processorRun"]["reviewed"]
    }
    assert answers == {200}
    no_findings(both)


def test_ids_differ_though_both_begin_with_the_same_seed(both: Both) -> None:
    kinds = [
        row["id"].partition("_")[2] for row in both.older.get("/processors", maxPageSize=100)["processors"]
    ]
    assert len(set(kinds)) == 9


def test_each_token_has_a_workspace_of_its_own(both: Both) -> None:
    _, there = both.older_run("EXTRACT")
    stranger = {"authorization": "Bearer sk_of_somebody_else"}
    assert both.newer.client.get(there, headers=stranger).status_code == 404


def test_an_id_of_the_other_version_is_not_known(both: Both) -> None:
    """No document says that one is accepted, so a client that relies on it shall notice."""
    path, there = both.older_run("EXTRACT")
    other = path.replace("processor_runs", "extract_runs")
    answers = [both.newer("GET", other).status_code, both.newer("GET", there).status_code]
    assert answers == [404, 200]


@pytest.mark.parametrize("order", [[OLDER, NEWER], [NEWER, OLDER]])
@pytest.mark.parametrize("variant", ["unprefixed-ids", "moves-between-requests"])
def test_variants(order: list[str], variant: str) -> None:
    with Embedded(order, step_ms=STEP_MS, variants=[variant]) as server, Both(server) as versions:
        for _ in range(3):
            versions.older_run("EXTRACT")
            versions.newer_run("EXTRACT")
        versions.steps(4)
        before = versions.older.get("/processor_runs", maxPageSize=1000, processorType="EXTRACT")
        after = versions.newer.get("/extract_runs", maxPageSize=1000)["data"]
        shown = {row["id"].removeprefix("dpr_") for row in before["processorRuns"]}
        assert len(shown & {row["id"].removeprefix("exr_") for row in after}) >= 6
        no_findings(versions)
