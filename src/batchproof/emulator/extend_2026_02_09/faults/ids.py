"""Ids with another prefix than those of the examples, and ids of another object than was asked for."""

from collections.abc import Collection

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import CLASSIFY, EXTRACT, Family
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import FAILED, PROCESSED

from .table import PROCESSED_WITH, each_family, operation


@each_family("{run}-id-of-another-prefix", breaks="{run}.id.prefix")
def run_of_another_prefix(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, id: the example has the prefix of a {run}; here it is run_."""
    _give(behaviour, family.prefix, "run")


@registry.fault("batch-run-id-of-another-prefix", breaks="batch_run.id.prefix")
def batch_of_another_prefix(behaviour: Behaviour) -> None:
    """Get Batch Run, id: the examples have bpr_ and bpar_; here the prefix of a batch of extractions is batch_."""
    _give(behaviour, EXTRACT.batch_prefix, "batch")


@each_family(
    "{processor}-id-of-another-prefix",
    breaks="{processor}.id.prefix",
    families=(EXTRACT, CLASSIFY),
)
def processor_of_another_prefix(behaviour: Behaviour, family: Family) -> None:
    """List {Processor}s, id: the example has the prefix of a {processor}; here that of a list is proc_."""
    assert family.processor is not None
    _rename(behaviour, family.processor.name, "proc", [operation(family, "processors")])


@each_family(
    "{processor}-version-id-of-another-prefix",
    breaks="{processor}_version.id.prefix",
    families=PROCESSED_WITH,
)
def version_of_another_prefix(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, {processor}Version.id: the example has the prefix of such a version; here it is version_."""
    assert family.processor is not None
    _rename(behaviour, f"{family.processor.name}_version", "version")


@registry.fault("file-id-of-another-prefix", breaks="file.id.prefix")
def file_of_another_prefix(behaviour: Behaviour) -> None:
    """SDK, FileSummary, id: the example begins with file_; here, in classify runs, with doc_."""
    views = ("create", "get", "list", "cancel")
    _rename(behaviour, "file", "doc", [operation(CLASSIFY, view) for view in views])


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


def _give(behaviour: Behaviour, prefix: str, other: str) -> None:
    """New ids have another prefix instead of the documented one."""
    new_id = behaviour.new_id
    behaviour.new_id = lambda wanted: new_id(other if wanted == prefix else wanted)


def _rename(behaviour: Behaviour, kind: str, other: str, operations: Collection[str] = (ANY,)) -> None:
    """Objects of a kind have the same id with another prefix, in the answers of some operations or of all."""

    def rename(body: JsonObject, _record: object, _call: Call) -> None:
        body["id"] = f"{other}_{body['id'].partition('_')[2]}"

    behaviour.on_object(kind, rename, operations)


def _another(behaviour: Behaviour, name: str, kind: str, status: str) -> None:
    """Objects of a kind that stand in a status have another id in the answers of an operation."""

    def rename(body: JsonObject, _record: object, _call: Call) -> None:
        if body["status"] == status:
            body["id"] += "0"

    tricks.in_operation(behaviour, name, kind, rename)
