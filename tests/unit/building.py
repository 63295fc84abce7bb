"""Makes contracts, exchanges and histories by hand. ``conftest.py`` hands it out as the fixture ``build``."""

import json
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
from msgspec import UNSET

from batchproof.client import RunClock, Settings, Target, Token
from batchproof.contract import Contract, load_contract
from batchproof.contract.shapes import Shapes
from batchproof.history import (
    Exchange,
    Failure,
    Footer,
    Header,
    History,
    HistoryWriter,
    Request,
    Response,
    Unmet,
)
from batchproof.judging import RequirementResult, Results
from batchproof.judging.evidence import Evidence

ACME = Path(__file__).parent / "vendor" / "contract"
TOKEN = "tok-acme-0123456789"
SHA = "0123456789abcdef" * 4
SCHEMA = "https://batchproof.dev/schemas/small/1/resources/body.json"


def exchange(operation: str | None, at: float, status: int | None = 200, **about: Any) -> Exchange:
    """An exchange that lasts from ``at`` for half a second; ``sent`` and ``body`` are the JSON of both sides."""
    lasts = about.pop("lasts", 0.5)
    response = None
    if status is not None:
        response = Response(
            status=status,
            body=about.pop("body", UNSET),
            text=about.pop("text", None),
            headers=about.pop("headers", {}),
            oddities=about.pop("oddities", []),
        )
    request = Request(
        method="GET",
        url="http://papers.test/",
        path=about.pop("path", {}),
        query=list(about.pop("query", {}).items()),
        headers=about.pop("sent_headers", {"acme-version": "1"}),
        body=about.pop("sent", UNSET),
    )
    return Exchange(
        id=about.pop("id", f"x{at:g}"),
        scenario=about.pop("scenario", "test"),
        operation=operation,
        start=at,
        end=at + lasts,
        request=request,
        response=response,
        **about,
    )


def header(**changes: Any) -> Header:
    values = {
        "suite": "0",
        "contract": "acme/1",
        "profile": "core",
        "seed": 0,
        "started_at": "2026-01-01T00:00:00Z",
        "target": "http://papers.test",
    }
    return Header(**{**values, **changes})


def history(
    exchanges: Iterable[Exchange] = (),
    unmet: Iterable[Unmet] = (),
    *,
    profile: str = "core",
    footer: Footer | None = None,
    cut: bool = False,
) -> History:
    """A whole history, unless it is ``cut`` or has a ``footer`` of its own."""
    end = footer or Footer(ended=99.0, exchanges=0)
    return History(header(profile=profile), tuple(exchanges), tuple(unmet), None if cut else end, SHA)


def row(results: Results, identifier: str) -> RequirementResult:
    return next(row for row in results.requirements if row.id == identifier)


def batch(status: str = "queued", **changes: Any) -> dict[str, Any]:
    """A batch of the invented vendor that keeps its contract."""
    ended = {"finished_at": "2026-01-02T00:00:00Z"} if status in ("done", "failed") else {}
    whole = {"id": "b_1", "status": status, "count": 1, "created_at": "2026-01-01T00:00:00Z", **ended}
    return {**whole, **changes}


def document(status: str = "queued", **changes: Any) -> dict[str, Any]:
    """A document of the invented vendor, as a list shows it."""
    return {**batch(status), "id": "d_1", "name": "paper-1", **changes}


def detail(status: str = "queued", **changes: Any) -> dict[str, Any]:
    """A document of the invented vendor, in detail."""
    return {**document(status), "pages": 3, "sheets": [{"pages": 1}, {"pages": 2}], **changes}


def copy_of_acme(folder: Path) -> Path:
    """A copy of the invented vendor's contract folder that may be broken."""
    return Path(shutil.copytree(ACME, folder / "acme"))


def acme_with_invariants(folder: Path, invariants: str) -> Contract:
    """The invented vendor's contract with more invariants."""
    copy = copy_of_acme(folder)
    with (copy / "invariants.yaml").open("a", encoding="utf-8") as file:
        file.write(invariants)
    return load_contract(str(copy))


def shapes(folder: Path, schema: dict[str, Any], **others: dict[str, Any]) -> Shapes:
    """A folder of schemas: ``resources/body.json``, and others by name."""
    (folder / "resources").mkdir(parents=True, exist_ok=True)
    for name, content in {"body": schema, **others}.items():
        uri = SCHEMA.replace("body.json", f"{name}.json")
        text = json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": uri, **content})
        (folder / "resources" / f"{name}.json").write_text(text, encoding="utf-8")
    return Shapes(folder)


def found(evidence: Evidence) -> dict[str, list[str]]:
    """The pointers of the findings in the evidence, by requirement."""
    names = sorted(evidence.observations)
    pointers = {name: [finding.pointer for finding in evidence.findings(name)] for name in names}
    return {name: where for name, where in pointers.items() if where}


def settings(contract: Contract, **changes: Any) -> Settings:
    values = {
        "contract": contract.id,
        "base_url": "http://papers.test",
        "token": Token("ACME_TOKEN", TOKEN),
        "other_tokens": {},
        "headers": {},
        "fixtures": {},
        "profile": "core",
        "seed": 0,
        "max_runs": 1000,
        "max_requests": 1000,
        "requests_per_second": None,
        "poll_interval_s": 0.0,
        "poll_timeout_s": 30.0,
        "request_timeout_s": 5.0,
        "output": None,
    }
    return Settings(**{**values, **changes})


def target(
    contract: Contract,
    writer: HistoryWriter,
    handler: Callable[[httpx.Request], httpx.Response] | None,
    chosen: Settings,
) -> Target:
    """A target whose server is a function, or the network where there is none."""
    return Target(
        contract,
        chosen,
        writer,
        base_url=chosen.base_url or "",
        clock=RunClock(time.monotonic()),
        transport=None if handler is None else httpx.MockTransport(handler),
    )


def failure(kind: str = "timeout") -> Failure:
    return Failure(kind=kind, message="no answer in time")
