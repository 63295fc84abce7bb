"""HAR files as other programs write them, made by hand or from a history."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from batchproof.history import Exchange, History, has_body

BEGIN = datetime.fromisoformat("2026-01-01T00:00:00.000+00:00")
JSON = {"content-type": "application/json"}


def pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def entry(
    method: str,
    url: str,
    body: Any = None,
    *,
    at: float = 0.0,
    status: int = 200,
    sent: Any = None,
    headers: Mapping[str, str] = {},
    answered: Mapping[str, str] = JSON,
    **changes: Any,
) -> dict[str, Any]:
    """One request and its answer, as Chromium writes them; ``changes`` are made to the entry."""
    text = body if isinstance(body, str) else json.dumps(body)
    request: dict[str, Any] = {
        "method": method,
        "url": url,
        "httpVersion": "h2",
        "headers": [{"name": ":authority", "value": "papers.test"}, *pairs(headers)],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": -1,
    }
    if sent is not None:
        content = sent if isinstance(sent, str) else json.dumps(sent)
        request["postData"] = {"mimeType": "application/json", "text": content}
    return {
        "_initiator": {"type": "other"},
        "startedDateTime": (BEGIN + timedelta(seconds=at)).isoformat(timespec="milliseconds"),
        "time": 500.0,
        "request": request,
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "h2",
            "headers": pairs(answered),
            "cookies": [],
            "content": {"size": len(text.encode()), "mimeType": "application/json", "text": text},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_transferSize": 300,
        },
        "cache": {},
        "timings": {"blocked": -1, "send": 1, "wait": 498, "receive": 1, "_blocked_queueing": 3},
        **changes,
    }


def har(*entries: Mapping[str, Any]) -> dict[str, Any]:
    return {"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": list(entries)}}


def har_of(history: History, token: str = "tok_of_somebody_else_1") -> dict[str, Any]:
    """What a recorder between client and server would have written of a run."""
    begin = datetime.fromisoformat(history.header.started_at)
    found = [entry_of(exchange, token, begin) for exchange in history.exchanges]
    return har(*sorted(found, key=lambda item: item["startedDateTime"]))


def entry_of(exchange: Exchange, token: str, begin: datetime) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    sent = request.text if request.text is not None else request.body if has_body(request) else None
    made = entry(
        request.method,
        request.url,
        sent=sent,
        headers={name: value.replace("$BATCHPROOF_TOKEN", token) for name, value in request.headers.items()},
        startedDateTime=(begin + timedelta(seconds=exchange.start)).isoformat(timespec="microseconds"),
        time=(exchange.end - exchange.start) * 1000,
    )
    if response is None:
        made["response"] = {"status": 0, "headers": [], "content": {"size": 0}, "_error": "net::ERR_FAILED"}
        return made
    text = json.dumps(response.body) if has_body(response) else response.text or ""
    made["response"] |= {"status": response.status, "headers": pairs(response.headers)}
    made["response"]["content"] = {"size": len(text.encode()), "mimeType": "", "text": text}
    return made


def write(file: Path, content: Mapping[str, Any], *, bom: bool = False) -> Path:
    file.write_text(json.dumps(content), encoding="utf-8-sig" if bom else "utf-8")
    return file
