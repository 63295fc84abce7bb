"""What the emulator remembers. Nothing happens in the background: a status is worked out when it is asked for."""

from collections import Counter
from dataclasses import dataclass, field

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.vendor import Counted

ACCUMULATING = "accumulating"
SUBMITTED = "submitted"
COMPLETED = "completed"
FAILED = "failed"
CANCELLED = "cancelled"
TERMINAL = frozenset({COMPLETED, FAILED, CANCELLED})

PENDING = "pending"
PROCESSING = "processing"
EXPIRED = "expired"


@dataclass(slots=True)
class Source:
    """An input that groups documents."""

    id: str
    name: str
    created: int
    document_count: int = 0


@dataclass(slots=True, eq=False)
class Document:
    """An uploaded file; `item` is its place in a batch, `duration` how long each step of a real-time run takes."""

    id: str
    filename: str
    type: str
    size: int
    source: Source
    created: int
    duration: int
    item: "Item | None" = None

    @property
    def fails(self) -> bool:
        """Whether the file can be processed at all; its name tells."""
        return "fail" in self.filename.lower()

    def status(self, now: int) -> str:
        """The status at that moment (Get Document, status), `error` apart."""
        if self.item is not None:
            return self.item.status(now)
        steps = self._steps(now)
        return PENDING if steps < 1 else PROCESSING if steps < 2 else FAILED if self.fails else COMPLETED

    def _steps(self, now: int) -> int:
        return 2 if self.duration == 0 else (now - self.created) // self.duration


@dataclass(slots=True, eq=False)
class Item:
    """A document's place in a batch; `fate` is how it ends if the provider gets to it."""

    id: str
    index: int
    document: Document
    batch: "Batch"
    created: int
    fate: str

    def status(self, now: int) -> str:
        """The status at that moment (Batch Detail, items[].status), or `expired`, which has no item status."""
        status = self.batch.status(now)
        if status == CANCELLED:
            return self.fate if self._came_through() else PENDING
        if status == ACCUMULATING:
            return PENDING
        return PROCESSING if status == SUBMITTED else FAILED if status == FAILED else self.fate

    def _came_through(self) -> bool:
        # A cancellation finds every other item finished, if the provider had got that far.
        return (self.batch.cancelled or 0) >= self.batch.ready and self.index % 2 == 0


@dataclass(slots=True, eq=False)
class Batch:
    """A batch, with the moments of its life in milliseconds since 1970.

    `submitted` is when the timer fires, `ready` when the provider has the results, `polled` when the hourly poll
    finds them; a synchronization may find them earlier. `error` is the provider's, in a batch that fails;
    `touched` is when something else changed, each time.
    """

    id: str
    number: int
    created: int
    provider: str
    submitted: int
    ready: int
    polled: int
    error: str | None = None
    items: list[Item] = field(default_factory=list, repr=False)
    synced: int | None = None
    cancelled: int | None = None
    touched: list[int] = field(default_factory=list, repr=False)

    @property
    def ended(self) -> int:
        """When the results were found."""
        return self.polled if self.synced is None else min(self.polled, self.synced)

    def status(self, now: int) -> str:
        """The status at that moment (Batch Detail, status)."""
        if self.cancelled is not None and now >= self.cancelled:
            return CANCELLED
        if now >= self.ended:
            return COMPLETED if self.error is None else FAILED
        return SUBMITTED if now >= self.submitted else ACCUMULATING

    def submitted_at(self, now: int) -> int | None:
        """When the batch was sent to the provider; one that was cancelled before never was."""
        never = self.cancelled is not None and self.cancelled < self.submitted
        return None if never or now < self.submitted else self.submitted

    def updated(self, now: int) -> int:
        """When anything changed last, as seen at that moment."""
        if self.cancelled is not None and now >= self.cancelled:
            return self.cancelled
        moments = (self.created, *self.touched, self.submitted, self.ended)
        return max((moment for moment in moments if moment <= now), default=self.created)

    def items_by(self, now: int) -> list[Item]:
        """The items that it had at that moment; it began with the first one."""
        return [item for item in self.items if item.created <= now] or self.items[:1]

    def counts(self, now: int) -> Counter[str]:
        """How many items stand in each status at that moment."""
        return Counter(item.status(now) for item in self.items_by(now))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is kept for its Idempotency-Key."""

    expires: int
    body: JsonObject


@dataclass(slots=True)
class Workspace(Counted):
    """Everything that belongs to one API key; `open` is the batch that takes further documents."""

    sources: dict[str, Source] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    digests: dict[str, Document] = field(default_factory=dict)
    replies: dict[tuple[str, str], Reply] = field(default_factory=dict)
    open: Batch | None = None

    def add_document(self, document: Document) -> None:
        """Take in a document of one of the sources."""
        self.documents[document.id] = document
        document.source.document_count += 1
