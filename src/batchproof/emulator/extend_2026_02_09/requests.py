"""Reading request bodies: what the documentation allows, and a refusal for the rest."""

from typing import Any

from batchproof.emulator.exchange import ApiError, JsonObject
from batchproof.emulator.extend_common.behaviour import Limits
from batchproof.emulator.extend_common.errors import ExplainedError, refuse
from batchproof.emulator.extend_common.files import FileInput, from_url
from batchproof.emulator.extend_common.requests import optional_text, structure
from batchproof.emulator.extend_common.requests import text as required_text

from .families import ConfigForm
from .schemas import schema

# API Versioning: ids can have up to 255 characters
_LONGEST_ID = 255
_SCHEMAS = "https://docs.extend.ai/2026-02-09/product/extraction/schema"
_CHUNKS = ("page", "document", "section")


def config(value: Any, where: str, form: ConfigForm, *, whole: bool = False) -> JsonObject:
    """Read a configuration; a `whole` one must have the classifications that its family needs."""
    given = structure(value, where)
    for key, allowed in form.choices.items():
        if given.get(key, allowed[0]) not in allowed:
            refuse(f"{where}.{key} must be one of {', '.join(allowed)}.")
    for key in form.texts:
        optional_text(given.get(key), f"{where}.{key}")
    for key in form.objects:
        if key in given:
            structure(given[key], f"{where}.{key}")
    if "chunkingStrategy" in form.objects:
        _chunking(given.get("chunkingStrategy", {}), where)
    if form.schema:
        _extraction(given, where)
        if "schema" in given:
            given = given | {"schema": normalized(given["schema"])}
    if form.classes is not None and (whole or form.classes in given):
        _classes(given.get(form.classes), f"{where}.{form.classes}")
    return given


def _chunking(strategy: JsonObject, where: str) -> None:
    if strategy.get("type", _CHUNKS[0]) not in _CHUNKS:
        refuse(f"{where}.chunkingStrategy.type must be one of {', '.join(_CHUNKS)}.")


def _extraction(given: JsonObject, where: str) -> None:
    """The `fields` shape can no longer be created (Get Extract Run, config)."""
    if "fields" in given:
        refuse(f"{where} must not have the legacy fields array.")
    if "schema" in given:
        try:
            schema(given["schema"], f"{where}.schema")
        except ApiError as refusal:
            raise ExplainedError(refusal.message, _SCHEMAS) from None


def normalized(schema: Any) -> Any:
    """Extraction Schema: every listed property is marked as required, and all objects take no others."""
    if not isinstance(schema, dict):
        return schema
    properties = schema.get("properties")
    if isinstance(properties, dict):
        members = {name: normalized(child) for name, child in properties.items()}
        return schema | {"properties": members, "required": list(members), "additionalProperties": False}
    return schema | {"items": normalized(schema["items"])} if "items" in schema else schema


def _classes(value: Any, where: str) -> None:
    """At least one, with ids of their own, and one of the type `other` (Classifications)."""
    if not isinstance(value, list):
        refuse(f"{where} must be an array.")
    entries = [structure(item, f"{where}[{i}]") for i, item in enumerate(value)]
    for index, entry in enumerate(entries):
        for key in ("id", "type", "description"):
            required_text(entry.get(key), f"{where}[{index}].{key}")
    if len({entry["id"] for entry in entries}) < len(entries):
        refuse(f"{where} must not have the same id twice.")
    if not any(entry["type"] == "other" for entry in entries):
        refuse(f"{where} must have one of the type other.")


def package(value: Any, limits: Limits) -> tuple[FileInput, ...]:
    """Read `package.files`: up to 50 files, each with a URL or an id (Multifile Extraction)."""
    files = structure(value, "package").get("files")
    if not isinstance(files, list) or not 1 <= len(files) <= limits.package_files:
        refuse(f"package.files must hold 1 to {limits.package_files} files.")
    return tuple(file_input(item, f"package.files[{i}]", text=False) for i, item in enumerate(files))


def file_input(value: Any, where: str, *, text: bool) -> FileInput:
    """Read `file`: exactly one of `url`, `id` and, where it is allowed, `text` (Batch Processing)."""
    source = structure(value, where)
    kinds = [kind for kind in ("url", "id", "text") if kind in source]
    if len(kinds) != 1 or (kinds == ["text"] and not text):
        refuse(f"{where} must have exactly one of url, id{' and text' if text else ''}.")
    content = required_text(source[kinds[0]], f"{where}.{kinds[0]}")
    name = optional_text(source.get("name"), f"{where}.name")
    if kinds == ["id"] and len(content) > _LONGEST_ID:
        refuse(f"{where}.id must not be longer than {_LONGEST_ID} characters.")
    if kinds == ["id"]:
        return FileInput(content, name or "document.pdf")
    if kinds == ["text"]:
        return FileInput(None, name or "text.txt")
    if source.get("settings") is not None:
        settings = structure(source["settings"], f"{where}.settings")
        optional_text(settings.get("password"), f"{where}.settings.password")
    return from_url(content, name, f"{where}.url")
