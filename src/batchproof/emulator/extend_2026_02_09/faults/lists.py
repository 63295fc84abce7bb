"""Lists of runs, extractors and their likes."""

from dataclasses import replace
from typing import Any

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import PROCESSED_WITH, Family, operation
from batchproof.emulator.extend_2026_02_09.mail import Behaviour
from batchproof.emulator.extend_2026_02_09.plants import each_family, registry
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.life import PROCESSED, PROCESSING

fault = registry.fault

_UNFILTERED = {"maxPageSize", "sortBy", "sortDir"}


@fault("answers-in-the-older-version", breaks="version.header.accepted")
def answers_in_the_older_version(behaviour: Behaviour) -> None:
    """API Versioning: a request that names the version is answered in it; here lists have the envelope of the older one, too."""
    behaviour.on_answer(
        "list_extract_runs",
        lambda answer, _: (
            replace(answer, body={"success": True, "processorRuns": [], **answer.body})
            if answer.status == 200
            else answer
        ),
    )


@each_family(
    "list-{run}s-second-page-overlaps",
    breaks="list_{run}s.next_page_token.advances",
    collateral={
        "The traversal through the list is cut or mixed up.": ["list_{run}s.batch.complete"],
        "The run that is shown is not the one that was given this metadata.": ["{run}.metadata.echo"],
    },
    collateral_of={
        "extract": {"The rows that come twice push others off the pages.": ["list_extract_runs.distinct"]},
        "classify": {"The rows that come twice push others off the pages.": ["list_classify_runs.distinct"]},
        "split": {"The rows that come twice push others off the pages.": ["list_split_runs.distinct"]},
    },
)
def second_page_overlaps(behaviour: Behaviour, family: Family) -> None:
    """Pagination: a token leads to further runs; here the second page starts with a run of the first one."""
    first: dict[str, Any] = {}

    def repeat(answer: Answer, call: Call) -> Answer:
        data = answer.body.get("data")
        if answer.status != 200 or not data:
            return answer
        if "nextPageToken" not in call.query:
            if "nextPageToken" in answer.body:
                first[answer.body["nextPageToken"]] = data[-1]
            return answer
        again = first.get(call.query["nextPageToken"])
        return replace(answer, body=answer.body | {"data": [again, *data[1:]]}) if again else answer

    behaviour.on_answer(operation(family, "list"), repeat)


@each_family(
    "list-{run}s-ignores-status",
    breaks="list_{run}s.filter.status",
    collateral={"Runs that a filter has to leave out are shown.": ["list_{run}s.batch.ended"]},
)
def ignores_status(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, status: only runs in that status; here the last of a page comes with another one."""

    def slip(body: JsonObject, _record: Any, call: Call) -> None:
        if call.query.get("status") == PROCESSED and len(body["data"]) > 1:
            row = body["data"][-1]
            hidden = dict.fromkeys({"usage", "metrics"} & set(row))
            body["data"][-1] = row | hidden | {"status": PROCESSING, "id": row["id"] + "x"}

    in_list(behaviour, family, "list", slip)


@each_family(
    "list-{run}s-ignores-{processor}",
    breaks="list_{run}s.filter.{processor}_id",
    families=PROCESSED_WITH,
    collateral={
        "The value that the filter asks for is not the one that the rows show.": [
            "list_{run}s.filter.status"
        ],
        "The property is not there, or not what it was.": [
            "{run}.{processor}.present",
            "{run}.{processor}_version.present",
        ],
    },
)
def ignores_processor(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, {processor}Id: only runs of that {processor}; here the first of a page has another one."""
    assert family.processor is not None
    kind = family.processor.name

    def slip(body: JsonObject, _record: Any, call: Call) -> None:
        if f"{kind}Id" in call.query and body["data"] and body["data"][0][kind]:
            row = body["data"][0]
            other = {kind: row[kind] | {"id": row[kind]["id"] + "x"}, f"{kind}Version": None}
            body["data"][0] = row | other | {"id": row["id"] + "x"}

    in_list(behaviour, family, "list", slip)


@each_family("list-{run}s-ignores-source", breaks="list_{run}s.filter.source")
def ignores_source(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, source: only runs of that source; here Studio has those of the API, too."""
    last: list[JsonObject] = []

    def slip(body: JsonObject, _record: Any, call: Call) -> None:
        if dict(call.query) == {"source": "API"}:
            last[:] = body["data"]
        elif dict(call.query) == {"source": "STUDIO"}:
            body["data"] = [*body["data"], *last]

    in_list(behaviour, family, "list", slip)


@each_family("list-{run}s-ignores-source-id", breaks="list_{run}s.filter.source_id")
def ignores_source_id(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, sourceId: only runs of that source; here it counts for nothing where it stands alone."""
    last: list[JsonObject] = []

    def forget(body: JsonObject, _record: object, call: Call) -> None:
        filters = set(call.query) - {"maxPageSize"}
        if not filters:
            last[:] = body["data"]
        elif filters == {"sourceId"}:
            body["data"] = list(last)

    in_list(behaviour, family, "list", forget)


@each_family(
    "list-{run}s-ignores-file-name",
    breaks="list_{run}s.filter.file_name_contains",
    collateral={
        "The value that the filter asks for is not the one that the rows show.": ["list_{run}s.filter.status"]
    },
    collateral_of={
        "extract": {
            "The value that the filter asks for is not the one that the rows show.": [
                "list_extract_runs.filter.extractor_id"
            ]
        },
        "classify": {
            "The value that the filter asks for is not the one that the rows show.": [
                "list_classify_runs.filter.classifier_id"
            ]
        },
        "split": {
            "The value that the filter asks for is not the one that the rows show.": [
                "list_split_runs.filter.splitter_id"
            ]
        },
    },
)
def ignores_file_name(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, fileNameContains: only runs of such files; here the first of a page has a file of another name."""

    def slip(body: JsonObject, _record: Any, call: Call) -> None:
        if "fileNameContains" in call.query and body["data"] and body["data"][0]["file"]:
            row = body["data"][0]
            body["data"][0] = row | {"file": row["file"] | {"name": "letter.pdf"}, "id": row["id"] + "x"}

    in_list(behaviour, family, "list", slip)


@each_family(
    "list-{run}s-of-a-batch-has-more",
    breaks="list_{run}s.batch.only",
    collateral={
        "The foreign runs do not fit to the request of the batch.": [
            "list_{run}s.batch.complete",
            "{run}.metadata.echo",
        ]
    },
    collateral_of={
        "extract": {
            "The value that the filter asks for is not the one that the rows show.": [
                "list_extract_runs.filter.file_name_contains",
                "list_extract_runs.filter.status",
                "list_extract_runs.filter.extractor_id",
            ],
            "The foreign runs do not fit to the request of the batch.": [
                "submit_extract_batch.one_version",
                "extract_run.extractor.present",
            ],
            "The foreign runs were created before the batch was submitted.": [
                "extract_run.created_at.actual"
            ],
        },
        "parse": {
            "The value that the filter asks for is not the one that the rows show.": [
                "list_parse_runs.filter.source.batch"
            ],
            "The foreign runs do not fit to the request of the batch.": ["parse_run.batch_id.present"],
        },
    },
)
def batch_has_more(behaviour: Behaviour, family: Family) -> None:
    """Get Batch Run: the list by batchId has the runs of that batch; here two more, of another one."""
    known: dict[str, Run] = {}

    def remember(_body: JsonObject, run: Run, _call: Call) -> None:
        known[run.id] = run

    def add(runs: list[Run], call: Call) -> list[Run]:
        if not runs or "batchId" not in call.query:
            return runs
        return runs + [run for run in known.values() if run.batch is not runs[0].batch][:2]

    behaviour.on_object(f"{family.kind}_summary", remember)
    behaviour.on_records(operation(family, "list"), add)


@each_family("list-{run}s-shows-deleted", breaks="delete_{run}.unlisted")
def shows_deleted(behaviour: Behaviour, family: Family) -> None:
    """Delete {Run}: gone for good; here a list without parameters still has the run."""
    deleted: list[Run] = []

    def remember(_body: JsonObject, run: Run, _call: Call) -> None:
        deleted.append(run)

    behaviour.on_object("deleted", remember, [operation(family, "delete")])
    behaviour.on_records(operation(family, "list"), lambda runs, call: runs if call.query else runs + deleted)


@each_family("list-{run}s-forgets-one", breaks="list_{run}s.distinct")
def forgets_one(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, Response: the runs; here every second list without filters leaves out the last of a page."""
    _forget(behaviour, family, operation(family, "list"))


@each_family("list-{processor}s-forgets-one", breaks="list_{processor}s.distinct", families=PROCESSED_WITH)
def processor_forgotten(behaviour: Behaviour, family: Family) -> None:
    """List {Processor}s, Response: all of them; here every second list leaves out the last of a page."""
    _forget(behaviour, family, operation(family, "processors"))


def _forget(behaviour: Behaviour, family: Family, name: str) -> None:
    asked: list[str] = []

    def forget(body: JsonObject, _record: Any, call: Call) -> None:
        if set(call.query) <= _UNFILTERED:
            asked.append(family.name)
            if len(asked) % 2 == 0 and len(body["data"]) > 1:
                body["data"].pop()

    behaviour.on_object("list", forget, [name])


def in_list(behaviour: Behaviour, family: Family, kind: str, hook: Any) -> None:
    """The objects of a kind are changed in the list of a family's runs only."""
    tricks.in_operation(behaviour, operation(family, "list"), kind, hook)
