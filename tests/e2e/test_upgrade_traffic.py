"""``batchproof upgrade --traffic``, as an integrator meets it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest

from batchproof.history import Exchange, Footer, Header, Request, Response
from batchproof.history.writer import line_of
from batchproof.places import schemas_dir
from tests.canaries import ENCODINGS, SECRETS, revealed
from tests.hars import entry, har, write
from tests.upgrades import BASE, NEW, OLD, RUN, SENT, creation, moved

OLDER, NEWER = "extend/2025-04-21", "extend/2026-02-09"
Run = Callable[..., Any]


def written(folder: Path) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((folder / "reports" / "upgrade" / "upgrade.json").read_bytes())
    schema = json.loads((schemas_dir() / "batchproof" / "upgrade.json").read_text())
    jsonschema_rs.validator_for(schema).validate(described)
    return described


def test_a_har_file_becomes_a_list(batchproof: Run, tmp_path: Path) -> None:
    write(tmp_path / "traffic.har", har(creation(), entry("GET", "https://fonts.test/a.woff")), bom=True)
    done = batchproof("upgrade", OLDER, NEWER, "--traffic", "traffic.har")
    assert (done.code, done.err) == (1, "")
    assert all(len(line) <= 80 for line in done.out.splitlines())
    summary = done.out.partition("\nevery call\n")[0]
    assert len(summary.splitlines()) <= 24
    assert "POST /processor_runs is POST /extract_runs now" in done.out
    todo = written(tmp_path)["todo"]
    assert (todo["files"], todo["requests"], todo["checked"]) == (["traffic.har"], 1, [])
    ticket = (tmp_path / "reports" / "upgrade" / "upgrade.md").read_text()
    assert "- [ ] Send /extractor/id instead of /processorId (silent, breaking)" in ticket
    assert '"url": "https://files.test/a.pdf"' in ticket


def test_without_traffic_there_is_no_list(batchproof: Run, tmp_path: Path) -> None:
    batchproof("upgrade", OLDER, NEWER)
    assert "todo" not in written(tmp_path)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 1),
        (["--fail-on", "none"], 0),
        # everything that breaks is done, but nobody can see what code reads
        (["--check", "newer.har"], 3),
        (["--check", "newer.har", "--config", "team.toml"], 0),
        (["--check", "newer.har", "--config", "team.toml", "--fail-on", "risky"], 3),
        (["--check", "newer.har", "--config", "over.toml"], 3),
        (["--check", "traffic.har"], 1),
        (["--route", "header-only"], 1),
        (["--route", "header-only", "--check", "header.har"], 3),
    ],
)
def test_exit_code(batchproof: Run, tmp_path: Path, options: list[str], code: int) -> None:
    write(tmp_path / "traffic.har", har(creation()))
    write(tmp_path / "newer.har", har(moved()))
    write(tmp_path / "header.har", har(creation(headers=NEW)))
    (tmp_path / "reads.txt").write_text("create_processor_run: /processorRun/id  # no more\n\n")
    entries = [
        f'[[accepted]]\nchange = "{name}"\nreason = "looked at"\n'
        for name in (
            "create_processor_run.answer.processorRun.id",
            "stated.unset-fields",
        )
    ]
    (tmp_path / "team.toml").write_text("".join(entries))
    (tmp_path / "over.toml").write_text("".join(entries) + "until = 2020-01-01\n")
    done = batchproof("upgrade", OLDER, NEWER, "--traffic", "traffic.har", "--reads", "reads.txt", *options)
    assert (done.code, done.err) == (code, "")
    written(tmp_path)


def test_codes_and_events_of_the_older_version_that_only_its_map_names(
    batchproof: Run, tmp_path: Path
) -> None:
    write(tmp_path / "traffic.har", har(creation()))
    (tmp_path / "handles.txt").write_text("PROCESSED\nCORRUPT_FILE\nNOT_FOUND\nparser_run.processed\n")
    done = batchproof("upgrade", OLDER, NEWER, "--traffic", "traffic.har", "--handles", "handles.txt")
    assert (done.code, done.err) == (1, "")
    ids = [item["id"] for call in written(tmp_path)["todo"]["calls"] for item in call["items"]]
    assert {"stated.error-codes", "stated.parser-events", "errors.code.USAGE_BLOCKED"} <= set(ids)
    assert {"stated.processor-events", "errors.code.NOT_FOUND"} & set(ids) == set()


def test_a_call_that_nobody_knows_is_not_established(batchproof: Run, tmp_path: Path) -> None:
    known = creation(headers=NEW)
    write(tmp_path / "traffic.har", har(known, entry("GET", f"{BASE}/invoices", {})))
    done = batchproof("upgrade", OLDER, NEWER, "--traffic", "traffic.har", "--config", "all.toml")
    assert done.code == 2
    names = [
        item["id"]
        for item in _items(batchproof, tmp_path)
        if item["grade"] == "breaking" and item["state"] == "open"
    ]
    (tmp_path / "all.toml").write_text(
        "".join(f'[[accepted]]\nchange = "{name}"\nreason = "done"\n' for name in names)
    )
    done = batchproof("upgrade", OLDER, NEWER, "--traffic", "traffic.har", "--config", "all.toml")
    assert (done.code, done.err) == (3, "")
    assert "Not established: GET /invoices is described by neither version (seen: 1)" in done.out


def _items(batchproof: Run, folder: Path) -> list[dict[str, Any]]:
    batchproof("upgrade", OLDER, NEWER, "--traffic", "traffic.har")
    return [item for call in written(folder)["todo"]["calls"] for item in call["items"]]


@pytest.mark.parametrize(
    ("arguments", "described"),
    [
        (["--traffic", "none.har"], "none.har: --traffic: does not exist; give a HAR file or a history"),
        (["--traffic", "newer.har"], f"newer.har: holds no call of an operation of {OLDER}"),
        (["--traffic", "traffic.har", "--base-url", "x"], "--base-url: is no address; begin with http://"),
        (
            ["--reads", "reads.txt"],
            "--reads: says something of a program; give its traffic with --traffic FILE",
        ),
        (
            ["--traffic", "traffic.har", "--check-reads", "reads.txt"],
            "--check-reads: is about a migrated program; give its traffic with --check FILE",
        ),
        (
            ["--traffic", "traffic.har", "--route", "header"],
            "--route: 'header' is no route; give one of header-only, all",
        ),
        (
            ["--traffic", "traffic.har", "--reads", "reads.txt"],
            "reads.txt: line 2: 'get_processor_runs' is no operation or event of extend/2025-04-21; near: get_processor_run",
        ),
        (
            ["--traffic", "traffic.har", "--reads", "field.txt"],
            "field.txt: line 1: 'procesorRun' is no field of what get_processor_run answers; near: processorRun",
        ),
        (
            ["--traffic", "traffic.har", "--reads", "bare.txt"],
            "bare.txt: line 1: is no pair; write one 'operation:",
        ),
        (
            ["--traffic", "traffic.har", "--reads", "slash.txt"],
            "slash.txt: line 1: a JSON Pointer begins with a slash: 'id'",
        ),
        (
            ["--traffic", "traffic.har", "--handles", "bare.txt"],
            "bare.txt: line 1: 'PROCESED' is no status, event or error code of",
        ),
        (
            ["--traffic", "traffic.har", "--handles", "other.txt"],
            "other.txt: line 1: '__' is no status, event or error code of extend/2025-04-21 or extend/2026-02-09; use one of: PENDING, ",
        ),
        (
            ["--traffic", "traffic.har", "--reads", "latin.txt"],
            "latin.txt: is no text in UTF-8; save it as such",
        ),
        (
            ["--traffic", "traffic.har", "--handles", "gone.txt"],
            "gone.txt: --handles: does not exist; give a file with one status, event or code a line",
        ),
        (["--traffic", "traffic.har", "--redact", "x"], "--redact: a JSON Pointer begins with a slash: 'x'"),
        (
            ["--traffic", "traffic.har", "--webhooks", "bare.txt"],
            "bare.txt: line 1: is not JSON",
        ),
    ],
)
def test_bad_usage_is_one_line(batchproof: Run, tmp_path: Path, arguments: list[str], described: str) -> None:
    write(tmp_path / "traffic.har", har(creation()))
    write(tmp_path / "newer.har", har(moved()))
    (tmp_path / "reads.txt").write_text("# mine\nget_processor_runs: /processorRun/id\n")
    (tmp_path / "field.txt").write_text("get_processor_run: /procesorRun/id\n")
    (tmp_path / "bare.txt").write_text("PROCESED\n")
    (tmp_path / "other.txt").write_text("__\n")
    (tmp_path / "latin.txt").write_bytes(b"f\xfcr")
    (tmp_path / "slash.txt").write_text("get_processor_run: id\n")
    done = batchproof("upgrade", OLDER, NEWER, *arguments)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert described in done.err
    assert not (tmp_path / "reports").exists()


# secrets

TOKEN, COOKIE, SIGNATURE = (SECRETS[name] for name in ("token", "second", "presigned"))
HIDDEN = {"Authorization": f"Bearer {TOKEN}", "Cookie": f"sid={quote(COOKIE, safe='')}"}
SIGNED = f"https://files.test/a.pdf?X-Amz-Signature={quote(SIGNATURE, safe='')}"
ECHO = [encode(secret) for secret in (TOKEN, COOKIE, SIGNATURE) for encode in ENCODINGS.values()]


def planted(made: dict[str, Any], version: dict[str, str]) -> dict[str, Any]:
    """A call that shows its secrets, and whose answer repeats them wherever it can."""
    made["request"]["headers"] += [{"name": name, "value": value} for name, value in HIDDEN.items()]
    made["response"]["headers"].append(
        {"name": "set-cookie", "value": f"sid={quote(COOKIE, safe='')}; path=/"}
    )
    made["response"]["headers"] += [{"name": f"x-echo-{n}", "value": text} for n, text in enumerate(ECHO)]
    assert version.items() <= {one["name"]: one["value"] for one in made["request"]["headers"]}.items()
    return made


def test_secrets_of_traffic_are_in_no_output_of_any_command(batchproof: Run, tmp_path: Path) -> None:
    loud = {
        **RUN,
        "status": ECHO[0],
        "processorName": " ".join(ECHO),
        "metadata": {text: text for text in ECHO},
    }
    sent = {
        "processorId": ECHO[1],
        "file": {"fileUrl": SIGNED},
        "rawText": " ".join(ECHO),
        "metadata": {"a": ECHO},
    }
    error = {"success": False, "error": " ".join(ECHO), "code": ECHO[2]}
    older = [
        creation(),
        planted(creation(sent=sent, at=2.0), OLD),
        planted(
            entry(
                "GET",
                f"{BASE}/processor_runs/{quote(TOKEN, safe='')}",
                {"processorRun": loud},
                headers=OLD,
                at=4.0,
            ),
            OLD,
        ),
        planted(entry("GET", f"{BASE}/processor_runs/x", error, headers=OLD, status=404, at=6.0), OLD),
        planted(entry("GET", f"{BASE}/odd/{quote(COOKIE, safe='')}", loud, headers=OLD, at=8.0), OLD),
    ]
    newer = [
        planted(
            moved(sent={"extractor": {"id": ECHO[0]}, "processorId": ECHO[1], "file": {"url": SIGNED}}), NEW
        ),
        planted(
            entry(
                "GET", f"{BASE}/extract_runs?extractorId={quote(TOKEN, safe='')}", loud, headers=NEW, at=2.0
            ),
            NEW,
        ),
    ]
    write(tmp_path / "older.har", har(*older))
    write(tmp_path / "newer.har", har(*newer))
    event = {"eventId": ECHO[3], "eventType": "processor_run.processed", "payload": {**loud, "url": SIGNED}}
    (tmp_path / "events.ndjson").write_text(json.dumps({"headers": {}, "body": json.dumps(event)}))
    listed = ["upgrade", OLDER, NEWER, "--traffic", "older.har", "--webhooks", "events.ndjson", "-v"]
    commands = [
        [*listed, "--output", "todo"],
        [*listed, "--check", "newer.har", "--output", "check"],
        ["judge", "older.har", "--contract", OLDER, "--output", "out", "--verbose"],
        ["judge", "newer.har", "--contract", NEWER, "--output", "later", "--verbose"],
        ["report", "out"],
        ["expect", "out"],
        ["compare", "out", "out", "--markdown", "c.md", "--json", "c.json"],
    ]
    for command in commands:
        done = batchproof(*command)
        assert (command[0], revealed(done.out + done.err)) == (command[0], [])
    files = {
        str(file.relative_to(tmp_path)): revealed(file.read_text())
        for file in tmp_path.rglob("*")
        if file.is_file() and file.name not in ("older.har", "newer.har", "events.ndjson")
    }
    assert {"todo/upgrade.md", "todo/upgrade.json", "check/upgrade.md", "out/results.json", "c.md"} <= set(
        files
    )
    assert {name: found for name, found in files.items() if found} == {}
    assert "$BATCHPROOF_TOKEN" in (tmp_path / "todo" / "upgrade.md").read_text()
    # the reader of this test sees through all of it
    assert {"token", "second", "presigned"} <= set(revealed((tmp_path / "older.har").read_text()))


def test_more_places_are_emptied_where_that_is_asked_for(batchproof: Run, tmp_path: Path) -> None:
    write(
        tmp_path / "traffic.har", har(creation(sent={**SENT, "metadata": {"customer": "Jane Doe of Oslo"}}))
    )
    payload = {
        "eventId": "e",
        "eventType": "processor_run.processed",
        "payload": {"metadata": "Jane Doe of Oslo"},
    }
    (tmp_path / "events.ndjson").write_text(json.dumps({"headers": {}, "body": json.dumps(payload)}))
    done = batchproof(
        *("upgrade", OLDER, NEWER, "--traffic", "traffic.har", "--webhooks", "events.ndjson", "-v"),
        *("--redact", "/metadata/customer", "--redact", "/payload/metadata"),
    )
    described = done.out + (tmp_path / "reports/upgrade/upgrade.md").read_text()
    assert (done.code, "Jane Doe" in described, "[redacted]" in described) == (1, False, True)


def test_places_of_a_history_are_emptied_and_what_a_har_file_shows_to_be_secret(
    batchproof: Run, tmp_path: Path
) -> None:
    sent = {**SENT, "metadata": {"customer": "Jane Doe of Oslo", "note": TOKEN}}
    body = {"success": True, "processorRun": RUN}
    exchange = Exchange(
        id="m1",
        scenario="traffic",
        operation="create_processor_run",
        start=0.0,
        end=1.0,
        request=Request(method="POST", url=f"{BASE}/processor_runs", headers=OLD, body=sent),
        response=Response(status=200, body=body),
    )
    header = Header(
        suite="1", contract=OLDER, profile="core", seed=0, started_at="2026-01-01T00:00:00Z", target=BASE
    )
    events = (header, exchange, Footer(ended=1.0, exchanges=1))
    (tmp_path / "traffic.ndjson").write_text("".join(line_of(event) for event in events))
    write(tmp_path / "other.har", har(planted(creation(), OLD)))
    done = batchproof(
        *("upgrade", OLDER, NEWER, "--traffic", "traffic.ndjson", "--traffic", "other.har", "-v"),
        *("--redact", "/metadata/customer"),
    )
    ticket = (tmp_path / "reports" / "upgrade" / "upgrade.md").read_text()
    assert (done.code, revealed(done.out + ticket), "Jane Doe" in done.out + ticket) == (1, [], False)
    assert '"note": "$BATCHPROOF_TOKEN"' in ticket
