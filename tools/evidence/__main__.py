"""``python -m tools.evidence``: judges the mutants, names the survivors without a reason, writes the page.

Exit codes: 0 as it should be, 1 a survivor without a reason, or a reason that is needed no more, 2 an unusable file.
With ``--at-least`` also 1 where a smaller share is killed.
"""

import argparse
import sys
from pathlib import Path

from batchproof.contract import ContractError, installed_contracts, load_contract

from .campaign import Found, judge_all
from .drawing import PER_MILLE
from .mutants import Judged
from .openings import Opening, forbidden, read_openings, without_reason
from .page import page, rate
from .ranking import described, ranked

_PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"
_SAMPLE_PER_MILLE = 10


def main(arguments: list[str] | None = None) -> int:
    """Runs what the command line asks for and returns the exit code."""
    parser = argparse.ArgumentParser(prog="tools.evidence", description="evidence mutation")
    parser.add_argument("contracts", nargs="*", help="all installed ones, when left out")
    parser.add_argument("--sample", action="store_true", help="a few mutants, always the same ones")
    parser.add_argument(
        "--per-mille", type=int, metavar="N", help="N of a thousand mutants, always the same ones"
    )
    parser.add_argument(
        "--at-least",
        type=float,
        default=0.0,
        metavar="PERCENT",
        help="exit 1 also where less is killed of what nothing allows",
    )
    parser.add_argument("--write", action="store_true", help="write docs/evidence.md (all contracts)")
    parser.add_argument("--top", type=int, default=40, help="how many classes of survivors are named")
    given = parser.parse_args(arguments)
    share = given.per_mille or (_SAMPLE_PER_MILLE if given.sample else PER_MILLE)
    if not 1 <= share <= PER_MILLE:
        parser.error(f"--per-mille is a number from 1 to {PER_MILLE}")
    if given.write and (given.sample or given.contracts):
        parser.error("--write needs all contracts: leave out --sample and the names of contracts")
    try:
        contracts = [load_contract(name) for name in given.contracts or installed_contracts()]
        openings = {contract.id: read_openings(contract) for contract in contracts}
    except ContractError as error:
        print(error, file=sys.stderr)
        return 2
    found = judge_all(openings, share)
    wrong = [_report(name, items, openings[name], given.top) for name, items in found.items()]
    if given.write:
        _PAGE.write_text(
            page({name: items.judged for name, items in found.items()}, openings, share), encoding="utf-8"
        )
    few = any(_killed(items.judged, openings[name]) < given.at_least for name, items in found.items())
    return int(any(wrong) or few)


def _killed(items: list[Judged], openings: list[Opening]) -> float:
    """Of the mutants of documented MUST properties that nothing allows, how many per cent a MUST kills."""
    must = forbidden(items, openings)
    return 100.0 * sum(item.fate == "killed" for item in must) / len(must) if must else 100.0


def _report(contract: str, found: Found, openings: list[Opening], top: int) -> bool:
    """Prints what became of the mutants of a contract; says whether something is not as it should be."""
    items = found.judged
    fates = [item.fate for item in items]
    must = [item.fate for item in forbidden(items, openings)]
    print(
        f"{contract}: {len(items)} mutants, {fates.count('killed')} killed, {fates.count('warned')} only warned, "
        f"{fates.count('allowed')} allowed by the shape, {fates.count('survived')} survived; "
        f"{rate(must.count('killed'), len(must))} of {len(must)} mutants of documented MUST properties killed "
        "that nothing allows"
    )
    bare = ranked(without_reason(items, openings))
    for item in bare[:top]:
        print(described(item))
    if len(bare) > top:
        print(f"       and {len(bare) - top} classes more")
    for opening in found.idle:
        print(
            f"{contract}: a reason is needed no more: {opening.reason} "
            f"(of {', '.join(opening.properties)}; {', '.join(opening.operators)})"
        )
    return bool(bare or found.idle)


if __name__ == "__main__":
    sys.exit(main())
