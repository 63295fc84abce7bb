"""What the pictures of ``report.html`` show."""

import dataclasses
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.contract.model import Lifecycle
from batchproof.contract.webhooks import Envelope, Signature, Timestamp, WebhookEvent, Webhooks
from batchproof.history import Delivery, History
from batchproof.judging import judge
from batchproof.report.html.lifecycles import Picture, pictures
from batchproof.report.html.lifelines import lifeline
from batchproof.report.html.pace import pace
from batchproof.report.html.records import Records

WEBHOOKS = Webhooks(
    envelope=Envelope(schema="", requirement="", id="/id", type="/type"),
    signature=Signature(header="", signed="", requirement="", timestamp=Timestamp(header="", requirement="")),
    events={"batch.done": WebhookEvent(resource="batch", schema="", requirement="", at="/batch")},
)


def pictured(contract: Contract, history: History) -> Picture:
    (picture,) = pictures(contract, judge(contract, history), Records(history))
    return picture


def looks(build: Any, *statuses: str) -> list[Any]:
    return [build.exchange("get_batch", at, body=build.batch(status)) for at, status in enumerate(statuses)]


def test_documented_steps_with_how_often_they_were_seen(acme: Contract, build: Any) -> None:
    picture = pictured(acme, build.history(looks(build, "queued", "running", "done")))
    arrows = {(arrow.before, arrow.after): (arrow.kind, arrow.label) for arrow in picture.arrows}
    assert arrows == {
        ("queued", "running"): ("seen", "1\N{MULTIPLICATION SIGN}"),
        ("running", "done"): ("seen", "1\N{MULTIPLICATION SIGN}"),
        ("running", "failed"): ("unseen", "0\N{MULTIPLICATION SIGN}"),
    }
    assert [(node.name, node.kind) for node in picture.nodes] == [
        ("queued", "between"),
        ("running", "between"),
        ("done", "end"),
        ("failed", "end"),
    ]
    assert (picture.illegal, picture.tolerated) == (False, ["paused"])


def test_illegal_steps_are_drawn_beside_them(acme: Contract, build: Any) -> None:
    picture = pictured(acme, build.history(looks(build, "queued", "done", "running")))
    illegal = [arrow for arrow in picture.arrows if arrow.kind == "illegal"]
    assert [(arrow.before, arrow.after, arrow.label) for arrow in illegal] == [
        ("done", "running", "✗ 1\N{MULTIPLICATION SIGN}")
    ]
    assert picture.illegal
    assert picture.longer == ["queued → done (1\N{MULTIPLICATION SIGN})"]


def test_a_state_that_nobody_documents_has_its_place(acme: Contract, build: Any) -> None:
    picture = pictured(acme, build.history(looks(build, "done", "lost")))
    assert [node.name for node in picture.nodes if node.kind == "unknown"] == ["lost"]
    assert "done to lost: illegal" in picture.words


@pytest.mark.parametrize(
    "edges",
    [
        {"a": ["b"], "b": ["a", "c"]},
        {"a": ["b", "c"], "b": ["c", "d"], "c": ["b", "d"]},
        {"a": ["a", "d"]},
        {"a": ["b", "d"], "b": ["c"], "c": ["d"]},
    ],
)
def test_no_two_states_share_a_place_and_nothing_lies_outside(
    acme: Contract, build: Any, edges: dict[str, list[str]]
) -> None:
    cycle = Lifecycle(edges=edges, terminal=["d"], terminal_requirement="status.terminal")
    manifest = msgspec.structs.replace(acme.manifest, lifecycles={"work": cycle})
    picture = pictured(dataclasses.replace(acme, manifest=manifest), build.history())
    places = [(node.x, node.y) for node in picture.nodes]
    assert len(set(places)) == len(places)
    assert all(0 <= x <= picture.width - 124 and 0 <= y <= picture.height - 34 for x, y in places)
    assert all(0 <= arrow.y <= picture.height for arrow in picture.arrows)
    assert len(picture.arrows) == sum(map(len, edges.values()))


def test_a_lifeline_has_a_lane_for_each_object_and_shows_the_illegal_step(acme: Contract, build: Any) -> None:
    events = [
        build.exchange("submit_batch", 0, 201, body=build.batch()),
        build.exchange("get_document", 1, body=build.detail("done")),
        build.exchange("get_batch", 2, body=build.batch("done")),
        build.exchange("get_batch", 3, body=build.batch("running")),
        build.exchange("get_document", 4, body=build.detail("done")),
    ]
    drawing = lifeline(acme, events, "/status", ["x2", "x3"])
    assert drawing is not None
    assert [(lane.name, lane.about) for lane in drawing.lanes] == [("batch", "b_1"), ("document", "d_1")]
    batch = drawing.lanes[0]
    assert [look.text for look in batch.looks] == ["queued", "done", "running"]
    assert [segment.illegal for segment in batch.segments] == [False, True]
    assert [column.number for column in drawing.columns if column.wrong] == [4]
    assert [column.at for column in drawing.columns] == ["+0.0 s", "+1.0 s", "+2.0 s", "+3.0 s", "+4.0 s"]
    assert "batch b_1: queued, then done, then running (an illegal step)" in drawing.words


def test_time_runs_to_the_right_and_overlap_shows(acme: Contract, build: Any) -> None:
    events = [
        build.exchange("get_batch", 0, body=build.batch(), lasts=9, id="long"),
        build.exchange("get_batch", 1, body=build.batch(), lasts=0.1, id="short"),
        build.exchange("get_batch", 1_000, body=build.batch(), id="late"),
    ]
    drawing = lifeline(acme, events, "", [])
    assert drawing is not None
    long, short, late = drawing.lanes[0].looks
    assert long.x < short.x < long.x + long.width < late.x
    assert late.x + late.width < drawing.width < 700


def test_what_no_two_events_share_is_not_drawn(acme: Contract, build: Any) -> None:
    assert lifeline(acme, [build.exchange("get_batch", 0, body=build.batch())], "", []) is None
    strangers = [build.exchange("get_batch", at, body=build.batch(id=f"b_{at}")) for at in range(3)]
    assert lifeline(acme, strangers, "", []) is None


def test_rows_of_lists_are_drawn_only_where_the_finding_points_into_one(acme: Contract, build: Any) -> None:
    page = {"documents": [build.document("queued", id="d_1"), build.document("done", id="d_2")]}
    events = [build.exchange("list_documents", at, body=page) for at in range(2)]
    assert lifeline(acme, events, "", ["x0", "x1"]) is None
    assert lifeline(acme, events, "/documents", ["x0", "x1"]) is None
    drawing = lifeline(acme, events, "/documents/1/status", ["x0", "x1"])
    assert drawing is not None
    assert "d_2" in [lane.about for lane in drawing.lanes]


def test_a_refused_request_stands_in_a_lane_of_its_own(acme: Contract, build: Any) -> None:
    events = [*looks(build, "queued", "queued"), build.exchange("get_batch", 5, 404, body={})]
    drawing = lifeline(acme, events, "", [])
    assert drawing is not None
    assert [look.text for look in drawing.lanes[1].looks] == ["GET 404"]


def test_a_delivery_is_a_flag_in_the_lane_of_its_object(acme: Contract, build: Any) -> None:
    contract = dataclasses.replace(acme, manifest=msgspec.structs.replace(acme.manifest, webhooks=WEBHOOKS))
    text = '{"id": "e_1", "type": "batch.done", "batch": {"id": "b_1", "status": "done"}}'
    delivery = Delivery(id="d1", received_at=0.8, text=text)
    first, last = looks(build, "queued", "running")
    drawing = lifeline(contract, [first, delivery, last], "", [last.id])
    assert drawing is not None
    assert [(look.text, look.flag) for look in drawing.lanes[0].looks] == [
        ("queued", False),
        ("done", True),
        ("running", False),
    ]
    for broken in ("no JSON", '{"type": "batch.lost"}', '{"type": "batch.done", "batch": 7}'):
        strange = Delivery(id="d2", received_at=0.9, text=broken)
        drawing = lifeline(contract, [first, strange, last], "", [])
        assert drawing is not None
        assert [lane.name for lane in drawing.lanes] == ["batch", "other"]


def test_cost_and_pace(build: Any) -> None:
    exchanges = [
        build.exchange("get_batch", 0, lasts=2, documents=3),
        build.exchange("get_batch", 1, lasts=1),
        build.exchange("get_batch", 2, None, lasts=10, failure=build.failure()),
        build.exchange("get_batch", 2, 404, lasts=0.5),
    ]
    described = pace(build.history(exchanges))
    assert (described.requests, described.documents, described.deliveries) == (4, 3, 0)
    assert (described.seconds, described.waits, described.at_a_time) == (99.0, (2, 10), 2)
    assert described.answers == [("2xx", 2), ("4xx", 1), ("no answer", 1)]
    assert (sum(described.bars), described.bars[0], described.bars[1]) == (4, 4, 0)


def test_answers_that_show_it_each_by_itself_are_all_marked(acme: Contract, build: Any) -> None:
    events = looks(build, "queued", "DONE", "DONE")
    drawing = lifeline(acme, events, "/status", ["x1", "x2"], ["x1", "x2"])
    assert drawing is not None
    assert [column.wrong for column in drawing.columns] == [False, True, True]
    compared = lifeline(acme, events, "/status", ["x1", "x2"])
    assert compared is not None
    assert [column.wrong for column in compared.columns] == [False, False, True]
