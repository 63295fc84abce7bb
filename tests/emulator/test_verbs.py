"""One test for each verb that faults are made of, and for each condition."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.datastructures import Headers, QueryParams

from batchproof.emulator.behaviour import Behaviour
from batchproof.emulator.exchange import Answer, Call
from batchproof.emulator.extend_common.behaviour import Behaviour as ExtendBehaviour
from batchproof.emulator.extend_common.verbs import Accept
from batchproof.emulator.talonic_v1.verbs import ShowAnother
from batchproof.emulator.verbs import Shown, Verb
from batchproof.emulator.verbs.answers import Enclose, Refuse, Reply, ReplyAsBefore
from batchproof.emulator.verbs.answers import Headers as HeadersVerb
from batchproof.emulator.verbs.lists import Hide, Lose, PageSize
from batchproof.emulator.verbs.objects import (
    Add,
    Copy,
    Cut,
    Double,
    Drift,
    Drop,
    Fill,
    Lengthen,
    Merge,
    Moment,
    Multiply,
    Pluck,
    Put,
    PutEach,
    Rename,
    Replace,
    Respell,
    Turn,
    Wrap,
)
from batchproof.emulator.verbs.settings import Set

OF = {"of": "paper"}
NOW = 1_000_000


@dataclass
class Record:
    """What a paper shows."""

    id: str = "p_1"
    created: int = 5_000
    runs: list[Any] = field(default_factory=list)

    def status(self, now: int) -> str:
        return "OLD" if now >= NOW else "NEW"


class Office(Behaviour):
    """A vendor that refuses, and has settings."""

    def __init__(self, step_ms: int) -> None:
        super().__init__(step_ms)
        self.limits = Limits()
        self.timestamp = str

    def refusal(self, status: int, message: str, call: Call) -> Answer:
        return Answer(status, {"said": message, "of": call.operation})


@dataclass
class Limits:
    pages: int = 10
    of: dict[str, int] = field(default_factory=lambda: {"fax": 3})


def call(operation: str = "get_paper", query: str = "", body: bytes = b"", **headers: str) -> Call:
    return Call(
        operation=operation,
        now=NOW,
        request_id="req_1",
        target=f"/{operation}",
        headers=Headers(headers),
        query=QueryParams(query),
        path={"id": "p_9"},
        body=body,
    )


def planted(verb: Verb) -> Office:
    behaviour = Office(0)
    verb.plant(behaviour)
    return behaviour


def shaped(verb: Verb, body: Any, record: Any = None, asked: Call | None = None) -> Any:
    return planted(verb).shape("paper", body, record or Record(), asked or call())


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        (Put(**OF, values={"id": 1, "links.self": "/"}), {"links": {}}, {"links": {"self": "/"}, "id": 1}),
        (Replace(**OF, values={"a": 1, "b": 2}), {"a": None}, {"a": 1}),
        (Fill(**OF, values={"a": 1, "b": 2}), {"a": None}, {"a": None, "b": 2}),
        (Drop(**OF, keys=["a", "b.c", "d"]), {"a": 1, "b": {"c": 1}}, {"b": {}}),
        (
            Merge(**OF, at=["a", "b"], values={"x": 1}),
            {"a": {"y": 2}, "b": None},
            {"a": {"y": 2, "x": 1}, "b": None},
        ),
        (PutEach(**OF, key="a", value=[]), {"a": {"x": 1, "y": 2}}, {"a": {"x": [], "y": []}}),
        (PutEach(**OF, key="a", value=[]), {"a": None}, {"a": {}}),
        (PutEach(**OF, key="a", value=[]), {}, {}),
        (
            Copy(**OF, values={"a": ["b", "c"], "d": "record.id"}),
            {"b": None, "c": 3},
            {"b": None, "c": 3, "a": 3, "d": "p_1"},
        ),
        (Add(**OF, values={"a": -1, "b": 0.5}), {"a": 3, "b": 1}, {"a": 2, "b": 1.5}),
        (Multiply(**OF, values={"a": 2, "b": 2}), {"a": 3}, {"a": 6}),
        (Respell(**OF, keys=["a", "b"], form="%s!"), {"a": 3, "b": "x"}, {"a": "3!", "b": "x!"}),
        (Respell(**OF, keys="a", without="p_", case="upper"), {"a": "p_x"}, {"a": "X"}),
        (Lengthen(**OF, key="a", by=3), {"a": "p"}, {"a": "pxxx"}),
        (Wrap(**OF, key="a"), {"a": 1}, {"a": [1]}),
        (Wrap(**OF, key="a", under="b"), {"a": 1}, {"a": {"b": 1}}),
        (Pluck(**OF, key="a", member="id"), {"a": [{"id": 1}, {"id": 2}]}, {"a": [1, 2]}),
        (Rename(**OF, names={"a": "b"}), {"a": 1}, {"b": 1}),
        (Moment(**OF, key="a"), {}, {"a": str(NOW)}),
        (Moment(**OF, key="a", at="record.created", seconds=-1, ms=1), {}, {"a": "4001"}),
        (Moment(**OF, key="a", at="record.created", days=1, hours=1), {}, {"a": "90005000"}),
        (Turn(**OF, key="a", into="backwards"), {"a": [1, 2, 3]}, {"a": [3, 2, 1]}),
        (Turn(**OF, key="a", into="first last"), {"a": [1, 2, 3]}, {"a": [2, 3, 1]}),
        (Double(**OF, key="a"), {"a": [1, 2]}, {"a": [1, 1, 2]}),
        (Cut(**OF, key="a"), {"a": [1, 2]}, {"a": [1]}),
        (Cut(**OF, key="a", after=1), {"a": [1, 2, 3]}, {"a": [1]}),
    ],
)
def test_object_verb(verb: Verb, before: Any, after: Any) -> None:
    assert shaped(verb, before) == after


def test_object_verb_leaves_other_kinds_and_operations_alone() -> None:
    behaviour = planted(Put(of=["paper", "card"], within="get_paper", values={"a": 1}))
    shapes = [
        behaviour.shape(kind, {}, Record(), call(operation))
        for kind, operation in (
            ("paper", "get_paper"),
            ("card", "get_paper"),
            ("fax", "get_paper"),
            ("paper", "list_papers"),
        )
    ]
    assert shapes == [{"a": 1}, {"a": 1}, {}, {}]


def test_values_of_a_row_are_not_shared_between_answers() -> None:
    behaviour = planted(Put(**OF, values={"a": []}))
    behaviour.shape("paper", {}, Record(), call())["a"].append(1)
    assert behaviour.shape("paper", {}, Record(), call()) == {"a": []}


def test_merging_leaves_the_record_alone() -> None:
    config = {"a": 1}
    assert shaped(Merge(**OF, at="config", values={"b": 2}), {"config": config}) == {
        "config": {"a": 1, "b": 2}
    }
    assert config == {"a": 1}


def test_looks_are_counted_for_each_record() -> None:
    behaviour = planted(Put(**OF, where={"b": 1}, from_look=2, values={"a": 1}))
    looks = [("p_1", 1), ("p_1", 0), ("p_2", 1), ("p_1", 1), ("p_1", 1)]
    seen = [behaviour.shape("paper", {"b": b}, Record(id_), call()) for id_, b in looks]
    assert ["a" in body for body in seen] == [False, False, False, True, True]


def test_once_is_once_for_each_record() -> None:
    behaviour = planted(Put(**OF, once=True, values={"a": 1}))
    seen = [behaviour.shape("paper", {}, Record(id_), call()) for id_ in ("p_1", "p_1", "p_2")]
    assert seen == [{"a": 1}, {}, {"a": 1}]


def test_drift() -> None:
    behaviour = planted(Drift(**OF, key="a", by_ms=-10, first=1))
    assert [behaviour.shape("paper", {}, Record(), call())["a"] for _ in range(2)] == ["4990", "4980"]
    assert shaped(Drift(**OF, key="a", by_ms=10), {}, Record(created=NOW + 1)) == {"a": str(NOW)}


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({"where": {"a": 1, "b.c": [2, 3]}}, True),
        ({"where": {"a": 2}}, False),
        ({"where": {"nothing": None}}, True),
        ({"unless": {"a": [2, 3]}}, True),
        ({"unless": {"a": 1}}, False),
        ({"has": ["a", "b.c"], "lacks": "nothing"}, True),
        ({"has": "null"}, False),
        ({"lacks": ["null", "a"]}, False),
        ({"matches": {"t": "te.*"}}, True),
        ({"matches": {"t": "e"}}, False),
        ({"matches": {"a": ".*"}}, False),
        ({"counts": {"l": 2, "call.query": 1}}, True),
        ({"counts": {"nothing": 0}}, False),
        ({"above": {"a": 0, "l": 1, "t": 3}}, True),
        ({"above": {"a": 1}}, False),
        ({"same": {"a": "l.0"}}, True),
        ({"same": {"a": "l.-1"}}, False),
        ({"where": {"record.id": "p_1", "record.status": "OLD", "record.runs.0.id": "p_2"}}, True),
        (
            {
                "where": {
                    "query.size": "3",
                    "header.x-key": "k",
                    "path.id": "p_9",
                    "call.operation": "get_paper",
                }
            },
            True,
        ),
        ({"where": {"request.inputs.0.file": "f"}, "has": "request"}, True),
        ({"where": {"record.nobody.id": None, "request.inputs.7": None, "l.9": None}}, True),
    ],
)
def test_condition(conditions: dict[str, Any], holds: bool) -> None:
    body = {"a": 1, "b": {"c": 2}, "l": [1, 2], "t": "text", "null": None}
    asked = call(query="size=3", body=b'{"inputs": [{"file": "f"}]}', **{"x-key": "k"})
    assert Verb(**conditions).fits(Shown(body, Record(runs=[Record("p_2")]), asked)) is holds


def test_request_that_is_no_json_says_nothing() -> None:
    shown = Shown({}, None, call(body=b'{"a"'))
    assert (shown.at("request"), shown.at("request.a")) == (None, None)


def concluded(verb: Verb, *answers: Answer, asked: Call | None = None) -> list[tuple[int, Any, Any]]:
    behaviour = planted(verb)
    found = [behaviour.conclude(answer, asked or call()) for answer in answers]
    return [(answer.status, answer.body, dict(answer.headers)) for answer in found]


GOOD, BAD = Answer(200, {"a": 1}, {"x": "1"}), Answer(404, {"a": 2})


@pytest.mark.parametrize(
    ("verb", "good", "bad"),
    [
        (Reply(of="get_paper", status=203), (203, {"a": 1}, {"x": "1"}), (404, {"a": 2}, {})),
        (
            Reply(of="*", answered=404, values={"b": 1}),
            (200, {"a": 1}, {"x": "1"}),
            (404, {"a": 2, "b": 1}, {}),
        ),
        (Reply(of="*", answered=[], status=200, body={}, headers={}), (200, {}, {}), (200, {}, {})),
        (
            Reply(of="*", answered=[], where={"a": 2}, status=410),
            (200, {"a": 1}, {"x": "1"}),
            (410, {"a": 2}, {}),
        ),
        (Enclose(of="get_paper", answered=[200, 404]), (200, [{"a": 1}], {"x": "1"}), (404, [{"a": 2}], {})),
        (
            Refuse(of="get_paper", status=409, message="No."),
            (409, {"said": "No.", "of": "get_paper"}, {}),
            (404, {"a": 2}, {}),
        ),
        (ReplyAsBefore(of="get_paper"), (200, {"a": 1}, {"x": "1"}), (200, {"a": 1}, {"x": "1"})),
        (
            ReplyAsBefore(of="get_paper", answered=404, renamed=True),
            (200, {"a": 1}, {"x": "1"}),
            (200, {"a": 1, "id": "p_9"}, {}),
        ),
        (ReplyAsBefore(of="get_paper", answered=400), (200, {"a": 1}, {"x": "1"}), (404, {"a": 2}, {})),
        (Reply(of="list_papers", status=203), (200, {"a": 1}, {"x": "1"}), (404, {"a": 2}, {})),
    ],
)
def test_answer_verb(verb: Verb, good: Any, bad: Any) -> None:
    assert concluded(verb, GOOD, BAD) == [good, bad]


def test_refuse_each_second() -> None:
    assert [
        status for status, *_ in concluded(Refuse(of="*", status=501, every=2), GOOD, BAD, GOOD, GOOD, GOOD)
    ] == [
        200,
        404,
        501,
        200,
        501,
    ]


def test_headers() -> None:
    verb = HeadersVerb(
        drop=["a", "z"], values={"b": "2"}, forms={"c": "%s;w"}, where={"call.operation": "get_paper"}
    )
    before = {"a": "1", "b": "1", "c": "1"}
    assert planted(verb).stamp(before, call()) == {"b": "2", "c": "1;w"}
    assert planted(verb).stamp(before, call("list_papers")) == before


def test_page_size() -> None:
    behaviour = planted(PageSize(of="list_papers", has="query.size", more=1))
    sizes = [
        behaviour.page_size(10, call(*asked))
        for asked in (("list_papers", "size=10"), ("list_papers",), ("get_paper", "size=10"))
    ]
    assert sizes == [11, 10, 10]


def test_hide() -> None:
    behaviour = planted(Hide(of="list_papers", where={"record.id": "p_2"}))
    records = [Record("p_1"), Record("p_2")]
    assert behaviour.select(records, call("list_papers")) == records[:1]
    assert behaviour.select(records, call()) == records


@pytest.mark.parametrize(("index", "left"), [(0, [2, 3]), (-1, [1, 2]), (2, [1, 2]), (3, [1, 2, 3])])
def test_lose(index: int, left: list[int]) -> None:
    assert planted(Lose(of="*", index=index)).select([1, 2, 3], call()) == left
    assert planted(Lose(of="*", above={"records": 3}, index=index)).select([1, 2, 3], call()) == [1, 2, 3]


def test_set() -> None:
    behaviour = planted(Set(values={"step_ms": 7, "limits.pages": 11, "limits.of.fax": 4, "showcase": ["a"]}))
    assert (behaviour.step_ms, behaviour.limits.pages, behaviour.limits.of) == (7, 11, {"fax": 4})
    assert behaviour.showcase == {"a"}
    with pytest.raises(AttributeError):
        planted(Set(values={"limits.nothing": 1}))


@pytest.mark.parametrize(
    ("under", "last", "accepted"),
    [
        (None, {"id": "old", "runCount": 1}, {"id": "fax_1", "runCount": 2}),
        ("run", {"run": {"id": "old"}}, {"run": {"id": "fax_1"}}),
    ],
)
def test_accept(under: str | None, last: Any, accepted: Any) -> None:
    behaviour = ExtendBehaviour(0)
    behaviour.new_id = lambda prefix: f"{prefix}_1"
    Accept(of="send", prefix="fax", under=under, refused=400, has="request.inputs").plant(behaviour)
    asked = call("send", body=b'{"inputs": [1, 2]}')
    refused = Answer(400, {})
    assert behaviour.conclude(refused, asked) == refused
    behaviour.conclude(Answer(200, last), call("send"))
    assert behaviour.conclude(refused, asked) == Answer(200, accepted)
    assert behaviour.conclude(refused, call("send")) == refused
    assert behaviour.conclude(Answer(404, {}), asked) == Answer(404, {})


def test_show_another() -> None:
    id_ = "00000000-0000-4000-8000-000000000000"
    body = shaped(ShowAnother(**OF), {"id": id_, "links": {"self": f"/papers/{id_}"}}, Record(id_))
    assert body["id"] != id_
    assert body["links"]["self"] == f"/papers/{body['id']}"
