"""``python -m tools.card_examples``: makes ``card_examples.json`` beside each contract anew; names the rows without one.

Exit codes: 0 made, 1 a row that can be tested has no example, 2 an unusable contract.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from batchproof.contract import Contract, ContractError, installed_contracts
from batchproof.contract.model import Requirement
from batchproof.report.instances import declared, documented
from batchproof.report.kept_examples import FILE, Kept, KeptExamples
from batchproof.report.pair import Instances

from .evidence import Evidence
from .making import example

_SCHEMAS = Path(__file__).parents[2] / "schemas"


def main(arguments: list[str] | None = None) -> int:
    """Runs what the command line asks for and returns the exit code."""
    parser = argparse.ArgumentParser(prog="tools.card_examples", description="examples for the cards")
    parser.add_argument("contracts", nargs="*", help="all installed ones, when left out")
    given = parser.parse_args(arguments)
    lacking = 0
    try:
        for name in given.contracts or installed_contracts():
            evidence = Evidence(name)
            wanted = rows_about_several(evidence.contract)
            found = made(evidence, wanted)
            (_SCHEMAS / name / FILE).write_bytes(written(found))
            without = [
                row.id for row in wanted if row.id not in found and declared(evidence.contract, row) is None
            ]
            print(f"{name}: {len(found)} examples; without one: {', '.join(without) or 'none'}")
            lacking += len(without)
    except ContractError as error:
        print(error, file=sys.stderr)
        return 2
    return int(lacking > 0)


def rows_about_several(contract: Contract) -> list[Requirement]:
    """The rows that can be tested, and for which the documented examples are not enough."""
    return [
        row
        for row in contract.requirements.values()
        if row.untestable_because is None and not row.interpretations and documented(contract, row) is None
    ]


def made(evidence: Evidence, rows: Iterable[Requirement]) -> dict[str, Instances]:
    """The examples of those ``rows`` of which the evidence shows something."""
    found = {row.id: example(evidence, row) for row in rows}
    return {name: item for name, item in found.items() if item is not None}


def written(found: Mapping[str, Instances]) -> bytes:
    """The file that holds these examples."""
    kept = {
        name: Kept(passes=item.passes, fails=item.fails, asked=item.asked) for name, item in found.items()
    }
    file = KeptExamples(format="batchproof-card-examples/1", examples=kept)
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


if __name__ == "__main__":
    sys.exit(main())
