"""Lists of contradictions and of empty pairs that do not fit their contract are refused."""

from pathlib import Path
from types import ModuleType

import pytest

from batchproof.contract import ContractError, load_contract
from batchproof.contract.completeness import explained
from batchproof.contract.model import Hole

EITHER = "a: has either `rows`, or `untouched`: why it touches no operation"
NO_INTERPRETATIONS = "a: names batch.id, which has no interpretations; add them to that row"


def refused(build: ModuleType, folder: Path, file: str, text: str) -> str:
    copy = build.copy_of_acme(folder)
    (copy / file).write_text(text, encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        load_contract(str(copy))
    message = caught.value.alone
    assert "\n" not in message
    assert f"{file}: " in message
    return message.partition(f"{file}: ")[2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {name: a, about: A thing.}", EITHER),
        ("- {name: a, about: A thing., rows: [batch.id], untouched: No.}", EITHER),
        ("- {name: a, about: A thing., rows: [batch.it]}", "a: 'batch.it' is no row of requirements.yaml"),
        ("- {name: a, about: A thing., rows: [batch.id]}", NO_INTERPRETATIONS),
        (
            "- {name: a, about: A., untouched: B.}\n- {name: a, about: A., untouched: B.}",
            "a: stands there twice; names are unique",
        ),
    ],
)
def test_a_contradiction_that_does_not_fit(build: ModuleType, tmp_path: Path, text: str, says: str) -> None:
    assert refused(build, tmp_path, "contradictions.yaml", text) == says


def test_a_reason_for_no_operation(build: ModuleType, tmp_path: Path) -> None:
    text = "- {operations: [fly_*], aspects: [limit], reason: Nothing flies.}"
    assert refused(build, tmp_path, "holes.yaml", text) == (
        "fly_*: matches no operation; remove it, or name one"
    )


def test_an_unknown_aspect(build: ModuleType, tmp_path: Path) -> None:
    text = "- {operations: ['*'], aspects: [colour], reason: Nothing has one.}"
    assert "colour" in refused(build, tmp_path, "holes.yaml", text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "- {package: p 1, stricter: [{rows: [batch.it], reason: None.}]}",
            "p 1: 'batch.it' is no row of requirements.yaml",
        ),
        (
            "- {package: p 1, sent: [{operation: fly, at: /a, kind: missing, reason: None.}]}",
            "p 1: names the operation 'fly', which is not declared",
        ),
    ],
)
def test_a_client_that_does_not_fit(build: ModuleType, tmp_path: Path, text: str, says: str) -> None:
    assert refused(build, tmp_path, "clients.yaml", text) == says


def test_what_fits_is_loaded(build: ModuleType, tmp_path: Path) -> None:
    copy = build.copy_of_acme(tmp_path)
    (copy / "contradictions.yaml").write_text("- {name: a, about: A thing., untouched: Nobody asks.}")
    (copy / "holes.yaml").write_text("- {operations: ['*'], aspects: [limit], reason: None is told.}")
    (copy / "clients.yaml").write_text("- {package: p 1}")
    contract = load_contract(str(copy))
    assert [item.name for item in contract.contradictions] == ["a"]
    assert [hole.reason for hole in contract.holes] == ["None is told."]
    assert [client.package for client in contract.clients] == ["p 1"]


def test_what_a_hole_explains() -> None:
    hole = Hole(operations=["list_*", "fly"], aspects=["limit", "auth"], reason="Nobody asks.")
    operations = ["list_pages", "read_page", "fly"]
    assert list(explained([hole], operations)) == [
        (name, aspect, "Nobody asks.") for name in ("list_pages", "fly") for aspect in ("limit", "auth")
    ]
