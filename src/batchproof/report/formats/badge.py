"""A badge: what shields.io reads from an address (https://shields.io/badges/endpoint-badge)."""

from batchproof.judging import Results
from batchproof.report.formats.encoding import encoded
from batchproof.report.printable import short

_COLOURS = {"passed": "brightgreen", "failed": "red", "inconclusive": "yellow"}


def badge(results: Results) -> bytes:
    """The bytes of ``badge.json``: the verdict, and how many of all MUST requirements are met.

    Unless the run passed, the page that shows the badge cannot give it another colour.
    """
    counts = results.totals["MUST"]
    claims = f" ({', '.join(results.claims)})" if results.claims else ""
    return encoded(
        {
            "schemaVersion": 1,
            "label": short(f"{results.contract}{claims}", 100),
            "message": f"{results.verdict}, meets {counts['passed']} of {sum(counts.values())} MUST",
            "color": _COLOURS.get(results.verdict, "lightgrey"),
            "isError": results.verdict != "passed",
        }
    )
