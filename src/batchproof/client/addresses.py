"""The address of the server under test, and the way to it: refused in one line where it cannot be used."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx

from batchproof.client.errors import ConfigError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SCHEMES = ("http", "https")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def base_address(where: Path | str, given: str) -> str:
    """``given`` with its scheme in small letters and without a slash at its end.

    Raises ``ConfigError``. What is refused is not shown where it may hold a password or a signature.
    """
    try:
        address = httpx.URL(given)
    except httpx.InvalidURL as error:
        raise ConfigError(where, "base_url", "is no address; begin with http:// or https://") from error
    shown = "is" if any(mark in given for mark in "@?#%") else f"{given!r} is"
    if address.scheme not in _SCHEMES or not address.host:
        raise ConfigError(where, "base_url", f"{shown} no address; begin with http:// or https://")
    if address.userinfo or "@" in given:
        raise ConfigError(where, "base_url", "holds a credential; put the token into an environment variable")
    if "%" in given.partition("://")[2].partition("/")[0]:
        raise ConfigError(where, "base_url", "has an escape in its host; write the name of the host as it is")
    if "?" in given or "#" in given:
        raise ConfigError(where, "base_url", "has a query or a fragment; give the address without them")
    return f"{address.scheme}://{given.partition('://')[2]}".rstrip("/")


def is_local(address: str) -> bool:
    """Whether the host of ``address`` is this machine, so that no proxy leads to it."""
    return httpx.URL(address).host in _LOOPBACK


def trusted(ca_file: str | None) -> ssl.SSLContext:
    """Certificates are verified by ``ca_file`` (PEM), or as the platform and ``SSL_CERT_FILE`` say.

    Raises ``OSError`` or ``ssl.SSLError``, where the file cannot be used.
    """
    return ssl.create_default_context(cafile=ca_file)


def check_ca_file(where: Path | str, key: str, ca_file: str) -> None:
    """Raises ``ConfigError`` where the certificates in ``ca_file`` cannot be used."""
    try:
        trusted(ca_file)
    except OSError as error:
        described = "holds no certificate in PEM" if isinstance(error, ssl.SSLError) else "cannot be read"
        raise ConfigError(where, key, f"{ca_file} {described}; name a file with certificates") from error


def proxy_passwords(environment: Mapping[str, str]) -> dict[str, str]:
    """The passwords of proxies in ``environment``, by the variable that holds each."""
    found = {}
    for name, value in _proxies(environment):
        password = password_in(value)
        if password is not None:
            found[name] = password
    return found


def password_in(address: str) -> str | None:
    """The password in an address, which need not be a valid one; None where there is none."""
    _, _, rest = address.partition("://")
    user, at, _ = rest.partition("/")[0].rpartition("@")
    _, colon, password = user.partition(":")
    return unquote(password) if at and colon and password else None


def check_proxies(environment: Mapping[str, str]) -> None:
    """Raises ``ConfigError`` where a proxy is named that cannot be used; its address is not shown."""
    for name, value in _proxies(environment):
        address = value if "://" in value else f"http://{value}"
        try:
            scheme, host = urlsplit(address).scheme, httpx.URL(address).host
        except (ValueError, httpx.InvalidURL):
            scheme, host = "", ""
        if scheme.startswith("socks"):
            raise ConfigError(
                f"${name}",
                "",
                "names a SOCKS proxy, which batchproof cannot use; unset it or name an HTTP one",
            )
        if scheme not in _SCHEMES or not host:
            raise ConfigError(f"${name}", "", "is no address of a proxy; begin with http:// or unset it")


def _proxies(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in environment.items() if name.lower() in _PROXIES and value]
