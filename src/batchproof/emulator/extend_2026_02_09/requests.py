"""Reading request bodies: what the documentation allows, and a refusal for the rest."""

from dataclasses import dataclass
from typing import Any

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common.behaviour import Limits
from batchproof.emulator.extend_common.errors import refuse
from batchproof.emulator.extend_common.files import FileInput, from_url
from batchproof.emulator.extend_common.requests import optional_text, schema_root, structure
from batchproof.emulator.extend_common.requests import text as required_text

_BASE_PROCESSORS = ("extraction_performance", "extraction_light", "extraction_operator")


@dataclass(frozen=True, slots=True)
class ExtractorReference:
    """Which extractor in which version, with a partial configuration on top."""

    id: str
    version: str
    override: JsonObject


def extractor_reference(value: Any) -> ExtractorReference:
    """Read `extractor`: `id`, optional `version` (default `latest`), optional `overrideConfig`."""
    reference = structure(value, "extractor")
    override = reference.get("overrideConfig")
    return ExtractorReference(
        id=required_text(reference.get("id"), "extractor.id"),
        version=optional_text(reference.get("version"), "extractor.version") or "latest",
        override={} if override is None else extract_config(override, "extractor.overrideConfig"),
    )


def extract_config(value: Any, where: str) -> JsonObject:
    """Read an extract configuration; the `fields` shape can no longer be created (Get Extract Run, config)."""
    config = structure(value, where)
    if "fields" in config:
        refuse(f"{where} must not have the legacy fields array.")
    if config.get("baseProcessor", _BASE_PROCESSORS[0]) not in _BASE_PROCESSORS:
        refuse(f"{where}.baseProcessor must be one of {', '.join(_BASE_PROCESSORS)}.")
    for key in ("baseVersion", "extractionRules"):
        optional_text(config.get(key), f"{where}.{key}")
    for key in ("advancedOptions", "parseConfig"):
        if key in config:
            structure(config[key], f"{where}.{key}")
    if "schema" in config:
        schema_root(config["schema"], f"{where}.schema")
    return config


def package(value: Any, limits: Limits) -> tuple[FileInput, ...]:
    """Read `package.files`: up to 50 files, each with a URL or an id (Multifile Extraction)."""
    files = structure(value, "package").get("files")
    if not isinstance(files, list) or not 1 <= len(files) <= limits.package_files:
        refuse(f"package.files must hold 1 to {limits.package_files} files.")
    return tuple(file_input(item, f"package.files[{i}]", text=False) for i, item in enumerate(files))


def file_input(value: Any, where: str, *, text: bool = True) -> FileInput:
    """Read `file`: exactly one of `url`, `id` and, where it is allowed, `text` (Batch Processing)."""
    source = structure(value, where)
    kinds = [kind for kind in ("url", "id", "text") if kind in source]
    if len(kinds) != 1 or (kinds == ["text"] and not text):
        refuse(f"{where} must have exactly one of url, id{' and text' if text else ''}.")
    content = required_text(source[kinds[0]], f"{where}.{kinds[0]}")
    name = optional_text(source.get("name"), f"{where}.name")
    if kinds == ["id"]:
        return FileInput(content, name or "document.pdf")
    if kinds == ["text"]:
        return FileInput(None, name or "text.txt")
    if source.get("settings") is not None:
        settings = structure(source["settings"], f"{where}.settings")
        optional_text(settings.get("password"), f"{where}.settings.password")
    return from_url(content, name, f"{where}.url")
