"""Waiting for events: what is told where none came."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from batchproof.contract.webhooks import RECEIVER, Named
from batchproof.drive import Api, Ref, Unmet
from batchproof.drive.events import Events

RUN = Ref("document", "d_1")


class Silent:
    """A receiver that nothing wanted comes to; ``asked`` tells what was waited for."""

    def __init__(self, *, heard: bool = False, others: str = "") -> None:
        self.heard = heard
        self.others = others
        self.asked: list[tuple[str, float, bool]] = []

    def named(self) -> list[Named]:
        return []

    def wait_for(self, _wanted: Any, kind: str, timeout_s: float, over: Callable[[], bool]) -> bool:
        self.asked.append((kind, timeout_s, over()))
        return False


@pytest.mark.parametrize(
    ("receiver", "described"),
    [
        (Silent(), "no event arrived that this run waits for, within 60 s"),
        (
            Silent(others="2 other deliveries came, the first: POST {}"),
            "no event arrived that this run waits for, within 60 s; 2 other deliveries came, the first: POST {}",
        ),
        (Silent(heard=True), "no event of this document arrived within 60 s"),
    ],
    ids=["nothing", "something else", "events of others"],
)
def test_what_did_not_come_and_what_did_is_told(
    make_api: Callable[..., Api], receiver: Any, described: str
) -> None:
    api = make_api(lambda _: httpx.Response(200, json={}), webhook_timeout_s=60.0)
    with pytest.raises(Unmet) as unmet:
        Events(api.client, receiver).await_end("get_document", RUN)
    assert (unmet.value.detail, unmet.value.reason) == (described, "precondition_unmet")
    assert (unmet.value.operations, receiver.asked) == ((RECEIVER,), [("document", 60.0, False)])
