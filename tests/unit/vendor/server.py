"""A server that keeps the contract of the invented vendor. A look at a batch is what moves it on."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

STATES = ("queued", "running", "done")
REFUSALS = {400: "version", 401: "unauthorized", 404: "not_found", 415: "unsupported", 422: "invalid"}
PAGE = 2


class Papers:
    """``most`` is the largest batch; ``states`` is what the looks at a batch show; ``lost`` rows are missing in lists.

    A ``forgetful`` server knows no Idempotency-Key, a ``dangling`` one names batches that are not there.
    """

    def __init__(
        self,
        token: str,
        most: int = 5,
        states: tuple[str, ...] = STATES,
        lost: int = 0,
        *,
        forgetful: bool = False,
        dangling: bool = False,
    ) -> None:
        self.token, self.most, self.states, self.lost = token, most, states, lost
        self.forgetful, self.dangling = forgetful, dangling
        self.replies: dict[str, JSONResponse] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.documents: dict[str, dict[str, Any]] = {}
        self._ticks = itertools.count(1)
        paths = {"/batches/{id}": self.batch, "/documents": self.page, "/documents/{id}": self.document}
        reads = [Route(path, self.guarded(answer)) for path, answer in paths.items()]
        self.app = Starlette(routes=[Route("/batches", self.guarded(self.submit), methods=["POST"]), *reads])

    def now(self) -> str:
        return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(self._ticks))).isoformat()

    def guarded(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        async def endpoint(request: Request) -> JSONResponse:
            if request.headers.get("authorization") != f"Bearer {self.token}":
                return refused(401)
            if request.headers.get("acme-version") != "1":
                return refused(400)
            raw = await request.body()
            if raw and request.headers.get("content-type") != "application/json":
                return refused(415)
            try:
                return answer(request, await request.json() if raw else None)
            except (ValueError, RecursionError):
                return refused(400)

        return endpoint

    def submit(self, request: Request, body: Any) -> JSONResponse:
        key = request.headers.get("idempotency-key")
        if key in self.replies and not self.forgetful:
            return self.replies[key]
        papers = body.get("documents") if isinstance(body, dict) else None
        if not isinstance(papers, list) or not 1 <= len(papers) <= self.most:
            return refused(422)
        if not all(isinstance(paper, dict) and isinstance(paper.get("name"), str) for paper in papers):
            return refused(422)
        batch = {
            "id": f"b_{len(self.batches) + 1}",
            "count": len(papers),
            "created_at": self.now(),
            "looks": 0,
        }
        self.batches[batch["id"]] = batch
        for paper in papers:
            identifier = f"d_{len(self.documents) + 1}"
            fresh = {"id": identifier, "batch": batch["id"], "created_at": self.now(), "name": paper["name"]}
            fresh["batch_id"] = "b_0" if self.dangling else batch["id"]
            self.documents[identifier] = {**fresh, "pages": 3, "sheets": [{"pages": 1}, {"pages": 2}]}
        answer = JSONResponse(self.shown(batch), 201)
        if key is not None:
            self.replies[key] = answer
        return answer

    def shown(self, item: dict[str, Any], *hidden: str) -> dict[str, Any]:
        batch = self.batches[item.get("batch", item["id"])]
        status = self.states[min(batch["looks"], len(self.states) - 1)]
        if item.get("name", "").startswith("unreadable") and status == "done":
            status = "failed"
        ended = {"finished_at": "2026-01-02T00:00:00Z"} if status in ("done", "failed") else {}
        kept = {name: value for name, value in item.items() if name not in ("batch", "looks", *hidden)}
        return {**kept, "status": status, **ended}

    def batch(self, request: Request, body: Any) -> JSONResponse:
        batch = self.batches.get(request.path_params["id"])
        if batch is None:
            return refused(404)
        batch["looks"] += 1
        return JSONResponse(self.shown(batch))

    def document(self, request: Request, body: Any) -> JSONResponse:
        document = self.documents.get(request.path_params["id"])
        if document is None:
            return refused(404)
        self.batches[document["batch"]]["looks"] += 1
        return JSONResponse(self.shown(document))

    def page(self, request: Request, body: Any) -> JSONResponse:
        query = request.query_params
        size, after = int(query.get("size", PAGE)), int(query.get("after", "0"))
        if not 1 <= size <= 1000:
            return refused(422)
        rows = [
            self.shown(item, "pages", "sheets")
            for item in reversed(self.documents.values())
            if query.get("batch", item["batch"]) == item["batch"]
        ]
        rows = [row for row in rows if query.get("status", row["status"]) == row["status"]]
        end = after + size
        return JSONResponse(
            {"documents": rows[after + self.lost : end], "next": str(end) if end < len(rows) else None}
        )


def refused(status: int) -> JSONResponse:
    return JSONResponse({"error": {"code": REFUSALS[status], "message": "refused"}}, status)
