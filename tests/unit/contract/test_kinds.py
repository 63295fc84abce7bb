"""Kinds of invariants and placeholders: all that is known of one is said by one object."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract, ContractError, load_contract
from batchproof.contract.file_schemas import schema_of
from batchproof.contract.inspection import inspect
from batchproof.contract.kinds import KINDS
from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfObjects
from batchproof.contract.kinds.variables import SELF, Variable
from batchproof.contract.model import Invariant, Manifest
from batchproof.contract.placeholders import PLACEHOLDERS, Placeholder
from batchproof.contract.reachable import Place
from batchproof.contract.shown import Shown
from batchproof.drive.templates import Templates
from batchproof.judging import weigh
from batchproof.places import schemas_dir
from batchproof.report.testing import how_tested
from tools.contract_reference import updated

SOURCE = Path(__file__).parents[3] / "src" / "batchproof"
ROW = "batch.created_at"


class Ends(OfObjects):
    """A kind that is nowhere but here: the first look at an object, and the last one."""

    name = "ends"
    where = "between the first look at {on} and the last"
    own_variables = (
        Variable("oldest", "object", "The first look.", "the first look", "{} at first", is_subject=True),
        SELF._replace(meaning="The last look."),
    )

    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        return {name: shown.object(invariant.on, invariant.view) for name in ("oldest", "self")}

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        for looks in offered.looks(invariant.on, invariant.view):
            first, last = looks[0], looks[-1]
            yield offered.case({"oldest": first.value, "self": last.value}, last, first, last)


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "ends", Ends())


def with_ends(build: ModuleType, folder: Path, rule: str) -> Contract:
    invariant = f'- {{requirement: {ROW}, each: ends, on: batch, rule: "{rule}"}}\n'
    contract: Contract = build.acme_with_invariants(folder, invariant)
    return contract


@pytest.mark.usefixtures("ends")
def test_new_kind_is_one_object(build: ModuleType, tmp_path: Path) -> None:
    contract = with_ends(build, tmp_path, "self.count == oldest.count")
    looks = [
        build.exchange("get_batch", at, body=build.batch(count=count), path={"id": "b_1"})
        for at, count in ((1, 1), (3, 2), (5, 3))
    ]
    (found,) = weigh(contract, looks).findings(ROW)
    assert (found.observed, found.exchanges) == (
        {"oldest": {"count": 1}, "self": {"count": 3}},
        ["x1", "x5"],
    )
    assert found.headline == "batch: count is 3, not count at first (1)"
    assert list(how_tested(contract, ROW))[-1] == (
        "invariant, between the first look at batch and the last: self.count == oldest.count"
    )


@pytest.mark.usefixtures("ends")
@pytest.mark.parametrize(
    ("rule", "remedy"),
    [
        ("self.count == row.count", "uses row; `each: ends` knows answered_at, asked_at, oldest"),
        ("oldest.kount == 1", "oldest.kount leads to 'kount', which no shape has there; did you mean count"),
        ("oldest.status == 'dawn'", "compares with the state 'dawn', which batch does not have"),
    ],
)
def test_new_kind_is_checked(build: ModuleType, tmp_path: Path, rule: str, remedy: str) -> None:
    folder = build.copy_of_acme(tmp_path)
    with (folder / "invariants.yaml").open("a", encoding="utf-8") as file:
        file.write(f'- {{requirement: {ROW}, each: ends, on: batch, rule: "{rule}"}}\n')
    (problem,) = [found for found in inspect(folder).problems if found.file.name == "invariants.yaml"]
    assert problem.remedy.startswith(remedy)


@pytest.mark.usefixtures("ends")
def test_new_kind_is_in_the_schema_for_editors() -> None:
    properties = schema_of(list[Invariant])["$defs"]["Invariant"]["properties"]
    assert properties["each"] == {"enum": sorted(KINDS)}
    assert "ends" in properties["each"]["enum"]


def test_kind_that_is_not_there_is_refused_with_those_that_are(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ContractError) as refused:
        with_ends(build, tmp_path, "self.count == 1")
    assert refused.value.alone.endswith(
        "invariants.yaml: batch.created_at.each: 'ends' is not allowed; use one of: call, comparison, counterpart, delivery, "
        "exchange, owned, probe, reference, row, snapshot, step, traversal"
    )


def test_kinds_word_a_variable_alike() -> None:
    words: dict[str, set[Any]] = defaultdict(set)
    for kind in KINDS.values():
        for variable in kind.variables:
            words[variable.name].add((variable.alone, variable.of, variable.element))
    assert [name for name, ways in words.items() if len(ways) > 1] == []


def test_nothing_but_the_kinds_asks_which_kind_an_invariant_is_of() -> None:
    asking = re.compile(r"\.each (==|!=|in \(|in _|not in [^K])|match \w+\.each\b")
    files = [file for file in SOURCE.rglob("*.py") if asking.search(file.read_text("utf-8"))]
    assert [str(file.relative_to(SOURCE)) for file in files] == []


def test_new_placeholder_is_one_object(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = build.copy_of_acme(tmp_path)
    file = folder / "probes.yaml"
    file.write_text(file.read_text("utf-8").replace("{$unknown: b_}", "{$loud: b_}"), "utf-8")
    with pytest.raises(ContractError, match=r"\$loud is no place of a template; use one of: \$fixture, "):
        load_contract(str(folder))
    loud = Placeholder(
        "$loud",
        "a text",
        "The text in capitals.",
        lambda _, text: text.upper(),
        wrong=lambda text: None if text.islower() else "$loud takes lower case",
    )
    monkeypatch.setitem(PLACEHOLDERS, "$loud", loud)
    manifest: Manifest = load_contract(str(folder)).manifest
    assert Templates(manifest, source=None, seed=0).fill({"id": {"$loud": "b_"}}) == {"id": "B_"}  # type: ignore[arg-type]
    file.write_text(file.read_text("utf-8").replace("{$loud: b_}", "{$loud: B_}"), "utf-8")
    with pytest.raises(ContractError, match=r"unknown-batch: \$loud takes lower case"):
        load_contract(str(folder))


def test_tables_of_the_reference_are_of_todays_kinds_and_placeholders() -> None:
    """``python -m tools.contract_reference`` writes them anew."""
    page = (schemas_dir() / "README.md").read_text("utf-8")
    assert updated(page) == page


@pytest.mark.usefixtures("ends")
def test_new_kind_makes_the_tables_stale() -> None:
    page = (schemas_dir() / "README.md").read_text("utf-8")
    assert "| `oldest` | object | The first look. |" in updated(page)
    assert "oldest" not in page


def test_page_without_a_marker_is_refused() -> None:
    with pytest.raises(ValueError, match=r"has the marker .* 0 times; it needs it once"):
        updated("# Contract folders")
