import re
from collections.abc import Callable

import msgspec

from batchproof.contract.model import Document
from batchproof.history import History, Unmet
from batchproof.judging import Results
from batchproof.report.markdown import summary
from batchproof.report.markup import block, cell, code, link, plain

PAGES = {"get-batch": Document(title="Get [Batch]", url="https://docs.example/get batch>")}


def test_everything_is_told(mixed: Results, history: Callable[..., History], nobody_known: Unmet) -> None:
    text = summary(msgspec.structs.replace(mixed, documents=PAGES), history(unmet=(nobody_known,)))
    assert "FAILED: 1 MUST requirement failed" in text
    assert "| MUST | 1 | 1 | 3 | 1 |" in text
    assert "| SHOULD | 0 | 1 | 0 | 0 |" in text
    assert "### `batch.status` (MUST)" in text
    assert "* exchange: `GET /batch_runs/bpr_1 → 200 (x1)`" in text
    assert "```sh\ncurl -i" in text
    assert "* 2 MUST: a precondition was not met: no batch is known.\n  Option: `give batch_ids`." in text
    assert "`batch.end`, `batch.stop`" in text
    assert "This server follows: `utc (3)`." in text
    assert (
        "| `utc` | It is UTC. | [Get \\[Batch\\]](<https://docs.example/get%20batch%3E>), Response | 3 |"
        in text
    )
    assert "[Get \\[Batch\\]](<https://docs.example/get%20batch%3E>)" in text


def test_unknown_pages_are_named(mixed: Results, history: Callable[..., History]) -> None:
    assert "(`get-batch`, Response)" in summary(mixed, history())


def test_trouble_replaces_the_inconclusive_rows(
    mixed: Results, history: Callable[..., History], results: object
) -> None:
    text = summary(msgspec.structs.replace(mixed, trouble="it is down"), history())
    assert "The server could not be tested: `it is down`" in text
    assert "batch.end" not in text


def test_hostile_text_is_inert(poisoned: Results, poisoned_history: History) -> None:
    text = summary(poisoned, poisoned_history)
    text.encode()
    outside = re.sub(r"(?s)(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert not re.search(r"(?<!\\)[<>]", outside)
    assert all(character.isprintable() or character == "\n" for character in text)
    assert [line for line in text.split("\n") if line.startswith("# ")] == [text.split("\n", 1)[0]]
    rows = [line for line in text.split("\n") if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} <= {4, 5, 6}


def test_code_spans_outlast_their_backticks() -> None:
    assert code("a") == "`a`"
    assert code("a``b") == "```a``b```"
    assert code("`") == "`` ` ``"
    assert code("a\nb") == "`a\\nb`"
    assert cell("a|b") == "`a\\|b`"
    assert block("```", "sh") == "````sh\n```\n````"


def test_running_text_and_links() -> None:
    assert plain("a_b *c* <d> _e_") == "a_b \\*c\\* \\<d\\> \\_e\\_"
    assert link("t", "javascript:alert(1)") == "t"
