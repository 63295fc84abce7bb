"""The examples of cards: some are made anew, and are the same; how values are changed and told."""

import re

import pytest

from batchproof.contract import installed_contracts
from batchproof.report.kept_examples import kept_examples
from batchproof.report.pair import Instances
from tools.card_examples.evidence import Evidence
from tools.card_examples.making import example
from tools.card_examples.wording import tidy

ONE_OF = 12
TIME = re.compile(r"T\d\d:\d\d:\d\d")


@pytest.mark.parametrize("name", installed_contracts())
def test_some_made_anew_are_the_same(name: str) -> None:
    evidence = Evidence(name)
    kept = kept_examples(evidence.contract.folder)
    chosen = list(kept)[::ONE_OF]
    made = {row: example(evidence, evidence.contract.requirements[row]) for row in chosen}
    assert {row: timeless(pair) for row, pair in made.items()} == {
        row: timeless(kept[row]) for row in chosen
    }, "stale: run python -m tools.card_examples"


def timeless(pair: Instances | None) -> list[str]:
    """A pair of examples without the wall time of the run that it was taken from."""
    assert pair is not None
    return [TIME.sub("…", text) for text in pair]


def test_ids_and_times_of_a_run_are_told_by_others() -> None:
    run = "exr_a3vXhPTl3UMtdteGF8csSQ"
    made = Instances(
        f"{run} ended at 2026-07-01T12:41:07.300Z",
        f"{run} ended at 2026-07-01T12:41:05.000Z, exr_Le69uYLfaSE2VaD8cUzFAw before",
        "GET /v1/batches/61ad034c-e9f6-568c-b60b-9f7644f36f40",
    )
    assert tidy(made) == Instances(
        "exr_1 ended at 2026-07-01T12:00:02.300Z",
        "exr_1 ended at 2026-07-01T12:00:00.000Z, exr_2 before",
        "GET /v1/batches/id_1",
    )


def test_names_of_the_contract_stay() -> None:
    made = Instances("failed_to_process_file_again", "extraction_performance", "document_processor_run")
    assert tidy(made) == made
