"""Addresses that cannot be used are refused in one line, in which no secret stands."""

from pathlib import Path
from typing import Any

import pytest

from batchproof.client import ConfigError, Options, Settings, settle
from batchproof.client.config import ConfigFile, LimitsSection, TargetSection
from batchproof.contract import Contract

ENVIRONMENT = {"BATCHPROOF_TOKEN": "tok-1234567890"}
ESCAPE = "--target: base_url: has an escape in its host; write the name of the host as it is"
CREDENTIAL = "--target: base_url: holds a credential; put the token into an environment variable"
QUERY = "--target: base_url: has a query or a fragment; give the address without them"
NO_ADDRESS = "--target: base_url: is no address; begin with http:// or https://"


def settled(
    acme: Contract, target: str = "https://papers.test", *, file: ConfigFile | None = None, **about: Any
) -> Settings:
    environment = {**ENVIRONMENT, **about.pop("environment", {})}
    return settle(
        Options(target=target, **about), file or ConfigFile(), Path("batchproof.toml"), acme, environment
    )


def refused(acme: Contract, *arguments: Any, **about: Any) -> str:
    with pytest.raises(ConfigError) as error:
        settled(acme, *arguments, **about)
    return str(error.value)


@pytest.mark.parametrize(
    ("address", "described"),
    [
        ("https://user:hunter2@papers.test", CREDENTIAL),
        ("https://hunter2@papers.test", CREDENTIAL),
        ("https://user:hun/ter2@papers.test", NO_ADDRESS),
        ("https://papers.test/v1?token=hunter2", QUERY),
        ("https://papers.test/v1?", QUERY),
        ("https://papers.test/#hunter2", QUERY),
        ("https//user:hunter2@papers.test", NO_ADDRESS),
        ("https://user%3Ahunter2%40papers.test", ESCAPE),
        ("https://user%3Ahunter2%40papers.test/v1", ESCAPE),
        ("user:hunter2@papers.test", NO_ADDRESS),
        ("https://user:hunter2@papers.test:port", NO_ADDRESS),
        ("https://user:hun#ter2@papers.test", None),
        ("https:/user:hunter2@papers.test", NO_ADDRESS),
    ],
)
def test_address_with_more_than_an_address_is_refused_unprinted(
    acme: Contract, address: str, described: str | None
) -> None:
    message = refused(acme, address)
    assert (message.startswith("--target: base_url: "), "ter2" in message, "\n" in message) == (
        True,
        False,
        False,
    )
    assert described in (None, message)


@pytest.mark.parametrize("address", ["HTTPS://papers.test/v1/", "Https://papers.test/v1"])
def test_scheme_is_read_in_any_spelling(acme: Contract, address: str) -> None:
    assert settled(acme, address).base_url == "https://papers.test/v1"


@pytest.mark.parametrize(
    ("name", "value", "described"),
    [
        (
            "ALL_PROXY",
            "socks5://user:hunter2@proxy.test:1080",
            "$ALL_PROXY: names a SOCKS proxy, which batchproof cannot use; unset it or name an HTTP one",
        ),
        (
            "https_proxy",
            "quic://hunter2",
            "$https_proxy: is no address of a proxy; begin with http:// or unset it",
        ),
        (
            "HTTP_PROXY",
            "http://[hunter2",
            "$HTTP_PROXY: is no address of a proxy; begin with http:// or unset it",
        ),
    ],
)
def test_proxy_that_cannot_be_used_is_one_line(acme: Contract, name: str, value: str, described: str) -> None:
    assert refused(acme, environment={name: value}) == described


def test_no_proxy_leads_to_this_machine(acme: Contract) -> None:
    environment = {"ALL_PROXY": "socks5://proxy.test:1080"}
    assert settled(acme, "http://127.0.0.1:9", environment=environment).base_url == "http://127.0.0.1:9"


def test_password_of_a_proxy_is_a_secret(acme: Contract) -> None:
    environment = {"HTTPS_PROXY": "http://user:hunter2%21@proxy.test:8080"}
    assert settled(acme, environment=environment).secrets["HTTPS_PROXY"] == "hunter2!"


def test_headers_of_the_configuration_are_secret_whatever_their_name(acme: Contract) -> None:
    headers = {
        "x-tenant": "Basic dXNlcjpwYXNz",
        "acme-version": "1",
        "Accept": "application/json",
        "X-B": "id=abcdefgh; b=c",
    }
    hidden = settled(acme, file=ConfigFile(target=TargetSection(headers=headers))).hidden
    assert hidden == {
        "HEADER_X_TENANT": "Basic dXNlcjpwYXNz",
        "HEADER_X_TENANT_1": "dXNlcjpwYXNz",
        "HEADER_X_B": "id=abcdefgh; b=c",
        "HEADER_X_B_1": "abcdefgh",
        "BATCHPROOF_TOKEN": "tok-1234567890",
    }


def test_signatures_and_passwords_in_fixtures_are_secret(acme: Contract) -> None:
    addresses = [
        "https://user:hunter2@files.test/a.pdf",
        "https://files.test/a.pdf?X-Amz-Date=20260101T000000Z&X-Amz-Signature=abc%2Fdef0123&sig=short",
        "https://[files",
    ]
    hidden = settled(acme, file=ConfigFile(fixtures={"document_ids": addresses})).hidden
    assert hidden == {
        "DOCUMENT_IDS_1": "hunter2",
        "DOCUMENT_IDS_2": "20260101T000000Z",
        "DOCUMENT_IDS_3": "abc/def0123",
        "BATCHPROOF_TOKEN": "tok-1234567890",
    }


def test_file_of_certificates_that_cannot_be_used_is_refused(acme: Contract, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("none\n")
    file = ConfigFile(target=TargetSection(ca_file=str(tmp_path / "gone.pem")))
    remedy = "name a file with certificates"
    assert [
        refused(acme, ca_file=str(tmp_path / "empty.pem")),
        refused(acme, file=file),
    ] == [
        f"--ca-file: {tmp_path / 'empty.pem'} holds no certificate in PEM; {remedy}",
        f"batchproof.toml: target.ca_file: {tmp_path / 'gone.pem'} cannot be read; {remedy}",
    ]


def test_size_of_a_body_is_sixteen_mebibytes_unless_said(acme: Contract) -> None:
    smaller = ConfigFile(limits=LimitsSection(max_body_mb=0.5))
    assert (settled(acme).max_body_mb, settled(acme, file=smaller).max_body_mb) == (16.0, 0.5)
