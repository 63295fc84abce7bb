"""Where the receiver of webhooks listens, from the command line and ``batchproof.toml``."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path

import httpx
from msgspec import Struct

from batchproof.client.errors import ConfigError
from batchproof.client.token import Token, telling, usable
from batchproof.contract import Contract

DEFAULT_SECRET_ENV = "BATCHPROOF_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class WebhooksSection(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """``[webhooks]``: how the server reaches the receiver of webhooks, and where that one listens."""

    url: str | None = None
    listen: str | None = None
    secret_env: str | None = None
    timeout_s: float | None = None


class WebhookAddress(Struct, frozen=True, kw_only=True):
    """Where the receiver listens, at which path, and the secret that signs what comes."""

    host: str
    port: int
    path: str
    secret: Token


def webhook_secret(name: str | None, where: Path | str, environment: Mapping[str, str]) -> Token:
    """The secret that signs deliveries, from the environment variable ``name``. Raises ``ConfigError``."""
    variable = name or DEFAULT_SECRET_ENV
    value = environment.get(variable, "")
    if not value:
        raise ConfigError(
            where,
            "",
            f"the environment variable {variable} is not set; put the signing secret of the webhook there, "
            "or name another with --webhook-secret-env",
        )
    return usable(Token(variable, value), f"${variable}")


def webhook_address(
    given: WebhooksSection,
    file: WebhooksSection,
    path: Path,
    contract: Contract,
    environment: Mapping[str, str],
) -> WebhookAddress | None:
    """Command line over file; None where no address is given. Raises ``ConfigError``."""
    url = given.url if given.url is not None else file.url
    from_file = given.url is None
    where: Path | str = path if from_file else "--webhook-url"
    if url is None:
        for option, value in (("--webhook-listen", given.listen), ("--webhook-secret-env", given.secret_env)):
            if value is not None:
                raise ConfigError(option, "", "does nothing without --webhook-url; give the address, too")
        return None
    if contract.manifest.webhooks is None:
        raise ConfigError(where, "webhooks.url" if from_file else "", f"{contract.id} describes no webhooks")
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ConfigError(where, "", "is no address; begin with http:// or https://") from error
    if address.scheme not in ("http", "https") or not address.host or address.userinfo:
        raise ConfigError(
            where, "", "is no address for a receiver; begin with http:// or https://, without a credential"
        )
    listen = given.listen if given.listen is not None else file.listen
    host, port = _listen(listen, address, path if given.listen is None else "--webhook-listen")
    secret = webhook_secret(given.secret_env or file.secret_env, where, environment)
    telling(secret, f"${secret.name}", contract)
    return WebhookAddress(host=host, port=port, path=address.path or "/", secret=secret)


def _listen(listen: str | None, address: httpx.URL, where: Path | str) -> tuple[str, int]:
    """The host and port to listen at; an address on this machine says both itself."""
    if listen is None:
        if address.host in _LOOPBACK and address.port is not None:
            return ("127.0.0.1" if address.host == "localhost" else address.host), address.port
        raise ConfigError(
            "--webhook-listen",
            "",
            "is needed: HOST:PORT, where what reaches the address is handed over to this machine",
        )
    host, colon, port = listen.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ConfigError(where, "", "is no HOST:PORT; use, say, 127.0.0.1:8080")
    try:
        ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError as error:
        raise ConfigError(
            where, "", "does not begin with an address of this machine; use an IP address"
        ) from error
    return ("127.0.0.1" if host == "localhost" else host), int(port)
