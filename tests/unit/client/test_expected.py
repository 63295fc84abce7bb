"""Entries of expected findings: what cannot be meant is refused with one line."""

from pathlib import Path
from typing import Any

import pytest

from batchproof.client import ConfigError, Options, Settings, read_config, settle
from batchproof.contract import Contract

KNOWN = '[[expected]]\nrequirement = "status.enum"\nreason = "known"\n'


def settled(acme: Contract, folder: Path, toml: str = "", **options: Any) -> Settings:
    file = folder / "batchproof.toml"
    file.write_text(toml, "utf-8")
    config, path = read_config(str(file))
    return settle(Options(**options), config, path, acme, {})


@pytest.mark.parametrize(
    ("toml", "given", "strict"),
    [("", None, False), ("", True, True), ("[judge]\nstrict = true", None, True), ("[judge]", None, False)],
)
def test_bar_is_strict_where_somebody_says_so(
    acme: Contract, tmp_path: Path, toml: str, given: bool | None, strict: bool
) -> None:
    assert settled(acme, tmp_path, toml, strict_bar=given).strict is strict


def test_file_of_its_own_takes_the_place_of_the_configuration(acme: Contract, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[expected]]\nfingerprint = "00112233aabbccdd"\nreason = "other"\n')
    (entry,) = settled(acme, tmp_path, KNOWN, expected=str(own)).expected
    described = (entry.entry, entry.requirement, entry.fingerprint, entry.about, entry.reason)
    assert described == (f"{own}: expected[0]", None, "00112233aabbccdd", "00112233aabbccdd", "other")


def test_empty_file_of_its_own_expects_nothing(acme: Contract, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("")
    assert settled(acme, tmp_path, KNOWN, expected=str(own)).expected == ()


def entry(**keys: str) -> str:
    return "[[expected]]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())


BROKEN = {
    "no-reason": (entry(requirement='"status.enum"'), "FILE: expected[0]: has no reason; give one"),
    "empty-reason": (
        entry(requirement='"status.enum"', reason='" "'),
        "FILE: expected[0].reason: is empty; say why the finding is expected",
    ),
    "neither": (
        entry(reason='"x"'),
        "FILE: expected[0]: has neither requirement nor fingerprint; give exactly one of them",
    ),
    "both": (
        KNOWN + entry(requirement='"batch.id"', fingerprint='"00112233aabbccdd"', reason='"x"'),
        "FILE: expected[1]: has both requirement and fingerprint; give exactly one of them",
    ),
    "unknown-requirement": (
        entry(requirement='"status.enun"', reason='"x"'),
        (
            "FILE: expected[0].requirement: acme/1 has no requirement 'status.enun'; near: status.enum, status.type, "
            "status.order; for another contract, give a file to --expected"
        ),
    ),
    "requirement-like-no-other": (
        entry(requirement='"zzz"', reason='"x"'),
        (
            "FILE: expected[0].requirement: acme/1 has no requirement 'zzz'; batchproof requirements lists them; "
            "for another contract, give a file to --expected"
        ),
    ),
    "no-fingerprint": (
        entry(fingerprint='"00112233AABBCCDD"', reason='"x"'),
        (
            "FILE: expected[0].fingerprint: '00112233AABBCCDD' is no fingerprint; take the 16 hexadecimal digits from "
            "results.json"
        ),
    ),
    "unknown-key": (
        entry(requirement='"status.enum"', reason='"x"', owner='"me"'),
        "FILE: expected[0]: unknown key 'owner'; remove it or see the README for the keys",
    ),
    "text-for-a-date": (
        entry(requirement='"status.enum"', reason='"x"', until='"2026-12-31"'),
        "FILE: expected[0].until: expected a date without quotes, as in 2026-12-31, got a string; correct the value",
    ),
    "moment-for-a-date": (
        entry(requirement='"status.enum"', reason='"x"', until="2026-12-31T00:00:00Z"),
        (
            "FILE: expected[0].until: expected a date without quotes, as in 2026-12-31, got a date with a time; "
            "correct the value"
        ),
    ),
    "table": ("[expected]\n", "FILE: expected: expected a list, got a table; correct the value"),
    "twice": (
        KNOWN + KNOWN,
        "FILE: expected[1]: names status.enum as expected[0] does; remove one of them",
    ),
}


@pytest.mark.parametrize("place", ["configuration", "own"])
@pytest.mark.parametrize("name", BROKEN)
def test_entry_that_cannot_be_meant_is_refused_in_one_line(
    acme: Contract, tmp_path: Path, name: str, place: str
) -> None:
    toml, expected = BROKEN[name]
    own = tmp_path / "own.toml"
    own.write_text(toml, "utf-8")
    given = {"expected": str(own)} if place == "own" else {"toml": toml}
    with pytest.raises(ConfigError) as refused:
        settled(acme, tmp_path, **given)
    file = own if place == "own" else tmp_path / "batchproof.toml"
    assert str(refused.value).replace(str(file), "FILE") == expected


@pytest.mark.parametrize(
    ("content", "described"),
    [
        (None, "cannot be read (No such file or directory); give an existing file to --expected"),
        ("[target]\n", "top level: unknown key 'target'; remove it or see the README for the keys"),
        ("[[", "is not TOML: "),
    ],
)
def test_file_of_its_own_that_cannot_be_used(
    acme: Contract, tmp_path: Path, content: str | None, described: str
) -> None:
    own = tmp_path / "own.toml"
    if content is not None:
        own.write_text(content)
    with pytest.raises(ConfigError) as refused:
        settled(acme, tmp_path, expected=str(own))
    assert str(refused.value).startswith(f"{own}: {described}")
