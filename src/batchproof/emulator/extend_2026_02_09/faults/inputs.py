"""What may stand beside each other in a request for a run, what its metadata may be, and when it can be cancelled."""

from collections.abc import Callable
from dataclasses import replace

from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import EXTRACT, PARSE, Family
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_2026_02_09.store import Batch
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import FAILED

from . import doing
from .doing import body_of
from .table import PROCESSED_WITH, each_family, operation

fault = registry.fault
_CREATE = "create_extract_run"


@fault("create-extract-run-accepts-both-references", breaks="create_extract_run.config")
def accepts_both_references(behaviour: Behaviour) -> None:
    """Create Extract Run: an extractor or a config; here both are accepted."""
    _accept(behaviour, lambda body: bool(body.get("extractor")) and "config" in body)


@fault("create-extract-run-accepts-file-and-package", breaks="create_extract_run.package")
def accepts_file_and_package(behaviour: Behaviour) -> None:
    """Create Extract Run: a file or a package; here both are accepted."""
    _accept(behaviour, lambda body: bool(body.get("file")) and bool(body.get("package")))


@fault("create-extract-run-accepts-51-files", breaks="create_extract_run.package.max")
def accepts_51_files(behaviour: Behaviour) -> None:
    """Multi-File Extraction, Limits: 50 files; here 51 are accepted."""
    _accept(behaviour, lambda body: len(_packed(body)) == 51)


@fault("create-extract-run-accepts-packed-text", breaks="create_extract_run.package.text")
def accepts_packed_text(behaviour: Behaviour) -> None:
    """Multi-File Extraction, Files: by address or id; here raw text is accepted, too."""
    _accept(behaviour, lambda body: any("text" in file for file in _packed(body)))


@fault("create-parse-run-accepts-text", breaks="create_parse_run.file.text")
def parse_accepts_text(behaviour: Behaviour) -> None:
    """Create Parse Run, file: by address or id; here raw text is accepted, too."""
    doing.accept(
        behaviour, "create_parse_run", PARSE.prefix, lambda call: "text" in (body_of(call).get("file") or {})
    )


@each_family("create-{run}-refuses-some-metadata", breaks="create_{run}.metadata")
def refuses_some_metadata(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, metadata: any object; here one with the value `metadata` is refused."""
    doing.refuse(
        behaviour, operation(family, "create"), lambda call: _is_noted(body_of(call).get("metadata"))
    )


@each_family(
    "submit-{family}-batch-fails-together",
    breaks="submit_{family}_batch.independent",
    families=PROCESSED_WITH,
)
def batch_fails_together(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, How it works: each input becomes an independent run; here all fail with one that does."""

    def spoil(_body: JsonObject, batch: Batch, _call: Call) -> None:
        if any(run.schedule.outcome == FAILED for run in batch.runs):
            for run in batch.runs:
                run.schedule = replace(run.schedule, outcome=FAILED)

    behaviour.on_object("batch_run", spoil, (operation(family, "submit"),))


@each_family("submit-{family}-batch-refuses-some-metadata", breaks="submit_{family}_batch.inputs.metadata")
def batch_refuses_some_metadata(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs.metadata: any object; here one with the value `metadata` is refused."""
    doing.refuse(
        behaviour,
        operation(family, "submit"),
        lambda call: any(_is_noted(item.get("metadata")) for item in body_of(call)["inputs"]),
    )


@fault("extract-text-plain-accepted", breaks="submit_extract_batch.content_type")
def text_plain_accepted(behaviour: Behaviour) -> None:
    """Batch Processing: the request has JSON; here an extraction that is declared as text is accepted."""
    doing.accept(
        behaviour,
        "submit_extract_batch",
        EXTRACT.batch_prefix,
        lambda call: call.headers.get("content-type", "").startswith("text/plain"),
    )


@each_family("create-{run}-accepts-half-a-body", breaks="create_{run}.request")
def create_accepts_half_a_body(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}: the request has JSON; here a body that breaks off is accepted."""
    doing.accept(behaviour, operation(family, "create"), family.prefix, doing.breaks_off)


@each_family("submit-{family}-batch-accepts-half-a-body", breaks="submit_{family}_batch.request")
def submit_accepts_half_a_body(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing: the request has JSON; here a body that breaks off is accepted."""
    doing.accept(behaviour, operation(family, "submit"), family.batch_prefix, doing.breaks_off)


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


def _accept(behaviour: Behaviour, when: Callable[[JsonObject], bool]) -> None:
    doing.accept(behaviour, _CREATE, EXTRACT.prefix, lambda call: when(body_of(call)))


def _packed(body: JsonObject) -> list[JsonObject]:
    package = body.get("package")
    return package.get("files", []) if isinstance(package, dict) else []


def _is_noted(metadata: object) -> bool:
    return isinstance(metadata, dict) and "metadata" in metadata.values()
