"""Bodies get smaller as long as the finding stays, and stay what their schema allows."""

from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.history import Request
from batchproof.judging import Finding
from batchproof.replay import Script, script_of
from batchproof.replay.links import Links
from batchproof.replay.script import Reference
from batchproof.replay.simplifying import simplified


@pytest.fixture
def script(acme: Contract, build: ModuleType, finding: Finding) -> Script:
    """A submission of five documents, of which the fourth is special."""
    names = ["paper-1", "paper-2", "paper-3", "special paper, the fourth of its kind", "paper-5"]
    sent = {"documents": [{"name": name, "language": "en"} for name in names]}
    submitted = build.exchange("submit_batch", 0, 201, sent=sent, body=build.batch())
    return script_of(acme, "papers", "batch", finding, [submitted], Links(acme, [submitted]))


def names(script: Script) -> list[str]:
    return [item["name"] for item in script.steps[0].request.body["documents"]]


def test_only_what_matters_is_left(acme: Contract, script: Script) -> None:
    small = simplified(acme, script, lambda item: any("special" in name for name in names(item)))
    assert small.steps[0].request.body == {"documents": [{"name": "special p"}]}


def test_a_valid_body_stays_valid(acme: Contract, script: Script) -> None:
    """Without this, an empty list would be the smallest body that a server still answers."""
    small = simplified(acme, script, lambda item: True)
    assert small.steps[0].request.body == {"documents": [{"name": "paper-5"}]}


def test_nothing_smaller_shows_it(acme: Contract, script: Script) -> None:
    assert simplified(acme, script, lambda item: False) == script


def test_a_refused_request_keeps_its_one_change(acme: Contract, script: Script) -> None:
    step = script.steps[0]
    pair = Script(**{**_fields(script), "steps": [step, _changed(step, probe="too-many-documents")]})
    assert simplified(acme, pair, lambda item: True) == pair


def test_references_move_with_their_elements(acme: Contract, script: Script) -> None:
    given = Reference(part="body", at="/documents/3/name", step=0, given_at="/id")
    step = _changed(script.steps[0], references=[given])
    moved = Script(**{**_fields(script), "steps": [step]})
    small = simplified(acme, moved, lambda item: bool(item.steps[0].references))
    assert [item.at for item in small.steps[0].references] == ["/documents/0/name"]
    assert names(small) == ["special paper, the fourth of its kind"]


def _fields(item: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__struct_fields__}


def _changed(item: Any, **changes: Any) -> Any:
    return type(item)(**{**_fields(item), **changes})


def test_a_body_that_is_not_json_is_left_alone(acme: Contract, script: Script) -> None:
    request = Request(method="POST", url="http://papers.test/", text="{")
    raw = Script(**{**_fields(script), "steps": [_changed(script.steps[0], request=request)]})
    assert simplified(acme, raw, lambda item: True) == raw
