"""Runs: what they show, and what their operations do."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09 import outputs
from batchproof.emulator.extend_2026_02_09.families import (
    CLASSIFY,
    EXTRACT,
    PARSE,
    PROCESSED_WITH,
    SPLIT,
    Family,
    operation,
)
from batchproof.emulator.extend_2026_02_09.mail import Behaviour
from batchproof.emulator.extend_2026_02_09.plants import each_family, registry
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.life import FAILED, PENDING, PROCESSED, PROCESSING, STATUSES

fault = registry.fault


@fault("output-while-processing", breaks="extract_run.output.absent")
def output_while_processing(behaviour: Behaviour) -> None:
    """Get Extract Run, output: present when PROCESSED; here it is there while PENDING and PROCESSING, too."""

    def show(body: JsonObject, run: Run, call: Call) -> None:
        if body["status"] in (PENDING, PROCESSING):
            body["output"] = outputs.of_run(behaviour, run, call)

    behaviour.on_object("extract_run", show)


@each_family("{run}-output-too-early", breaks="{run}.output.absent")
def output_too_early(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, output: there when PROCESSED; here it is there while PROCESSING, too."""

    def show(body: JsonObject, run: Run, call: Call) -> None:
        if body["status"] in (PENDING, PROCESSING):
            body["output"] = outputs.of_run(behaviour, run, call)

    behaviour.on_object(family.kind, show)


@each_family("{run}-output-beside-url", breaks="{run}.output_url.absent", families=(PARSE,))
def output_beside_url(behaviour: Behaviour, family: Family) -> None:
    """Get Parse Run, output: there when it was not asked for by responseType=url; here it is always there."""

    def show(body: JsonObject, run: Run, call: Call) -> None:
        if body["status"] == PROCESSED:
            body["output"] = body["output"] or outputs.of_run(behaviour, run, call)

    behaviour.on_object(family.kind, show)


@each_family(
    "{run}-files-of-one",
    breaks="{run}.files.single",
    families=(EXTRACT,),
    collateral={"It speaks of the same value.": ["{run}.files.package"]},
)
def files_of_one(behaviour: Behaviour, family: Family) -> None:
    """Get Extract Run, files: null for a run of one file; here an array of that one."""
    _change(behaviour, family, "files", lambda body: [body["file"]] if body["file"] else body["files"])


@each_family("{run}-option-as-text", breaks="{run}.config.advanced_options", families=PROCESSED_WITH)
def option_as_text(behaviour: Behaviour, family: Family) -> None:
    """{Run}, config.advancedOptions: switches are booleans; here they are texts."""
    _options(behaviour, family, lambda value: str(value).lower() if isinstance(value, bool) else value)


@each_family("{run}-option-unknown", breaks="{run}.config.advanced_options.known", families=PROCESSED_WITH)
def option_unknown(behaviour: Behaviour, family: Family) -> None:
    """{Run}, config.advancedOptions: choices have documented values; here another one."""
    _options(behaviour, family, lambda value: "automatic" if isinstance(value, str) else value)


@each_family("{run}-schema-as-sent", breaks="{run}.config.normalized", families=(EXTRACT,))
def schema_as_sent(behaviour: Behaviour, family: Family) -> None:
    """Agent Context, Extraction Schema: every listed property is marked as required; here only those that were."""

    def reduced(body: JsonObject) -> JsonObject:
        config: JsonObject = dict(body["config"])
        if isinstance(config.get("schema"), dict):
            config["schema"] = config["schema"] | {"required": []}
        return config

    _change(behaviour, family, "config", reduced)


@each_family(
    "{run}-inline-with-{processor}",
    breaks="{run}.{processor}.inline",
    families=PROCESSED_WITH,
    collateral_of={
        "extract": {"One view is wrong, so it differs from the other one.": ["list_extract_runs.agrees"]}
    },
)
def inline_with_processor(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, {processor}: not there with an inline configuration; here it is the one that was seen last."""
    assert family.processor is not None
    name = family.processor.name
    seen: JsonObject = {}

    def show(body: JsonObject, _run: Run, _call: Call) -> None:
        if body[name] is not None:
            seen.update({key: body[key] for key in (name, f"{name}Version")})
        else:
            body.update(seen)

    behaviour.on_object(family.kind, show, [operation(family, "create"), operation(family, "get")])


@each_family(
    "{run}-usage-changes",
    breaks="{run}.usage.constant",
    collateral={"The list and the detail differ in it.": ["list_{run}s.agrees"]},
)
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


@each_family("{run}-initial-output-early", breaks="{run}.initial_output.absent", families=PROCESSED_WITH)
def initial_output_early(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, initialOutput: that of the run before a review; here a FAILED run has one, too."""
    _change(behaviour, family, "initialOutput", lambda _: _EMPTY[family.name], when=(FAILED,))


@each_family("{run}-initial-output-other", breaks="{run}.initial_output.output", families=PROCESSED_WITH)
def initial_output_other(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, output: the initial one without a review; here the initialOutput beside it is another one."""

    def differ(body: JsonObject, run: Run, _call: Call) -> None:
        if run.review is None and body["status"] == PROCESSED and "fields" not in run.config:
            body["initialOutput"] = _OTHER[family.name](body["output"])

    behaviour.on_object(family.kind, differ)


@each_family("cancel-{run}-after-the-end", breaks="cancel_{run}.ended")
def cancel_after_the_end(behaviour: Behaviour, family: Family) -> None:
    """Cancel {Run}: a run that has not ended; here the request for one that has is answered with the run as it is."""
    last: dict[str, JsonObject] = {}

    def remember(answer: Answer, call: Call) -> Answer:
        if answer.status == 200:
            last[call.path["id"]] = answer.body
        return answer

    def pretend(answer: Answer, call: Call) -> Answer:
        known = last.get(call.path["id"])
        return Answer(200, known) if answer.status == 400 and known else answer

    behaviour.on_answer(operation(family, "get"), remember)
    behaviour.on_answer(operation(family, "cancel"), pretend)


@each_family("delete-{run}-finds-everything", breaks="delete_{run}.not_found")
def delete_finds_everything(behaviour: Behaviour, family: Family) -> None:
    """Delete {Run}, Errors: an unknown id is answered with 404; here with 200 and that id."""

    def pretend(answer: Answer, call: Call) -> Answer:
        return Answer(200, {"id": call.path["id"]}) if answer.status == 404 else answer

    behaviour.on_answer(operation(family, "delete"), pretend)


@each_family(
    "delete-{run}-forgets-to",
    breaks="delete_{run}.gone",
    collateral={
        "The call on what should be gone is answered as if nobody had to show a token.": [
            "auth.scheme",
            "auth.token.malformed",
            "auth.token.missing",
            "auth.token.unknown",
        ]
    },
    collateral_of={
        "extract": {
            "The call on what should be gone is answered as if nobody had to show a token.": [
                "auth.forbidden.status"
            ]
        }
    },
)
def delete_forgets(behaviour: Behaviour, family: Family) -> None:
    """Delete {Run}: gone for good; here it can still be read."""
    last: dict[str, JsonObject] = {}

    def remember(answer: Answer, call: Call) -> Answer:
        id_ = call.path["id"]
        if answer.status == 200:
            last[id_] = answer.body
        return replace(answer, status=200, body=last[id_], headers={}) if id_ in last else answer

    behaviour.on_answer(operation(family, "get"), remember)


def _options(behaviour: Behaviour, family: Family, changed: Callable[[Any], Any]) -> None:
    def config(body: JsonObject) -> JsonObject:
        given: JsonObject = body["config"]
        options = given.get("advancedOptions") or {}
        return given | {"advancedOptions": {key: changed(value) for key, value in options.items()}}

    _change(behaviour, family, "config", config)


def _change(
    behaviour: Behaviour,
    family: Family,
    key: str,
    value: Callable[[JsonObject], Any],
    *,
    when: Collection[str] = STATUSES,
) -> None:
    """In details and lists a family's runs in these statuses have another value under a key, if they have the key at all."""

    def hook(body: JsonObject, _run: Run, _call: Call) -> None:
        if key in body and body["status"] in when:
            body[key] = value(body)

    for kind in (family.kind, f"{family.kind}_summary"):
        behaviour.on_object(kind, hook)


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
