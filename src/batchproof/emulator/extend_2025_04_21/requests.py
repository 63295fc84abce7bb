"""Reading the body of Run Processor."""

from dataclasses import dataclass
from typing import Any

from batchproof.emulator.exchange import ApiError, JsonObject
from batchproof.emulator.extend_common.errors import refuse
from batchproof.emulator.extend_common.files import FileInput, from_url
from batchproof.emulator.extend_common.requests import (
    metadata,
    optional_text,
    priority,
    schema_root,
    structure,
    text,
)

from .behaviour import Behaviour

FILE_CODES = frozenset(
    {"FILE_TYPE_NOT_SUPPORTED", "FILE_SIZE_TOO_LARGE", "CORRUPT_FILE", "PASSWORD_PROTECTED_FILE"}
)

_UNSUPPORTED = (".exe", ".zip", ".mp3", ".mp4")
# The members that a configuration of a type must have, if any, with their kind.
_LISTS = {"classifications": "CLASSIFY", "splitClassifications": "SPLITTER", "fields": "EXTRACT"}


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is wanted of a processor."""

    processor_id: str
    version: str
    file: FileInput
    sync: bool
    metadata: JsonObject | None
    config: JsonObject


def run_request(body: JsonObject, behaviour: Behaviour) -> RunRequest:
    """Read the body: `processorId`, one of `file` and `rawText`, and what is optional."""
    priority(body, behaviour.limits)
    sync = body.get("sync")
    if sync is not None and not isinstance(sync, bool):
        refuse("sync must be a boolean.")
    config = body.get("config")
    return RunRequest(
        processor_id=text(body.get("processorId"), "processorId"),
        version=optional_text(body.get("version"), "version") or "latest",
        file=_input(body, behaviour),
        sync=bool(sync),
        metadata=metadata(body.get("metadata"), "metadata", behaviour.limits),
        config={} if config is None else _config(config),
    )


def _input(body: JsonObject, behaviour: Behaviour) -> FileInput:
    file, raw = body.get("file"), body.get("rawText")
    if file is None and raw is None and not behaviour.requires_input:
        return FileInput(None, "text.txt")
    if (file is None) == (raw is None):
        refuse("Exactly one of file and rawText must be given.")
    if file is None:
        text(raw, "rawText")
        return FileInput(None, "text.txt")
    source = structure(file, "file")
    url, id_ = (optional_text(source.get(name), f"file.{name}") for name in ("fileUrl", "fileId"))
    name = optional_text(source.get("fileName"), "file.fileName")
    if (url is None) == (id_ is None):
        refuse("file must have exactly one of fileUrl and fileId.")
    found = FileInput(id_, name or "document.pdf") if url is None else from_url(url, name, "file.fileUrl")
    if found.name.lower().endswith(_UNSUPPORTED):
        raise ApiError(400, "FILE_TYPE_NOT_SUPPORTED", "The type of the file is not supported.")
    return found


def _config(value: Any) -> JsonObject:
    config = structure(value, "config")
    text(config.get("type"), "config.type")
    if config.get("schema") is not None:
        schema_root(config["schema"], "config.schema")
    for name, type_ in _LISTS.items():
        items = config.get(name)
        if items is None:
            continue
        if config["type"] != type_ or not isinstance(items, list) or not items:
            refuse(f"config.{name} must be a list, and belongs to the type {type_}.")
        for index, item in enumerate(items):
            entry = structure(item, f"config.{name}[{index}]")
            for key in ("id", "type"):
                text(entry.get(key), f"config.{name}[{index}].{key}")
    # Null means absent.
    return {name: member for name, member in config.items() if member is not None}
