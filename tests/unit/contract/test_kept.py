"""What is worked out of a contract hangs on that contract, and goes with it."""

import gc
import json
import sys
from pathlib import Path
from types import ModuleType
from weakref import WeakKeyDictionary, ref

import pytest

from batchproof.client.plainness import is_word
from batchproof.contract import Contract, load_contract
from batchproof.report.instances import examples, instances
from batchproof.report.testing import how_tested, places_of

WORD = "zanzibar-4711"


@pytest.fixture
def other(build: ModuleType, tmp_path: Path) -> Contract:
    """The invented vendor's contract from another folder, where an example and a schema differ."""
    folder = build.copy_of_acme(tmp_path)
    example = folder / "examples" / "batch.json"
    example_text = json.loads(example.read_text("utf-8"))
    example.write_text(
        json.dumps({**example_text, "instance": {**example_text["instance"], "note": WORD}}), "utf-8"
    )
    schema = folder / "resources" / "batch.json"
    described = json.loads(schema.read_text("utf-8"))
    schema.write_text(json.dumps({**described, "allOf": [{"x-requirement": "batch"}]}), "utf-8")
    return load_contract(str(folder))


def test_contracts_of_one_id_do_not_see_what_the_other_keeps(acme: Contract, other: Contract) -> None:
    assert acme.id == other.id
    for contract, noted in ((acme, False), (other, True), (acme, False)):
        assert is_word(WORD, contract) is noted
        assert any(example.body.get("note") == WORD for example in examples(contract)) is noted
        assert (("resources/batch.json", "/allOf/0") in places_of(contract, "batch")) is noted


def test_what_is_kept_is_made_once(acme: Contract) -> None:
    made: list[Contract] = []

    def make(contract: Contract) -> int:
        made.append(contract)
        return len(made)

    assert [acme.kept(make), acme.kept(make), made] == [1, 1, [acme]]


def test_contracts_that_are_dropped_leave_nothing_in_the_process(build: ModuleType, tmp_path: Path) -> None:
    folders = [build.copy_of_acme(tmp_path / name) for name in ("first", "second", "third")]
    # words, pointers and moments that every contract has are remembered by the first
    gone = [used(folders[0])]
    before = cached()
    gone += [used(folder) for folder in folders[1:]]
    assert (gone, cached()) == ([True, True, True], before)


def used(folder: Path) -> bool:
    """Loads a contract, makes use of it and drops it: whether it, its schemas and what was made of it are gone."""
    contract = load_contract(str(folder))
    assert not is_word(WORD, contract)
    for row in contract.requirements.values():
        list(how_tested(contract, row.id))
        instances(contract, row)
    dropped = [ref(contract), ref(contract.shapes), ref(examples(contract)[0].stated)]
    del contract
    gc.collect()
    return [one() for one in dropped] == [None, None, None]


def cached() -> dict[str, int]:
    """How much every cache of a module of batchproof holds."""
    found: dict[str, int] = {}
    for module in [module for name, module in sys.modules.items() if name.startswith("batchproof")]:
        for name, value in vars(module).items():
            if hasattr(value, "cache_info"):
                found[f"{module.__name__}.{name}"] = value.cache_info().currsize
            elif isinstance(value, dict | WeakKeyDictionary) and not name.startswith("__"):
                found[f"{module.__name__}.{name}"] = len(value)
    return found
