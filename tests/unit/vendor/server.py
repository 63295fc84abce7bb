"""A server that keeps the contract of the invented vendor. A look at a batch is what moves it on."""

import json
from collections import Counter
from functools import partial

from starlette.responses import JSONResponse
from starlette.routing import Route, Router

REFUSALS = {400: "version", 401: "unauthorized", 404: "not_found", 415: "unsupported", 422: "invalid"}
READS = {"/batches/{id}": "look", "/documents": "page", "/documents/{id}": "look"}


class Papers:
    most, states = 5, ("queued", "running", "done")

    def __init__(self, token, **wrong):
        vars(self).update(token=f"Bearer {token}", looks=Counter(), replies={}, items={}, **wrong)
        reads = [Route(path, partial(self.answer, name)) for path, name in READS.items()]
        submit = Route("/batches", partial(self.answer, "submit"), methods=["POST"])
        self.app = Router([submit, *reads])

    async def answer(self, name, request):
        raw, sent = await request.body(), request.headers
        typed = not raw or sent.get("content-type") == "application/json"
        right = [sent.get("authorization") == self.token, sent.get("acme-version") == "1", typed]
        refused = [(status, None) for status, fine in zip((401, 400, 415), right, strict=True) if not fine]
        try:
            status, body = (refused or [getattr(self, name)(request, json.loads(raw or "null"))])[0]
        except (ValueError, RecursionError, LookupError, TypeError) as error:
            status, body = 422 if isinstance(error, LookupError | TypeError) else 400, None
        return JSONResponse(body or {"error": {"code": REFUSALS[status], "message": "refused"}}, status)

    def submit(self, request, body):
        key = request.headers.get("idempotency-key")
        if key in self.replies:
            return self.replies[key]
        names = ["" + paper["name"] for paper in body["documents"]]
        if not 1 <= len(names) <= self.most:
            return 422, None
        batch = self.added("batches", count=len(names))
        parts = {"pages": 3, "sheets": [{"pages": 1}, {"pages": 2}], "of": batch["id"]}
        for name in names:
            self.added("documents", name=name, batch_id=batch["id"], **parts)
        return self.replies.setdefault(key or object(), (201, self.shown(batch)))

    def added(self, kind, **values):
        number = len(self.items)
        moment = f"2026-01-01T00:{number // 60:02}:{number % 60:02}Z"
        item = {"id": f"{kind[0]}_{number}", "created_at": moment, **values}
        return self.items.setdefault(f"/{kind}/{item['id']}", item)

    def shown(self, item, *hidden):
        status = self.states[min(self.looks[item.get("of", item["id"])], len(self.states) - 1)]
        status = "failed" if status == "done" and item.get("name", "").startswith("unreadable") else status
        ended = {"finished_at": "2026-01-02T00:00:00Z"} if status in ("done", "failed") else {}
        return {key: item[key] for key in item if key not in ("of", *hidden)} | {"status": status} | ended

    def look(self, request, body):
        item = self.items.get(request.url.path)
        self.looks[item and item.get("of", item["id"])] += 1
        return (200, self.shown(item)) if item else (404, None)

    def page(self, request, body):
        query = request.query_params
        start, size = int(query.get("after", 0)), int(query.get("size", 2))
        asked = [item for item in self.items.values() if query.get("batch", item.get("of")) == item.get("of")]
        rows = [self.shown(item, "pages", "sheets") for item in reversed(asked) if "of" in item]
        rows = [row for row in rows if query.get("status", row["status"]) == row["status"]]
        further = str(start + size) if start + size < len(rows) else None
        shown = {"documents": rows[start : start + size], "next": further}
        return (200, shown) if 1 <= size <= 1000 else (422, None)
