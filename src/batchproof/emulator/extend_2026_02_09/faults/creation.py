"""What is accepted and what is refused when runs are created and batches are submitted."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import EXTRACT, PARSE, SPLIT, Family
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import FAILED, PROCESSING

from . import doing
from .doing import body_of
from .table import PROCESSED_WITH, WITH_TEXT, each_family, operation

_CHOSEN = tuple(family for family in PROCESSED_WITH if not family.infers_config)


def _first(call: Call) -> dict[str, object]:
    inputs = body_of(call).get("inputs")
    first = inputs[0] if isinstance(inputs, list) and inputs else {}
    return first if isinstance(first, dict) else {}


def _file(source: object) -> dict[str, object]:
    file = source.get("file") if isinstance(source, dict) else None
    return file if isinstance(file, dict) else {}


def _on_a_host_for_files(source: object) -> bool:
    url = str(_file(source).get("url"))
    return url.startswith("https://files.") and "/fail/" not in url


def _processor(family: Family, call: Call) -> object:
    return body_of(call).get(family.processor.name) if family.processor else None


def _nameless(family: Family, call: Call) -> bool:
    processor = _processor(family, call)
    return isinstance(processor, dict) and "id" not in processor


@each_family("create-{run}-is-201", breaks="create_{run}.success")
def create_is_201(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, Response: 200; here 201."""
    doing.with_status(behaviour, operation(family, "create"), 201)


@each_family("create-{run}-waits", breaks="create_{run}.started")
def create_waits(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}: returns at once with a run that has not ended; here the answer says FAILED."""
    # what the run would say if it fails indeed
    reason, message = family.failure

    def change(body: dict[str, object], _run: object, _call: Call) -> None:
        body.update(status=FAILED, failureReason=reason, failureMessage=message)

    behaviour.on_object(family.kind, change, [operation(family, "create")])


@each_family(
    "create-{run}-accepts-unknown-{processor}",
    breaks="create_{run}.{processor}.existing",
    families=_CHOSEN,
)
def accepts_unknown_processor(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, {processor}: one that exists; here one of an unknown id is accepted, too."""
    doing.accept(
        behaviour,
        operation(family, "create"),
        family.prefix,
        lambda call: bool(_processor(family, call)),
        refused=(404,),
    )


@each_family(
    "create-{run}-accepts-unknown-{processor}",
    breaks="create_{run}.{processor}",
    families=(EXTRACT,),
)
def accepts_unknown_extractor(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, {processor}: one that exists; here one of an unknown id is accepted, too."""
    accepts_unknown_processor(behaviour, family)


@each_family("create-{run}-needs-no-{processor}", breaks="create_{run}.{processor}", families=_CHOSEN)
def needs_no_processor(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}: a {processor} or a config; here neither is needed."""
    assert family.processor is not None
    kind = family.processor.name
    doing.accept(
        behaviour,
        operation(family, "create"),
        family.prefix,
        lambda call: not {kind, "config"} & set(body_of(call)),
    )


@each_family("create-{run}-needs-no-file", breaks="create_{run}.file")
def needs_no_file(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, file: there must be one; here none is needed."""
    doing.accept(
        behaviour,
        operation(family, "create"),
        family.prefix,
        lambda call: not {"file", "package"} & set(body_of(call)),
    )


@each_family("create-{run}-refuses-url", breaks="create_{run}.file.url")
def refuses_url(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, file: a url is one way to give it; here addresses on a host called files are refused."""
    doing.refuse(behaviour, operation(family, "create"), lambda call: _on_a_host_for_files(body_of(call)))


@each_family("create-{run}-refuses-text", breaks="create_{run}.file.text", families=WITH_TEXT)
def refuses_text(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, file: raw text is one way to give it; here it is refused."""
    doing.refuse(behaviour, operation(family, "create"), lambda call: "text" in _file(body_of(call)))


@each_family("create-{run}-accepts-text", breaks="create_{run}.file.text", families=(SPLIT,))
def accepts_text(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, file: raw text is not supported; here it is accepted."""
    doing.accept(
        behaviour, operation(family, "create"), family.prefix, lambda call: "text" in _file(body_of(call))
    )


@each_family("create-{run}-refuses-failing-file", breaks="create_{run}.file.failing")
def refuses_failing_file(behaviour: Behaviour, family: Family) -> None:
    """Error Handling of Parsing: a bad document makes the run fail, not the request; here a {run} of one is refused."""
    doing.refuse(
        behaviour, operation(family, "create"), lambda call: "/fail/" in str(_file(body_of(call)).get("url"))
    )


@each_family("create-{run}-refuses-file-id", breaks="create_{run}.file.id")
def refuses_file_id(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, file: an id is one way to give it; here it is refused."""
    doing.refuse(behaviour, operation(family, "create"), lambda call: "id" in _file(body_of(call)))


@each_family(
    "create-{run}-needs-no-{processor}-id", breaks="create_{run}.{processor}.id", families=PROCESSED_WITH
)
def needs_no_processor_id(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, {processor}: its id is required; here it is not."""
    doing.accept(behaviour, operation(family, "create"), family.prefix, lambda call: _nameless(family, call))


@each_family("submit-{family}-batch-is-202", breaks="submit_{family}_batch.success")
def submit_is_202(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, the answer of {Run}s: 200; here 202."""
    doing.with_status(behaviour, operation(family, "submit"), 202)


@each_family("submit-{family}-batch-starts-at-once", breaks="submit_{family}_batch.pending")
def starts_at_once(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing: the answer shows the batch PENDING; here PROCESSING."""
    behaviour.on_object(
        "batch_run", lambda body, *_: body.update(status=PROCESSING), [operation(family, "submit")]
    )


@each_family(
    "submit-{family}-batch-needs-no-{processor}",
    breaks="submit_{family}_batch.{processor}",
    families=PROCESSED_WITH,
)
def batch_needs_no_processor(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing: a batch names its {processor}; here it need not."""
    accept_batch(
        behaviour,
        family,
        lambda call: _processor(family, call) is None and "config" not in body_of(call),
    )


@each_family(
    "submit-{family}-batch-needs-no-{processor}-id",
    breaks="submit_{family}_batch.{processor}.id",
    families=PROCESSED_WITH,
)
def batch_needs_no_processor_id(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, {processor}: its id is required; here it is not."""
    accept_batch(behaviour, family, lambda call: _nameless(family, call))


@each_family(
    "submit-{family}-batch-accepts-unknown-{processor}",
    breaks="submit_{family}_batch.{processor}.existing",
    families=PROCESSED_WITH,
)
def batch_accepts_unknown_processor(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, {processor}: one that exists; here one of an unknown id is accepted, too."""

    def unknown(call: Call) -> bool:
        processor = _processor(family, call)
        return isinstance(processor, dict) and "id" in processor

    accept_batch(behaviour, family, unknown, refused=(404,))


@each_family(
    "submit-{family}-batch-accepts-config",
    breaks="submit_{family}_batch.config",
    families=PROCESSED_WITH,
)
def batch_accepts_config(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing: an inline config is not supported; here it is accepted."""
    accept_batch(behaviour, family, lambda call: "config" in body_of(call))


@each_family("submit-{family}-batch-needs-no-inputs", breaks="submit_{family}_batch.inputs")
def batch_needs_no_inputs(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing: inputs are required; here they are not."""
    accept_batch(behaviour, family, lambda call: "inputs" not in body_of(call))


@each_family("submit-{family}-batch-accepts-no-input", breaks="submit_{family}_batch.inputs.min")
def batch_accepts_no_input(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs: at least one; here an empty array is accepted."""
    accept_batch(behaviour, family, lambda call: body_of(call).get("inputs") == [])


@each_family("submit-{family}-batch-accepts-1001-inputs", breaks="submit_{family}_batch.inputs.max")
def batch_accepts_1001(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs: at most 1,000; here 1,001 are accepted."""
    accept_batch(behaviour, family, lambda call: _count(call) == 1001)


@each_family("submit-{family}-batch-refuses-1000-inputs", breaks="submit_{family}_batch.inputs.thousand")
def batch_refuses_1000(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs: up to 1,000; here 1,000 are refused."""
    doing.refuse(behaviour, operation(family, "submit"), lambda call: _count(call) == 1000)


@each_family("submit-{family}-batch-refuses-one-input", breaks="submit_{family}_batch.inputs.one")
def batch_refuses_one(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs: one is enough; here it is refused."""
    doing.refuse(behaviour, operation(family, "submit"), lambda call: _count(call) == 1)


@each_family("submit-{family}-batch-needs-no-file", breaks="submit_{family}_batch.inputs.file")
def batch_needs_no_file(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs: each has a file; here one without is accepted."""
    accept_batch(behaviour, family, lambda call: _count(call) > 0 and "file" not in _first(call))


@each_family("submit-{family}-batch-refuses-url", breaks="submit_{family}_batch.inputs.file.url")
def batch_refuses_url(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs.file: a url is one way to give it; here addresses on a host called files are refused."""
    doing.refuse(behaviour, operation(family, "submit"), lambda call: _on_a_host_for_files(_first(call)))


@each_family("submit-{family}-batch-refuses-file-id", breaks="submit_{family}_batch.inputs.file.id")
def batch_refuses_file_id(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs.file: an id is one way to give it; here it is refused."""
    doing.refuse(behaviour, operation(family, "submit"), lambda call: "id" in _file(_first(call)))


@each_family(
    "submit-{family}-batch-refuses-text",
    breaks="submit_{family}_batch.inputs.file.text",
    families=(*WITH_TEXT, PARSE),
)
def batch_refuses_text(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs.file: raw text is one way to give it; here it is refused."""
    doing.refuse(behaviour, operation(family, "submit"), lambda call: "text" in _file(_first(call)))


@each_family(
    "submit-{family}-batch-accepts-text",
    breaks="submit_{family}_batch.inputs.file.text",
    families=(SPLIT,),
)
def batch_accepts_text(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs.file: raw text is not supported for splitters; here it is accepted."""
    accept_batch(behaviour, family, lambda call: "text" in _file(_first(call)))


@each_family(
    "{family}-batch-mixes-versions",
    breaks="submit_{family}_batch.one_version",
    families=PROCESSED_WITH,
)
def mixes_versions(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, How it works: one version for all runs; here the second run has another one."""
    assert family.processor is not None
    key = f"{family.processor.name}Version"

    def change(body: dict[str, object], run: object, _call: Call) -> None:
        batch = getattr(run, "batch", None)
        version = body[key]
        if batch is not None and len(batch.runs) > 1 and batch.runs[1] is run and isinstance(version, dict):
            body[key] = version | {"id": version["id"] + "2", "version": "2.0"}

    for kind in (family.kind, f"{family.kind}_summary"):
        behaviour.on_object(kind, change)


def accept_batch(
    behaviour: Behaviour, family: Family, when: doing.When, *, refused: tuple[int, ...] = (400, 404)
) -> None:
    """A batch that is refused is accepted."""
    doing.accept(behaviour, operation(family, "submit"), family.batch_prefix, when, refused=refused)


def _count(call: Call) -> int:
    inputs = body_of(call).get("inputs")
    return len(inputs) if isinstance(inputs, list) else 0


@each_family(
    "create-{run}-latest-is-draft",
    breaks="create_{run}.{processor}.version.latest",
    families=PROCESSED_WITH,
)
def latest_is_draft(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, version: without it the latest; here who names latest gets the draft."""
    key = f"{family.processor.name if family.processor else ''}Version"

    def change(body: JsonObject, run: Run, call: Call) -> None:
        chosen = _processor(family, call)
        if isinstance(chosen, dict) and chosen.get("version") == "latest" and run.processor is not None:
            run.version = run.processor.versions["draft"]
            body[key] = body[key] | {"id": run.version.id}

    behaviour.on_object(family.kind, change, [operation(family, "create")])


@each_family(
    "submit-{family}-batch-refuses-latest",
    breaks="submit_{family}_batch.{processor}.version.latest",
    families=PROCESSED_WITH,
)
def batch_refuses_latest(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, version: optional, latest without it; here who names latest is refused."""

    def names_latest(call: Call) -> bool:
        chosen = _processor(family, call)
        return isinstance(chosen, dict) and chosen.get("version") == "latest"

    doing.refuse(behaviour, operation(family, "submit"), names_latest)
