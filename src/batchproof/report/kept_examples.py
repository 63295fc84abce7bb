"""The examples beside a contract, in ``card_examples.json``: ``python -m tools.card_examples`` makes them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from batchproof.contract import ContractError
from batchproof.report.pair import Instances

FILE = "card_examples.json"


class Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An example of one requirement, in words: what was ``asked``, what passes, and what does not."""

    asked: str = ""
    passes: str
    fails: str


class KeptExamples(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: examples by requirement."""

    format: Literal["batchproof-card-examples/1"]
    examples: dict[str, Kept]


def kept_examples(folder: Path) -> Mapping[str, Instances]:
    """The examples in the folder of a contract; none where it has no such file. Raises ``ContractError``."""
    file = folder / FILE
    try:
        read = msgspec.json.decode(file.read_bytes(), type=KeptExamples)
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        remedy = "correct it, remove it, or make it anew with python -m tools.card_examples"
        raise ContractError(file, "", f"{error}; {remedy}") from error
    return {row: Instances(item.passes, item.fails, item.asked) for row, item in read.examples.items()}
