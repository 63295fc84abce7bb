"""Reading, cancelling and deleting runs."""

from dataclasses import replace

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import Family
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import PENDING, PROCESSED, PROCESSING, TERMINAL

from . import doing
from .table import each_family, operation


@each_family("get-{run}-is-203", breaks="get_{run}.success")
def get_is_203(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, Response: 200; here 203."""
    doing.with_status(behaviour, operation(family, "get"), 203)


@each_family("get-{run}-finds-everything", breaks="get_{run}.not_found")
def finds_everything(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, Errors: an unknown id is answered with 404; here with 200 and some run."""
    doing.find(behaviour, operation(family, "get"))


@each_family("get-{run}-only-at-the-end", breaks="get_{run}.poll")
def only_at_the_end(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}: can be polled; here a run that is at work is answered with 404."""

    def refuse(answer: Answer, call: Call) -> Answer:
        if answer.body.get("status") not in (PENDING, PROCESSING):
            return answer
        error = {"code": "NOT_FOUND", "message": "Not yet.", "retryable": False, "requestId": call.request_id}
        return Answer(404, error)

    behaviour.on_answer(operation(family, "get"), refuse)


@each_family("{run}-reopens", breaks="{run}.status.terminal")
def reopens(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, status: an ended run stays so; here the second look at its detail shows it PROCESSING, once."""
    reopened: set[str] = set()

    def reopen(body: JsonObject, run: Run, _call: Call) -> None:
        if run.id in reopened:
            return
        reopened.add(run.id)
        hidden = dict.fromkeys(("output", "outputUrl", "metrics", "usage", "failureReason", "failureMessage"))
        body.update({key: None for key in hidden if key in body}, status=PROCESSING)

    tricks.from_look(behaviour, family.kind, TERMINAL, 2, reopen)


@each_family("{run}-reopens-late", breaks="{run}.status.terminal")
def reopens_late(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, status: an ended run stays so; here the third look and later ones show another end."""

    def other_end(body: JsonObject, _run: object, _call: Call) -> None:
        if body["status"] == PROCESSED:
            reason, message = family.failure
            body.update(status="FAILED", failureReason=reason, failureMessage=message)

    tricks.from_look(behaviour, family.kind, TERMINAL, 3, other_end)


@each_family("cancel-{run}-is-202", breaks="cancel_{run}.success")
def cancel_is_202(behaviour: Behaviour, family: Family) -> None:
    """Cancel {Run}, Response: 200; here 202."""
    doing.with_status(behaviour, operation(family, "cancel"), 202)


@each_family("cancel-{run}-finds-everything", breaks="cancel_{run}.not_found")
def cancel_finds_everything(behaviour: Behaviour, family: Family) -> None:
    """Cancel {Run}, Errors: an unknown id is answered with 404; here with 200 and some run."""
    doing.find(behaviour, operation(family, "cancel"))


@each_family("delete-{run}-is-202", breaks="delete_{run}.success")
def delete_is_202(behaviour: Behaviour, family: Family) -> None:
    """Delete {Run}, Response: 200; here 202."""
    doing.with_status(behaviour, operation(family, "delete"), 202)


@each_family("delete-{run}-names-another", breaks="delete_{run}.id")
def delete_names_another(behaviour: Behaviour, family: Family) -> None:
    """Delete {Run}, Response: the id of the deleted run; here another one."""
    tricks.in_operation(
        behaviour, operation(family, "delete"), "deleted", lambda body, *_: body.update(id=body["id"] + "x")
    )


@each_family("delete-{run}-finds-everything", breaks="delete_{run}.not_found")
def delete_finds_everything(behaviour: Behaviour, family: Family) -> None:
    """Delete {Run}, Errors: an unknown id is answered with 404; here with 200 and that id."""

    def pretend(answer: Answer, call: Call) -> Answer:
        return Answer(200, {"id": call.path["id"]}) if answer.status == 404 else answer

    behaviour.on_answer(operation(family, "delete"), pretend)


@each_family("delete-{run}-forgets-to", breaks="delete_{run}.gone")
def delete_forgets(behaviour: Behaviour, family: Family) -> None:
    """Delete {Run}: gone for good; here it can still be read."""
    last: dict[str, JsonObject] = {}

    def remember(answer: Answer, call: Call) -> Answer:
        id_ = call.path["id"]
        if answer.status == 200:
            last[id_] = answer.body
        return replace(answer, status=200, body=last[id_], headers={}) if id_ in last else answer

    behaviour.on_answer(operation(family, "get"), remember)
