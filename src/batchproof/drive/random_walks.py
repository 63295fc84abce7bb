"""One user on a workflow: what was met on the way, and what can be done next."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from batchproof.client import Call
from batchproof.contract import pointer
from batchproof.contract.linked import Creating, Listing, Submitting
from batchproof.drive.api import Api
from batchproof.drive.errors import Stopped, Unmet
from batchproof.drive.refs import Ref
from batchproof.drive.workflows import Verbs, Workflow

MOST_MADE = 12
_FOCUS = 4
_MOST_PAGES = 6
_PATIENCE = 8
_PAUSE_S = 0.05
_A_MOMENT_S = 1.5


class Page(NamedTuple):
    """A page of a list that can be asked for: its token is in the query."""

    listing: Listing
    query: dict[str, str]
    owner: Ref | None


class RandomWalk:
    """Remembers which objects it met, which of them it saw end, which are deleted, and which lists are not read to their end.

    ``statuses`` are those in which objects were seen to end. ``focus`` is what it had to do with last: there it looks
    whether something changed that should not.

    Every step raises ``Stopped`` when the server's answer is unexpected, and ``Unmet`` when it cannot be made.
    """

    def __init__(self, api: Api, workflow: Workflow) -> None:
        self.objects: list[Ref] = []
        self.batches: list[Ref] = []
        self.ended: list[Ref] = []
        self.gone: list[Ref] = []
        self.pages: list[Page] = []
        self.focus: list[Ref] = []
        self.statuses: set[str] = set()
        self._owners: dict[Ref, Ref] = {}
        self._api = api
        self._workflow = workflow
        self._made = 0

    @property
    def may_make(self) -> bool:
        """Whether there is room for one more batch or run."""
        return self._made < MOST_MADE

    @property
    def on_the_way(self) -> list[Ref]:
        """What nobody saw end."""
        return [ref for ref in self.objects if ref not in self.ended]

    @property
    def to_cancel(self) -> list[Ref]:
        """What can be cancelled, as far as is known."""
        return [ref for ref in self.on_the_way if self._verbs(ref).cancel is not None]

    @property
    def too_late(self) -> list[Ref]:
        """What could have been cancelled."""
        return [ref for ref in self.ended if self._verbs(ref).cancel is not None]

    @property
    def to_delete(self) -> list[Ref]:
        """What can be deleted: of what has not ended, no documentation speaks."""
        return [ref for ref in self.ended if self._verbs(ref).delete is not None]

    @property
    def to_refresh(self) -> list[Ref]:
        """What the server can be asked to look at again."""
        return [ref for ref in self.objects if self._verbs(ref).refresh is not None]

    @property
    def owned(self) -> list[tuple[Listing, Ref]]:
        """The lists that belong to batches."""
        lists = [listing for listing in self._workflow.listings if listing.owner is not None]
        return [(listing, batch) for batch in self.batches for listing in lists]

    def meet(self) -> None:
        """Of what this run cannot make, takes what is there."""
        api = self._api
        for flow in self._workflow.flows:
            resource = flow.subject
            if flow.submit is None and flow.create is None and resource is not None:
                for ref in api.supply.various(resource.name):
                    self._meet(ref)
                if flow.cancellable is not None:
                    with suppress(Unmet):
                        self._meet(Ref(resource.name, api.supply.take(flow.cancellable)))

    def submit(self, flow: Submitting, kinds: Sequence[str]) -> None:
        """A batch more; its runs are met in a list."""
        self._made += 1
        batch = self._api.submit(flow, kinds)
        self.batches.append(batch)
        self._meet(batch)

    def create(self, flow: Creating, kinds: Sequence[str]) -> None:
        """A single run more."""
        self._made += 1
        self._meet(self._api.create(flow, kinds[-1]))

    def look(self, ref: Ref, times: int = 1) -> None:
        """Looks at an object."""
        self._touch(ref)
        for _ in range(times):
            self._note(ref, self._api.read(self._verbs(ref).read, ref))

    def look_around(self) -> None:
        """Looks at what it had to do with last."""
        for ref in list(self.focus):
            with suppress(Stopped):
                self._note(ref, self._api.read(self._verbs(ref).read, ref))

    def settle(self, ref: Ref) -> None:
        """Looks at an object until it has ended, or for some time."""
        for _ in range(1 if ref.resource in self._api.shared.stuck else _PATIENCE):
            self.look(ref)
            if ref in self.ended:
                return
            self.wait(1)

    def list_rows(self, listing: Listing, chosen: dict[str, str], batch: Ref | None, *, size: int) -> None:
        """The first page of a list: of one batch, with documented filters, or both; ``size`` 0 leaves its length open."""
        query = dict(chosen)
        owner = batch if listing.owner is not None else None
        if owner is not None and listing.owner is not None:
            query[listing.owner.parameter] = owner.id
        if size and listing.pages.size is not None:
            query[listing.pages.size] = str(size)
        self._ask(Page(listing, query, owner))

    def page_on(self, page: Page) -> None:
        """The next page of a list that was begun some steps ago."""
        self.pages.remove(page)
        self._ask(page)

    def traverse(self, listing: Listing, batch: Ref, *, size: int) -> None:
        """The whole list of a batch."""
        rows = self._api.traverse(listing, batch, size=size or None, most=_MOST_PAGES)
        self._meet_rows(listing, rows, batch)

    def cancel(self, ref: Ref) -> None:
        """Cancels an object, whether it has ended or not."""
        self._touch(ref)
        if (operation := self._verbs(ref).cancel) is not None:
            self._note(ref, self._api.read(operation, ref, refusable=ref in self.ended))

    def delete(self, ref: Ref) -> None:
        """Deletes an object."""
        if (operation := self._verbs(ref).delete) is not None:
            self._api.call(operation, ref)
        if not self._api.client.made.is_there(ref):
            self.objects.remove(ref)
            self.ended.remove(ref)
            self.gone.append(ref)
            self._touch(ref)

    def refresh(self, ref: Ref) -> None:
        """Asks the server to look again."""
        if (operation := self._verbs(ref).refresh) is not None:
            self._api.call(operation, ref)

    def wait(self, times: int) -> None:
        """Time passes."""
        self._api.pause(times * (self._api.settings.poll_interval_s or _PAUSE_S))

    def wait_a_moment(self) -> None:
        """So much time passes that no replica can be behind any more."""
        self._api.pause(_A_MOMENT_S)

    def _ask(self, page: Page) -> None:
        declared = page.listing.pages
        call = Call(operation=page.listing.name, query=page.query)
        body = self._api.body(page.listing, self._api.send(call))
        rows = pointer.first(body, declared.rows)
        if page.owner is not None and isinstance(rows, list):
            self._meet_rows(page.listing, rows, page.owner)
        elif isinstance(rows, list):
            # what has ended must stay so, and what belongs to no batch is in no other list: these are looked at first
            met = [ref for ref in self._api.refs(page.listing, rows) if ref in self.objects]
            for ref in sorted(met, key=lambda ref: (ref in self.ended, ref not in self._owners)):
                self._touch(ref)
        token = pointer.first(body, declared.next)
        if isinstance(token, str) and token:
            self.pages.append(page._replace(query={**page.query, declared.token: token}))

    def _meet_rows(self, listing: Listing, rows: Sequence[Any], batch: Ref) -> None:
        for row in rows:
            ref = self._api.ref(listing, row)
            if ref is not None:
                self._owners.setdefault(ref, batch)
                self._meet(ref)
                self._touch(ref)
                self._note(ref, row)

    def _meet(self, ref: Ref) -> None:
        if ref.resource in self._workflow.verbs and ref not in (*self.objects, *self.gone):
            self.objects.append(ref)
            self._touch(ref)

    def _touch(self, ref: Ref) -> None:
        near = [ref, *([self._owners[ref]] if ref in self._owners else [])]
        self.focus = [*(item for item in self.focus if item not in near), *near][-_FOCUS:]

    def _note(self, ref: Ref, value: dict[str, Any]) -> None:
        status = self._api.status(ref, value)
        if isinstance(status, str) and not self._api.on_the_way(ref, value):
            self.statuses.add(status)
            # what was deleted may be shown by a server that is wrong
            if ref in self.objects and ref not in self.ended:
                self.ended.append(ref)

    def _verbs(self, ref: Ref) -> Verbs:
        return self._workflow.verbs[ref.resource]
