"""What one program has to do, from its traffic: installed contracts, exchanges made by hand."""

import dataclasses
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec.structs import replace
from rich.console import Console

from batchproof.contract import Contract, load_contract
from batchproof.history import Exchange, Request, Response
from batchproof.report.page import Page
from batchproof.upgrade import load_map, upgrade
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.todo import Event, Item, Todo, Trace, todo
from batchproof.upgrade.todo.pages import print_todo, remarks, summed_up

OLD, NEW = {"x-extend-api-version": "2025-04-21"}, {"x-extend-api-version": "2026-02-09"}
URL = "https://api.papers.test/v1"
RUN = {
    "object": "document_processor_run",
    "id": "dpr_1",
    "processorId": "dp_1",
    "processorVersionId": "dpv_1",
    "processorName": "Invoices",
    "status": "PROCESSED",
    "type": "EXTRACT",
    "output": {"value": {"total": 1}, "metadata": {"total": {"citations": [{"page": 2, "pageWidth": 600}]}}},
    "config": {"type": "EXTRACT", "parser": {"target": "markdown"}},
    "files": [
        {"object": "file", "id": "file_1", "name": "a.pdf", "presignedUrl": "https://files.test/a.pdf"}
    ],
    "mergedProcessors": [],
    "url": "https://dashboard.test/dpr_1",
    "metadata": {"batch": "monday"},
}
SHOWN = {"success": True, "processorRun": RUN}


class Installed(NamedTuple):
    older: Contract
    newer: Contract
    mapped: Map
    described: Upgrade

    def of(self, *exchanges: Exchange, **more: Any) -> Todo:
        return todo(self.mapped, self.described, [trace(*exchanges)], **more)


@pytest.fixture(scope="module")
def installed() -> Installed:
    older, newer = load_contract("extend/2025-04-21"), load_contract("extend/2026-02-09")
    return Installed(older, newer, load_map(older, newer), upgrade(older, newer))


def call(
    method: str,
    path: str,
    answer: Any = None,
    *,
    sent: Any = msgspec.UNSET,
    query: Sequence[tuple[str, str]] = (),
    status: int = 200,
    headers: dict[str, str] = OLD,
) -> Exchange:
    return Exchange(
        id="m1",
        scenario="traffic",
        operation=None,
        start=0.0,
        end=1.0,
        request=Request(
            method=method, url=URL + path, path=_ids(path), query=list(query), headers=headers, body=sent
        ),
        response=Response(status=status, body=answer),
    )


def _ids(path: str) -> dict[str, str]:
    parts = path.split("/")
    return {"id": parts[2]} if len(parts) > 2 else {}


def trace(*exchanges: Exchange) -> Trace:
    numbered = [
        msgspec.structs.replace(one, id=f"m{number}") for number, one in enumerate(exchanges, start=1)
    ]
    return Trace("traffic.har", "/v1", numbered)


def items(found: Todo) -> dict[str, Item]:
    return {item.id: item for item in found.items}


def states(found: Todo) -> dict[str, str]:
    return {item.id: item.state for item in found.items}


def test_a_creation_with_all_that_it_sends(installed: Installed) -> None:
    sent = {
        "processorId": "dp_1",
        "version": "latest",
        "file": {"fileName": "a.pdf", "fileUrl": "https://files.test/a.pdf"},
        "config": {"type": "EXTRACT", "baseProcessor": "extraction_light"},
        "priority": 7,
        "metadata": {"fileUrl": "mine"},
    }
    found = installed.of(call("POST", "/processor_runs", SHOWN, sent=sent))
    described = {item.id: item.what for item in found.items if item.part in ("request", "call")}
    assert described == {
        "create_processor_run.moved": "Call POST /extract_runs instead of POST /processor_runs",
        "create_processor_run.request.processorId": "Send /extractor/id instead of /processorId",
        "create_processor_run.request.version": "Send /extractor/version instead of /version",
        "create_processor_run.request.config": "Send /extractor/overrideConfig instead of /config",
        "create_processor_run.request.file.fileName": "Send /file/name instead of /file/fileName",
        "create_processor_run.request.file.fileUrl": "Send /file/url instead of /file/fileUrl",
    }
    (sample,) = next(one for one in found.calls if one.name == "create_processor_run").samples
    assert sample.request_after == {
        "call": "POST /extract_runs",
        "headers": NEW,
        "body": {
            "extractor": {
                "id": "ex_1",
                "version": "latest",
                "overrideConfig": {"baseProcessor": "extraction_light"},
            },
            "file": {"name": "a.pdf", "url": "https://files.test/a.pdf"},
            "priority": 7,
            "metadata": {"fileUrl": "mine"},
        },
    }
    validator = installed.newer.shapes.validator("requests/create_extract_run.json")
    assert validator.is_valid(sample.request_after["body"])


def test_an_answer_before_and_after(installed: Installed) -> None:
    found = installed.of(call("GET", "/processor_runs/dpr_1", SHOWN))
    (sample,) = next(one for one in found.calls if one.name == "get_processor_run").samples
    own = {
        "object": "extract_run",
        "id": "exr_1",
        "status": "PROCESSED",
        "output": {
            "value": {"total": 1},
            "metadata": {
                "total": {"citations": [{"page": {"number": 2, "width": 600}}], "logprobsConfidence": None}
            },
        },
        "config": {"parseConfig": {"target": "markdown"}},
        "dashboardUrl": "https://dashboard.test/dpr_1",
        "metadata": {"batch": "monday"},
    }
    assert {name: sample.answer_after[name] for name in own} == own
    inner = {
        ("extractor", "id"): "ex_1",
        ("extractor", "name"): "Invoices",
        ("extractorVersion", "id"): "exv_1",
        ("file", "id"): "file_1",
        ("file", "name"): "a.pdf",
    }
    assert {(one, other): sample.answer_after[one][other] for one, other in inner} == inner
    validator = installed.newer.shapes.validator("resources/extract_run.json")
    assert validator.is_valid(sample.answer_after)
    # what the older version left out is null, what is new has the value of a documented example, and both are said to be new
    assert sample.answer_after["failureReason"] is None
    assert sample.answer_after["parseRunId"] == "pr_xK9mLPqRtN3vS8wF5hB2cQ"
    assert {"/failureReason", "/parseRunId", "/extractor/createdAt"} <= set(sample.new)
    assert not any(at in sample.new for at in ("/id", "/status", "/extractor/id", "/file/name"))
    first, second = remarks(sample)
    assert first.startswith("new, with values that the documentation shows: ")
    assert "/parseRunId" in first
    assert second.startswith("new, and null: ")
    assert "/failureReason" in second


def test_the_pages_of_a_list_are_cut_and_still_pages(installed: Installed) -> None:
    rows = [
        {"id": f"dpr_{n}", "processorId": "dp_1", "status": "PROCESSED", "type": "EXTRACT"} for n in range(5)
    ]
    page = {"success": True, "processorRuns": rows}
    (sample,) = next(
        one
        for one in installed.of(call("GET", "/processor_runs", page)).calls
        if one.name == "list_processor_runs"
    ).samples
    assert [row["id"] for row in sample.answer_before["processorRuns"]] == ["dpr_0", "dpr_1"]
    assert [row["id"] for row in sample.answer_after["data"]] == ["exr_0", "exr_1"]
    assert sample.cut == {"/processorRuns": 3}
    assert "left out of /processorRuns: 3 more" in list(remarks(sample))
    assert {"/object", "/data/*/object", "/data/*/dashboardUrl"} <= set(sample.new)
    assert installed.newer.shapes.validator("resources/extract_run_list.json").is_valid(sample.answer_after)


def test_an_id_in_a_path_or_a_query_has_the_newer_prefix(installed: Installed) -> None:
    shown = call("GET", "/processor_runs/dpr_1", SHOWN)
    (sample,) = next(one for one in installed.of(shown).calls if one.name == "get_processor_run").samples
    assert (sample.request_before["call"], sample.request_after and sample.request_after["call"]) == (
        "GET /processor_runs/dpr_1",
        "GET /extract_runs/exr_1",
    )
    listed = call("GET", "/processor_runs", {"success": True}, query=[("processorId", "dp_1")])
    found = installed.of(shown, listed)
    (sample,) = next(one for one in found.calls if one.name == "list_processor_runs").samples
    assert sample.request_after is not None
    assert sample.request_after["call"] == "GET /extract_runs?extractorId=ex_1"


def test_the_type_is_learned_from_answers_filters_and_ids(installed: Installed) -> None:
    body = {"success": False, "error": "no"}
    found = installed.of(
        call("GET", "/processors", {"success": True, "processors": []}, query=[("type", "SPLITTER")]),
        call("GET", "/processor_runs/dpr_1", SHOWN),
        call("DELETE", "/processor_runs/dpr_1", body, status=404),
        call("POST", "/processor_runs", body, sent={"processorId": "dp_1", "rawText": "x"}, status=400),
    )
    assert {one.name: one.variants for one in found.calls if one.kind == "operation"} == {
        "list_processors": ["splitting"],
        "get_processor_run": ["extraction"],
        "delete_processor_run": ["extraction"],
        "create_processor_run": ["extraction"],
    }
    assert not any("nothing tells of what type" in note for note in found.notes)


def test_all_types_are_listed_where_nothing_tells(installed: Installed) -> None:
    found = installed.of(call("DELETE", "/processor_runs/dpr_9", {"success": True}))
    moved = items(found)["delete_processor_run.moved"]
    assert moved.what == (
        "Call DELETE /extract_runs/{id} (extraction) or DELETE /classify_runs/{id} (classification) or "
        "DELETE /split_runs/{id} (splitting) instead of DELETE /processor_runs/{id}"
    )
    assert any("nothing tells of what type" in note for note in found.notes)


def test_only_what_is_read_is_listed_where_that_is_told(installed: Installed) -> None:
    reads = {
        "get_processor_run": [
            "/processorRun/processorId",
            "/processorRun/output/metadata/*/citations/*/page",
            "/processorRun/files/*/presignedUrl",
            "/processorRun/metadata/batch",
            "/processorRun/mergedProcessors",
        ]
    }
    found = installed.of(call("GET", "/processor_runs/dpr_1", SHOWN), reads=reads)
    assert [item.what for item in found.items if item.part == "answer"] == [
        "Read /output/metadata/*/citations/*/page/number instead of /processorRun/output/metadata/*/citations/*/page",
        "Do without /processorRun/files/*/presignedUrl: it is gone",
        "Read /extractor/id instead of /processorRun/processorId",
        "Read /metadata/batch instead of /processorRun/metadata/batch",
        "Do without /processorRun/mergedProcessors: it is gone",
    ]
    gone = items(found)["get_processor_run.answer.processorRun.files.*.presignedUrl"]
    assert gone.notes[0] == "GET /files/{id} answers with an address that holds for 15 minutes."


def test_everything_that_was_answered_is_listed_where_nothing_tells_what_is_read(
    installed: Installed,
) -> None:
    found = items(installed.of(call("GET", "/processor_runs/dpr_1", SHOWN)))
    assert found["get_processor_run.answer.processorRun.url"].what == (
        "Where you read /processorRun/url, read /dashboardUrl instead"
    )
    # the answer had neither
    assert not {"get_processor_run.answer.processorRun.initialOutput", "errors.answer.error"} & set(found)


def test_filters_of_a_list(installed: Installed) -> None:
    query = [("processorId", "dp_1"), ("processorType", "EXTRACT"), ("status", "FAILED")]
    rows = {"success": True, "processorRuns": []}
    found = items(installed.of(call("GET", "/processor_runs", rows, query=query)))
    described = {
        item.id: (item.what, item.grade, item.silent) for item in found.values() if item.part == "query"
    }
    assert described == {
        "list_processor_runs.query.processorId": (
            "Send extractorId instead of processorId",
            "breaking",
            True,
        ),
        "list_processor_runs.query.processorType": ("Send processorType no longer", "risky", True),
    }


def test_bodies_of_errors_are_listed_once_one_was_seen(installed: Installed) -> None:
    body = {"success": False, "error": "There is no such run."}
    found = items(installed.of(call("GET", "/processor_runs/dpr_9", body, status=404)))
    assert found["errors.answer.error"].what == "Where you read /error, read /message instead"
    assert found["errors.answer.success"].what == "Where you read /success, do without: it is gone"
    assert found["errors.status.422"].what == "Know 422 as the status of an error"
    assert "errors.status.404" not in found


def test_what_their_code_knows_already_is_not_new_to_it(installed: Installed) -> None:
    exchange = call("GET", "/processor_runs/dpr_1", SHOWN)
    handles = frozenset({"PROCESSED", "FAILED", "CANCELLED", "PROCESSING", "422", "NOT_FOUND"})
    found = items(installed.of(exchange, handles=handles))
    assert found["processor_run.status.PENDING"].what == "Know the status PENDING"
    assert {"processor_run.status.PROCESSED", "errors.status.422", "errors.code.NOT_FOUND"} & set(
        found
    ) == set()
    assert {"errors.status.402", "errors.code.INVALID_REQUEST"} <= set(found)
    assert "processor_run.status.PENDING" not in items(installed.of(exchange))


def codes(found: Todo) -> dict[str, str]:
    return {
        item.id.removeprefix("errors.code."): item.what
        for item in found.items
        if item.id.startswith("errors.code.")
    }


CODES = {
    "INVALID_REQUEST": "Know the error code INVALID_REQUEST (400 or 422), which is new to you",
    "UNAUTHORIZED": "Know the error code UNAUTHORIZED (401), which is new to you",
    "USAGE_BLOCKED": "Know the error code USAGE_BLOCKED (402), which is new to you",
    "NOT_FOUND": "Know the error code NOT_FOUND (404), which is new to you",
    "RATE_LIMIT_EXCEEDED": "Know the error code RATE_LIMIT_EXCEEDED (429), which is new to you",
    "INTERNAL_ERROR": "Know the error code INTERNAL_ERROR (500), which is new to you",
    "ENDPOINT_REMOVED": "Know the error code ENDPOINT_REMOVED, which is new to you",
}


def test_each_code_that_is_new_is_listed_though_no_error_was_seen(installed: Installed) -> None:
    found = installed.of(call("GET", "/processor_runs/dpr_1", SHOWN))
    assert list(codes(found).items()) == list(CODES.items())
    found_items = [item for item in found.items if item.information]
    assert {item.id for item in found_items} == {f"errors.code.{code}" for code in CODES}
    assert {(item.grade, item.open, tuple(item.notes)) for item in found_items} == {("risky", False, ())}
    assert any("7 error codes new to you" in line for line in summed_up(found))


def test_codes_count_where_it_is_told_which_ones_code_knows(installed: Installed) -> None:
    exchange = call("GET", "/processor_runs/dpr_1", SHOWN)
    found = installed.of(exchange, handles=frozenset(CODES) - {"USAGE_BLOCKED"})
    assert codes(found) == {"USAGE_BLOCKED": CODES["USAGE_BLOCKED"]}
    assert [item.open for item in found.items if item.id == "errors.code.USAGE_BLOCKED"] == [True]


def test_only_codes_that_its_calls_can_meet_are_listed(installed: Installed) -> None:
    manifest = installed.newer.manifest
    get, listed = manifest.operations["get_extract_run"], manifest.operations["list_extractors"]
    operations = {
        **manifest.operations,
        "get_extract_run": replace(get, errors=replace(get.errors, statuses=[404])),
        "list_extractors": replace(listed, errors=replace(listed.errors, statuses=[429])),
    }
    newer = dataclasses.replace(installed.newer, manifest=replace(manifest, operations=operations))
    fewer = installed._replace(mapped=installed.mapped._replace(newer=newer))
    shown = call("GET", "/processor_runs/dpr_1", SHOWN)
    page = call("GET", "/processors", {"success": True, "processors": []}, query=[("type", "EXTRACT")])
    assert list(codes(fewer.of(shown))) == ["NOT_FOUND", "ENDPOINT_REMOVED"]
    both = fewer.of(shown, page)
    assert list(codes(both)) == ["NOT_FOUND", "RATE_LIMIT_EXCEEDED", "ENDPOINT_REMOVED"]
    assert items(both)["errors.code.NOT_FOUND"].notes == ["of get_processor_run"]
    assert items(both)["errors.code.ENDPOINT_REMOVED"].notes == []


def test_a_code_that_the_older_version_has_is_not_new(installed: Installed) -> None:
    changes = [
        replace(change, codes=["NOT_FOUND"]) if change.codes else change
        for change in installed.mapped.migration.changes
    ]
    mapped = installed.mapped._replace(migration=replace(installed.mapped.migration, changes=changes))
    older = installed._replace(mapped=mapped)
    exchange = call("GET", "/processor_runs/dpr_1", SHOWN)
    assert list(codes(older.of(exchange))) == [code for code in CODES if code != "NOT_FOUND"]
    found_items = codes(older.of(exchange, handles=frozenset({"PROCESSED"})))
    assert found_items == {**CODES, "NOT_FOUND": "Know the error code NOT_FOUND (404)"}


@pytest.mark.parametrize(
    ("known", "state"), [(None, "unseen"), (frozenset(CODES), "done"), (frozenset({"402"}), "open")]
)
def test_codes_are_closed_by_what_the_migrated_program_knows_and_never_fail(
    installed: Installed, known: frozenset[str] | None, state: str
) -> None:
    found = installed.of(CREATION, check=[trace(created(GOOD))], check_handles=known)
    found_items = [item for item in found.items if item.information]
    assert ({item.state for item in found_items}, {item.open for item in found_items}) == ({state}, {False})


def test_events_that_were_received(installed: Installed) -> None:
    body = {"eventId": "evt_1", "eventType": "processor_run.processed", "payload": RUN}
    found = installed.of(
        events=[Event("d1", body)], reads={"processor_run.processed": ["/payload/processorId"]}
    )
    described = items(found)
    assert (
        described["processor_run.processed.renamed"].what,
        described["processor_run.processed.renamed"].silent,
    ) == (
        "Subscribe to extract_run.processed, and know it for processor_run.processed",
        True,
    )
    assert described["processor_run.processed.payload.payload.processorId"].what == (
        "Read /payload/extractor/id instead of /payload/processorId"
    )
    assert (found.deliveries, found.requests) == (1, 0)


def test_calls_that_no_folder_describes(installed: Installed) -> None:
    found = installed.of(
        call("POST", "/parse/async", {}, sent={}),
        call("POST", "/workflow_runs/w_1/outputs/o_1", {}, sent={}),
        call("GET", "/invoices", {}),
    )
    outside = {one.name: [item.id for item in one.items] for one in found.calls if one.kind == "outside"}
    assert outside == {
        "POST /parse/async": ["stated.parse"],
        "POST /workflow_runs/{id}/outputs/{outputId}": ["stated.workflow-output-correction"],
    }
    assert found.unknown == {"GET /invoices": 1}


def test_the_header_alone_is_another_route(installed: Installed) -> None:
    exchanges = [
        call("GET", "/processor_runs/dpr_1", SHOWN),
        call("GET", "/processor_runs", {"success": True, "processorRuns": [RUN]}),
        call("POST", "/parse/async", {}, sent={}),
    ]
    found = installed.of(*exchanges, route="header-only")
    assert {item.id for item in found.items} == {
        "header.x-extend-api-version.changed",
        "stated.ids-of-runs",
        "stated.ids-of-versions",
        "stated.parse",
    }
    assert (found.route, found.routes["header-only"].unsettled) == (
        "header-only",
        "that the deprecated paths answer under the newer version",
    )
    whole = installed.of(*exchanges)
    assert whole.route == "all"
    assert whole.routes["header-only"].totals == found.totals
    assert whole.totals["breaking"] > found.totals["breaking"]


def test_silent_items_come_first(installed: Installed) -> None:
    found = installed.of(call("GET", "/processor_runs/dpr_1", SHOWN))
    for one in found.calls:
        assert [item.rank for item in one.items] == sorted(item.rank for item in one.items)


def test_what_they_never_call_is_a_number(installed: Installed) -> None:
    found = installed.of(call("GET", "/processor_runs/dpr_1", SHOWN))
    assert not any(item.id.startswith(("create_", "list_", "delete_")) for item in found.items)
    paper = [change.id for change in installed.described.changes if change.grade != "compatible"]
    concerned = {change for item in found.items for change in item.changes}
    assert found.elsewhere == len([name for name in paper if name not in concerned]) > 0


def test_an_event_that_is_read_was_received_at_some_time(installed: Installed) -> None:
    found = items(installed.of(reads={"processor_run.failed": ["/payload/failureReason", "/payload/url"]}))
    described = {name: item.what for name, item in found.items() if item.part == "event"}
    assert described == {
        "processor_run.failed.renamed": (
            "Subscribe to extract_run.failed (extraction) or classify_run.failed (classification) or "
            "split_run.failed (splitting), and know it for processor_run.failed"
        ),
        "processor_run.failed.payload.payload.url": "Read /payload/dashboardUrl instead of /payload/url",
    }


def test_answers_that_were_not_recorded_are_told(installed: Installed) -> None:
    lost = msgspec.structs.replace(call("GET", "/processor_runs/dpr_1"), response=None)
    found = installed.of(lost)
    assert found.notes[0] == "answers that are not in the recording, so that nothing of them is listed: 1"
    assert "get_processor_run.moved" in items(found)


@pytest.mark.parametrize(
    "body", [None, [], "text", [1], {"processorRun": []}, {"processorRun": {"files": {"a": 1}}}]
)
def test_bodies_of_any_shape_are_read(installed: Installed, body: Any) -> None:
    assert installed.of(call("GET", "/processor_runs/dpr_1", body)).requests == 1
    assert installed.of(call("POST", "/processor_runs", body, sent=body)).requests == 1


# --check


MOVED = {
    "object": "extract_run",
    "id": "exr_1",
    "extractor": {"id": "ex_1", "name": "Invoices"},
    "status": "PROCESSED",
    "file": None,
}
CREATION = call(
    "POST",
    "/processor_runs",
    SHOWN,
    sent={"processorId": "dp_1", "file": {"fileUrl": "https://files.test/a"}},
)


def created(sent: Any, *, status: int = 200, headers: dict[str, str] = NEW) -> Exchange:
    return call("POST", "/extract_runs", MOVED, sent=sent, status=status, headers=headers)


GOOD = {"extractor": {"id": "ex_1"}, "file": {"url": "https://files.test/a"}}
MOVE, FIELD, HEADER, READ = (
    "create_processor_run.moved",
    "create_processor_run.request.processorId",
    "header.x-extend-api-version.changed",
    "create_processor_run.answer.processorRun.id",
)


@pytest.mark.parametrize(
    ("newer", "expected"),
    [
        ([created(GOOD)], {MOVE: "done", FIELD: "done", HEADER: "done"}),
        ([], {MOVE: "unseen", FIELD: "unseen", HEADER: "unseen"}),
        ([CREATION], {MOVE: "open", FIELD: "unseen", HEADER: "open"}),
        ([created(GOOD), CREATION], {MOVE: "open", FIELD: "done", HEADER: "open"}),
        ([created(GOOD, status=404)], {MOVE: "open", FIELD: "done", HEADER: "done"}),
        ([created(GOOD, headers=OLD)], {MOVE: "done", FIELD: "done", HEADER: "open"}),
        (
            [created({**GOOD, "processorId": "dp_1"})],
            {MOVE: "done", FIELD: "open", HEADER: "done"},
        ),
        (
            [created({"file": {"url": "https://files.test/a"}})],
            {MOVE: "done", FIELD: "open", HEADER: "done"},
        ),
        ([created({"extractor": {"id": "ex_1"}})], {MOVE: "open", FIELD: "done", HEADER: "done"}),
    ],
    ids=[
        "moved",
        "nothing",
        "not moved",
        "half moved",
        "refused",
        "without the header",
        "with the old field",
        "without the new field",
        "with an invalid body",
    ],
)
def test_newer_traffic_shows_what_is_done(
    installed: Installed, newer: list[Exchange], expected: dict[str, str]
) -> None:
    found = states(installed.of(CREATION, check=[trace(*newer)]))
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("reads", "state"),
    [
        (None, "unseen"),
        ({"get_extract_run": ["/id"]}, "unseen"),
        ({"create_extract_run": ["/id"]}, "done"),
        ({"create_extract_run": ["/status"]}, "open"),
        ({"create_extract_run": ["/id", "/processorRun/id"]}, "open"),
    ],
)
def test_what_code_reads_has_to_be_told(
    installed: Installed, reads: dict[str, list[str]] | None, state: str
) -> None:
    found = installed.of(
        CREATION,
        reads={"create_processor_run": ["/processorRun/id"]},
        check=[trace(created(GOOD))],
        check_reads=reads,
    )
    assert states(found)[READ] == state


@pytest.mark.parametrize(
    ("known", "state"), [(None, "unseen"), (frozenset({"422"}), "done"), (frozenset({"402"}), "open")]
)
def test_what_code_knows_has_to_be_told(
    installed: Installed, known: frozenset[str] | None, state: str
) -> None:
    found = installed.of(CREATION, check=[trace(created(GOOD))], check_handles=known)
    assert states(found)["errors.status.422"] == state


def test_what_is_done_is_not_open(installed: Installed) -> None:
    found = installed.of(CREATION, check=[trace(created(GOOD))])
    assert (found.totals, found.silent) == ({"breaking": 0, "risky": 0, "compatible": 0}, 0)
    assert found.done + found.unseen == sum(not item.information for item in found.items)


CLASSIFIED = {
    "success": True,
    "processorRun": {**RUN, "id": "dpr_2", "type": "CLASSIFY", "output": {"id": "a", "type": "A"}},
}
ALL_OUTPUT = {"get_processor_run": ["/processorRun/output"]}
PAGE = "get_processor_run.answer.processorRun.output.metadata.*.citations.*.page"


def test_what_one_type_alone_has_is_listed_for_that_type(installed: Installed) -> None:
    made = call("GET", "/processor_runs/dpr_1", SHOWN), call("GET", "/processor_runs/dpr_2", CLASSIFIED)
    found = items(installed.of(*made, reads=ALL_OUTPUT))
    assert found[PAGE].what == (
        "Read /output/metadata/*/citations/*/page/number instead of"
        " /processorRun/output/metadata/*/citations/*/page"
    )


@pytest.mark.parametrize(("read", "state"), [("/output", "done"), ("/output/metadata/*/insights", "open")])
def test_who_reads_what_holds_a_field_reads_the_field(installed: Installed, read: str, state: str) -> None:
    found = installed.of(
        call("GET", "/processor_runs/dpr_1", SHOWN),
        reads=ALL_OUTPUT,
        check=[trace(call("GET", "/extract_runs/exr_1", {}, headers=NEW))],
        check_reads={"get_extract_run": [read]},
    )
    assert states(found)[PAGE] == state


CANCELLATION = call("POST", "/processor_runs/dpr_1/cancel", SHOWN)
REFUSED = call("POST", "/processor_runs/dpr_1/cancel", {"success": False, "error": "over"}, status=400)


@pytest.mark.parametrize(
    ("before", "status", "state"),
    [(REFUSED, 400, "unseen"), (REFUSED, 405, "open"), (CANCELLATION, 400, "open"), (REFUSED, 200, "done")],
)
def test_call_that_was_never_accepted_is_not_open_for_that(
    installed: Installed, before: Exchange, status: int, state: str
) -> None:
    newer = call("POST", "/extract_runs/exr_1/cancel", {}, status=status, headers=NEW)
    found = installed.of(call("GET", "/processor_runs/dpr_1", SHOWN), before, check=[trace(newer)])
    assert states(found)["cancel_processor_run.moved"] == state


def test_the_table_counts_what_the_headline_counts(installed: Installed) -> None:
    found = installed.of(CREATION, reads=ALL_OUTPUT, check=[trace(created(GOOD))])
    written = io.StringIO()
    print_todo(installed.described, found, Page(Console(file=written, width=100)), folder="reports")
    rows = [
        line.split() for line in written.getvalue().splitlines() if line.startswith("POST /processor_runs ")
    ]
    assert (found.totals, found.unseen > 0) == ({"breaking": 0, "risky": 0, "compatible": 0}, True)
    assert rows[0][-3:] == ["0", "0", "0"]


def test_a_body_of_errors_that_several_operations_read_is_listed_once(installed: Installed) -> None:
    refusal = call("GET", "/processor_runs/dpr_9", {"success": False, "error": "No such run."}, status=404)
    found = installed.of(refusal, reads={"errors": ["/error", "/success", "/error"]})
    assert [item.id for item in found.items if item.id.startswith("errors.answer.")] == [
        "errors.answer.error",
        "errors.answer.success",
    ]


def test_the_body_of_an_error_is_shown_before_and_after(installed: Installed) -> None:
    body = {"success": False, "error": "There is no such run."}
    exchanges = (
        call("GET", "/processor_runs/dpr_1", SHOWN),
        call("GET", "/processor_runs/dpr_9", body, status=404),
    )
    (sample,) = installed.of(*exchanges).calls[0].samples
    assert (sample.exchange, sample.variant, sample.answer_before, sample.answer_after) == (
        "m2",
        "extraction",
        body,
        {
            "code": "NOT_FOUND",
            "message": "There is no such run.",
            "retryable": False,
            "requestId": "req_xK9mLPqRtN3vS8wF5hB2cQ",
        },
    )
    assert set(sample.new) == {"/code", "/retryable", "/requestId"}
    assert installed.of(*exchanges, route="header-only").calls[0].samples == []
