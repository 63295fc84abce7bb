"""Certificates are verified, whatever the spelling of the address; the message says what to do."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batchproof.client import Call, Target
from batchproof.history import Exchange

HINT = (
    "; if it is signed by an authority of your own, name its certificate with --ca-file, ca_file in [target], "
    "or SSL_CERT_FILE"
)


@pytest.fixture
def asked(
    listening: Callable[..., str], make_target: Callable[..., Target]
) -> Callable[..., tuple[Exchange, list[bytes]]]:
    """Sends one request over TLS, to ``localhost`` unless its address is changed; and what the server heard."""

    def ask(change: Callable[[str], str] = str, **settings: Any) -> tuple[Exchange, list[bytes]]:
        heard: list[bytes] = []

        def talk(connection: socket.socket, over: threading.Event) -> None:
            heard.append(connection.recv(65_536))
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
            over.wait()

        target = make_target(None, base_url=change(listening(talk, tls=True)), **settings)
        return target.send(Call(operation="list_documents"), "scenario"), heard

    return ask


@pytest.mark.parametrize("scheme", ["https", "HTTPS", "Https"])
def test_certificate_that_nobody_vouches_for_gets_no_token(asked: Any, scheme: str) -> None:
    exchange, heard = asked(lambda address: address.replace("https", scheme))
    assert (exchange.response, exchange.failure.kind, heard) == (None, "connect", [])
    described = "the certificate of the server does not fit: self-signed certificate"
    assert exchange.failure.message == described + HINT


def test_certificate_of_another_host_gets_no_token(asked: Any, certificate: Path) -> None:
    exchange, heard = asked(
        lambda address: address.replace("localhost", "127.0.0.1"), ca_file=str(certificate)
    )
    assert (exchange.failure.kind, heard) == ("connect", [])
    assert exchange.failure.message.startswith(
        "the certificate of the server does not fit: IP address mismatch"
    )


def test_ca_file_vouches_for_a_certificate(asked: Any, certificate: Path) -> None:
    exchange, heard = asked(ca_file=str(certificate))
    assert (exchange.response.status, len(heard)) == (200, 1)


def test_variable_vouches_for_a_certificate(
    asked: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    exchange, heard = asked()
    assert (exchange.response.status, len(heard)) == (200, 1)
