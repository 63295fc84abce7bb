"""Credentials, by the names under which their owner knows them."""

from batchproof.client.errors import ConfigError
from batchproof.client.plainness import REMEDY, why_plain
from batchproof.contract import Contract


class Token:
    """A credential and the name under which its owner knows it. Its value is in no repr."""

    def __init__(self, name: str, value: str) -> None:
        self.name = name
        self.value = value

    def __repr__(self) -> str:
        return f"Token(${self.name})"


def usable(token: Token, where: str) -> Token:
    """``token``, which can be sent in a header. Raises ``ConfigError``, which names ``where`` it came from."""
    if not token.value or not token.value.isascii() or not token.value.isprintable():
        raise ConfigError(where, "", "does not hold a token; it must be one line of printable ASCII")
    return token


def telling(token: Token, where: str, contract: Contract) -> Token:
    """``token``, which can be sent, and told from all other text. Raises ``ConfigError``, which names ``where`` it came from."""
    why = why_plain(usable(token, where).value, contract)
    if why is not None:
        raise ConfigError(where, "", f"holds a secret that {why}, {REMEDY}")
    return token
