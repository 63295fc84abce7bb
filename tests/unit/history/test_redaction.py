"""No secret survives in a history, however it is spelled and wherever it stands; nothing else changes."""

import base64
import binascii
import html
import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from batchproof.history import Exchange, Failure, Header, Redactor, Request, Response, Unmet, has_body
from batchproof.history.events import to_json

KIND = "protocol"

PRINTABLE = "".join(map(chr, range(33, 127)))
secrets = st.text(PRINTABLE, min_size=8, max_size=24)
# letters that no spelling of a secret has, so that neighbours never make a secret of their own
neighbours = st.text("éøß漢 ", max_size=3)
raw_neighbours = st.binary(max_size=4)
spellings: dict[str, Callable[[str, bytes, bytes], str]] = {
    "plain": lambda secret, _before, _after: secret,
    "percent": lambda secret, _before, _after: quote(secret, safe=""),
    "percent-in-lower-case": lambda secret, _before, _after: re.sub(
        "%..", lambda match: match.group().lower(), quote(secret, safe="")
    ),
    "percent-path": lambda secret, _before, _after: quote(secret),
    "form": lambda secret, _before, _after: quote_plus(secret),
    "hex": lambda secret, _before, _after: secret.encode().hex(),
    "hex-in-capitals": lambda secret, _before, _after: secret.encode().hex().upper(),
    "base64": lambda secret, before, after: base64.b64encode(before + secret.encode() + after).decode(),
    "base64-for-urls": lambda secret, before, after: base64.urlsafe_b64encode(
        before + secret.encode() + after
    ).decode(),
    "percent-twice": lambda secret, _before, _after: quote(quote(secret, safe=""), safe=""),
    "percent-of-each-byte": lambda secret, _before, _after: "".join(
        f"%{byte:02x}" for byte in secret.encode()
    ),
    "html": lambda secret, _before, _after: html.escape(secret),
    "html-twice": lambda secret, _before, _after: html.escape(html.escape(secret)),
    "html-numbers": lambda secret, _before, _after: "".join(f"&#{ord(letter)};" for letter in secret),
    "html-numbers-in-hex": lambda secret, _before, _after: "".join(
        f"&#x{ord(letter):X};" for letter in secret
    ),
    "json-twice": lambda secret, _before, _after: json.dumps(json.dumps(secret)),
    "json-of-each-letter": lambda secret, _before, _after: "".join(
        f"\\u{ord(letter):04X}" for letter in secret
    ),
    "base32": lambda secret, before, after: base64.b32encode(before + secret.encode() + after).decode(),
    "mixed": lambda secret, _before, _after: "".join(
        (letter, f"%25{ord(letter):02x}", f"&#{ord(letter)};", f"\\u{ord(letter):04x}")[number % 4]
        for number, letter in enumerate(secret)
    ),
    "percent-of-json": lambda secret, _before, _after: quote(
        "".join(f"\\u{ord(letter):04x}" for letter in secret), safe=""
    ),
    "basic": lambda secret, _before, _after: "Basic " + base64.b64encode(f"user:{secret}".encode()).decode(),
}


def reveals(text: str, secret: str) -> bool:
    """Whether ``text`` holds the secret in any spelling. It shares no code with the redactor."""
    plain = secret.encode()
    bare = text
    for _ in range(4):
        bare = re.sub(
            r"\\+u([0-9A-Fa-f]{4})", lambda match: chr(int(match.group(1), 16)), html.unescape(unquote(bare))
        )
        if secret in bare or secret in re.sub(r"\\+([\"\\])", r"\1", bare):
            return True
    for run in re.findall("[A-Z2-7]{8,}", text):
        for skipped in range(8):
            whole = run[skipped:] + "=" * (-len(run[skipped:]) % 8)
            with suppress(binascii.Error):
                if plain in base64.b32decode(whole):
                    return True
    if secret in unquote(text) or secret in unquote_plus(text) or plain.hex() in text.lower():
        return True
    for run in re.findall(r"[A-Za-z0-9+/_-]{8,}", text):
        for skipped in range(4):
            whole = run[skipped:].replace("-", "+").replace("_", "/")
            if plain in base64.b64decode(whole + "A" * (-len(whole) % 4)):
                return True
    return secret in text


def in_every_place(text: str) -> list[Any]:
    """Events that hold ``text`` wherever a server or a scenario can put it."""
    return [
        Header(
            suite="0",
            contract="acme/1",
            profile="core",
            seed=0,
            started_at="2026-01-01T00:00:00Z",
            target=text,
        ),
        Exchange(
            id="x1",
            scenario="test",
            operation="get_batch",
            start=0.0,
            end=1.0,
            request=Request(
                method="GET",
                url=f"http://papers.test/{text}?a={text}",
                path={"id": text},
                query=[(text, text)],
                headers={"x-trace": text, "Authorization": f"Bearer {text}"},
                body={text: [text, {"deep": text}], "kept": 1},
                text=text,
            ),
            response=Response(
                status=200,
                headers={"set-cookie": text, "location": text},
                body=[None, True, 1.5, {"echo": text, text: {text: text}}],
                text=text,
            ),
            failure=Failure(kind=KIND, message=text),
        ),
        Unmet(scenario="test", reason="target_error", detail=text, operations=[]),
    ]


@pytest.mark.parametrize("spelling", spellings)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    secret=secrets,
    around=st.tuples(neighbours, neighbours),
    bytes_around=st.tuples(raw_neighbours, raw_neighbours),
)
def test_no_spelling_of_a_secret_survives_in_a_file(
    write_history: Callable[..., Path],
    spelling: str,
    secret: str,
    around: tuple[str, str],
    bytes_around: tuple[bytes, bytes],
) -> None:
    # the kind of a failure is one of a few names of our own, and so are those that the file itself needs
    assume(not reveals(KIND, secret) and not any(secret in name for name in needed()))
    # which backslash is the secret's and which escapes it, only a real reader can tell
    assume(not ("\\" in secret and spelling in ("json-twice", "mixed", "percent-of-json")))
    # and the same of percent signs
    assume(not (spelling.startswith("html") and re.search("%[0-9A-Fa-f]{2}", secret)))
    embedded = around[0] + spellings[spelling](secret, *bytes_around) + around[1]
    file = write_history(in_every_place(embedded), {"MY_TOKEN": secret}, footer=False)
    assert reveals(embedded, secret)
    for line in file.read_text("ascii").splitlines():
        texts = list(strings(json.loads(line)))
        # a name that the file itself needs may be a part of a secret, but not the whole of it
        assert [text for text in texts if reveals(text, secret)] == []
    file.unlink()


@cache
def needed() -> set[str]:
    """The names and values that are in every history."""
    return {text for event in in_every_place("") for text in strings(to_json(event))}


def strings(value: Any) -> Any:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield key
            yield from strings(child)
    elif isinstance(value, list):
        for child in value:
            yield from strings(child)


# no letter that a secret, its hexadecimal or its base64 could be made of
harmless = st.text("éøß漢 ", max_size=6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | harmless,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(harmless, inner, max_size=4),
    max_leaves=12,
)


@given(secret=secrets, value=json_values)
def test_the_rest_of_a_body_stays_as_it_was(secret: str, value: Any) -> None:
    redactor = Redactor({"MY_TOKEN": secret})
    assert redactor.json(value) == value
    assert redactor.json([value, secret, value]) == [value, "$MY_TOKEN", value]
    assert redactor.json({"é": secret, secret: value}) == {"é": "$MY_TOKEN", "$MY_TOKEN": value}


@given(secret=secrets)
def test_each_secret_is_replaced_by_its_own_name(secret: str) -> None:
    redactor = Redactor({"ONE": secret, "OTHER": f"{secret}+more"})
    assert [redactor.text(f"é{value}é") for value in (secret, f"{secret}+more")] == ["é$ONEé", "é$OTHERé"]


def test_secret_inside_a_word_is_replaced() -> None:
    assert Redactor({"T": "s3cret-value"}).text("xs3cret-valuey S3CRET-VALUE") == "x$Ty $T"


def test_empty_and_very_short_secrets_are_ignored() -> None:
    assert Redactor({"A": "", "B": "a", "C": "abc"}).text("a and abc") == "a and abc"


def test_no_secrets_no_change() -> None:
    assert Redactor({}).json({"a": ["b"]}) == {"a": ["b"]}


@pytest.mark.parametrize(
    "name", ["Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "Proxy-Authorization"]
)
def test_header_of_credentials_shows_nothing_that_is_not_known(name: str) -> None:
    redactor = Redactor({"T": "s3cret-value"})
    assert redactor.headers({name: "other-credential"}) == {name.lower(): "[redacted]"}
    assert redactor.headers({name: "Bearer s3cret-value"}) == {name.lower(): "Bearer $T"}


def test_name_of_a_header_may_be_a_secret() -> None:
    headers = {"X-sk_live_4242": "1", "cookie": "a"}
    assert Redactor({"TOKEN": "sk_live_4242"}).headers(headers) == {"x-$TOKEN": "1", "cookie": "[redacted]"}


def test_other_headers_are_kept() -> None:
    assert Redactor({"T": "s3cret-value"}).headers({"Retry-After": "1"}) == {"retry-after": "1"}


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        (
            "https://files.test/a.pdf?X-Amz-Date=20260101T000000Z&X-Amz-Signature=abc123&part=2",
            "https://files.test/a.pdf?X-Amz-Date=(signature)&X-Amz-Signature=(signature)&part=2",
        ),
        ("https://files.test/a?sig=a%2Fb%3D", "https://files.test/a?sig=(signature)"),
        ("https://f.test/a?x-goog-signature=ff&y=1", "https://f.test/a?x-goog-signature=(signature)&y=1"),
        ("see https://f.test/?Signature=abc and more", "see https://f.test/?Signature=(signature) and more"),
        (
            "https://f.test/?Policy=p&Key-Pair-Id=k",
            "https://f.test/?Policy=(signature)&Key-Pair-Id=(signature)",
        ),
        ("https://f.test/?page=2&sign=no", "https://f.test/?page=2&sign=no"),
        ("signature=abc", "signature=abc"),
        ("%3FX-Amz-Signature%3Dabc%26part%3D2", "%3FX-Amz-Signature%3D(signature)%26part%3D2"),
        ("%253Fsig%253Dabc%2526part=2", "%253Fsig%253D(signature)%2526part=2"),
        ("a?x=1&amp;X%2DAmz%2DSignature=abc&amp;y", "a?x=1&amp;X%2DAmz%2DSignature=(signature)&amp;y"),
        (r"a?x=1\u0026sig\u003dabc\u0026y", r"a?x=1\u0026sig\u003d(signature)\u0026y"),
        ('{"X-Amz-Signature": "abc"}', '{"X-Amz-Signature": "(signature)"}'),
        (r"{\"x-goog-credential\":\"abc\"}", r"{\"x-goog-credential\":\"(signature)\"}"),
    ],
)
def test_signatures_of_addresses_are_masked(address: str, masked: str) -> None:
    assert Redactor({}).text(address) == masked
    assert Redactor({}).json({"url": [address]}) == {"url": [masked]}


SIGNED = "https://files.test/a.pdf?part=2&X-Amz-Signature=abc123def456"


@pytest.mark.parametrize(
    "written",
    [
        "".join(f"%{ord(letter):02X}" for letter in SIGNED),
        "".join(f"&#{ord(letter)};" for letter in SIGNED),
        "".join(f"&#x{ord(letter):x};" for letter in SIGNED),
        "".join(f"\\u{ord(letter):04x}" for letter in SIGNED),
        SIGNED.encode().hex(),
        *(base64.b64encode(b"." * shift + SIGNED.encode()).decode() for shift in range(3)),
        *(base64.b32encode(b"." * shift + SIGNED.encode()).decode() for shift in range(5)),
    ],
)
def test_address_that_is_escaped_or_encoded_as_a_whole_is_not_kept(written: str) -> None:
    redactor = Redactor({})
    assert (redactor.text(f"see {written}"), redactor.finds_nothing(json.dumps(written))) == (
        "[redacted]",
        False,
    )


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("https://bob:s3cr%65t@files.test/a", "https://bob:(password)@files.test/a"),
        ("see https://:s3cret@files.test", "see https://:(password)@files.test"),
        ("https%3A%2F%2Fbob%3As3cret%40files.test", "[redacted]"),
        ("https://files.test:8080/a@b:c@d", "https://files.test:8080/a@b:c@d"),
        ("write to bob:me@papers.test", "write to bob:me@papers.test"),
    ],
)
def test_passwords_of_addresses_are_masked(address: str, masked: str) -> None:
    redactor = Redactor({})
    assert (redactor.text(address), redactor.text(masked)) == (masked, masked)
    assert redactor.finds_nothing(json.dumps(address)) == (address == masked)


@pytest.mark.parametrize(
    "address",
    [
        "https://files.test/a.pdf?X-Amz-Date=20260101T000000Z&X-Amz-Signature=abc123&part=2",
        "https://bob:s3cret@files.test/a",
        "https://files.test/a?key=k3y-of-the-run",
    ],
)
def test_what_is_left_of_an_address_is_one(address: str) -> None:
    formats = jsonschema_rs.Draft202012Validator({"format": "uri"}, validate_formats=True)
    masked = Redactor({"KEY": "k3y-of-the-run"}).text(address)
    assert (masked == address, formats.is_valid(masked)) == (False, True)


def test_headers_with_signatures_are_masked() -> None:
    headers = {"X-Amz-Signature": "abc", "Signature": "def", "Date": "today"}
    assert Redactor({}).headers(headers) == {
        "x-amz-signature": "(signature)",
        "signature": "(signature)",
        "date": "today",
    }


def test_signatures_that_are_members_are_masked(write_history: Callable[..., Path]) -> None:
    form = {"X-Amz-Signature": "abc", "policy": "eyJ", "key": "a.pdf", "x-amz-date": 1}
    masked = {"X-Amz-Signature": "(signature)", "policy": "(signature)", "key": "a.pdf", "x-amz-date": 1}
    assert Redactor({}).json({"fields": form}) == {"fields": masked}
    request = Request(method="POST", url="http://papers.test/", body={"fields": form})
    exchange = Exchange(id="x1", scenario="t", operation=None, start=0.0, end=1.0, request=request)
    line = write_history([exchange]).read_text("ascii").splitlines()[0]
    assert json.loads(line)["request"]["body"] == {"fields": masked}


@pytest.mark.parametrize("name", ["AWSAccessKeyId", "GoogleAccessId", "Key-Pair-Id"])
@pytest.mark.parametrize("beside", [[], ["tok_1234567890"]], ids=["alone", "beside-a-secret"])
def test_members_beside_one_of_a_vendor_are_masked(name: str, beside: list[str]) -> None:
    signed = {name: "one", "signature": "two", "key": "a.pdf"}
    masked = {name: "(signature)", "signature": "(signature)", "key": "a.pdf"}
    clean = Redactor({"MY_TOKEN": "tok_1234567890"}).json([signed, *beside])
    assert clean == [masked, *("$MY_TOKEN" for _ in beside)]


def test_property_called_like_a_parameter_is_no_signature_by_itself() -> None:
    paper = {"signature": "J. Doe", "policy": "P-1", "token": "next"}
    assert Redactor({}).json(paper) == paper


def test_repr_shows_names_only() -> None:
    assert repr(Redactor({"B": "s3cret-value", "A": "another-one"})) == "Redactor(['$A', '$B'])"


def test_null_body_stays_a_body(write_history: Callable[..., Path]) -> None:
    request = Request(method="GET", url="http://papers.test/", body=None)
    exchange = Exchange(id="x1", scenario="t", operation=None, start=0.0, end=1.0, request=request)
    file = write_history([exchange], {"T": "s3cret-value"})
    assert "body" in json.loads(file.read_text("ascii").splitlines()[0])["request"]
    assert has_body(request)


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ('abc"def\\gh', r"told abc\"def\\gh"),
        ('abc"def\\gh', json.dumps(json.dumps('abc"def\\gh'))),
        ("secretkeyis", "SECRETKEYIS"),
        ("secretkeyis", "\u017fecretkeyi\u017f"),
    ],
)
def test_spellings_in_text(secret: str, text: str) -> None:
    cleaned = Redactor({"TOKEN": secret}).text(text)
    assert secret.lower() not in cleaned.lower()


def test_number_that_is_the_secret() -> None:
    assert Redactor({"TOKEN": "123456789"}).json({"n": 123456789}) == {"n": "$TOKEN"}


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "\\" * 1_000_000), ("?sig=", "\\" * 1_000_000), ("\\" * 1_000_000, '"x-amz-date')],
    ids=["behind", "behind-a-signature", "before"],
)
def test_million_backslashes_beside_a_secret_take_no_longer_than_other_letters(
    before: str, after: str
) -> None:
    redactor = Redactor({"TOKEN": "sk_live_4242"})
    assert redactor.text(f"{before} sk_live_4242 {after}") == f"{before} $TOKEN {after}"


def test_million_backslashes_alone_are_looked_through_once() -> None:
    line = '{"a": "x-amz-date=' + "\\" * 1_000_000 + '"}'
    assert Redactor({"TOKEN": "sk_live_4242"}).finds_nothing(line)


@pytest.mark.parametrize("secret", ["\\sk_live", "sk\\live_4242", "\\\\sk"])
@pytest.mark.parametrize("beside", ["", "\\", "\\\\\\"])
def test_secret_with_backslashes_is_replaced_among_others(secret: str, beside: str) -> None:
    assert secret not in Redactor({"TOKEN": secret}).text(f"a {beside}{secret} b")


def test_reference_to_a_character_may_have_any_number_of_digits() -> None:
    described = f"&#{'0' * 5_000}115;k_live_4242 &#{'9' * 5_000};"
    assert "k_live_4242" not in Redactor({"TOKEN": "sk_live_4242"}).text(described)


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, 900_000, 983_000, 983_030, 1_048_560, 1_100_000, 2_500_000])
@pytest.mark.parametrize("spelling", ["sk_live_4242", "%73%6b_live_4242", "sk_live_42\\u0034\\u0032"])
def test_secret_is_found_wherever_it_stands_in_a_long_text(place: int, spelling: str) -> None:
    text = "." * place + spelling + "." * (2_600_000 - place)
    assert Redactor({"TOKEN": "sk_live_4242"}).text(text) == text.replace(spelling, "$TOKEN")
