"""Once nothing can be put on record, nothing is sent: each further request may cost something."""

import errno
from collections.abc import Callable

import httpx
import pytest

from batchproof.client import Call, Target
from batchproof.history import HistoryWriter

LIST = Call(operation="list_documents")


def test_full_disk_ends_all_requests(
    make_target: Callable[..., Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"documents": [], "next": None})

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target = make_target(answer)
    target.send(LIST, "scenario")
    monkeypatch.setattr(HistoryWriter, "_append", full)
    for scenario in ("one", "another", "a third"):
        with pytest.raises(OSError, match="No space left on device"):
            target.send(LIST, scenario)
    # the second was on its way before anybody knew
    assert (len(asked), target.budget.requests) == (2, 2)
