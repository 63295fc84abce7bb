"""A secret that is too plain to be kept out of reports is refused before anything is sent, and no other is."""

import base64
import random
import string
import uuid
from collections.abc import Mapping
from pathlib import Path

import pytest

from batchproof.client import ConfigError, Options, Settings, settle
from batchproof.client.config import ConfigFile, TargetSection
from batchproof.client.plainness import why_plain
from batchproof.client.webhooks import WebhooksSection
from batchproof.contract import Contract, load_contract

TOKEN = "tok-1234567890"
REMEDY = "so it cannot be kept out of reports without taking other text with it; use another one"
SHORT = f"is shorter than 8 characters, {REMEDY}"
MONOTONOUS = f"has fewer than 4 different characters, {REMEDY}"
WORD = f"stands in the contract or in every report, {REMEDY}"
# as vendors write them, and as people do who try something on their own machine
REAL = (
    "sk_test_51H8xQ2eZvKYlo2C",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "wss_1c4d9a0b",
    "changeme",
    "dev-token",
    "secret-token",
    "letmein1",
)


@pytest.fixture(scope="module")
def extend() -> Contract:
    return load_contract("extend/2026-02-09")


def settled(
    contract: Contract,
    environment: Mapping[str, str],
    file: ConfigFile | None = None,
) -> Settings:
    return settle(
        Options(target="https://papers.test"),
        file or ConfigFile(),
        Path("batchproof.toml"),
        contract,
        {"BATCHPROOF_TOKEN": TOKEN, **environment},
    )


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("PROCESSED", WORD),
        ("processor", WORD),
        ("Authorization", WORD),
        ("application/json", WORD),
        ("requirement", WORD),
        # a part of the name of a scenario
        ("test_batch", WORD),
        ("true", SHORT),
        ("abc", SHORT),
        ("hunter2", SHORT),
        ("--------", MONOTONOUS),
        ("0000000000", MONOTONOUS),
    ],
)
def test_plain_token_is_refused(extend: Contract, token: str, why: str) -> None:
    with pytest.raises(ConfigError) as refused:
        settled(extend, {"BATCHPROOF_TOKEN": token})
    assert str(refused.value) == f"$BATCHPROOF_TOKEN: holds a secret that {why}"


def test_every_other_secret_that_is_given_is_refused_by_name(extend: Contract, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("PROCESSED\n")
    described = []
    for environment, file in (
        ({"SECOND": "PENDING"}, ConfigFile(fixtures={"second_token_env": "SECOND"})),
        (
            {"BATCHPROOF_WEBHOOK_SECRET": "signature"},
            ConfigFile(webhooks=WebhooksSection(url="http://127.0.0.1:9/hook")),
        ),
        ({}, ConfigFile(target=TargetSection(token_file=str(tmp_path / "token")))),
        ({}, ConfigFile(target=TargetSection(headers={"X-Api-Key": "processed"}))),
    ):
        with pytest.raises(ConfigError) as refused:
            settled(extend, environment, file)
        described.append(str(refused.value))
    assert described == [
        f"$SECOND: holds a secret that {SHORT}",
        f"$BATCHPROOF_WEBHOOK_SECRET: holds a secret that {WORD}",
        f"{tmp_path / 'token'}: holds a secret that {WORD}",
        f"batchproof.toml: target.headers.X-Api-Key: is a secret that {WORD}",
    ]


@pytest.mark.parametrize("contract", ["extend/2026-02-09", "extend/2025-04-21", "talonic/v1"])
def test_no_real_secret_is_refused(contract: str) -> None:
    loaded = load_contract(contract)
    letters = string.ascii_letters + string.digits
    chosen = random.Random(13)
    made = [
        make()
        for _ in range(300)
        for make in (
            lambda: "".join(chosen.choices(letters, k=8)),
            lambda: chosen.randbytes(8).hex(),
            lambda: base64.urlsafe_b64encode(chosen.randbytes(16)).decode(),
            lambda: str(uuid.UUID(bytes=chosen.randbytes(16))),
        )
    ]
    assert [secret for secret in (*REAL, *made) if why_plain(secret, loaded) is not None] == []


def test_ordinary_header_is_no_secret(extend: Contract) -> None:
    headers = {"X-Debug": "true", "X-Year": "2026", "X-Mode": "PROCESSED", "X-Tenant": "hunter2"}
    hidden = settled(extend, {}, ConfigFile(target=TargetSection(headers=headers))).hidden
    assert hidden == {"HEADER_X_TENANT": "hunter2", "BATCHPROOF_TOKEN": TOKEN}


def test_words_in_the_environment_that_a_run_does_not_use_are_left_alone(extend: Contract) -> None:
    environment = {
        "BATCHPROOF_WEBHOOK_SECRET": "PROCESSED",
        "HTTPS_PROXY": "http://user:processor@proxy.test:80",
    }
    assert settled(extend, environment).secrets == {"BATCHPROOF_TOKEN": TOKEN}
