"""Secrets that a configuration holds besides tokens: in headers, in the addresses of documents, in the environment."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from batchproof.client.addresses import password_in
from batchproof.client.errors import ConfigError
from batchproof.client.plainness import REMEDY, is_word, may_be_part_of_a_number, why_plain
from batchproof.contract import Contract
from batchproof.history.redaction import is_signed
from batchproof.history.traffic.callers import is_credential

# what these say is in every request of every client
_OPEN = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "user-agent"})
# a header may hold a scheme, or pairs: each part of it may come back alone
_PARTS = re.compile(r"[\s;,=]+")
# what is shorter stands in other words by chance
_SHORTEST = 8


def hidden_in_headers(headers: Mapping[str, str], contract: Contract, path: Path) -> dict[str, str]:
    """The values of ``headers``, which stand in the configuration ``path``, whatever their names.

    Those that are documented for everyone are none, nor are words of the contract and short numbers. Raises
    ``ConfigError`` where such a thing stands in a header whose name is that of a credential.
    """
    found: dict[str, str] = {}
    known = {name.lower(): value for name, value in contract.manifest.headers.items()}
    for name, value in headers.items():
        lower = name.lower()
        if lower in _OPEN or known.get(lower) == value:
            continue
        why = why_plain(value, contract) if is_credential(name) else None
        if why is not None:
            raise ConfigError(path, f"target.headers.{name}", f"is a secret that {why}, {REMEDY}")
        if may_be_part_of_a_number(value) or is_word(value, contract):
            continue
        label = "HEADER_" + name.upper().replace("-", "_")
        found[label] = value
        parts = [part for part in _PARTS.split(value) if len(part) >= _SHORTEST and part != value]
        found |= {f"{label}_{number}": part for number, part in enumerate(parts, start=1)}
    return without_words(found, contract)


def without_words(secrets: Mapping[str, str], contract: Contract) -> dict[str, str]:
    """``secrets`` less those that are words of the contract or of reports: looked for, they would be found everywhere."""
    return {name: value for name, value in secrets.items() if not is_word(value, contract)}


def hidden_in_fixtures(fixtures: Mapping[str, str | list[str]]) -> dict[str, str]:
    """The passwords and signatures in addresses that the fixtures hold."""
    found: dict[str, str] = {}
    for name, value in fixtures.items():
        for address in [value] if isinstance(value, str) else value:
            for secret in _in_address(address):
                found[f"{name.upper()}_{len(found) + 1}"] = secret
    return found


def hidden_in_environment(names: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """The values of the variables ``names`` that are set, whether this run needs them or not: servers know them."""
    values = {name: environment.get(name, "") for name in names}
    return {name: value for name, value in values.items() if len(value) >= _SHORTEST}


def _in_address(address: str) -> Iterator[str]:
    password = password_in(address)
    if password is not None:
        yield password
    try:
        query = urlsplit(address).query
    except ValueError:
        return
    yield from (value for name, value in parse_qsl(query) if is_signed(name) and len(value) >= _SHORTEST)
