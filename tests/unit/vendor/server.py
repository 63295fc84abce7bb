"""A server that keeps the contract of the invented vendor. A look at a batch is what moves it on."""

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

REFUSALS = {400: "version", 401: "unauthorized", 404: "not_found", 415: "unsupported", 422: "invalid"}
SHEETS = [{"pages": 1}, {"pages": 2}]


class Papers:
    # What can be wrong, each by another value: the largest batch, the states that looks show, rows that lists lose, a
    # server that knows no Idempotency-Key, and the batch that documents name
    most, states, lost, forgetful, named = 5, ("queued", "running", "done"), 0, False, None

    def __init__(self, token, **wrong):
        vars(self).update(token=token, ticks=itertools.count(1), looks=Counter(), **wrong)
        self.replies, self.batches, self.documents = {}, {}, {}
        self.app = Starlette(
            routes=[
                Route("/batches", partial(self.guarded, "submit"), methods=["POST"]),
                Route("/batches/{id}", partial(self.guarded, "batch")),
                Route("/documents", partial(self.guarded, "page")),
                Route("/documents/{id}", partial(self.guarded, "document")),
            ]
        )

    async def guarded(self, name, request):
        raw, headers = await request.body(), request.headers
        if headers.get("authorization") != f"Bearer {self.token}":
            return refused(401)
        if headers.get("acme-version") != "1":
            return refused(400)
        if raw and headers.get("content-type") != "application/json":
            return refused(415)
        try:
            return getattr(self, name)(request, await request.json() if raw else None)
        except (ValueError, RecursionError):
            return refused(400)

    def submit(self, request, body):
        key, papers = request.headers.get("idempotency-key"), isinstance(body, dict) and body.get("documents")
        if key in self.replies and not self.forgetful:
            return self.replies[key]
        if not isinstance(papers, list) or not 1 <= len(papers) <= self.most:
            return refused(422)
        if not all(isinstance(paper, dict) and isinstance(paper.get("name"), str) for paper in papers):
            return refused(422)
        batch = self.added(self.batches, "b", count=len(papers))
        for paper in papers:
            batch_id = self.named or batch["id"]
            parts = {"pages": 3, "sheets": SHEETS, "of": batch["id"], "batch_id": batch_id}
            self.added(self.documents, "d", name=paper["name"], **parts)
        self.replies[key or object()] = answer = JSONResponse(self.shown(batch), 201)
        return answer

    def added(self, items, prefix, **values):
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(self.ticks))
        item = {"id": f"{prefix}_{len(items) + 1}", "created_at": now.isoformat(), **values}
        return items.setdefault(item["id"], item)

    def shown(self, item, *hidden):
        looks = self.looks[item.get("of", item["id"])]
        status = self.states[min(looks, len(self.states) - 1)]
        if status == "done" and item.get("name", "").startswith("unreadable"):
            status = "failed"
        ended = {"finished_at": "2026-01-02T00:00:00Z"} if status in ("done", "failed") else {}
        return {key: item[key] for key in item if key not in ("of", *hidden)} | {"status": status} | ended

    def batch(self, request, body):
        return self.look(self.batches, request)

    def document(self, request, body):
        return self.look(self.documents, request)

    def look(self, items, request):
        item = items.get(request.path_params["id"])
        if item is None:
            return refused(404)
        self.looks[item.get("of", item["id"])] += 1
        return JSONResponse(self.shown(item))

    def page(self, request, body):
        query = request.query_params
        size, after = int(query.get("size", 2)), int(query.get("after", 0))
        asked = [item for item in self.documents.values() if query.get("batch", item["of"]) == item["of"]]
        rows = [self.shown(item, "pages", "sheets") for item in reversed(asked)]
        rows = [row for row in rows if query.get("status", row["status"]) == row["status"]]
        further = str(after + size) if after + size < len(rows) else None
        shown = {"documents": rows[after + self.lost : after + size], "next": further}
        return JSONResponse(shown) if 1 <= size <= 1000 else refused(422)


def refused(status):
    return JSONResponse({"error": {"code": REFUSALS[status], "message": "refused"}}, status)
