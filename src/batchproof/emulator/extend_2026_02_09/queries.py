"""Reading the query of the run list; unknown parameters are ignored."""

from dataclasses import dataclass

from batchproof.emulator.exchange import Call
from batchproof.emulator.extend_common.life import STATUSES
from batchproof.emulator.extend_common.queries import SOURCES, query_of

from .store import Run


@dataclass(frozen=True, slots=True)
class RunFilter:
    """The filters of a run list (List Extract Runs, Query parameters)."""

    status: str | None
    extractor_id: str | None
    batch_id: str | None
    source: str | None
    source_id: str | None
    file_name: str | None

    def accepts(self, run: Run, now: int) -> bool:
        """Whether a run passes every filter that was given."""
        return (
            (self.status is None or run.status(now) == self.status)
            and (self.extractor_id is None or _extractor_id(run) == self.extractor_id)
            and (self.batch_id is None or _batch_id(run) == self.batch_id)
            and (self.source is None or _source(run) == self.source)
            and (self.source_id is None or _batch_id(run) == self.source_id)
            and (self.file_name is None or any(self.file_name in file.name for file in run.files))
        )


def run_filter(call: Call) -> RunFilter:
    """Read the filters of a run list."""
    query = query_of(call)
    return RunFilter(
        status=query.choice("status", STATUSES),
        extractor_id=query.single("extractorId"),
        batch_id=query.single("batchId"),
        source=query.choice("source", SOURCES),
        source_id=query.single("sourceId"),
        file_name=query.single("fileNameContains"),
    )


def _extractor_id(run: Run) -> str | None:
    return None if run.extractor is None else run.extractor.id


def _batch_id(run: Run) -> str | None:
    return None if run.batch is None else run.batch.id


def _source(run: Run) -> str:
    return "API" if run.batch is None else "BATCH_PROCESSOR_RUN"
