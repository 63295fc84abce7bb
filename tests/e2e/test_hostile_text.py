"""Text of a hostile server does no harm in any report, on no stream, and in no place where CI systems look."""

import dataclasses
import itertools
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import markdown
import msgspec
import pytest
import xmlschema
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchproof.contract import load_contract
from batchproof.emulator import Server
from batchproof.folders import REPORTS
from tests.harm import OURS, TEXTS, check_markdown, check_page, harm
from tests.hars import entry, har, write
from tools.site import cards

ROOT = Path(__file__).parents[2]
PUBLISHED = Path(__file__).parents[1] / "published"
HEALTHY = ROOT / "reports" / "sample" / "healthy"


def hostile() -> Starlette:
    """A server that says such things wherever it can: in ids, statuses, names of fields, messages and headers."""
    described = list(TEXTS.values())
    rows = [
        {
            "object": "batch_run",
            "id": text,
            "status": text,
            "batchId": text,
            "url": text,
            "createdAt": text,
            text: text,
        }
        for text in described
    ]
    body = {
        **rows[0],
        "object": "list",
        "data": rows,
        "nextPageToken": TEXTS["github"],
        "code": TEXTS["markdown"],
        "message": " ".join(described),
        **{text: text for text in described},
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {"content-type": "application/json", "x-evil": TEXTS["azure"], "x-request-id": TEXTS["github"]}

    # which request meets which status depends on the order of requests: one worker sends them
    statuses = itertools.cycle([200, 200, 400])

    async def answer(request: Request) -> Response:
        status = next(statuses)
        if request.path_params["path"].count("/") > 0:
            one = rows[len(request.url.path) % len(rows)]
            return Response(json.dumps(one, ensure_ascii=False).encode(), status, headers)
        return Response(content, status, headers)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "DELETE"])])


def addresses(documents: dict[str, Any]) -> set[str]:
    return {page["url"] for page in documents.values()}


def check_junit(text: str, rows: int) -> None:
    root = ET.fromstring(text)
    xmlschema.XMLSchema(PUBLISHED / "junit.xsd").validate(text)
    assert len(list(root.iter("testcase"))) == rows
    assert "[[ATTACHMENT|" not in text


def check_json(name: str, text: str) -> None:
    schema = json.loads((PUBLISHED / name).read_text())
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(json.loads(text))


def test_no_text_of_a_server_does_harm_in_any_format(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    summary, config = tmp_path / "step-summary", tmp_path / "quick.toml"
    config.write_text("[limits]\npoll_timeout_s = 0.2\npoll_interval_s = 0.05\n")
    with Server(hostile()) as server:
        done = batchproof(
            *("run", "--target", server.url, "--config", str(config), "--output", "out", "--verbose"),
            *("--profile", "quick", "--max-runs", "20", "--max-requests", "60"),
            *("--workers", "1"),
            BATCHPROOF_TOKEN="tok_4c1d90ab27",
            GITHUB_ACTIONS="true",
            GITHUB_STEP_SUMMARY=str(summary),
        )
        again = batchproof("judge", "out/history.ndjson", GITHUB_ACTIONS="true")
    files = [file for file in (tmp_path / "out").rglob("*") if file.is_file()]
    shown = {
        **{file.name: file.read_bytes().decode() for file in files},
        "the step's summary": summary.read_text(),
        "the streams": done.out + done.err,
        "the streams of judge": again.out + again.err,
    }
    results = json.loads(shown["results.json"])
    assert (done.code, {*REPORTS, "history.ndjson"} - shown.keys()) == (1, set())
    # they would do harm: what was said is there
    described = (
        "results.json",
        "junit.xml",
        "summary.md",
        "report.html",
        "ctrf.json",
        "comment.md",
        "the streams",
    )
    assert [name for name in described if "evil" not in shown[name]] == []
    assert [wrong for name, text in shown.items() for wrong in harm(name, text)] == []

    allowed = addresses(results["documents"])
    for name in ("summary.md", "comment.md", "the step's summary"):
        check_markdown(shown[name], allowed)
    check_page(shown["report.html"], allowed)
    check_junit(shown["junit.xml"], len(results["requirements"]))
    check_json("ctrf.json", shown["ctrf.json"])
    check_json("shields-endpoint.json", shown["badge.json"])
    assert "evil" not in shown["badge.json"]
    assert "evil" not in "".join(json.loads(shown["test-result.intoto.json"])["predicate"]["failedTests"])

    assert len(shown["comment.md"]) <= 65_536
    assert len(shown["the step's summary"].encode()) <= 1024 * 1024
    kinds = OURS.findall(done.out)
    assert 0 < kinds.count("error") <= 10
    assert kinds.count("warning") <= 10


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_the_reader_of_this_test_sees_harm(text: str) -> None:
    """Each text does something that one of the checks sees, where it is not made harmless."""
    seen = bool(harm("text", text)) or "[[ATTACHMENT|" in text
    for check in (check_markdown, check_page):
        try:
            check(text, set())
        except AssertionError:
            seen = True
    # emoji and percent signs harm nobody by themselves
    assert seen or text in (TEXTS["emoji"], TEXTS["percent"])


def test_a_comparison_with_a_hostile_server_does_no_harm(
    batchproof: Callable[..., Any], tmp_path: Path
) -> None:
    config = tmp_path / "quick.toml"
    config.write_text("[limits]\npoll_timeout_s = 0.2\npoll_interval_s = 0.05\n")
    with Server(hostile()) as server:
        batchproof(
            *("run", "--target", server.url, "--config", str(config), "--output", "out", "--quiet"),
            *("--profile", "quick", "--max-runs", "5", "--max-requests", "30"),
            BATCHPROOF_TOKEN="tok_4c1d90ab27",
        )
    done = batchproof("compare", str(HEALTHY), "out", "--markdown", "c.md", "--json", "comparison.json")
    assert done.code == 1
    shown = {name: (tmp_path / name).read_text() for name in ("c.md", "comparison.json")} | {
        "streams": done.out
    }
    assert [name for name, text in shown.items() if "evil" not in text] == []
    assert [wrong for name, text in shown.items() for wrong in harm(name, text)] == []
    check_markdown(shown["c.md"], set())


def test_an_upgrade_by_hostile_traffic_does_no_harm(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    described = list(TEXTS.values())
    runs = [{"status": text, "output": text, text: text} for text in described]
    body = {**dict(zip(described, described, strict=True)), "processorRun": runs[0], "processorRuns": runs}
    calls = [
        entry(
            "POST",
            "https://papers.test/processor_runs",
            body,
            at=at,
            sent={"processorId": text, text: described},
        )
        for at, text in enumerate(described)
    ]
    calls += [entry("GET", f"https://papers.test/processor_runs/{quote(text)}", body) for text in described]
    write(tmp_path / "traffic.har", har(*calls))
    done = batchproof(
        "upgrade", "extend/2025-04-21", "extend/2026-02-09", "--traffic", "traffic.har", "--verbose"
    )
    folder = tmp_path / "reports" / "upgrade"
    shown = {name: (folder / name).read_text() for name in ("upgrade.md", "upgrade.json")}
    shown["streams"] = done.out + done.err
    assert "evil" in shown["upgrade.md"]
    assert [wrong for name, text in shown.items() for wrong in harm(name, text)] == []
    batchproof("upgrade", "extend/2025-04-21", "extend/2026-02-09", "--output", "of-the-paper-alone")
    paper = (tmp_path / "of-the-paper-alone" / "upgrade.md").read_text()
    check_markdown(shown["upgrade.md"], set(re.findall(r"\]\(<([^>]+)>\)", paper)))


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_a_card_of_the_site_does_no_harm(text: str) -> None:
    """Whoever writes a contract may copy such a text into it from documentation."""
    contract = load_contract("talonic/v1")
    row = contract.requirements["batch.item_count.fixed"]
    planted = msgspec.structs.replace(
        row, statement=text, source=msgspec.structs.replace(row.source, section=text)
    )
    folder = dataclasses.replace(contract, requirements={row.id: planted})
    site = yaml.safe_load((ROOT / "tools" / "site" / "mkdocs.yml").read_text())
    for page in cards.pages(folder).values():
        shown = markdown.markdown(page, extensions=list(site["markdown_extensions"]))
        # how long it is, is for the author to say
        assert [wrong for wrong in harm("a card", shown) if not wrong.startswith("a long text")] == []
        check_page(
            shown,
            {page.url for page in contract.manifest.documents.values()}
            | {"index.md", "questions.md", "batch.md"},
        )
