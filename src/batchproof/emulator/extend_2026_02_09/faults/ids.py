"""Ids of another object than was asked for."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import Family
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import FAILED, PROCESSED

from .table import each_family, operation


@each_family("get-{run}-shows-another", breaks="get_{run}.id")
def get_shows_another(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, id: the run that was asked for; here the answer for one that has FAILED has another id."""
    _another(behaviour, operation(family, "get"), family.kind, FAILED)


@each_family("cancel-{run}-shows-another", breaks="cancel_{run}.id")
def cancel_shows_another(behaviour: Behaviour, family: Family) -> None:
    """Cancel {Run}, Response: the run that was cancelled; here the answer has another id."""
    _another(behaviour, operation(family, "cancel"), family.kind, family.cancelled)


@registry.fault("get-batch-run-shows-another", breaks="get_batch_run.id")
def get_batch_shows_another(behaviour: Behaviour) -> None:
    """Get Batch Run, id: the batch that was asked for; here the answer for one that is PROCESSED has another id."""
    _another(behaviour, "get_batch_run", "batch_run", PROCESSED)


def _another(behaviour: Behaviour, name: str, kind: str, status: str) -> None:
    """Objects of a kind that stand in a status have another id in the answers of an operation."""

    def rename(body: JsonObject, _record: object, _call: Call) -> None:
        if body["status"] == status:
            body["id"] += "0"

    tricks.in_operation(behaviour, name, kind, rename)
