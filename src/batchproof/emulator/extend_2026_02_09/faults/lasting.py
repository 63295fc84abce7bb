"""What has ended and changes all the same, and what only a review brings and comes without one."""

from collections.abc import Callable, Mapping

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import CLASSIFY, EXTRACT, PARSE, SPLIT, Family
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import FAILED, PROCESSED, PROCESSING

from .fields import change
from .table import PROCESSED_WITH, each_family


@each_family("{run}-usage-changes", breaks="{run}.usage.constant")
def usage_changes(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, usage: what the run consumed; here the second look after the end shows twice as much, once."""

    def double(body: JsonObject) -> None:
        if body["usage"] is None:
            return
        usage = body["usage"]
        entries = [
            entry
            | {
                "credits": 2 * entry["credits"],
                "charges": [charge | {"credits": 2 * charge["credits"]} for charge in entry["charges"]],
            }
            for entry in usage.get("breakdown", [])
        ]
        sums = {key: 2 * usage[key] for key in ("credits", "totalCredits") if key in usage}
        body["usage"] = usage | sums | ({"breakdown": entries} if entries else {})

    _on_second_look(behaviour, family, double)


@each_family("{run}-output-changes", breaks="{run}.output.constant", families=PROCESSED_WITH)
def output_changes(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, output: the final one; here the second look after the end shows another one, once."""

    def other(body: JsonObject) -> None:
        body["output"] = _OTHER[family.name](body["output"])

    _on_second_look(behaviour, family, other)


@each_family("{run}-metrics-change", breaks="{run}.metrics.constant", families=(PARSE,))
def metrics_change(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, metrics: how long it took; here the second look after the end shows another time, once."""

    def longer(body: JsonObject) -> None:
        body["metrics"] = body["metrics"] | {"processingTimeMs": body["metrics"]["processingTimeMs"] + 1}

    _on_second_look(behaviour, family, longer)


@each_family("{run}-config-changes", breaks="{run}.config.constant")
def config_changes(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, config: the one that is used; here, while PROCESSING, it is that of another version."""
    version = {"target": "spatial"} if family is PARSE else {"baseVersion": "0.0.1"}
    change(behaviour, family, "config", lambda body, _: body["config"] | version, when=(PROCESSING,))


@each_family("{run}-parse-run-changes", breaks="{run}.parse_run_id.constant", families=PROCESSED_WITH)
def parse_run_changes(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, parseRunId: the parse run that was used; here, while PROCESSING, it is another one."""
    change(
        behaviour,
        family,
        "parseRunId",
        lambda body, _: body["parseRunId"] and "pr_of_another_run",
        when=(PROCESSING,),
        views=("detail",),
    )


@each_family("{run}-initial-output-early", breaks="{run}.initial_output.absent", families=PROCESSED_WITH)
def initial_output_early(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, initialOutput: that of the run before a review; here a FAILED run has one, too."""
    change(behaviour, family, "initialOutput", lambda *_: _EMPTY[family.name], when=(FAILED,))


@each_family("{run}-initial-output-other", breaks="{run}.initial_output.output", families=PROCESSED_WITH)
def initial_output_other(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, output: the initial one without a review; here the initialOutput beside it is another one."""

    def differ(body: JsonObject, run: Run, _call: Call) -> None:
        if run.review is None and body["status"] == PROCESSED and "fields" not in run.config:
            body["initialOutput"] = _OTHER[family.name](body["output"])

    behaviour.on_object(family.kind, differ)


@each_family("{run}-edited-early", breaks="{run}.reviewed.processed", families=PROCESSED_WITH)
def edited_early(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, edited: whether the results have been edited; here a FAILED run, which has none, says so."""

    def claim(body: JsonObject, _run: Run, _call: Call) -> None:
        if body["status"] == FAILED:
            body.update({"edited": True} | ({"edits": {}} if "edits" in body else {}))

    for kind in (family.kind, f"{family.kind}_summary"):
        behaviour.on_object(kind, claim)


@each_family("{run}-review-forgotten", breaks="{run}.reviewed.kept", families=PROCESSED_WITH)
def review_forgotten(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, reviewed: whether a human reviewed the run; here the second list of such a run denies it, once."""
    denied: set[str] = set()

    def deny(body: JsonObject, run: Run, _call: Call) -> None:
        if run.review is not None and run.id not in denied:
            denied.add(run.id)
            body.update(reviewed=False, edited=False)

    tricks.from_look(behaviour, f"{family.kind}_summary", (PROCESSED,), 2, deny)


def _on_second_look(behaviour: Behaviour, family: Family, do: Callable[[JsonObject], None]) -> None:
    """The detail of a run that is PROCESSED is changed once: when it is looked at for the second time."""
    done: set[str] = set()

    def change_once(body: JsonObject, run: Run, _call: Call) -> None:
        if run.id not in done and run.review is None and "fields" not in run.config:
            done.add(run.id)
            do(body)

    tricks.from_look(behaviour, family.kind, (PROCESSED,), 2, change_once)


def _extracted(output: JsonObject) -> JsonObject:
    entries = {path: entry | {"ocrConfidence": 0.5} for path, entry in output["metadata"].items()}
    return output | {"metadata": entries}


def _classified(output: JsonObject) -> JsonObject:
    return output | {"confidence": 0.5}


def _split(output: JsonObject) -> JsonObject:
    return output | {"splits": [part | {"observation": "It is another one."} for part in output["splits"]]}


_OTHER: Mapping[str, Callable[[JsonObject], JsonObject]] = {
    EXTRACT.name: _extracted,
    CLASSIFY.name: _classified,
    SPLIT.name: _split,
}
_EMPTY: Mapping[str, JsonObject] = {
    EXTRACT.name: {"value": {}, "metadata": {}},
    CLASSIFY.name: {"id": "other", "type": "other", "confidence": 0, "insights": []},
    SPLIT.name: {"splits": []},
}
