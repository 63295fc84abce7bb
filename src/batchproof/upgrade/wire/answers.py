"""How two calls differ that stand side by side, whatever their bodies show: status and headers."""

from collections.abc import Iterator

from batchproof.contract import Contract
from batchproof.history import Exchange
from batchproof.upgrade.model import Sight
from batchproof.upgrade.wire.observation import Seen
from batchproof.upgrade.wire.paper import Paper
from batchproof.upgrade.wire.steps import Beside

FIRST_ERROR = 400
# what servers and gateways add, and take away, as they like
_TRANSPORT = frozenset(
    {
        "age",
        "alt-svc",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "etag",
        "expires",
        "keep-alive",
        "nel",
        "pragma",
        "report-to",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "vary",
        "via",
    }
)


def status_of(exchange: Exchange) -> int:
    """The status of an answered exchange."""
    assert exchange.response is not None
    return exchange.response.status


def succeeded(contract: Contract, exchange: Exchange) -> bool:
    """Whether an exchange was answered with success."""
    return contract.operation(exchange.operation or "").accepts(status_of(exchange))


def outcomes(older: Contract, newer: Contract, paper: Paper, pair: Beside) -> Iterator[Seen]:
    """Another status, an answer where there was a refusal, or a refusal where there was an answer."""
    one, two = pair.older.last, pair.newer.last
    before, after = status_of(one), status_of(two)
    if before == after:
        return
    refused = before >= FIRST_ERROR, after >= FIRST_ERROR
    kind: Sight = "status" if refused[0] == refused[1] else "refused" if refused[1] else "accepted"
    subject = f"{pair.operation}{_asked(older, one)}"
    known: tuple[str, ...] = paper.stated(subject, kind)
    documented = False
    if kind == "status" and not refused[0]:
        known = known or paper.named(f"{pair.operation}.success.changed")
    elif kind == "status":
        documented = _says(newer, two, after) and not _says(newer, two, before)
        if documented:
            known = known or paper.named(f"error.status.{after}.added", f"error.status.{before}.removed")
    yield Seen(
        subject=subject,
        about="status" if not refused[0] and not refused[1] else "error",
        kind=kind,
        before=str(before),
        after=str(after),
        operation=pair.operation,
        exchanges=(one.id, two.id),
        known=known,
        documented=documented,
    )


def _asked(contract: Contract, exchange: Exchange) -> str:
    """What was wrong with a request, in the words of the contract, as a part of a name."""
    if exchange.probe is not None and exchange.probe in contract.probes:
        return f".{exchange.probe.partition('.')[0]}"
    return "" if exchange.auth is None else f".auth-{exchange.auth}"


def _says(contract: Contract, exchange: Exchange, status: int) -> bool:
    """Whether the documentation allows that status for this request: its probe says so, or else its operation."""
    probe = contract.probes.get(exchange.probe or "")
    if probe is not None and (probe.refused is not None or probe.interpretations):
        described = probe.refused.statuses if probe.refused is not None else []
        return status in (
            *described,
            *(each for interpretation in probe.interpretations.values() for each in interpretation),
        )
    return status in contract.operation(exchange.operation or "").errors.statuses


def headers(exchange: Exchange) -> set[str]:
    """The names of the headers of an answer, less those that only the way of the answer decides."""
    assert exchange.response is not None
    return {name.lower() for name in exchange.response.headers} - _TRANSPORT
