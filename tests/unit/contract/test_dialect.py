"""Schemas keep to what every validator understands alike."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import ContractError, load_contract
from batchproof.contract.dialect import check_dialect
from batchproof.contract.shapes import DIALECT

NO_KEYWORD = (
    "is no keyword that is used here, so it would check nothing; annotations of your own begin with x-"
)
AT_THE_ROOT = "stands at the root of a file only; refer to parts by file name and JSON Pointer"
FORMATS = (
    "is not checked alike by all validators; use one of date, date-time, ipv4, ipv6, uri, uuid, or a pattern"
)


def refused(build: ModuleType, folder: Path, schema: dict[str, Any]) -> str:
    shapes = build.shapes(folder, schema)
    return str(next(check_dialect(folder, shapes)).error())


@pytest.mark.parametrize(
    ("pattern", "culprit"),
    [
        (r"^\d+", r"\d"),
        (r"^[\w-]+", r"\w"),
        (r"^a\sb", r"\s"),
        (r"\[\s\S]", r"\s"),
        (r"\bword", r"\b"),
        (r"\p{Lu}", r"\p"),
        (r"\Aab", r"\A"),
        (r"ab\Z", r"\Z"),
        (r"(?i)ab", "(?i"),
        (r"(?P<year>[0-9])", "(?P"),
        (r"(?<year>[0-9])", "(?<y"),
        ("^ab$", "$"),
        ("^(?:a$|b)", "$"),
    ],
)
@pytest.mark.parametrize("place", ["pattern", "patternProperties"])
def test_pattern_that_validators_read_differently(
    build: ModuleType, tmp_path: Path, pattern: str, culprit: str, place: str
) -> None:
    schema = {place: pattern if place == "pattern" else {"^x": {}, pattern: {}}}
    described = refused(build, tmp_path, {"properties": {"a": schema}})
    remedy = (
        "which some validators let match before a last line break; write (?![\\s\\S])"
        if culprit == "$"
        else "which validators read differently; write the characters out, like [0-9]"
    )
    file = tmp_path / "resources/body.json"
    assert described == f"{file}: /properties/a/{place}: {pattern!r} uses {culprit}, {remedy}"


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[0-9]{4}(?![\s\S])",
        r"([\s\S]?P)[\S\s]",
        r"[$]",
        r"a\$b",
        r"[^\]$]",
        r"^(?:a|b)",
        r"(?=a)(?!b)",
        r"(?<=a)b",
        r"\\d",
        r"\u0041",
    ],
)
def test_pattern_that_all_validators_read_alike(build: ModuleType, tmp_path: Path, pattern: str) -> None:
    assert list(check_dialect(tmp_path, build.shapes(tmp_path, {"pattern": pattern}))) == []


@pytest.mark.parametrize(
    ("schema", "at", "described"),
    [
        ({"items": {"requried": ["id"]}}, "/items/requried", NO_KEYWORD),
        ({"nullable": True}, "/nullable", NO_KEYWORD),
        ({"definitions": {}}, "/definitions", NO_KEYWORD),
        ({"$anchor": "here"}, "/$anchor", NO_KEYWORD),
        ({"$defs": {"a": {"$id": "https://a.test/b"}}}, "/$defs/a/$id", AT_THE_ROOT),
        ({"items": {"$schema": DIALECT}}, "/items/$schema", AT_THE_ROOT),
        ({"format": "datetime"}, "/format", f"'datetime' {FORMATS}"),
        ({"format": "email"}, "/format", f"'email' {FORMATS}"),
        (
            {"multipleOf": 0.01},
            "/multipleOf",
            "0.01 is a fraction, and fractions are not exact; use whole numbers",
        ),
        (
            {"pattern": "^(a"},
            "/pattern",
            "'^(a' is no regular expression for all validators: missing ), unterminated subpattern at position 1",
        ),
        (
            {"pattern": "[[b]"},
            "/pattern",
            "'[[b]' is no regular expression for all validators: Possible nested set at position 1",
        ),
    ],
)
def test_keyword_that_is_not_understood_alike(
    build: ModuleType, tmp_path: Path, schema: dict[str, Any], at: str, described: str
) -> None:
    assert refused(build, tmp_path, schema) == f"{tmp_path / 'resources/body.json'}: {at}: {described}"


@pytest.mark.parametrize(
    "schema", [{"x-note": {"nullable": True}}, {"multipleOf": 5}, {"const": {"$id": "a"}}]
)
def test_what_stays_allowed(build: ModuleType, tmp_path: Path, schema: dict[str, Any]) -> None:
    assert list(check_dialect(tmp_path, build.shapes(tmp_path, schema))) == []


def test_loader_refuses_it(build: ModuleType, tmp_path: Path) -> None:
    folder = build.copy_of_acme(tmp_path)
    file = folder / "requests" / "list_documents.json"
    file.write_text(file.read_text().replace('"type": "object"', '"type": "object", "minProprties": 1', 1))
    with pytest.raises(ContractError, match=r"list_documents\.json: /minProprties: is no keyword"):
        load_contract(str(folder))
