"""The emulator itself: its workspaces, its clock, and what every operation shares."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from batchproof.emulator.clock import Clock, to_milliseconds
from batchproof.emulator.exchange import Answer, ApiError, Call, JsonObject, Operation
from batchproof.emulator.paging import BadTokenError, R, cut_page
from batchproof.emulator.tokens import TokenPolicy

from . import batches, errors, objects, queries, runs
from .behaviour import Behaviour, prefixed_id
from .output import DEFAULT_CONFIG
from .requests import ExtractorReference, FileInput
from .store import FAILED, PROCESSED, Batch, Extractor, File, Run, Schedule, Version, Workspace

API_VERSION = "2026-02-09"
VERSION_HEADER = "x-extend-api-version"

FIXTURES: Mapping[str, str | list[str]] = {
    "file_url": "https://files.example.com/invoice.pdf",
    "failing_file_url": "https://files.example.com/fail/invoice.pdf",
}

_DAY = 24 * 60 * 60 * 1000
_SEEDED = (("Invoices", 10 * _DAY), ("Purchase orders", 30 * _DAY))
_TYPES = {
    "pdf": "PDF",
    "csv": "CSV",
    "png": "IMG",
    "jpg": "IMG",
    "jpeg": "IMG",
    "txt": "TXT",
    "docx": "DOCX",
    "xlsx": "EXCEL",
    "xml": "XML",
    "html": "HTML",
}


class Emulator:
    """A stand-in for `extend/2026-02-09`; everything lives in memory."""

    def __init__(self, behaviour: Behaviour, clock: Clock, tokens: TokenPolicy) -> None:
        self.behaviour = behaviour
        self.clock = clock
        self._tokens = tokens
        self._workspaces: dict[str, Workspace] = {}
        self.operations: Sequence[Operation] = tuple(
            Operation(handler.__name__, method, path, partial(handler, self))
            for method, path, handler in (
                ("GET", "/batch_runs/{id}", batches.get_batch_run),
                ("POST", "/extract_runs/batch", batches.submit_extract_batch),
                ("GET", "/extract_runs", runs.list_extract_runs),
                ("POST", "/extract_runs", runs.create_extract_run),
                ("GET", "/extract_runs/{id}", runs.get_extract_run),
                ("DELETE", "/extract_runs/{id}", runs.delete_extract_run),
                ("POST", "/extract_runs/{id}/cancel", runs.cancel_extract_run),
                ("GET", "/extractors", list_extractors),
            )
        )

    def now(self) -> int:
        """The clock's time in milliseconds since 1970."""
        return to_milliseconds(self.clock.now())

    def new_request_id(self) -> str:
        """A fresh request id."""
        return prefixed_id("req")

    def headers(self, call: Call) -> Mapping[str, str]:
        """Every answer carries its request id."""
        return {"x-extend-request-id": call.request_id}

    def admit(self, call: Call) -> None:
        """Authentication; then API Versioning, of which this emulator takes the reading that a version is required."""
        if self._tokens.token(call.headers) is None:
            raise errors.unauthorized()
        if set(call.headers.getlist(VERSION_HEADER)) != {API_VERSION}:
            raise errors.invalid(f"The header {VERSION_HEADER} must be {API_VERSION}.")

    def refuse(self, refusal: ApiError, call: Call) -> Answer:
        """Error Handling, error body."""
        body = {
            "code": refusal.code,
            "message": refusal.message,
            "retryable": refusal.code in errors.RETRYABLE,
            "requestId": call.request_id,
        }
        return Answer(refusal.status, self.behaviour.shape("error", body, refusal, call), refusal.headers)

    def unrouted(self, status: int) -> ApiError:
        """The refusal of a path or a method that no operation has."""
        return errors.unrouted(status)

    def workspace(self, call: Call) -> Workspace:
        """The workspace of the caller's token, seeded when it is first met."""
        token = self._tokens.token(call.headers) or ""
        if token not in self._workspaces:
            self._workspaces[token] = self._seeded(call.now)
        return self._workspaces[token]

    def _seeded(self, now: int) -> Workspace:
        workspace = Workspace()
        for name, age in _SEEDED:
            created = now - age
            versions = {
                version: Version(self.behaviour.new_id("exv"), version, description, created)
                for version, description in (("1.0", "First release"), ("draft", None))
            }
            id_ = self.behaviour.new_id("ex")
            workspace.extractors[id_] = Extractor(
                id_, workspace.next_number(), name, created, versions, DEFAULT_CONFIG
            )
        return workspace

    def resolve(
        self, reference: ExtractorReference, workspace: Workspace
    ) -> tuple[Extractor, Version, JsonObject]:
        """Find the extractor and its version; the override's keys replace those of the configuration."""
        extractor = workspace.extractors.get(reference.id)
        if extractor is None:
            raise errors.not_found("extractor")
        version = extractor.versions.get("1.0" if reference.version == "latest" else reference.version)
        if version is None:
            raise errors.not_found("extractor version")
        return extractor, version, extractor.config | reference.override

    def add_run(
        self,
        workspace: Workspace,
        call: Call,
        inputs: tuple[FileInput, ...],
        *,
        config: JsonObject,
        metadata: JsonObject | None,
        extractor: Extractor | None,
        version: Version | None,
        batch: Batch | None = None,
        processing_steps: int = 1,
        multifile: bool = False,
    ) -> Run:
        """Create a run; how it ends is settled by its files."""
        outcome = FAILED if any(item.fails for item in inputs) else PROCESSED
        run = Run(
            id=self.behaviour.new_id("exr"),
            number=workspace.next_number(),
            schedule=self.schedule(call, processing_steps, outcome),
            files=tuple(self._file(item, call.now) for item in inputs),
            multifile=multifile,
            extractor=extractor,
            version=version,
            config=config,
            metadata=metadata,
            parse_run_id=self.behaviour.new_id("pr"),
            batch=batch,
        )
        workspace.runs[run.id] = run
        if batch is not None:
            batch.runs.append(run)
        return run

    def schedule(self, call: Call, processing_steps: int, outcome: str) -> Schedule:
        """The life of an object that is created now."""
        started = call.now + self.behaviour.pending_steps * self.behaviour.step_ms
        return Schedule(call.now, started, started + processing_steps * self.behaviour.step_ms, outcome)

    def _file(self, item: FileInput, now: int) -> File:
        kind = _TYPES.get(item.name.rpartition(".")[2].lower())
        pages = 2 if kind in ("PDF", "DOCX") else None
        return File(item.id or self.behaviour.new_id("file"), item.name, kind, pages, now)

    def listing(
        self, records: Sequence[R], call: Call, render: Callable[[Behaviour, R, Call], JsonObject]
    ) -> JsonObject:
        """One page of a list (Pagination): the token is absent on the last page."""
        window = queries.window(call, self.behaviour.limits)
        selected = self.behaviour.select(records, call)
        try:
            page, token = cut_page(selected, window, now=call.now, newest=self.workspace(call).numbers)
        except BadTokenError as error:
            raise errors.invalid(str(error)) from None
        body: JsonObject = {
            "object": "list",
            "data": [render(self.behaviour, record, call) for record in page],
        }
        if token is not None:
            body["nextPageToken"] = token
        return self.behaviour.shape("list", body, page, call)


def list_extractors(emulator: Emulator, call: Call) -> JsonObject:
    """List Extractors."""
    extractors = list(emulator.workspace(call).extractors.values())
    return emulator.listing(extractors, call, objects.extractor_summary)
