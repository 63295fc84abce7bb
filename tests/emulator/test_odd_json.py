"""Faults in how an answer is written: what it says stays the same."""

import json

import pytest

MAKERS = {
    "make_api": "/batch_runs/bpr_1",
    "make_extend_2025": "/batch_processor_runs/bpr_1",
    "make_talonic": "/v1/batches/b_1",
}


@pytest.fixture(params=MAKERS)
def ask(request):
    """What a read of an unknown batch is answered with, by one planted fault."""
    make, path = request.getfixturevalue(request.param), MAKERS[request.param]
    return lambda *faults: make(faults=faults, seed=1)("GET", path)


def test_healthy_answer_is_plain(ask):
    healthy = ask()
    assert json.loads(healthy.content.decode("ascii"))
    assert healthy.headers["content-type"] == "application/json"


def test_answer_in_utf_16(ask):
    healthy, faulty = ask(), ask("answer-in-utf-16")
    assert faulty.content.decode("utf-16") == healthy.text
    assert faulty.headers["content-type"] == "application/json"


def test_answer_with_stray_byte(ask):
    healthy, faulty = ask(), ask("answer-with-stray-byte")
    with pytest.raises(UnicodeDecodeError):
        faulty.content.decode()
    assert json.loads(faulty.content.decode("latin-1")) == {"previewNote": "café", **healthy.json()}


def test_answer_with_name_twice(ask):
    healthy, faulty = ask(), ask("answer-with-name-twice")
    pairs = json.loads(faulty.content.decode(), object_pairs_hook=list)
    assert [pair for pair in pairs if pair[0] == "previewNote"] == [("previewNote", 1), ("previewNote", 2)]
    assert faulty.json() == {"previewNote": 2, **healthy.json()}


def test_answer_labelled_as_page(ask):
    healthy, faulty = ask(), ask("answer-labelled-as-page")
    assert faulty.content == healthy.content
    assert faulty.headers["content-type"] == "text/html; charset=utf-8"
    assert {**faulty.headers, "content-type": ""} == {**healthy.headers, "content-type": ""}
