"""Writes ``docs/coverage.md``, ``docs/contradictions.md`` and ``reports/coverage/*.json``: ``python -m tools.coverage``."""

import json
from pathlib import Path

from batchproof.contract import installed_contracts, load_contract
from batchproof.report.coverage import coverage
from batchproof.report.files import write_whole
from tools.coverage.contradictions import contradictions_page
from tools.coverage.page import coverage_page


def pages() -> dict[str, str]:
    """What stands in each file, by its path in the repository."""
    contracts = [load_contract(name) for name in installed_contracts()]
    made = {
        f"reports/coverage/{contract.id.replace('/', '-')}.json": json.dumps(coverage(contract), indent=2)
        + "\n"
        for contract in contracts
    }
    return {
        "docs/coverage.md": coverage_page(contracts),
        "docs/contradictions.md": contradictions_page(contracts),
        **made,
    }


def main() -> None:
    """Writes the files below the current folder."""
    for name, text in pages().items():
        file = Path(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text.encode())


if __name__ == "__main__":
    main()
