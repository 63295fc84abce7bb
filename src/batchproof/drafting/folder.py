"""Writes the files of a contract folder that nobody has written yet."""

import json
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from batchproof.contract import ContractError
from batchproof.drafting.draft import Draft
from batchproof.drafting.yamltext import rows_text, text_of

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9._-]*")
_SCHEMAS = "batchproof/contract"
_NEXT = """
# What the document does not say, or was not recognised; lines that are settled may go:
"""


def new_folder(schemas: Path, contract_id: str) -> Path:
    """The folder of a contract that is not there yet. Raises ``ContractError`` where it is, or the id is none."""
    if not _ID.fullmatch(contract_id):
        raise ContractError(
            contract_id,
            "",
            "is no id of a contract; write VENDOR/VERSION in lower case, such as acme/2026-01-01",
        )
    folder = schemas / contract_id
    if folder.exists() or folder.is_symlink():
        raise ContractError(
            folder, "", "is there already, and nothing is overwritten; remove it, or choose another version"
        )
    return folder


def texts_of(draft: Draft) -> dict[str, str]:
    """The texts of a drafted folder, by file name."""
    notes = "".join(f"# - {line}\n" for line in draft.notes)
    texts = {
        "contract.yaml": text_of(draft.manifest) + (_NEXT + notes if notes else ""),
        "requirements.yaml": rows_text(draft.rows),
    }
    if draft.probes:
        texts["probes.yaml"] = rows_text(draft.probes)
    for file, schema in draft.schemas.items():
        texts[file] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return texts


def skeleton(contract_id: str) -> dict[str, str]:
    """The texts of a folder that has one of everything, with comments that say what to write."""
    vendor, _, version = contract_id.partition("/")
    root = resources.files("batchproof.drafting") / "skeleton"
    files = [root / name for name in ("contract.yaml", "requirements.yaml", "probes.yaml")]
    texts = {file.name: file.read_text("utf-8") for file in files}
    for folder in ("resources", "requests"):
        for file in sorted((root / folder).iterdir(), key=lambda one: one.name):
            texts[f"{folder}/{file.name}"] = file.read_text("utf-8")
    return {name: text.replace("VENDOR", vendor).replace("VERSION", version) for name, text in texts.items()}


def write(folder: Path, texts: Mapping[str, str], schemas: Path) -> None:
    """Writes the files of a new folder; each YAML file names its schema first, so that editors complete and check."""
    near = (schemas / _SCHEMAS).is_dir()
    base = f"../../{_SCHEMAS}" if near else f"https://batchproof.dev/schemas/{_SCHEMAS}"
    folder.mkdir(parents=True)
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        head = f"# yaml-language-server: $schema={base}/{file.stem}.json\n" if file.suffix == ".yaml" else ""
        file.write_text(head + text, encoding="utf-8")
