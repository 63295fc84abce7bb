"""A server that keeps the contract of the invented vendor. A look at a batch is what moves it on."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

REFUSALS = {400: "version", 401: "unauthorized", 404: "not_found", 415: "unsupported", 422: "invalid"}
READS = {"/batches/{id}": "look", "/documents": "page", "/documents/{id}": "look"}


class Papers:
    # each of them by another value is a defect: the largest batch, what looks show, rows that lists lose, whether an
    # Idempotency-Key is forgotten, and the batch that documents name
    most, states, lost, forgetful, named = 5, ("queued", "running", "done"), 0, False, None

    def __init__(self, token, **wrong):
        vars(self).update(token=token, looks=Counter(), replies={}, batches={}, documents={}, **wrong)
        reads = [Route(path, partial(self.answer, name)) for path, name in READS.items()]
        submit = Route("/batches", partial(self.answer, "submit"), methods=["POST"])
        self.app = Starlette(routes=[submit, *reads])

    async def answer(self, name, request):
        raw, sent = await request.body(), request.headers
        right = {
            401: sent.get("authorization") == f"Bearer {self.token}",
            400: sent.get("acme-version") == "1",
        }
        right[415] = not raw or sent.get("content-type") == "application/json"
        status, body = next((status for status in right if not right[status]), None), None
        try:
            status, body = (
                (status, None) if status else getattr(self, name)(request, json.loads(raw or "null"))
            )
        except (ValueError, RecursionError):
            status = 400
        return JSONResponse(body or {"error": {"code": REFUSALS[status], "message": "refused"}}, status)

    def submit(self, request, body):
        key, papers = request.headers.get("idempotency-key"), isinstance(body, dict) and body.get("documents")
        if key in self.replies and not self.forgetful:
            return self.replies[key]
        papers = papers if isinstance(papers, list) else []
        names = [paper.get("name") if isinstance(paper, dict) else None for paper in papers]
        if not 1 <= len(names) <= self.most or not all(isinstance(name, str) for name in names):
            return 422, None
        batch = self.added(self.batches, "b", count=len(names))
        parts = {"pages": 3, "sheets": [{"pages": 1}, {"pages": 2}], "of": batch["id"]}
        for name in names:
            self.added(self.documents, "d", name=name, batch_id=self.named or batch["id"], **parts)
        self.replies[key or object()] = 201, self.shown(batch)
        return 201, self.shown(batch)

    def added(self, items, prefix, **values):
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=len(self.batches) + len(self.documents))
        item = {"id": f"{prefix}_{len(items) + 1}", "created_at": now.isoformat(), **values}
        return items.setdefault(item["id"], item)

    def shown(self, item, *hidden):
        status = self.states[min(self.looks[item.get("of", item["id"])], len(self.states) - 1)]
        if status == "done" and item.get("name", "").startswith("unreadable"):
            status = "failed"
        ended = {"finished_at": "2026-01-02T00:00:00Z"} if status in ("done", "failed") else {}
        return {key: item[key] for key in item if key not in ("of", *hidden)} | {"status": status} | ended

    def look(self, request, body):
        items = self.batches if request.url.path.startswith("/batches") else self.documents
        item = items.get(request.path_params["id"])
        self.looks[item and item.get("of", item["id"])] += 1
        return (200, self.shown(item)) if item else (404, None)

    def page(self, request, body):
        query = request.query_params
        start, size = int(query.get("after", 0)), int(query.get("size", 2))
        asked = [item for item in self.documents.values() if query.get("batch", item["of"]) == item["of"]]
        rows = [self.shown(item, "pages", "sheets") for item in reversed(asked)]
        rows = [row for row in rows if query.get("status", row["status"]) == row["status"]]
        further = str(start + size) if start + size < len(rows) else None
        shown = {"documents": rows[start + self.lost : start + size], "next": further}
        return (200, shown) if 1 <= size <= 1000 else (422, None)
