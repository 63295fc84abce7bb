"""The configuration of a processor or a run of one version, as the other one shows it (Migration, extractors; SDK 0.2 and 1.x)."""

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_2026_02_09.requests import normalized

_OPTIONS = "advancedOptions"
_METHOD = "splitMethod"
_LOW_LATENCY, _BASIC_PRECISION = "low_latency", "basic_precision"
_CLASSES = ("classifications", "splitClassifications")
_OPTIONS_GONE = ("fixedPageLimit", "documentKind", "keyDefinitions", "advancedFigureParsingEnabled")
# The newer version alone has it. The base version belongs to it.
_NEW_BASE = "classification_standard"


def to_newer(config: JsonObject) -> JsonObject:
    """What a processor run shows, without its type; a schema lists all of its properties as required."""
    shown = {key: value for key, value in config.items() if key not in ("type", "parser", _OPTIONS)}
    if isinstance(config.get("parser"), dict):
        shown["parseConfig"] = config["parser"]
    if isinstance(config.get(_OPTIONS), dict):
        kept = {key: value for key, value in config[_OPTIONS].items() if key not in _OPTIONS_GONE}
        shown[_OPTIONS] = _with_method(kept, _LOW_LATENCY, _BASIC_PRECISION)
    if "schema" in shown:
        shown["schema"] = normalized(shown["schema"])
    for name in _CLASSES:
        if name in shown:
            # only here every class has a description
            shown[name] = [item | {"description": item.get("description") or ""} for item in shown[name]]
    return shown


def to_older(config: JsonObject, type_: str) -> JsonObject:
    """What an extract, classify or split run shows, with the type of its processor."""
    shown = {"type": type_} | {key: value for key, value in config.items() if key != "parseConfig"}
    if "parseConfig" in config:
        shown["parser"] = config["parseConfig"]
    if _OPTIONS in config:
        shown[_OPTIONS] = _with_method(config[_OPTIONS], _BASIC_PRECISION, _LOW_LATENCY)
    if shown.get("baseProcessor") == _NEW_BASE:
        del shown["baseProcessor"]
        shown.pop("baseVersion", None)
    return shown


def _with_method(options: JsonObject, was: str, now: str) -> JsonObject:
    return options | {_METHOD: now} if options.get(_METHOD) == was else options
