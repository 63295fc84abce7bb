"""Answers of both emulators of the vendor whose SDK is installed, by operation, and the SDK's model of each."""

import asyncio
import json
import re
import typing
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import httpx
from extend_ai import Extend
from extend_ai.types import ApiError, LegacyError

from batchproof.emulator import ManualClock, create_app, fixtures

NEWER, OLDER = "extend/2026-02-09", "extend/2025-04-21"
ERRORS = {NEWER: ApiError, OLDER: LegacyError}
ERROR = "error"
STEP_S = 10
MULTIFILE = {
    "files": [{"url": "https://files.example.com/a.pdf"}, {"url": "https://files.example.com/b.pdf"}]
}
# operation of the contract: resource and method of the client; families have the same methods
FAMILIES = {"extract": "extractor", "classify": "classifier", "split": "splitter", "parse": None}
CLIENT: dict[str, dict[str, tuple[str, str]]] = {
    NEWER: {
        "get_batch_run": ("batch_runs", "get"),
        **{
            operation.format(name): (f"{name}_runs", method)
            for name in FAMILIES
            for operation, method in {
                "submit_{}_batch": "create_batch",
                "create_{}_run": "create",
                "get_{}_run": "retrieve",
                "list_{}_runs": "list",
                "cancel_{}_run": "cancel",
                "delete_{}_run": "delete",
            }.items()
        },
        **{f"list_{name}s": (f"{name}s", "list") for name in FAMILIES.values() if name is not None},
    },
    OLDER: {
        "get_batch_processor_run": ("batch_processor_run", "get"),
        "create_processor_run": ("processor_run", "create"),
        "get_processor_run": ("processor_run", "get"),
        "list_processor_runs": ("processor_run", "list"),
        "cancel_processor_run": ("processor_run", "cancel"),
        "delete_processor_run": ("processor_run", "delete"),
        "list_processors": ("processor", "list"),
    },
}

Answers = dict[str, list[Any]]


def models(contract: str) -> dict[str, Any]:
    """What the client's methods return, by operation; errors have a model, too."""
    client = Extend(token="sk_test")
    found = {
        operation: typing.get_type_hints(getattr(getattr(client, resource), method))["return"]
        for operation, (resource, method) in CLIENT[contract].items()
    }
    return {**found, ERROR: ERRORS[contract]}


class Caller:
    """Sends requests to an emulator and keeps the answers by operation."""

    def __init__(self, runner: asyncio.Runner, contract: str, variants: list[str]) -> None:
        self.clock = ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
        self._runner = runner
        self._app = create_app(contract, clock=self.clock, step_ms=STEP_S * 1000, variants=variants)
        version = contract.partition("/")[2]
        self._headers = {"Authorization": "Bearer sk_test", "x-extend-api-version": version}
        self._seen: set[tuple[str, str]] = set()
        self.answers: Answers = defaultdict(list)

    def __call__(self, operation: str, method: str, path: str, **options: Any) -> Any:
        answer = self._runner.run(self._send(method, path, **options))
        body = answer.json()
        assert answer.is_success, (operation, body)
        self._keep(operation, body)
        return body

    def refused(self, method: str, path: str, **headers: str) -> None:
        """The body of an error."""
        answer = self._runner.run(self._send(method, path, headers=headers))
        assert answer.is_error
        self._keep(ERROR, answer.json())

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = self._headers | options.pop("headers", {})
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://emulator", headers=headers
        ) as client:
            return await client.request(method, path, **options)

    def _keep(self, operation: str, body: Any) -> None:
        """One answer of each form is enough: what differs in words and numbers only is left out."""
        form = json.dumps(_form(body), sort_keys=True)
        if (operation, form) not in self._seen:
            self._seen.add((operation, form))
            self.answers[operation].append(body)

    def step(self) -> None:
        self.clock.advance(STEP_S)


def answers(contract: str, *variants: str) -> Answers:
    """Answers of every operation, of runs in every status and of every kind."""
    with asyncio.Runner() as runner:
        call = Caller(runner, contract, list(variants))
        {NEWER: _newer, OLDER: _older}[contract](call)
        return dict(call.answers)


def _form(value: Any) -> Any:
    """Keys and types; words in capitals, such as statuses, as they are."""
    if isinstance(value, dict):
        return {key: _form(child) for key, child in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(_form(child), sort_keys=True) for child in value})
    if isinstance(value, str) and re.fullmatch("[A-Z_]+", value):
        return value
    return type(value).__name__


def _newer(call: Caller) -> None:
    given = fixtures(NEWER)
    files = [{"url": given["file_url"]}, {"url": given["failing_file_url"]}]
    for name, processor in FAMILIES.items():
        reference = {}
        if processor is not None:
            listed = call(f"list_{processor}s", "GET", f"/{processor}s")["data"]
            reference = {processor: {"id": listed[0]["id"]}}
        batch = call(
            f"submit_{name}_batch",
            "POST",
            f"/{name}_runs/batch",
            json={**reference, "inputs": [{"file": file, "metadata": {"a": 1}} for file in files]},
        )
        bodies = [{"file": file, "metadata": {"a": 1}} for file in files]
        bodies += [{"package": MULTIFILE}] if name == "extract" else []
        runs = [call(f"create_{name}_run", "POST", f"/{name}_runs", json=reference | body) for body in bodies]
        stopped = call(f"create_{name}_run", "POST", f"/{name}_runs", json=reference | {"file": files[0]})
        call(f"cancel_{name}_run", "POST", f"/{name}_runs/{stopped['id']}/cancel")
        for _ in range(4):
            call("get_batch_run", "GET", f"/batch_runs/{batch['id']}")
            call(f"list_{name}_runs", "GET", f"/{name}_runs", params={"maxPageSize": 3})
            for run in [*runs, stopped]:
                call(f"get_{name}_run", "GET", f"/{name}_runs/{run['id']}")
            call.step()
        call(f"list_{name}_runs", "GET", f"/{name}_runs", params={"batchId": batch["id"]})
        call.refused("POST", f"/{name}_runs/{runs[0]['id']}/cancel")
        call(f"delete_{name}_run", "DELETE", f"/{name}_runs/{runs[0]['id']}")
        call.refused("GET", f"/{name}_runs/{runs[0]['id']}")
    call.refused("GET", "/batch_runs/x", Authorization="")


def _older(call: Caller) -> None:
    given = fixtures(OLDER)
    for identifier in given["batch_processor_run_ids"]:
        call("get_batch_processor_run", "GET", f"/batch_processor_runs/{identifier}")
    for kind in ("EXTRACT", "CLASSIFY", "SPLITTER"):
        listed = call("list_processors", "GET", "/processors", params={"type": kind})["processors"]
        bodies = [
            {
                "processorId": listed[0]["id"],
                "file": {"fileUrl": given[url]},
                "sync": sync,
                "metadata": {"a": 1},
            }
            for url in ("file_url", "failing_file_url")
            for sync in (True, False)
        ]
        runs = [
            call("create_processor_run", "POST", "/processor_runs", json=body)["processorRun"]
            for body in [*bodies, bodies[1]]
        ]
        call("cancel_processor_run", "POST", f"/processor_runs/{runs[-1]['id']}/cancel")
        for _ in range(4):
            call("list_processor_runs", "GET", "/processor_runs", params={"maxPageSize": 3})
            for run in runs:
                call("get_processor_run", "GET", f"/processor_runs/{run['id']}")
            call.step()
        call.refused("POST", f"/processor_runs/{runs[0]['id']}/cancel")
        call("delete_processor_run", "DELETE", f"/processor_runs/{runs[0]['id']}")
        call.refused("GET", f"/processor_runs/{runs[0]['id']}")
    call("list_processor_runs", "GET", "/processor_runs")
    call.refused("GET", "/processor_runs", Authorization="")
