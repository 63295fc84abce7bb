"""HAR files that real tools write of a healthy server are judged without a false finding, whatever a browser does besides."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recorders.driving import CHROMIUM, COOKIE, MITMDUMP, TOKEN, record

CONTRACTS = {
    "extend/2026-02-09": {
        "submit_extract_batch.success",
        "get_batch_run.success",
        "list_extract_runs.success",
    },
    "extend/2025-04-21": {
        "create_processor_run.success",
        "get_processor_run.success",
        "list_processor_runs.success",
    },
    "talonic/v1": {"ingest_document.success", "get_document.success", "list_batches.success"},
}
SAMPLE = {
    "test_what_chromium_and_playwright_write": ["extend/2026-02-09"],
    "test_what_mitmproxy_writes_and_a_browser_behind_it": ["extend/2025-04-21"],
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; apt-get install chromium brings it"),
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One contract a recorder in CI, all of them as the whole proof."""
    if "contract" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--proof") == "whole"
        metafunc.parametrize("contract", CONTRACTS if whole else SAMPLE[metafunc.function.__name__])


def entries(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text())["log"]["entries"]
    return found


def codings(file: Path) -> set[str]:
    return {
        header["value"]
        for entry in entries(file)
        for header in entry["response"]["headers"]
        if header["name"].lower() == "content-encoding"
    }


def findings(batchproof: Callable[..., Any], file: Path, contract: str, url: str) -> tuple[Any, set[str]]:
    """The exit code with everything that is found fault with, and what the traffic establishes."""
    out = file.with_suffix("")
    done = batchproof("judge", str(file), "--contract", contract, "--base-url", url, "--output", str(out))
    described = done.out + done.err + "".join(path.read_text() for path in out.rglob("*") if path.is_file())
    assert [canary for canary in (TOKEN, COOKIE) if canary in described] == []
    rows = json.loads((out / "results.json").read_bytes())["requirements"]
    return (
        (done.code, [(row["id"], row["findings"]) for row in rows if row["findings"]]),
        {row["id"] for row in rows if row["verdict"] == "passed"},
    )


def test_what_chromium_and_playwright_write(
    batchproof: Callable[..., Any], tmp_path: Path, contract: str
) -> None:
    url = record(contract, tmp_path, through_a_proxy=False)
    for name in ("devtools", "sanitized", "playwright"):
        file = tmp_path / f"{name}.har"
        assert codings(file) == {"gzip", "br", "zstd"}
        found, passed = findings(batchproof, file, contract, url)
        assert found == (3, [])
        assert passed >= CONTRACTS[contract]
    kinds = [
        (item["request"]["method"], item["response"]["status"]) for item in entries(tmp_path / "devtools.har")
    ]
    assert {("OPTIONS", 204), ("GET", 304), ("GET", 307), ("GET", 0)} <= set(kinds)
    marks = entries(tmp_path / "devtools.har")
    assert any(item.get("_fromCache") == "disk" for item in marks)
    assert any(item["response"].get("_fetchedViaServiceWorker") for item in marks)


@pytest.mark.skipif(
    not MITMDUMP.exists(),
    reason="mitmproxy is not installed; run python3 -m venv tests/interop/recorders/mitmproxy && "
    "tests/interop/recorders/mitmproxy/bin/pip install -r tests/interop/recorders/mitmproxy.txt",
)
def test_what_mitmproxy_writes_and_a_browser_behind_it(
    batchproof: Callable[..., Any], tmp_path: Path, contract: str
) -> None:
    url = record(contract, tmp_path, through_a_proxy=True)
    for name in ("mitmproxy", "devtools", "playwright"):
        file = tmp_path / f"{name}.har"
        assert codings(file) == {"gzip", "br", "zstd"}
        found, passed = findings(batchproof, file, contract, url)
        assert found == (3, [])
        assert passed >= CONTRACTS[contract]
