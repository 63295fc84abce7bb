"""Deleted objects: neither readable nor listed afterwards, but for a moment in which a replica may be behind."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from batchproof.contract import Contract
from batchproof.contract.model import Deletion
from batchproof.history import Exchange
from batchproof.judging.evidence import Evidence
from batchproof.judging.grace import follows
from batchproof.judging.results import Shown
from batchproof.judging.snapshots import Snapshots, accepted
from batchproof.judging.traversals import Traversal
from batchproof.judging.words import Worded


def judge_deletions(
    contract: Contract,
    exchanges: Sequence[Exchange],
    snapshots: Snapshots,
    traversals: Sequence[Traversal],
    evidence: Evidence,
) -> None:
    """Judges every look for an object that began after its deletion was answered, by when it has to be gone."""
    reads: dict[tuple[str, str | None], list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        operation = contract.manifest.operations.get(exchange.operation or "")
        if operation is not None and operation.reads is not None and operation.method == "GET":
            reads[operation.reads, exchange.request.path.get("id")].append(exchange)
    for deletion, identifier, deleted in _deletions(contract, exchanges):
        _judge_reads(contract, deletion, deleted, reads[deletion.resource, identifier], evidence)
        _judge_lists(contract, deletion, identifier, deleted, snapshots, traversals, evidence)


def _deletions(contract: Contract, exchanges: Sequence[Exchange]) -> Iterator[tuple[Deletion, str, Exchange]]:
    for exchange in exchanges:
        if not accepted(contract, exchange):
            continue
        deletion = contract.manifest.operations[exchange.operation or ""].deletes
        identifier = exchange.request.path.get("id")
        if deletion is not None and identifier is not None:
            yield deletion, identifier, exchange


def _judge_reads(
    contract: Contract,
    deletion: Deletion,
    deleted: Exchange,
    reads: Sequence[Exchange],
    evidence: Evidence,
) -> None:
    for exchange in reads:
        operation = contract.manifest.operations[exchange.operation or ""]
        if exchange.start < deleted.end or exchange.response is None:
            continue
        if exchange.response.status not in (*operation.success.statuses, 404):
            continue
        shown = exchange.response.status in operation.success.statuses
        if shown and not follows(exchange, deleted):
            continue
        evidence.observe(deletion.requirement)
        if shown:
            evidence.contradict(
                deletion.requirement,
                rule="deleted",
                message=f"the {deletion.resource} can still be read after it was deleted",
                expected="status 404",
                observed=exchange.response.status,
                exchanges=[deleted, exchange],
                words=partial(_still_there, deletion, "can be read", deleted, exchange),
            )


def _judge_lists(
    contract: Contract,
    deletion: Deletion,
    identifier: str,
    deleted: Exchange,
    snapshots: Snapshots,
    traversals: Sequence[Traversal],
    evidence: Evidence,
) -> None:
    listed = [
        snapshot
        for snapshot in snapshots.by_object.get((deletion.resource, identifier), [])
        if snapshot.view != "detail"
    ]
    operations = {snapshot.exchange.operation for snapshot in listed}
    showing = {snapshot.exchange.id for snapshot in listed}
    later = [
        traversal
        for traversal in traversals
        if traversal.operation in operations and traversal.pages[0].start >= deleted.end
    ]
    settled = [traversal for traversal in later if follows(traversal.pages[0], deleted)]
    if settled or any(showing.isdisjoint(page.id for page in traversal.pages) for traversal in later):
        evidence.observe(deletion.list_requirement)
    afresh = {page.id for traversal in settled for page in traversal.pages}
    for snapshot in listed:
        # a page after the first may show a list as it was when it was begun
        begun_later = snapshot.exchange.id in afresh or not _follows(contract, snapshot.exchange)
        if follows(snapshot.exchange, deleted) and begun_later:
            evidence.observe(deletion.list_requirement)
            evidence.contradict(
                deletion.list_requirement,
                rule="deleted",
                message=f"the {deletion.resource} is still listed after it was deleted",
                expected="a list without it",
                observed=snapshot.value,
                exchanges=[deleted, snapshot.exchange],
                pointer=snapshot.at,
                words=partial(_still_there, deletion, "is listed", deleted, snapshot.exchange),
            )


def _still_there(deletion: Deletion, how: str, deleted: Exchange, later: Exchange) -> Worded:
    looks = [Shown(text="it was deleted", exchange=deleted.id), Shown(text=how, exchange=later.id)]
    return Worded(f"{deletion.resource}: it still {how} after it was deleted", looks)


def _follows(contract: Contract, page: Exchange) -> bool:
    """Whether a page was asked for with the token of another."""
    pages = contract.manifest.operations[page.operation or ""].pages
    return pages is not None and pages.token in dict(page.request.query)
