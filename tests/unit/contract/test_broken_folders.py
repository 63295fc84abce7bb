"""A contract folder that does not hold together is refused with one line: file, key, remedy."""

from pathlib import Path
from types import ModuleType

import pytest
import yaml

from batchproof.contract import ContractError, load_contract

BROKEN = yaml.safe_load(Path(__file__).with_name("broken_folders.yaml").read_text("utf-8"))


@pytest.mark.parametrize("name", BROKEN)
def test_broken_folder_is_refused_in_one_line(build: ModuleType, tmp_path: Path, name: str) -> None:
    broken = BROKEN[name]
    folder = build.copy_of_acme(tmp_path)
    file = folder / broken["file"]
    text = file.read_text("utf-8")
    old = broken.get("old", text)
    assert old in text
    file.write_text(text.replace(old, broken["new"], 1), "utf-8")
    with pytest.raises(ContractError) as refused:
        load_contract(str(folder))
    message = refused.value.alone.removeprefix(f"{tmp_path}/").removeprefix("acme/")
    said, rest, _ = broken["says"].partition(" …")
    assert message.startswith(said) if rest else message == said
    assert "\n" not in str(refused.value)
