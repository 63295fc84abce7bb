"""The emulator itself: its workspaces, its clock, and what every operation shares."""

from collections.abc import Callable, Mapping, Sequence

from batchproof.emulator.clock import Clock
from batchproof.emulator.exchange import Answer, ApiError, Call, JsonObject
from batchproof.emulator.extend_common import errors
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.files import FileInput
from batchproof.emulator.extend_common.life import FAILED, PROCESSED, Version
from batchproof.emulator.extend_common.output import DEFAULT_CONFIG
from batchproof.emulator.extend_common.vendor import ExtendVendor
from batchproof.emulator.paging import R
from batchproof.emulator.tokens import TokenPolicy

from . import batches, objects, runs
from .requests import ExtractorReference
from .store import Batch, Extractor, Run, Workspace

FIXTURES: Mapping[str, str | list[str]] = {
    "file_url": "https://files.example.com/invoice.pdf",
    "failing_file_url": "https://files.example.com/fail/invoice.pdf",
}

_DAY = 24 * 60 * 60 * 1000
_SEEDED = (("Invoices", 10 * _DAY), ("Purchase orders", 30 * _DAY))


class Emulator(ExtendVendor[Behaviour, Workspace]):
    """A stand-in for `extend/2026-02-09`; everything lives in memory."""

    version = "2026-02-09"

    def __init__(self, behaviour: Behaviour, clock: Clock, tokens: TokenPolicy) -> None:
        super().__init__(behaviour, clock, tokens)
        self.operations = self.bind(
            ("GET", "/batch_runs/{id}", batches.get_batch_run),
            ("POST", "/extract_runs/batch", batches.submit_extract_batch),
            ("GET", "/extract_runs", runs.list_extract_runs),
            ("POST", "/extract_runs", runs.create_extract_run),
            ("GET", "/extract_runs/{id}", runs.get_extract_run),
            ("DELETE", "/extract_runs/{id}", runs.delete_extract_run),
            ("POST", "/extract_runs/{id}/cancel", runs.cancel_extract_run),
            ("GET", "/extractors", list_extractors),
        )

    def refuse(self, refusal: ApiError, call: Call) -> Answer:
        """Error Handling, error body."""
        body = {
            "code": refusal.code,
            "message": refusal.message,
            "retryable": refusal.code in errors.RETRYABLE,
            "requestId": call.request_id,
        }
        return Answer(refusal.status, self.behaviour.shape("error", body, refusal, call), refusal.headers)

    def seeded(self, now: int) -> Workspace:
        """A new workspace with its extractors."""
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
        version = extractor.find(reference.version)
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
            files=tuple(item.stored(self.behaviour.new_id, call.now) for item in inputs),
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

    def listing(
        self, records: Sequence[R], call: Call, render: Callable[[Behaviour, R, Call], JsonObject]
    ) -> JsonObject:
        """One page of a list (Pagination): the token is absent on the last page."""
        page, token = self.page(records, call)
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
