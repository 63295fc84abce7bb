"""Where the two versions are: one server, two servers, or the embedded emulator that serves both."""

import secrets
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import NamedTuple

from batchproof import emulator
from batchproof.client import ConfigError, Settings
from batchproof.contract import Contract
from batchproof.session import Endpoint, known_tokens, prepare_endpoint, sample_files


class Endpoints(NamedTuple):
    """The server of the older version, and that of the newer one."""

    older: Endpoint
    newer: Endpoint


def endpoints(
    older: tuple[Contract, Settings], newer: tuple[Contract, Settings], stack: ExitStack
) -> Endpoints:
    """The configured servers, or one embedded emulator of both, which stops with ``stack``. Raises ``ConfigError``."""
    if older[1].base_url is not None and newer[1].base_url is not None:
        return Endpoints(prepare_endpoint(*older, stack), prepare_endpoint(*newer, stack))
    contracts = [older[0], newer[0]]
    token = "sk_" + secrets.token_urlsafe(24)
    others = {
        name: f"sk_{name}_{secrets.token_urlsafe(24)}"
        for contract in contracts
        for name in known_tokens(contract)
    }
    try:
        server = stack.enter_context(
            emulator.Embedded(
                [contract.id for contract in contracts],
                seed=older[1].seed,
                tokens=[token, *others.values()],
            )
        )
    except ValueError as error:
        raise ConfigError("--rehearse", "", str(error)) from error
    return Endpoints(*(endpoint_at(server, contract, token, others, stack) for contract in contracts))


def endpoint_at(
    server: emulator.Embedded, contract: Contract, token: str, others: dict[str, str], stack: ExitStack
) -> Endpoint:
    """One of the versions that an embedded emulator serves, as the place of a run."""
    now = datetime.now(UTC)
    known = known_tokens(contract)
    return Endpoint(
        url=server.url,
        label="embedded emulator",
        origin=time.monotonic() - now.microsecond / 1_000_000,
        started_at=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        control=server.control,
        token=token,
        other_tokens={name: value for name, value in others.items() if name in known},
        fixtures={**emulator.fixtures(contract.id), **sample_files(contract, stack)},
    )
