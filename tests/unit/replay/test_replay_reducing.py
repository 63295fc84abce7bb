"""Small evidence: nothing can be left out of it, and it still shows the finding."""

from types import ModuleType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from batchproof.contract import Contract
from batchproof.judging import Finding, weigh
from batchproof.replay.reducing import Reducer, fewest, shows


def finding_on(contract: Contract, requirement: str, exchanges: list[Any]) -> Finding:
    (finding,) = weigh(contract, exchanges).findings(requirement)
    return finding


def test_a_step_back_needs_two_looks(acme: Contract, build: ModuleType) -> None:
    submitted = build.exchange("submit_batch", 0, 201, id="s", body=build.batch(), sent={"documents": [{}]})
    states = ["queued", "running", "running", "done", "done", "running", "done"]
    looks = [
        build.exchange("get_batch", at, id=f"g{at}", body=build.batch(state), path={"id": "b_1"})
        for at, state in enumerate(states, start=1)
    ]
    other = build.exchange("get_batch", 20, id="o", body=build.batch("done", id="b_2"), path={"id": "b_2"})
    exchanges = [submitted, *looks, other]
    finding = finding_on(acme, "status.terminal", exchanges)
    smallest = Reducer(acme, exchanges).smallest("status.terminal", finding)
    assert [exchange.id for exchange in smallest] == ["s", "g4", "g6"]
    assert shows(acme, smallest, "status.terminal", finding.fingerprint)


def test_evidence_that_was_not_kept_is_looked_for(acme: Contract, build: ModuleType) -> None:
    """A traversal of more pages than a finding names."""
    submitted = build.exchange(
        "submit_batch", -1, 201, id="s", body=build.batch(count=9), sent={"documents": [{}] * 9}
    )
    pages = [
        build.exchange(
            "list_documents",
            at,
            id=f"p{at}",
            query={"batch": "b_1", **({"after": str(at - 1)} if at > 1 else {})},
            body={"documents": [build.document(id=f"d_{at}")], "next": str(at) if at < 8 else None},
        )
        for at in range(1, 9)
    ]
    exchanges = [submitted, *pages]
    finding = finding_on(acme, "list_documents.complete", exchanges)
    assert len(finding.exchanges) == 5
    smallest = Reducer(acme, exchanges).smallest("list_documents.complete", finding)
    assert [exchange.id for exchange in smallest] == [exchange.id for exchange in exchanges]


def test_before_is_what_the_scenario_had_sent(acme: Contract, build: ModuleType) -> None:
    def look(at: int, state: str, **about: Any) -> Any:
        return build.exchange(
            "get_batch", at, id=f"g{at}", body=build.batch(state), path={"id": "b_1"}, **about
        )

    other = build.exchange("get_document", 3, id="other", body=build.detail(), path={"id": "d"}, scenario="b")
    looks = [look(1, "done"), look(2, "done"), other, look(4, "running"), look(5, "done")]
    finding = finding_on(acme, "status.terminal", looks)
    assert [item.id for item in Reducer(acme, looks).before(finding)] == ["g1", "g2", "g4"]


@given(st.lists(st.integers(0, 30), max_size=30), st.data())
def test_no_element_can_be_left_out(items: list[int], data: st.DataObject) -> None:
    needed = set(data.draw(st.lists(st.sampled_from(items), max_size=4))) if items else set()
    kept = fewest(items, lambda some: needed <= set(some))
    assert sorted(kept) == sorted(needed)


def test_what_cannot_be_left_out_at_first_may_be_left_out_later() -> None:
    enough = ([1, 2, 3], [2, 3], [2])
    assert fewest([1, 2, 3], lambda some: some in enough) == [2]


def test_wider_evidence_has_more_of_its_scenario_each_time(acme: Contract, build: ModuleType) -> None:
    """Other lists of everything come last; those of another scenario, and what came later, never."""

    def look(at: int, **about: Any) -> Any:
        return build.exchange("get_batch", at, id=f"g{at}", body=build.batch(), path={"id": "b_x"}, **about)

    def everything(at: int) -> Any:
        body = {"documents": [build.document()], "next": None}
        return build.exchange("list_documents", at, id=f"a{at}", body=body)

    sent = [look(at) if at % 4 else everything(at) for at in range(60)]
    exchanges = [*sent, look(61, scenario="other"), look(62)]
    evidence = [sent[0], sent[51]]
    wider = [[item.id for item in found] for found in Reducer(acme, exchanges).wider(evidence)]
    looks = [f"g{at}" for at in range(60) if at % 4]
    whole = [f"g{at}" if at % 4 else f"a{at}" for at in range(60)]
    until = looks.index("g51") + 1
    assert wider == [
        ["a0", *(name for name in looks[:until] if int(name[1:]) > 41)],
        ["a0", *(name for name in looks[:until] if int(name[1:]) > 11)],
        ["a0", *looks[:until]],
        ["a0", *whole[42:52]],
        ["a0", *whole[12:52]],
        whole[:52],
    ]
