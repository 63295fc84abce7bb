"""Reading the query of a run list; unknown parameters are ignored."""

from dataclasses import dataclass, replace

from batchproof.emulator.exchange import Call
from batchproof.emulator.extend_common.queries import query_of

from .families import Family
from .store import Run


@dataclass(frozen=True, slots=True)
class RunFilter:
    """The filters of a run list (List Extract Runs, Query parameters)."""

    status: str | None
    processor_id: str | None
    batch_id: str | None
    source: str | None
    source_id: str | None
    file_name: str | None

    def accepts(self, run: Run, now: int) -> bool:
        """Whether a run passes every filter that was given."""
        return (
            (self.status is None or run.status(now) == self.status)
            and (self.processor_id is None or _processor_id(run) == self.processor_id)
            and (self.batch_id is None or _batch_id(run) == self.batch_id)
            and (self.source is None or _source(run) == self.source)
            and (self.source_id is None or _batch_id(run) == self.source_id)
            and (self.file_name is None or any(self.file_name in file.name for file in run.files))
        )


def run_filter(family: Family, call: Call) -> RunFilter:
    """Read the filters of a run list; that of parse runs ignores `source` beside `batchId` (List Parse Runs)."""
    query = query_of(call)
    wanted = RunFilter(
        status=query.choice("status", family.statuses),
        processor_id=query.single(f"{family.processor.name}Id") if family.processor else None,
        batch_id=query.single("batchId"),
        source=query.choice("source", family.sources),
        source_id=query.single("sourceId"),
        file_name=query.single("fileNameContains"),
    )
    if family.processor is None and wanted.batch_id is not None:
        return replace(wanted, source=None)
    return wanted


def _processor_id(run: Run) -> str | None:
    return None if run.processor is None else run.processor.id


def _batch_id(run: Run) -> str | None:
    return None if run.batch is None else run.batch.id


def _source(run: Run) -> str:
    return "API" if run.batch is None else run.family.batch_source
