"""Reading request bodies: what the documentation allows, and a refusal for the rest."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.json_body import BadBodyError, read_object

from .behaviour import Limits
from .errors import invalid, refuse

_BASE_PROCESSORS = ("extraction_performance", "extraction_light", "extraction_operator")
_TAGS = "extend:usage_tags"
_TAG_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class FileInput:
    """A file reference: an uploaded file's id, or a name, with whether the file can be processed at all."""

    id: str | None
    name: str
    fails: bool = False


@dataclass(frozen=True, slots=True)
class ExtractorReference:
    """Which extractor in which version, with a partial configuration on top."""

    id: str
    version: str
    override: JsonObject


def body_of(call: Call) -> JsonObject:
    """The JSON object in the body of a POST."""
    try:
        return read_object(call.headers, call.body)
    except BadBodyError as error:
        raise invalid(str(error)) from None


def priority(body: JsonObject, limits: Limits) -> None:
    """Check `priority`: an integer of 1 to 100, lower means earlier (Create Extract Run, priority)."""
    value = body.get("priority")
    if value is None:
        return
    whole = type(value) is int or (isinstance(value, float) and value.is_integer())
    if not whole or not 1 <= value <= limits.priority:
        refuse(f"priority must be an integer from 1 to {limits.priority}.")


def extractor_reference(value: Any) -> ExtractorReference:
    """Read `extractor`: `id`, optional `version` (default `latest`), optional `overrideConfig`."""
    reference = _object(value, "extractor")
    override = reference.get("overrideConfig")
    return ExtractorReference(
        id=_text(reference.get("id"), "extractor.id"),
        version=_optional_text(reference.get("version"), "extractor.version") or "latest",
        override={} if override is None else extract_config(override, "extractor.overrideConfig"),
    )


def extract_config(value: Any, where: str) -> JsonObject:
    """Read an extract configuration; the `fields` shape can no longer be created (Get Extract Run, config)."""
    config = _object(value, where)
    if "fields" in config:
        refuse(f"{where} must not have the legacy fields array.")
    if config.get("baseProcessor", _BASE_PROCESSORS[0]) not in _BASE_PROCESSORS:
        refuse(f"{where}.baseProcessor must be one of {', '.join(_BASE_PROCESSORS)}.")
    for key in ("baseVersion", "extractionRules"):
        _optional_text(config.get(key), f"{where}.{key}")
    for key in ("advancedOptions", "parseConfig"):
        if key in config:
            _object(config[key], f"{where}.{key}")
    if "schema" in config:
        schema = _object(config["schema"], f"{where}.schema")
        properties = _object(schema.get("properties"), f"{where}.schema.properties")
        if schema.get("type") != "object" or not all(isinstance(item, dict) for item in properties.values()):
            refuse(f"{where}.schema must be a JSON Schema whose root has the type object.")
    return config


def metadata(value: Any, where: str, limits: Limits) -> JsonObject | None:
    """Read `metadata`: any object of up to 10 KB; usage tags lose characters that are not allowed in them."""
    if value is None:
        return None
    found = _object(value, where)
    if len(json.dumps(found)) > limits.metadata_bytes:
        refuse(f"{where} must not be larger than {limits.metadata_bytes} bytes.")
    tags = found.get(_TAGS)
    if isinstance(tags, list) and all(isinstance(tag, str) for tag in tags):
        found = {**found, _TAGS: [_TAG_FORBIDDEN.sub("", tag) for tag in tags]}
    return found


def package(value: Any, limits: Limits) -> tuple[FileInput, ...]:
    """Read `package.files`: up to 50 files, each with a URL or an id (Multifile Extraction)."""
    files = _object(value, "package").get("files")
    if not isinstance(files, list) or not 1 <= len(files) <= limits.package_files:
        refuse(f"package.files must hold 1 to {limits.package_files} files.")
    return tuple(file_input(item, f"package.files[{i}]", text=False) for i, item in enumerate(files))


def file_input(value: Any, where: str, *, text: bool = True) -> FileInput:
    """Read `file`: exactly one of `url`, `id` and, where it is allowed, `text` (Batch Processing)."""
    source = _object(value, where)
    kinds = [kind for kind in ("url", "id", "text") if kind in source]
    if len(kinds) != 1 or (kinds == ["text"] and not text):
        refuse(f"{where} must have exactly one of url, id{' and text' if text else ''}.")
    content = _text(source[kinds[0]], f"{where}.{kinds[0]}")
    name = _optional_text(source.get("name"), f"{where}.name")
    if kinds == ["id"]:
        return FileInput(content, name or "document.pdf")
    if kinds == ["text"]:
        return FileInput(None, name or "text.txt")
    if source.get("settings") is not None:
        settings = _object(source["settings"], f"{where}.settings")
        _optional_text(settings.get("password"), f"{where}.settings.password")
    path = _url(content, f"{where}.url").path
    return FileInput(None, name or unquote(path).rpartition("/")[2] or "document", "fail" in path.lower())


def _url(text: str, where: str) -> SplitResult:
    try:
        url = urlsplit(text)
        complete = url.scheme in ("http", "https") and bool(url.hostname)
    except ValueError:
        complete = False
    if not complete:
        refuse(f"{where} must be an http or https URL.")
    return url


def _object(value: Any, where: str) -> JsonObject:
    if not isinstance(value, dict):
        refuse(f"{where} must be an object.")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value:
        refuse(f"{where} must be a non-empty string.")
    return value


def _optional_text(value: Any, where: str) -> str | None:
    return None if value is None else _text(value, where)
