"""What is judged of a history says the same as the whole of it."""

from collections import Counter

import pytest

from batchproof.judging import weigh
from tools.evidence.campaign import mutants
from tools.evidence.changing import answered, rewritten
from tools.evidence.judging import Bench, fate
from tools.evidence.recording import record
from tools.evidence.slicing import Slices
from tools.evidence.touched import Object, touched

CONTRACT = "extend/2025-04-21"
_EVERY = 61
_EVERY_PART = 5


@pytest.fixture(scope="module")
def healthy():
    return record(CONTRACT)


def test_healthy_history_has_no_finding(healthy):
    assert fate(healthy.contract, healthy.exchanges, healthy.started_at) == "survived"


def test_every_scope_and_every_kind_of_change_has_mutants(healthy):
    keys = [mutant.key for mutant in mutants(healthy)]
    assert {key.scope for key in keys} == {"once", "object", "view", "all"}
    assert {"missing", "neighbour", "before", "constant", "drifting", "frozen", "1970"} <= {
        key.operator for key in keys
    }
    assert {
        "status-503",
        "broken",
        "accepted",
        "lost",
        "order",
        "cut",
        "undone",
        "left",
        "skipped",
        "swapped",
    } <= {key.operator for key in keys}


def test_no_mutant_stands_twice(healthy):
    counts = Counter(mutant.key for mutant in mutants(healthy))
    assert [key for key, times in counts.items() if times > 1] == []


def test_what_surrounds_an_exchange_has_no_finding(healthy):
    slices = Slices(healthy)
    parts = [
        slices.reached(changes, touched(healthy, {index: answered(exchange, 503)}))
        for index, exchange in list(enumerate(healthy.exchanges))[::_EVERY_PART]
        for changes in [{index: exchange}]
    ]
    assert {fate(healthy.contract, part, healthy.started_at) for part in parts} == {"survived"}


def test_part_and_whole_give_the_same_verdict(healthy):
    bench = Bench(healthy)
    differing = []
    for mutant in list(mutants(healthy))[::_EVERY]:
        changes = mutant.make()
        if changes and bench.judged(mutant, changes).replace("allowed", "survived") != bench.whole(changes):
            differing.append(mutant.key)
    assert differing == []


def test_findings_are_the_same_without_counting(healthy):
    exchanges = [
        answered(exchange, 200, {"success": "yes"}) if index % _EVERY == 0 else exchange
        for index, exchange in enumerate(healthy.exchanges)
    ]
    evidence = [
        weigh(healthy.contract, exchanges, (), healthy.started_at, counting=counting)
        for counting in (True, False)
    ]
    found = [[evidence.findings(row) for row in healthy.contract.requirements] for evidence in evidence]
    assert found[0] == found[1]
    assert evidence[0].finding_count > 0


def test_only_what_looks_otherwise_is_touched(healthy):
    look = next(look for look in healthy.looks if look.operation == "get_processor_run" and look.id)
    exchange = healthy.exchanges[look.number]
    assert touched(healthy, {look.number: exchange}) == {}
    changes = rewritten(healthy, [look], lambda item: {**item.value, "status": "SEVEN"})
    found = touched(healthy, changes)[Object(look.resource, look.id)]
    assert (found.fresh, found.moved) == ({"SEVEN"}, True)
