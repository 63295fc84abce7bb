"""Defects that show only now and then: one run of many, the second page, one view, one kind of end."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import Family
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import FAILED, PROCESSED

from .lists import in_list
from .table import each_family


@each_family("{run}-without-object-on-second-page", breaks="{run}.object")
def no_object_on_second_page(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, object: {run} on every page; here it is missing on all pages but the first."""

    def forget(body: JsonObject, _run: Run, call: Call) -> None:
        if "nextPageToken" in call.query:
            del body["object"]

    in_list(behaviour, family, f"{family.kind}_summary", forget)


@each_family("{run}-status-unknown-in-large-batch", breaks="{run}.status.enum")
def unknown_status_above_ten(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, status: five values; here the eleventh run of a batch ends as DONE."""

    def rename(body: JsonObject, run: Run, _call: Call) -> None:
        eleventh = run.batch is not None and len(run.batch.runs) > 10 and run.batch.runs[10] is run
        if eleventh and body["status"] == PROCESSED:
            body["status"] = "DONE"

    for kind in (family.kind, f"{family.kind}_summary"):
        behaviour.on_object(kind, rename)


@each_family("{run}-usage-as-text-in-list", breaks="{run}.usage")
def usage_as_text_in_list(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, usage: an object or null; here, in the list alone, a text for runs that are PROCESSED."""

    def change(body: JsonObject, _run: Run, _call: Call) -> None:
        if body["status"] == PROCESSED:
            body["usage"] = "4 credits"

    in_list(behaviour, family, f"{family.kind}_summary", change)


@each_family("{run}-config-missing-when-failed", breaks="{run}.config")
def config_missing_when_failed(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, config: there in every status; here it is missing when FAILED."""

    def forget(body: JsonObject, _run: Run, _call: Call) -> None:
        if body["status"] == FAILED:
            del body["config"]

    behaviour.on_object(family.kind, forget)


@each_family("{run}-reason-missing-in-list", breaks="{run}.failure_reason.present")
def reason_missing_in_list(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, failureReason: there when FAILED; here the list leaves it out."""
    in_list(behaviour, family, f"{family.kind}_summary", lambda body, *_: body.pop("failureReason"))


@each_family("{run}-one-of-many-without-output", breaks="{run}.output.present")
def one_without_output(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, output: there when PROCESSED; here not for the last run of a batch of several."""

    def forget(body: JsonObject, run: Run, _call: Call) -> None:
        last = run.batch is not None and len(run.batch.runs) > 1 and run.batch.runs[-1] is run
        if last and body["status"] == PROCESSED:
            body["output"] = None

    behaviour.on_object(family.kind, forget)


@each_family("{run}-created-at-moves-late", breaks="{run}.created_at.constant")
def created_at_moves_late(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, createdAt: constant; here the fourth look after the end and later ones show another second."""

    def move(body: JsonObject, run: Run, _call: Call) -> None:
        if "createdAt" in body:
            body["createdAt"] = behaviour.timestamp(run.created - 1000)

    for kind in (family.kind, f"{family.kind}_summary"):
        tricks.from_look(behaviour, kind, (PROCESSED, FAILED), 4, move)
