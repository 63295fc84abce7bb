"""Signatures whose name and value are two values of JSON, or stand side by side in a text."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from batchproof.history import Exchange, Redactor, Response

SIGNATURE = "9f2c41d07be85a6600d1e3c7aa52f4b8"
GONE = "(signature)"
NAMES = ("X-Amz-Signature", "x-amz-credential", "X-Goog-Signature", "Key-Pair-Id", "AWSAccessKeyId")


def clean(value: Any) -> Any:
    return Redactor({"MY_TOKEN": "tok_1234567890"}).json(value)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "shape",
    [
        lambda name, value: [{"name": name, "value": value}],
        lambda name, value: {"value": value, "name": name},
        lambda name, value: {"Key": name, "Value": value, "type": "text"},
        lambda name, value: {"headers": [["host", "files.test"], [name, value]]},
        lambda name, value: {"rawHeaders": ["Host", "files.test", name, value]},
        lambda name, value: {"fields": {"field": name, "values": [value]}},
        lambda name, value: [[name, value]],
    ],
)
def test_signature_beside_its_name_is_masked(shape: Callable[[str, str], Any], name: str) -> None:
    assert clean(shape(name, SIGNATURE)) == (
        {"fields": {"field": name, "values": [GONE]}}
        if "fields" in shape(name, SIGNATURE)
        else shape(name, GONE)
    )
    # as a text that holds JSON, once or twice
    for text in (json.dumps(shape(name, SIGNATURE)), json.dumps(json.dumps(shape(name, SIGNATURE)))):
        masked = clean({"log": text})["log"]
        assert (SIGNATURE in masked, name in masked) == (False, True)


def test_what_belongs_to_a_signature_goes_with_it() -> None:
    form = {"policy": "eyJleHBpcmF0aW9uIjoi", "x-amz-date": "20260101T000000Z", "key": "a.pdf"}
    assert clean([{"name": name, "value": value} for name, value in form.items()]) == [
        {"name": "policy", "value": GONE},
        {"name": "x-amz-date", "value": GONE},
        {"name": "key", "value": "a.pdf"},
    ]
    assert clean([[name, value] for name, value in form.items()]) == [
        ["policy", GONE],
        ["x-amz-date", GONE],
        ["key", "a.pdf"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        f'<input type="hidden" name="X-Amz-Signature" value="{SIGNATURE}">',
        f"<input value='{SIGNATURE}' name='X-Amz-Signature'>",
        f"%7B%22name%22%3A%22X-Amz-Signature%22%2C%22value%22%3A%22{SIGNATURE}%22%7D",
    ],
)
def test_signature_in_a_form_is_masked(text: str) -> None:
    assert SIGNATURE not in Redactor({}).text(text)


@pytest.mark.parametrize(
    "value",
    [
        [{"name": "policy", "value": "net 30"}, {"name": "token", "value": "a token of gratitude"}],
        [["policy", "net 30"], ["signature", "J. Doe, with a blue pen"]],
        {"name": "signature", "value": "J. Doe, with a blue pen"},
        {"name": "X-Amz-Signature", "in": "query", "description": "a parameter of other people's addresses"},
        ["X-Amz-Date", "host", "X-Amz-SignedHeaders", "X-Amz-Security-Token", "content-type"],
        {"signed": "x-amz-date;host", "value": 4, "name": "total"},
        {"about": 'send "X-Amz-Date" and "X-Amz-Content-Sha256" with it', "value": "as it is"},
    ],
)
def test_ordinary_names_and_values_stay(value: Any) -> None:
    assert clean(value) == value
    assert clean({"log": json.dumps(value)}) == {"log": json.dumps(value)}


def test_history_holds_no_signature_beside_its_name(build: Any, write_history: Callable[..., Path]) -> None:
    form = {
        "upload": {
            "fields": [{"name": "X-Amz-Signature", "value": SIGNATURE}, ["X-Amz-Signature", SIGNATURE]]
        }
    }
    sent: Exchange = build.exchange("get_batch", 1.0, body=form)
    described = msgspec.structs.replace(sent, response=Response(status=200, text=json.dumps(form)))
    written = write_history([build.header(), sent, described]).read_text()
    assert (SIGNATURE in written, written.count(GONE)) == (False, 4)
