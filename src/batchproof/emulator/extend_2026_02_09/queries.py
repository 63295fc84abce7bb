"""Reading the query of list operations; unknown parameters are ignored."""

import re
from dataclasses import dataclass

from batchproof.emulator.exchange import Call
from batchproof.emulator.paging import Window

from .behaviour import Limits
from .errors import refuse
from .store import STATUSES, Run

_SOURCES = (
    "ADMIN",
    "BATCH_PROCESSOR_RUN",
    "PLAYGROUND",
    "WORKFLOW_CONFIGURATION",
    "WORKFLOW_RUN",
    "STUDIO",
    "API",
)
_NUMBER = re.compile(r"[0-9]{1,9}")


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
    return RunFilter(
        status=_choice(call, "status", STATUSES),
        extractor_id=_single(call, "extractorId"),
        batch_id=_single(call, "batchId"),
        source=_choice(call, "source", _SOURCES),
        source_id=_single(call, "sourceId"),
        file_name=_single(call, "fileNameContains"),
    )


def window(call: Call, limits: Limits) -> Window:
    """Read `sortBy`, `sortDir`, `maxPageSize` and `nextPageToken` with their defaults."""
    size = _single(call, "maxPageSize")
    if size is not None and not (_NUMBER.fullmatch(size) and 1 <= int(size) <= limits.page_size):
        refuse(f"maxPageSize must be an integer from 1 to {limits.page_size}.")
    return Window(
        size=limits.default_page_size if size is None else int(size),
        token=_single(call, "nextPageToken"),
        by_update=_choice(call, "sortBy", ("updatedAt", "createdAt")) != "createdAt",
        descending=_choice(call, "sortDir", ("asc", "desc")) != "asc",
    )


def _single(call: Call, name: str) -> str | None:
    values = call.query.getlist(name)
    if len(values) > 1:
        refuse(f"{name} must not be given more than once.")
    return values[0] if values else None


def _choice(call: Call, name: str, choices: tuple[str, ...]) -> str | None:
    value = _single(call, name)
    if value is not None and value not in choices:
        refuse(f"{name} must be one of {', '.join(choices)}.")
    return value


def _extractor_id(run: Run) -> str | None:
    return None if run.extractor is None else run.extractor.id


def _batch_id(run: Run) -> str | None:
    return None if run.batch is None else run.batch.id


def _source(run: Run) -> str:
    return "API" if run.batch is None else "BATCH_PROCESSOR_RUN"
