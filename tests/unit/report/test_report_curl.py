import subprocess
from collections.abc import Callable

import pytest

from batchproof.history import Exchange
from batchproof.report import curl

Make = Callable[..., Exchange]


def arguments(command: str, token: str = "sk_value") -> list[str]:
    """What a POSIX shell makes of the command."""
    script = 'curl() { for word in "$@"; do printf \'%s\\0\' "$word"; done; }\n' + command
    ran = subprocess.run(
        ["sh", "-c", script],
        env={"BATCHPROOF_TOKEN": token},
        capture_output=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    assert ran.stderr == b""
    return ran.stdout.decode().split("\0")[:-1]


def test_a_read(exchange: Make) -> None:
    command = curl(exchange(), "BATCHPROOF_TOKEN")
    assert '-H "authorization: Bearer $BATCHPROOF_TOKEN"' in command
    assert "host" not in command
    assert arguments(command) == [
        "-i",
        "--url",
        "http://127.0.0.1:8000/batch_runs/bpr_1",
        "-H",
        "authorization: Bearer sk_value",
    ]


def test_a_submission_with_a_body(exchange: Make) -> None:
    sent = exchange(
        method="POST", headers={"content-type": "application/json"}, body={"name": "it's $HOME", "n": None}
    )
    assert arguments(curl(sent, None))[1:] == [
        "-X",
        "POST",
        "--url",
        "http://127.0.0.1:8000/batch_runs/bpr_1",
        "-H",
        "content-type: application/json",
        "--data-raw",
        '{"name":"it\'s $HOME","n":null}',
    ]


def test_a_body_that_is_null_is_a_body(exchange: Make) -> None:
    assert arguments(curl(exchange(method="POST", headers={}, body=None), None))[-2:] == [
        "--data-raw",
        "null",
    ]


def test_a_body_that_is_not_json(exchange: Make) -> None:
    assert arguments(curl(exchange(method="POST", headers={}, text="{"), None))[-4:] == [
        "-H",
        "content-type:",
        "--data-raw",
        "{",
    ]


def test_a_long_body_is_pointed_to(exchange: Make) -> None:
    command = curl(exchange("x12", method="POST", body={"a": "b" * 2_000}), None)
    assert command.endswith("--data-binary @-  # body: exchange x12 in history.ndjson")
    assert arguments(command)[-2:] == ["--data-binary", "@-"]


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("$BATCHPROOF_TOKEN", "sk $v"),
        ("$BATCHPROOF_TOKEN_2", "$BATCHPROOF_TOKEN_2"),
        ("a$BATCHPROOF_TOKEN$(id)`id`!x\"'\\", "ask $v$(id)`id`!x\"'\\"),
        ("$HOME", "$HOME"),
        ("$BATCHPROOF_TOKEN$BATCHPROOF_TOKEN", "sk $vsk $v"),
    ],
)
def test_only_the_token_is_left_to_the_shell(exchange: Make, value: str, sent: str) -> None:
    command = curl(exchange(headers={"x-key": value}), "BATCHPROOF_TOKEN")
    assert arguments(command, token="sk $v")[-1] == f"x-key: {sent}"


def test_a_token_name_that_is_none_is_not_expanded(exchange: Make) -> None:
    command = curl(exchange(headers={"x-key": "$(id)"}), "(id)")
    assert arguments(command)[-1] == "x-key: $(id)"


def test_an_empty_header_is_sent_empty(exchange: Make) -> None:
    assert arguments(curl(exchange(headers={"x-key": ""}), None))[-1] == "x-key;"


def test_hostile_text_stays_one_argument(exchange: Make, hostile: str) -> None:
    sent = exchange(
        method="POST", url=f"-o{hostile}", headers={"x": hostile, f"@{hostile}": "y"}, body=hostile
    )
    command = curl(sent, "BATCHPROOF_TOKEN")
    assert command.replace("\n", "").isprintable()
    assert not any("@" in word and "y" in word for word in arguments(command) if word.startswith("@"))
    words = arguments(command)
    assert words[words.index("--url") + 1].startswith("-o")
    assert words.count("-H") == 2
