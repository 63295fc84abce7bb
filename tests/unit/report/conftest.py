"""Small results and histories, made by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from batchproof.contract.model import Source
from batchproof.history import Exchange, Footer, Header, History, Request, Response, Unmet
from batchproof.judging import Finding, RequirementResult, Results
from batchproof.judging.results import VERDICTS, InterpretationSeen, Shown

SHA = "0123456789abcdef" * 4
PAGE = Source(document="get-batch", section="Response")

HOSTILE = {
    "nul": "a\x00b",
    "escape-sequence": "\x1b[2J\x1b]0;owned\x07\x9b31m",
    "cdata-end": "]]><failure>",
    "html": "<script>alert(1)</script><!-- &amp; ]]>",
    "markdown": "| a | `b` ``c`` ```\n# d\n[x](http://evil.example) *e* _f_",
    "rich-markup": "[bold red]x[/bold red] [/] :smile:",
    "surrogate": "x\ud800y\udfff",
    "bidi": "abc\u202edcb\u2066\u200b",
    "non-characters": "\ufffe\uffff\u2028\u0085\r\n\t",
    "long": "0123456789" * 1_000,
    "wide": "漢字" * 300,
}


@pytest.fixture(params=list(HOSTILE.values()), ids=list(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    def make(identifier: str = "x1", **changes: Any) -> Exchange:
        request = Request(
            method=changes.pop("method", "GET"),
            url=changes.pop("url", "http://127.0.0.1:8000/batch_runs/bpr_1"),
            headers=changes.pop(
                "headers", {"authorization": "Bearer $BATCHPROOF_TOKEN", "host": "127.0.0.1:8000"}
            ),
            **{name: changes.pop(name) for name in ("body", "text") if name in changes},
        )
        given = {"response": Response(status=200, body={"status": "processed"}), **changes}
        return Exchange(
            id=identifier,
            scenario="s",
            operation="get_batch_run",
            start=0.0,
            end=0.1,
            request=request,
            **given,
        )

    return make


@pytest.fixture
def history(exchange: Callable[..., Exchange]) -> Callable[..., History]:
    def make(*exchanges: Exchange, unmet: tuple[Unmet, ...] = (), whole: bool = True) -> History:
        sent = exchanges or (exchange("x1"), exchange("x2"))
        head = Header(
            suite="0.1.0",
            contract="acme/v1",
            profile="core",
            seed=0,
            started_at="2026-01-02T03:04:05Z",
            target="http://127.0.0.1:8000",
            token="BATCHPROOF_TOKEN",
        )
        footer = Footer(ended=1.0, exchanges=len(sent)) if whole else None
        return History(head, tuple(sent), unmet, footer, SHA)

    return make


@pytest.fixture
def finding() -> Callable[..., Finding]:
    def make(**changes: Any) -> Finding:
        values: dict[str, Any] = {
            "fingerprint": "0011223344556677",
            "blame": "server",
            "message": '"processed" is not one of the values',
            "pointer": "/status",
            "expected": "one of PENDING, PROCESSED",
            "observed": "processed",
            "exchanges": ["x1"],
            "count": 1,
        }
        return Finding(**{**values, **changes})

    return make


@pytest.fixture
def row() -> Callable[..., RequirementResult]:
    def make(identifier: str, verdict: str = "passed", **changes: Any) -> RequirementResult:
        values: dict[str, Any] = {
            "level": "MUST",
            "aspect": "enum",
            "statement": "The status is one of PENDING, PROCESSED.",
            "source": Source(document="get-batch", section="Response"),
            "reason": "not_exercised" if verdict in ("inconclusive", "not_applicable") else None,
            "detail": None,
            "observations": 1,
            "findings": [],
            "interpretations": [],
        }
        return RequirementResult(id=identifier, verdict=verdict, **{**values, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def results() -> Callable[..., Results]:
    def make(*rows: RequirementResult, **changes: Any) -> Results:
        must = {row.verdict for row in rows if row.level == "MUST" and not row.interpretations}
        verdict = next((item for item in ("failed", "inconclusive") if item in must), "passed")
        values: dict[str, Any] = {
            "format": "batchproof-results/1",
            "suite": "0.1.0",
            "contract": "acme/v1",
            "catalogue_sha256": SHA,
            "history_sha256": SHA,
            "profile": "core",
            "target": "http://127.0.0.1:8000",
            "verdict": verdict,
            "exit_code": {"passed": 0, "failed": 1, "inconclusive": 3}[verdict],
            "claim": f"meets 1 of 2 MUST requirements of acme/v1 (profile core); history sha256:{SHA}",
            "trouble": None,
            "documents": {},
            "totals": {
                level: {v: sum(row.level == level and row.verdict == v for row in rows) for v in VERDICTS}
                for level in ("MUST", "SHOULD", "MAY")
            },
            "requirements": list(rows),
        }
        return Results(**{**values, **changes})

    return make


@pytest.fixture
def mixed(
    row: Callable[..., RequirementResult], finding: Callable[..., Finding], results: Callable[..., Results]
) -> Results:
    """One requirement of every kind."""
    return results(
        row("batch.id"),
        row("batch.status", "failed", findings=[finding(exchanges=["x1", "x2"], count=2)]),
        row(
            "batch.name",
            "failed",
            level="SHOULD",
            findings=[finding(fingerprint="8899aabbccddeeff", observed=7)],
        ),
        row(
            "batch.end",
            "inconclusive",
            reason="precondition_unmet",
            detail="no batch is known (give batch_ids)",
        ),
        row(
            "batch.stop",
            "inconclusive",
            reason="precondition_unmet",
            detail="no batch is known (give batch_ids)",
        ),
        row("batch.rare", "inconclusive", level="MAY"),
        row("batch.hook", "not_applicable", reason="not_testable", detail="needs a public address"),
        row(
            "batch.zone",
            "inconclusive",
            reason="documentation_contradicts",
            detail="the server follows: utc",
            interpretations=[
                InterpretationSeen(interpretation="utc", says="It is UTC.", source=PAGE, observations=3),
                InterpretationSeen(interpretation="local", says="It is local.", source=PAGE, observations=0),
            ],
        ),
    )


@pytest.fixture
def nobody_known() -> Unmet:
    """Why two rows of ``mixed`` are inconclusive."""
    return Unmet(
        scenario="s",
        reason="precondition_unmet",
        detail="no batch is known",
        operations=["get_batch_run"],
        option="give batch_ids",
    )


@pytest.fixture
def poisoned(
    hostile: str,
    row: Callable[..., RequirementResult],
    finding: Callable[..., Finding],
    results: Callable[..., Results],
) -> Results:
    """Results in which everything that a server or a folder of data can say is hostile."""
    evil = finding(
        message=hostile,
        pointer=hostile,
        expected=hostile,
        observed={hostile: [hostile]},
        headline=hostile,
        shown=[Shown(text=hostile), Shown(text=hostile, exchange="x1")],
    )
    source = Source(document=hostile, section=hostile)
    interpretation = InterpretationSeen(interpretation=hostile, says=hostile, source=source, observations=1)
    return results(
        row("batch.status", "failed", findings=[evil], statement=hostile, source=source),
        row("batch.name", "failed", level="MAY", findings=[evil], statement=hostile),
        row("batch.end", "inconclusive", detail=hostile),
        row(
            "batch.zone", "inconclusive", reason="documentation_contradicts", interpretations=[interpretation]
        ),
        target=hostile,
        claim=hostile,
    )


@pytest.fixture
def poisoned_history(
    hostile: str, exchange: Callable[..., Exchange], history: Callable[..., History]
) -> History:
    return history(
        exchange("x1", method="POST", url=f"http://h/{hostile}", headers={"a": hostile}, body={"a": hostile})
    )
