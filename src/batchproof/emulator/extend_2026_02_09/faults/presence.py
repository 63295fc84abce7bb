"""Fields of runs that are there, or are not there, against what the status or the request says."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09 import outputs
from batchproof.emulator.extend_2026_02_09.families import EXTRACT, PARSE, Family
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import FAILED, PENDING, PROCESSED, PROCESSING

from .fields import change
from .table import PROCESSED_WITH, each_family


@each_family("{run}-output-missing", breaks="{run}.output.present")
def output_missing(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, output: there when PROCESSED; here it is null."""
    change(behaviour, family, "output", lambda *_: None, when=(PROCESSED,))


@each_family("{run}-output-too-early", breaks="{run}.output.absent")
def output_too_early(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, output: there when PROCESSED; here it is there while PROCESSING, too."""

    def show(body: JsonObject, run: Run, call: Call) -> None:
        if body["status"] in (PENDING, PROCESSING):
            body["output"] = outputs.of_run(behaviour, run, call)

    behaviour.on_object(family.kind, show)


@each_family("{run}-reason-missing", breaks="{run}.failure_reason.present")
def reason_missing(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, failureReason: there when FAILED; here it is null."""
    change(behaviour, family, "failureReason", lambda *_: None, when=(FAILED,))


@each_family("{run}-message-missing", breaks="{run}.failure_message.present")
def message_missing(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, failureMessage: there when FAILED; here the key is missing."""

    def forget(body: JsonObject, _run: Run, _call: Call) -> None:
        if body["status"] == FAILED:
            del body["failureMessage"]

    for kind in (family.kind, f"{family.kind}_summary"):
        behaviour.on_object(kind, forget)


@each_family("{run}-metadata-forgotten", breaks="{run}.metadata.present")
def metadata_forgotten(behaviour: Behaviour, family: Family) -> None:
    """Run Metadata: what was given with a file is on its run; here it is null."""
    change(behaviour, family, "metadata", lambda *_: None)


@each_family("{run}-metadata-altered", breaks="{run}.metadata.echo")
def metadata_altered(behaviour: Behaviour, family: Family) -> None:
    """Run Metadata: what was given with a file is on its run; here with other values, once the run has ended."""
    change(
        behaviour,
        family,
        "metadata",
        lambda body, _: dict.fromkeys(body["metadata"] or {}, "seen"),
        when=(PROCESSED, FAILED),
    )


@each_family("{run}-processor-missing", breaks="{run}.{processor}.present", families=PROCESSED_WITH)
def processor_missing(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, {processor}: the {processor} of the run; here it is null."""
    assert family.processor is not None
    change(behaviour, family, family.processor.name, lambda *_: None)


@each_family("{run}-version-missing", breaks="{run}.{processor}_version.present", families=PROCESSED_WITH)
def version_missing(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, {processor}Version: the version that was used; here it is null."""
    assert family.processor is not None
    change(behaviour, family, f"{family.processor.name}Version", lambda *_: None)


@each_family(
    "{run}-version-of-another", breaks="{run}.{processor}_version.{processor}", families=PROCESSED_WITH
)
def version_of_another(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, {processor}Version: a version of the run's {processor}; here one of another {processor}."""
    assert family.processor is not None
    kind = family.processor.name
    behaviour.on_object(f"{kind}_version", lambda body, *_: body.update({f"{kind}Id": "other_1"}))


@each_family("{run}-created-at-drifts", breaks="{run}.created_at.constant")
def created_at_drifts(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, createdAt: the time of creation; here each look at the run shows a slightly earlier one."""
    # The detail of a parse run has no times.
    tricks.drift(
        behaviour, f"{family.kind}_summary" if family is PARSE else family.kind, "createdAt", by_ms=-1
    )


@each_family("{run}-config-legacy", breaks="{run}.config.current", families=(EXTRACT,))
def config_legacy(behaviour: Behaviour, family: Family) -> None:
    """Get Extract Run, config: new runs have a JSON Schema; here they have the legacy fields beside it."""
    change(behaviour, family, "config", lambda body, _: body["config"] | {"fields": []})


@each_family("{run}-files-of-one", breaks="{run}.files.single", families=(EXTRACT,))
def files_of_one(behaviour: Behaviour, family: Family) -> None:
    """Get Extract Run, files: null for a run of one file; here an array of that one."""
    change(behaviour, family, "files", lambda body, _: [body["file"]] if body["file"] else body["files"])


@each_family("{run}-file-beside-files", breaks="{run}.files.package", families=(EXTRACT,))
def file_beside_files(behaviour: Behaviour, family: Family) -> None:
    """Get Extract Run, file: null for a run of several files; here it is the first of them."""
    change(behaviour, family, "file", lambda body, _: body["files"][0] if body["files"] else body["file"])


@each_family("{run}-parse-run-unnamed", breaks="{run}.parse_run_id.processed", families=(EXTRACT,))
def parse_run_unnamed(behaviour: Behaviour, family: Family) -> None:
    """Get Extract Run, parseRunId: the parse run that was used; here it is null."""
    change(behaviour, family, "parseRunId", lambda *_: None)


@each_family("{run}-metrics-missing", breaks="{run}.metrics.present", families=(PARSE,))
def metrics_missing(behaviour: Behaviour, family: Family) -> None:
    """Get Parse Run, metrics: there when PROCESSED; here they are null."""
    change(behaviour, family, "metrics", lambda *_: None, when=(PROCESSED,))


@each_family("{run}-url-missing", breaks="{run}.output_url.present", families=(PARSE,))
def url_missing(behaviour: Behaviour, family: Family) -> None:
    """Get Parse Run, outputUrl: there when it was asked for by responseType=url; here it is null."""
    change(behaviour, family, "outputUrl", lambda *_: None)


@each_family("{run}-url-unasked", breaks="{run}.output_url.absent", families=(PARSE,))
def url_unasked(behaviour: Behaviour, family: Family) -> None:
    """Get Parse Run, outputUrl: there when it was asked for by responseType=url; here it is always there."""
    url = "https://outputs.example.com/1.json"
    change(behaviour, family, "outputUrl", lambda body, _: body["outputUrl"] or url, when=(PROCESSED,))


@each_family("{run}-output-beside-url", breaks="{run}.output_url.absent", families=(PARSE,))
def output_beside_url(behaviour: Behaviour, family: Family) -> None:
    """Get Parse Run, output: there when it was not asked for by responseType=url; here it is always there."""

    def show(body: JsonObject, run: Run, call: Call) -> None:
        if body["status"] == PROCESSED:
            body["output"] = body["output"] or outputs.of_run(behaviour, run, call)

    behaviour.on_object(family.kind, show)


@each_family("{run}-batch-unnamed", breaks="{run}.batch_id.present", families=(PARSE,))
def batch_unnamed(behaviour: Behaviour, family: Family) -> None:
    """Get Parse Run, batchId: the batch of the run; here it is null."""
    change(behaviour, family, "batchId", lambda *_: None)


@each_family("{run}-pending-alone", breaks="{run}.status.pending", families=(PARSE,))
def pending_alone(behaviour: Behaviour, family: Family) -> None:
    """Get Parse Run, status: PENDING in batches only; here the answer to the creation of a single run shows it."""
    tricks.in_operation(
        behaviour, "create_parse_run", family.kind, lambda body, *_: body.update(status=PENDING)
    )


@each_family("{run}-usage-total-differs", breaks="{run}.usage.total", families=(PARSE,))
def usage_total_differs(behaviour: Behaviour, family: Family) -> None:
    """Get Parse Run, usage: totalCredits equal credits; here they are one more."""

    def add(body: JsonObject, run: Run, _call: Call) -> None:
        # runs of before the breakdowns have no total
        if run.family is family and "totalCredits" in body:
            body["totalCredits"] += 1

    behaviour.on_object("usage", add)


@each_family("{run}-without-update-in-list", breaks="{run}.created_at.listed", families=(PARSE,))
def without_update_in_list(behaviour: Behaviour, family: Family) -> None:
    """List Parse Runs, updatedAt: there in every row; here not in those of runs that are PROCESSED."""

    def forget(body: JsonObject, _run: Run, _call: Call) -> None:
        if body["status"] == PROCESSED:
            del body["updatedAt"]

    behaviour.on_object(f"{family.kind}_summary", forget)


@each_family("{run}-reason-without-failure", breaks="{run}.failure_reason.absent")
def reason_without_failure(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, failureMessage: of a run that failed; here one that is PROCESSED has it, too."""
    change(behaviour, family, "failureMessage", lambda *_: "No failure.", when=(PROCESSED,))


@each_family("{run}-usage-too-early", breaks="{run}.usage.absent")
def usage_too_early(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, usage: what a run has cost; here one that is at work has a usage of nothing."""
    nothing = {"credits": 0, "totalCredits": 0, "breakdown": []}
    change(behaviour, family, "usage", lambda *_: nothing, when=(PROCESSING,), views=("detail",))


@each_family("{run}-metrics-too-early", breaks="{run}.metrics.absent", families=(PARSE,))
def metrics_too_early(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, metrics: how long a run took; here one that is at work was measured already."""
    nothing = {"processingTimeMs": 0, "pageCount": 0}
    change(behaviour, family, "metrics", lambda *_: nothing, when=(PROCESSING,), views=("detail",))


@each_family("{run}-review-of-nobody", breaks="{run}.reviewed_output.absent", families=PROCESSED_WITH)
def review_of_nobody(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, reviewedOutput: what a review made of the output; here, without one, the output itself."""

    def show(body: JsonObject, run: Run, _call: Call) -> None:
        if run.review is None:
            body["reviewedOutput"] = body["output"]

    behaviour.on_object(family.kind, show)


@each_family("{run}-edits-of-nobody", breaks="{run}.edits.absent", families=(EXTRACT,))
def edits_of_nobody(behaviour: Behaviour, family: Family) -> None:
    """Get Extract Run, edits: null unless edited; here an empty map."""
    change(behaviour, family, "edits", lambda body, _: body["edits"] or {}, views=("detail",))


@each_family("{run}-usage-missing-in-list", breaks="{run}.usage.present")
def usage_missing_in_list(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, usage: there when PROCESSED; here the list has null."""
    change(behaviour, family, "usage", lambda *_: None, views=("list",))


@each_family("{run}-of-a-batch-of-its-own", breaks="{run}.batch_id.absent", families=(PARSE,))
def of_a_batch_of_its_own(behaviour: Behaviour, family: Family) -> None:
    """Get Parse Run, batchId: the batch of the run, if there is one; here a new single run names one, too."""
    id_ = f"{family.batch_prefix}_single"
    tricks.in_operation(behaviour, "create_parse_run", family.kind, lambda body, *_: body.update(batchId=id_))
