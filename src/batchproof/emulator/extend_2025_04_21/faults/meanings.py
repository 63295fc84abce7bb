"""Values of the right form that do not mean what is documented."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_2025_04_21.store import CLASSIFY, STUDIO, BatchRun, Run
from batchproof.emulator.extend_common.life import CANCELLED, FAILED, PENDING, PROCESSED, PROCESSING, TERMINAL

from . import doing

fault = registry.fault

_DAY_MS = 24 * 60 * 60 * 1000
# so that a run is still at work when no replica can be behind any more
_LONG_MS = 4_000


@fault("batch-cancelled", breaks="batch_processor_run.status.unlisted")
def batch_cancelled(behaviour: Behaviour) -> None:
    """Get Batch Processor Run, status: four values; here a batch that failed is CANCELLED."""
    tricks.put_where(behaviour, "batch_processor_run", FAILED, status=CANCELLED)


@fault("run-cancelling", breaks="processor_run.status.unlisted")
def run_cancelling(behaviour: Behaviour) -> None:
    """Get Processor Run, status: five values; here the answer to a cancellation shows CANCELLING."""
    tricks.in_operation(
        behaviour,
        "cancel_processor_run",
        "processor_run",
        lambda body, *_: body.update(status="CANCELLING"),
    )


@fault("batch-updated-tomorrow", breaks="batch_processor_run.updated_at.past")
def batch_updated_tomorrow(behaviour: Behaviour) -> None:
    """updatedAt: the time of the last update; here that of a batch from Studio is two days ahead."""

    def change(body: JsonObject, batch: BatchRun, call: Call) -> None:
        if batch.source == STUDIO:
            body["updatedAt"] = behaviour.timestamp(batch.updated(call.now) + 2 * _DAY_MS)

    behaviour.on_object("batch_processor_run", change)


@fault("list-created-yesterday", breaks="processor_run.created_at.time")
def list_created_yesterday(behaviour: Behaviour) -> None:
    """List Processor Runs, createdAt: the time of creation; here it is a day behind."""
    behaviour.on_object(
        "processor_run_summary",
        lambda body, run, _call: body.update(createdAt=behaviour.timestamp(run.created - _DAY_MS)),
    )


@fault("list-updated-tomorrow", breaks="processor_run.updated_at.past")
def list_updated_tomorrow(behaviour: Behaviour) -> None:
    """List Processor Runs, updatedAt: the time of the last update; here it is ahead by two days."""

    def change(body: JsonObject, run: Run, call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(run.updated(call.now) + 2 * _DAY_MS)

    behaviour.on_object("processor_run_summary", change)


@fault("output-differs-later", breaks="processor_run.output.constant")
def output_differs_later(behaviour: Behaviour) -> None:
    """initialOutput: the initial output; here from the second look on that of a classification is less certain."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.processor.type == CLASSIFY:
            body["output"] = body["initialOutput"] = body["output"] | {"confidence": 0.5}

    tricks.from_look(behaviour, "processor_run", {PROCESSED}, 2, change)


@fault("file-name-lost", breaks="processor_run.files.name")
def file_name_lost(behaviour: Behaviour) -> None:
    """ProcessorRunFileInput, fileName: the name of the file; here every file is called upload.bin."""
    tricks.put(behaviour, "file", name="upload.bin")


@fault("confidence-left-out", breaks="extraction_output.confidence.present")
def confidence_left_out(behaviour: Behaviour) -> None:
    """JsonOutput, metadata: logprobsConfidence is required; here it is left out."""
    tricks.drop(behaviour, "output_entry", "logprobsConfidence")


@fault("classified-as-nothing", breaks="classification_output.type")
def classified_as_nothing(behaviour: Behaviour) -> None:
    """ClassifierOutput, type: the type of the classification; here it is in no configuration."""

    def change(body: JsonObject, run: Run, _call: Call) -> None:
        if run.processor.type == CLASSIFY:
            body["type"] = "nothing"

    behaviour.on_object("output", change)


@fault("split-of-no-class", breaks="splitter_output.classification")
def split_of_no_class(behaviour: Behaviour) -> None:
    """SplitterOutput, classificationId: an id in the configuration; here another one."""
    tricks.put(behaviour, "split", classificationId="class_0")


@fault("splits-share-an-id", breaks="splitter_output.id.unique")
def splits_share_an_id(behaviour: Behaviour) -> None:
    """SplitterOutput, id: unique; here each split has the same."""
    tricks.put(behaviour, "split", id="splt_1")


@fault("latest-is-draft", breaks="create_processor_run.version.latest")
def latest_is_draft(behaviour: Behaviour) -> None:
    """Run Processor, version: without it the latest; here who names latest gets the draft."""

    def change(body: JsonObject, run: Run, call: Call) -> None:
        if doing.body_of(call).get("version") == "latest":
            run.version = run.processor.versions["draft"]
            body["processorVersionId"] = run.version.id

    tricks.in_operation(behaviour, doing.CREATE, "processor_run", change)


@fault("same-body-same-run", breaks="create_processor_run.repeat.apart")
def same_body_same_run(behaviour: Behaviour) -> None:
    """Run Processor: each request runs a processor; here a body that comes again is answered with the first run."""
    known: dict[bytes, Answer] = {}

    def again(answer: Answer, call: Call) -> Answer:
        return known.setdefault(call.body, answer) if answer.status == 200 else answer

    behaviour.on_answer(doing.CREATE, again)


@fault("running-is-not-cancelled", breaks="cancel_processor_run.accepted")
def running_is_not_cancelled(behaviour: Behaviour) -> None:
    """Cancel Processor Run: a run in progress can be cancelled; here none can, and each takes its time."""
    behaviour.step_ms = _LONG_MS
    behaviour.uncancellable = TERMINAL | {PENDING, PROCESSING}


@fault("nothing-is-deleted", breaks="delete_processor_run.accepted")
def nothing_is_deleted(behaviour: Behaviour) -> None:
    """Delete Processor Run: a run can be deleted; here the deletion of one that has ended is answered with 404."""
    behaviour.deletes = False
    behaviour.on_answer(
        "delete_processor_run", lambda answer, _: Answer(404, doing.ERROR) if answer.status == 200 else answer
    )


@fault("runs-of-every-key", breaks="auth.workspace.apart")
def runs_of_every_key(behaviour: Behaviour) -> None:
    """Authentication: a key without permission is refused; here a run can be read with every key."""
    shown: dict[str, tuple[str, Answer]] = {}

    def share(answer: Answer, call: Call) -> Answer:
        key, id_ = call.headers.get("authorization", ""), call.path["id"]
        if answer.status == 200:
            shown[id_] = (key, answer)
        elif answer.status == 404 and id_ in shown and shown[id_][0] != key:
            return shown[id_][1]
        return answer

    behaviour.on_answer("get_processor_run", share)
