"""A configuration that cannot be used is refused with one line: file or option, key, remedy."""

import dataclasses
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.client import ConfigError, Options, Settings, Token, read_config, settle
from batchproof.client.config import ConfigFile, TargetSection
from batchproof.contract import Contract
from batchproof.contract.expected import Expected

TOML = """
[target]
contract = "acme/1"
base_url = "https://papers.test/v1/"
token_env = "MY_TOKEN"
headers = {x-tenant = "t-1", x-api-key = "k-secret-1"}

[fixtures]
batch_ids = ["b_1", "b_2"]
language = "en"
second_token_env = "OTHER_TOKEN"

[limits]
max_runs = 7
max_requests = 70
requests_per_second = 2.5
poll_interval_s = 0.5
poll_timeout_s = 9
request_timeout_s = 3
retry_wait_s = 12
max_body_mb = 2.5
workers = 3

[report]
output = "out"

[judge]
strict = true

[[expected]]
requirement = "status.enum"
reason = "known"
link = "https://issues.test/1"
until = 2026-12-31
"""
ENVIRONMENT = {
    "MY_TOKEN": "tok-1234567890",
    "OTHER_TOKEN": "tok-0987654321",
    "BATCHPROOF_TOKEN": "tok-default-1",
}


def settled(
    acme: Contract,
    folder: Path,
    toml: str = "",
    environment: Mapping[str, str] = ENVIRONMENT,
    **options: Any,
) -> Settings:
    file = folder / "batchproof.toml"
    file.write_text(toml, "utf-8")
    config, path = read_config(str(file))
    return settle(Options(**options), config, path, acme, environment)


def described(acme: Contract, folder: Path, toml: str = "", **about: Any) -> str:
    """The refusal, with the file as FILE."""
    with pytest.raises(ConfigError) as refused:
        settled(acme, folder, toml, **about)
    return str(refused.value).replace(str(folder / "batchproof.toml"), "FILE")


def test_every_key_of_the_file(acme: Contract, tmp_path: Path) -> None:
    settings = settled(acme, tmp_path, TOML)
    assert settings.token is not None
    assert (settings.token.name, settings.token.value) == ("MY_TOKEN", "tok-1234567890")
    others = {auth: (token.name, token.value) for auth, token in settings.other_tokens.items()}
    assert others == {"second": ("OTHER_TOKEN", "tok-0987654321")}
    plain = {
        name: getattr(settings, name)
        for name in Settings.__struct_fields__
        if name not in ("token", "other_tokens")
    }
    assert plain == {
        "contract": "acme/1",
        "base_url": "https://papers.test/v1",
        "headers": {"x-tenant": "t-1", "x-api-key": "k-secret-1"},
        "fixtures": {"batch_ids": ["b_1", "b_2"], "language": "en", "second_token_env": "OTHER_TOKEN"},
        "profile": "core",
        "seed": 0,
        "max_runs": 7,
        "max_requests": 70,
        "requests_per_second": 2.5,
        "poll_interval_s": 0.5,
        "poll_timeout_s": 9.0,
        "request_timeout_s": 3.0,
        "retry_wait_s": 12.0,
        "output": "out",
        "webhook": None,
        "webhook_timeout_s": 60.0,
        "max_body_mb": 2.5,
        "ca_file": None,
        "workers": 3,
        "claims": None,
        "hidden": {
            "BATCHPROOF_TOKEN": "tok-default-1",
            "HEADER_X_API_KEY": "k-secret-1",
        },
        "strict": True,
        "shard": None,
        "resume": False,
        "expected": (
            Expected(
                entry=f"{tmp_path / 'batchproof.toml'}: expected[0]",
                requirement="status.enum",
                reason="known",
                link="https://issues.test/1",
                until=date(2026, 12, 31),
            ),
        ),
    }


def test_command_line_comes_before_the_file(acme: Contract, tmp_path: Path) -> None:
    settings = settled(
        acme,
        tmp_path,
        TOML,
        target="http://other.test",
        token_env="OTHER_TOKEN",
        profile="full",
        max_runs=1,
        max_requests=2,
        seed=3,
        output="elsewhere",
    )
    assert settings.token is not None
    chosen = (settings.base_url, settings.token.name, settings.profile, settings.max_runs)
    assert chosen == ("http://other.test", "OTHER_TOKEN", "full", 1)
    assert (settings.max_requests, settings.seed, settings.output) == (2, 3, "elsewhere")


def test_zero_on_the_command_line_is_zero(acme: Contract, tmp_path: Path) -> None:
    assert settled(acme, tmp_path, TOML, max_runs=0).max_runs == 0


def test_server_may_process_nothing_unless_somebody_says_so(acme: Contract, tmp_path: Path) -> None:
    settings = settled(acme, tmp_path, target="http://papers.test")
    assert (settings.max_runs, settings.poll_interval_s, settings.poll_timeout_s) == (0, 2.0, 600.0)


def test_embedded_emulator_needs_no_token_and_costs_nothing(acme: Contract, tmp_path: Path) -> None:
    settings = settled(acme, tmp_path, environment={})
    assert (settings.base_url, settings.token) == (None, None)
    assert settings.max_runs >= 1_000


def test_contract_without_auth_needs_no_token(acme: Contract, tmp_path: Path) -> None:
    free = dataclasses.replace(acme, manifest=msgspec.structs.replace(acme.manifest, auth=None))
    assert settled(free, tmp_path, environment={}, target="http://papers.test").token is None


def test_token_from_a_file(acme: Contract, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(" tok-from-file \n", "utf-8")
    settings = settled(acme, tmp_path, target="http://papers.test", token_file=str(tmp_path / "token"))
    assert settings.token is not None
    assert settings.token.value == "tok-from-file"


def test_without_a_file_there_is_nothing_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config, path = read_config(None)
    assert (config.target.base_url, config.fixtures, path) == (None, {}, Path("batchproof.toml"))


def test_file_in_the_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "batchproof.toml").write_text(TOML, "utf-8")
    assert read_config(None)[0].target.base_url == "https://papers.test/v1/"


BROKEN = {
    "unknown-key": ('[target]\nbase = "x"', "FILE: target: unknown key 'base'; remove it"),
    "unknown-section": ("[targets]", "FILE: top level: unknown key 'targets'; remove it"),
    "wrong-type-of-a-text": ("[target]\nbase_url = 5", "FILE: target.base_url: expected a string"),
    "wrong-type-of-a-number": ('[limits]\nmax_runs = "5"', "FILE: limits.max_runs: expected a whole number"),
    "wrong-type-of-a-section": ("limits = 5", "FILE: limits: expected a table, got a whole number; correct"),
    "fraction": ("[limits]\nmax_requests = 1.5", "FILE: limits.max_requests: expected a whole number"),
    "negative": ("[limits]\nmax_runs = -1", "FILE: limits.max_runs: is negative; use zero or more"),
    "no-number": ("[limits]\npoll_timeout_s = nan", "FILE: limits.poll_timeout_s: is too large or no number"),
    "no-end": (
        "[limits]\nrequest_timeout_s = inf",
        "FILE: limits.request_timeout_s: is too large or no number",
    ),
    "no-end-of-webhooks": (
        "[webhooks]\ntimeout_s = inf",
        "FILE: webhooks.timeout_s: is too large or no number",
    ),
    "no-time": ("[limits]\nrequest_timeout_s = 0", "FILE: limits.request_timeout_s: is zero; use more"),
    "not-toml": ("[target", "FILE: is not TOML: "),
    "no-address": (
        '[target]\nbase_url = "papers.test"',
        "FILE: base_url: 'papers.test' is no address; begin with",
    ),
    "other-scheme": ('[target]\nbase_url = "ftp://x"', "FILE: base_url: 'ftp://x' is no address; begin with"),
    "unknown-fixture": (
        '[fixtures]\nfile_url = "x"',
        "FILE: fixtures.file_url: acme/1 knows no such fixture; use: batch_ids, document_ids, language",
    ),
    "text-for-a-list": (
        '[fixtures]\nbatch_ids = "b_1"',
        "FILE: fixtures.batch_ids: must be a list of strings",
    ),
    "list-for-a-text": ('[fixtures]\nlanguage = ["en"]', "FILE: fixtures.language: must be a string"),
    "env-that-is-not-set": (
        '[fixtures]\nsecond_token_env = "NOBODY"',
        "FILE: fixtures.second_token_env: the environment variable NOBODY is not set; set it or remove the key",
    ),
    "header-that-cannot-be-sent": (
        '[target]\nheaders = {x-name = "é"}',
        "FILE: target.headers.x-name: must be printable",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_is_refused_in_one_line(acme: Contract, tmp_path: Path, name: str) -> None:
    toml, expected = BROKEN[name]
    message = described(acme, tmp_path, toml)
    assert message[: len(expected)] == expected
    assert "\n" not in message


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        read_config(str(tmp_path / "gone.toml"))
    expected = f"{tmp_path / 'gone.toml'}: cannot be read (No such file or directory); give an existing file to --config"
    assert str(refused.value) == expected


@pytest.mark.parametrize("content", [b"\xff\xfe", b'a = "\x00'])
def test_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "batchproof.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"is not TOML: [^\n]+\Z"):
        read_config(str(file))


@pytest.mark.parametrize(
    ("toml", "options", "expected"),
    [
        ("", {}, None),
        ('[target]\nclaims = ["batches", "documents", "batches"]', {}, ("documents", "batches")),
        ('[target]\nclaims = ["nobody"]', {"claim": ("documents",)}, ("documents",)),
        ('[target]\nclaims = ["documents"]', {"claim": ()}, ("documents",)),
    ],
    ids=["none", "file", "command-line-over-file", "command-line-without"],
)
def test_claims_stand_in_the_order_of_the_contract(
    parted: Contract, tmp_path: Path, toml: str, options: dict[str, Any], expected: tuple[str, ...] | None
) -> None:
    assert settled(parted, tmp_path, toml, **options).claims == expected


BROKEN_CLAIMS = {
    "unknown-claim": (
        '[target]\nclaims = ["batches", "papers"]',
        "FILE: target.claims: acme/1 knows no capability 'papers'; use: documents, batches",
    ),
    "claims-of-nothing": (
        "[target]\nclaims = []",
        "FILE: target.claims: claims nothing, so nothing could be tested; use: documents, batches",
    ),
    "claims-that-nothing-can-be-asked-for": (
        '[target]\nclaims = ["batches"]',
        (
            "FILE: target.claims: batches alone leaves no read without an id, by which a server is looked for; "
            "claim one of these as well: documents"
        ),
    ),
}


@pytest.mark.parametrize("name", BROKEN_CLAIMS)
def test_broken_claims_are_refused_in_one_line(parted: Contract, tmp_path: Path, name: str) -> None:
    toml, expected = BROKEN_CLAIMS[name]
    assert described(parted, tmp_path, toml) == expected


def test_unknown_claim_on_the_command_line_is_refused(parted: Contract, tmp_path: Path) -> None:
    expected = "--claim: acme/1 knows no capability 'papers'; use: documents, batches"
    assert described(parted, tmp_path, claim=("papers",)) == expected


def test_unknown_profile_is_refused(acme: Contract, tmp_path: Path) -> None:
    expected = "--profile: 'all' is no profile; use one of: quick, core, full"
    assert described(acme, tmp_path, profile="all") == expected


@pytest.mark.parametrize("target", ["papers.test", "", "file:///tmp"])
def test_address_on_the_command_line_is_refused(acme: Contract, tmp_path: Path, target: str) -> None:
    expected = f"--target: base_url: {target!r} is no address; begin with http:// or https://"
    assert described(acme, tmp_path, target=target) == expected


def test_missing_token_is_refused(acme: Contract, tmp_path: Path) -> None:
    hint = "is not set; put the token there, or name another with --token-env"
    server = "http://papers.test"
    assert [
        described(acme, tmp_path, environment={}, target=server),
        described(acme, tmp_path, environment={"NAMED": ""}, target=server, token_env="NAMED"),
        described(acme, tmp_path, '[target]\ntoken_env = "MINE"', environment={}, target=server),
    ] == [
        f"--target: the environment variable BATCHPROOF_TOKEN {hint}",
        f"--token-env: the environment variable NAMED {hint}",
        f"FILE: the environment variable MINE {hint}",
    ]


@pytest.mark.parametrize("value", ["two\nlines", "umläut-token", "tab\ttoken"])
def test_token_that_cannot_be_sent_is_refused_and_not_shown(
    acme: Contract, tmp_path: Path, value: str
) -> None:
    environment = {"BATCHPROOF_TOKEN": value}
    message = described(acme, tmp_path, environment=environment, target="http://papers.test")
    assert message == "$BATCHPROOF_TOKEN: does not hold a token; it must be one line of printable ASCII"


def test_token_file_that_cannot_be_used_is_refused(acme: Contract, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", "utf-8")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    messages = [
        described(acme, tmp_path, target="http://papers.test", token_file=str(tmp_path / name))
        for name in ("gone", "empty", "binary")
    ]
    assert messages == [
        f"{tmp_path / 'gone'}: the token file cannot be read; give a readable file",
        f"{tmp_path / 'empty'}: does not hold a token; it must be one line of printable ASCII",
        f"{tmp_path / 'binary'}: the token file cannot be read; give a readable file",
    ]


def test_no_repr_shows_a_token(acme: Contract, tmp_path: Path, build: ModuleType, make_target: Any) -> None:
    settings = settled(acme, tmp_path, TOML)
    target = make_target(lambda _request: None)
    shown = [repr(Token("A", "tok-1234567890")), repr(settings), repr(target), str(settings.token)]
    assert shown[0] == "Token($A)"
    secrets = ("tok-1234567890", "tok-0987654321", build.TOKEN)
    assert [text for text in shown if any(secret in text for secret in secrets)] == []


def test_secrets_of_a_run(acme: Contract, tmp_path: Path) -> None:
    assert settled(acme, tmp_path, TOML).secrets == {
        "MY_TOKEN": "tok-1234567890",
        "OTHER_TOKEN": "tok-0987654321",
        "BATCHPROOF_TOKEN": "tok-default-1",
        "HEADER_X_API_KEY": "k-secret-1",
    }


def test_variables_that_usually_hold_secrets_are_secret_though_nothing_is_asked_of_them(
    acme: Contract, tmp_path: Path
) -> None:
    environment = {
        **ENVIRONMENT,
        "BATCHPROOF_TOKEN": "tok_unused_1",
        "BATCHPROOF_WEBHOOK_SECRET": "wss_unused_1",
    }
    secrets = settled(acme, tmp_path, TOML, environment).secrets
    assert secrets.items() >= {
        ("BATCHPROOF_TOKEN", "tok_unused_1"),
        ("BATCHPROOF_WEBHOOK_SECRET", "wss_unused_1"),
    }
    assert settled(acme, tmp_path, "", environment).secrets == {}


@pytest.mark.parametrize("address", ["http://[::1", "http://h\n", "http://", "ftp://h", "http://user:pw@h"])
def test_address_that_cannot_be_used(acme: Contract, address: str) -> None:
    with pytest.raises(ConfigError, match="--target: base_url") as refused:
        settle(Options(target=address), ConfigFile(), Path("x"), acme, {"BATCHPROOF_TOKEN": "tok_config_1"})
    assert "pw" not in str(refused.value)


def test_repr_of_settings_shows_no_header(acme: Contract) -> None:
    file = ConfigFile(target=TargetSection(headers={"x-api-key": "canary_5b1d"}))
    settings = settle(Options(target="http://h"), file, Path("x"), acme, {"BATCHPROOF_TOKEN": "tok_config_1"})
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(("profile", "given", "seeds"), [("core", None, {0}), ("full", 7, {7})])
def test_seed_is_the_given_one_or_zero(
    acme: Contract, tmp_path: Path, profile: str, given: int | None, seeds: set[int]
) -> None:
    options = Options(profile=profile, seed=given)
    assert {settle(options, ConfigFile(), tmp_path, acme, {}).seed for _ in range(3)} == seeds


def test_profile_full_looks_somewhere_else_each_time(acme: Contract, tmp_path: Path) -> None:
    options = Options(profile="full")
    assert len({settle(options, ConfigFile(), tmp_path, acme, {}).seed for _ in range(8)}) > 1
