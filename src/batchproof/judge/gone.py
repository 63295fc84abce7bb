"""Deleted objects: neither readable nor listed afterwards, but for a moment in which a replica may be behind."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from batchproof.contract import Contract
from batchproof.contract.model import Deletion
from batchproof.history import Exchange
from batchproof.judge.grace import follows
from batchproof.judge.ledger import Ledger
from batchproof.judge.results import Shown
from batchproof.judge.sightings import Sightings, accepted
from batchproof.judge.walks import Walk
from batchproof.judge.words import Worded


def judge_deletions(
    contract: Contract,
    exchanges: Sequence[Exchange],
    sightings: Sightings,
    walks: Sequence[Walk],
    ledger: Ledger,
) -> None:
    """Judges every look for an object that began after its deletion was answered, by when it has to be gone."""
    reads: dict[tuple[str, str | None], list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        operation = contract.manifest.operations.get(exchange.operation or "")
        if operation is not None and operation.reads is not None and operation.method == "GET":
            reads[operation.reads, exchange.request.path.get("id")].append(exchange)
    for deletion, identifier, deleted in _deletions(contract, exchanges):
        _judge_reads(contract, deletion, deleted, reads[deletion.resource, identifier], ledger)
        _judge_lists(contract, deletion, identifier, deleted, sightings, walks, ledger)


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
    ledger: Ledger,
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
        ledger.observe(deletion.requirement)
        if shown:
            ledger.contradict(
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
    sightings: Sightings,
    walks: Sequence[Walk],
    ledger: Ledger,
) -> None:
    listed = [
        sighting
        for sighting in sightings.by_object.get((deletion.resource, identifier), [])
        if sighting.view != "detail"
    ]
    operations = {sighting.exchange.operation for sighting in listed}
    showing = {sighting.exchange.id for sighting in listed}
    later = [walk for walk in walks if walk.operation in operations and walk.pages[0].start >= deleted.end]
    settled = [walk for walk in later if follows(walk.pages[0], deleted)]
    if settled or any(showing.isdisjoint(page.id for page in walk.pages) for walk in later):
        ledger.observe(deletion.list_requirement)
    afresh = {page.id for walk in settled for page in walk.pages}
    for sighting in listed:
        # a page after the first may show a list as it was when it was begun
        begun_later = sighting.exchange.id in afresh or not _follows(contract, sighting.exchange)
        if follows(sighting.exchange, deleted) and begun_later:
            ledger.observe(deletion.list_requirement)
            ledger.contradict(
                deletion.list_requirement,
                rule="deleted",
                message=f"the {deletion.resource} is still listed after it was deleted",
                expected="a list without it",
                observed=sighting.value,
                exchanges=[deleted, sighting.exchange],
                pointer=sighting.at,
                words=partial(_still_there, deletion, "is listed", deleted, sighting.exchange),
            )


def _still_there(deletion: Deletion, how: str, deleted: Exchange, later: Exchange) -> Worded:
    looks = [Shown(text="it was deleted", exchange=deleted.id), Shown(text=how, exchange=later.id)]
    return Worded(f"{deletion.resource}: it still {how} after it was deleted", looks)


def _follows(contract: Contract, page: Exchange) -> bool:
    """Whether a page was asked for with the token of another."""
    pages = contract.manifest.operations[page.operation or ""].pages
    return pages is not None and pages.token in dict(page.request.query)
