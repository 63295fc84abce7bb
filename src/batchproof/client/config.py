"""``batchproof.toml``, the command line and the environment, merged into the settings of one run."""

import math
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from batchproof.client.accepted import AcceptedSection
from batchproof.client.addresses import (
    base_address,
    check_ca_file,
    check_proxies,
    is_local,
    proxy_passwords,
)
from batchproof.client.errors import ConfigError
from batchproof.client.expected import ExpectedSection, expected_findings
from batchproof.client.hidden import (
    hidden_in_environment,
    hidden_in_fixtures,
    hidden_in_headers,
    without_words,
)
from batchproof.client.shard import Shard
from batchproof.client.token import Token, telling
from batchproof.client.toml import decoded
from batchproof.client.webhooks import DEFAULT_SECRET_ENV, WebhookAddress, WebhooksSection, webhook_address
from batchproof.contract import ClaimError, Contract, claimed, in_order_of
from batchproof.contract.expected import Expected
from batchproof.contract.model import OTHER_TOKENS, PROFILES, Profile, token_fixture

DEFAULT_MAX_BODY_MB = 16.0
# a server that waits for something is waited for; the clock of the embedded emulator moves with the requests of one
DEFAULT_WORKERS = 16
MOST_WORKERS = 64
DEFAULT_RETRY_WAIT_S = 60.0
DEFAULT_FILE = "batchproof.toml"
DEFAULT_TOKEN_ENV = "BATCHPROOF_TOKEN"  # noqa: S105 - the name of a variable
# seconds, megabytes and requests a second that nobody means; a clock counts no further than some 292 years
_LARGEST = 1_000_000
_UNLIMITED = 1_000_000
_SEEDS = 1_000_000


class TargetSection(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """``[target]``: which server, how to reach it, and what it ``claims`` of the contract; everything when left out."""

    contract: str | None = None
    base_url: str | None = None
    token_env: str | None = None
    token_file: str | None = None
    headers: dict[str, str] = {}
    ca_file: str | None = None
    claims: list[str] | None = None


class LimitsSection(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """``[limits]``: what a run may cost. ``max_runs`` counts documents that may be processed.

    ``workers`` is how many scenarios are driven at a time. ``request_timeout_s`` is for the whole of one request,
    ``retry_wait_s`` for what is spent on waiting until one that was answered with 429 may be sent again, ``max_body_mb``
    (in MiB) for the body of one answer.
    """

    max_runs: int | None = None
    max_requests: int | None = None
    requests_per_second: float | None = None
    poll_interval_s: float | None = None
    poll_timeout_s: float | None = None
    request_timeout_s: float | None = None
    retry_wait_s: float | None = None
    max_body_mb: float | None = None
    workers: int | None = None


class ReportSection(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """``[report]``: where a run writes."""

    output: str | None = None


class JudgeSection(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """``[judge]``: what a run is measured by. With ``strict``, a SHOULD that fails, fails the run."""

    strict: bool = False


class ConfigFile(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The whole of ``batchproof.toml``."""

    target: TargetSection = TargetSection()
    fixtures: dict[str, str | list[str]] = {}
    limits: LimitsSection = LimitsSection()
    report: ReportSection = ReportSection()
    webhooks: WebhooksSection = WebhooksSection()
    judge: JudgeSection = JudgeSection()
    expected: list[ExpectedSection] = []
    accepted: list[AcceptedSection] = []


class Options(Struct, frozen=True, kw_only=True):
    """What the command line says; None where it says nothing."""

    contract: str | None = None
    target: str | None = None
    token_env: str | None = None
    token_file: str | None = None
    config: str | None = None
    profile: str | None = None
    max_runs: int | None = None
    max_requests: int | None = None
    seed: int | None = None
    output: str | None = None
    webhook_url: str | None = None
    webhook_listen: str | None = None
    webhook_secret_env: str | None = None
    ca_file: str | None = None
    workers: int | None = None
    expected: str | None = None
    strict_bar: bool | None = None
    claim: Sequence[str] | None = None
    shard: str | None = None
    resume: str | None = None


class Settings(Struct, frozen=True, kw_only=True):
    """Everything that one run needs to know.

    ``base_url`` is None for the embedded emulator; ``other_tokens`` are the credentials of probes, by the name of their ``auth``;
    ``hidden`` are the other secrets that the configuration holds, by the name that replaces each; ``claims`` are the
    capabilities that the server claims, None for all of them. ``strict`` and ``expected`` are for the judge.
    ``shard`` is the share of the plan that is driven. With ``resume`` the run in ``output`` goes on.
    """

    contract: str
    base_url: str | None
    token: Token | None
    other_tokens: dict[str, Token]
    headers: dict[str, str]
    fixtures: dict[str, str | list[str]]
    profile: Profile
    seed: int
    max_runs: int
    max_requests: int
    requests_per_second: float | None
    poll_interval_s: float
    poll_timeout_s: float
    request_timeout_s: float
    output: str | None
    webhook: WebhookAddress | None = None
    webhook_timeout_s: float = 10.0
    retry_wait_s: float = DEFAULT_RETRY_WAIT_S
    max_body_mb: float = DEFAULT_MAX_BODY_MB
    ca_file: str | None = None
    hidden: dict[str, str] = {}
    workers: int = 1
    strict: bool = False
    expected: tuple[Expected, ...] = ()
    claims: tuple[str, ...] | None = None
    shard: Shard | None = None
    resume: bool = False

    def __repr__(self) -> str:
        return f"Settings({self.contract!r}, {self.base_url!r}, {self.token!r})"

    @property
    def secrets(self) -> dict[str, str]:
        """Every secret value, by the name that replaces it."""
        named = {token.name: token.value for token in self.other_tokens.values()}
        if self.token is not None:
            named[self.token.name] = self.token.value
        if self.webhook is not None:
            named[self.webhook.secret.name] = self.webhook.secret.value
        return {**self.hidden, **named}


def read_config(file: str | None) -> tuple[ConfigFile, Path]:
    """The named configuration file, or ``batchproof.toml`` if it is there, or nothing. Raises ``ConfigError``."""
    path = Path(file or DEFAULT_FILE)
    if file is None and not path.exists():
        return ConfigFile(), path
    return decoded(path, ConfigFile, "--config"), path


def settle(
    options: Options, file: ConfigFile, path: Path, contract: Contract, environment: Mapping[str, str]
) -> Settings:
    """Merges command line over file over defaults. Raises ``ConfigError``."""
    base_url = file.target.base_url if options.target is None else options.target
    embedded = base_url is None
    if base_url is not None:
        base_url = base_address(path if options.target is None else "--target", base_url)
        if not is_local(base_url):
            check_proxies(environment)
    profile = options.profile or "core"
    if profile not in PROFILES:
        raise ConfigError("--profile", "", f"{profile!r} is no profile; use one of: {', '.join(PROFILES)}")
    for name, text in file.target.headers.items():
        if not (name + text).isascii() or not (name + text).isprintable():
            raise ConfigError(path, f"target.headers.{name}", "must be printable ASCII")
    fixtures = _fixtures(file, path, contract)
    limits = file.limits
    for option, number in (("--max-runs", options.max_runs), ("--max-requests", options.max_requests)):
        if number is not None and number < 0:
            raise ConfigError(option, "", "is negative; use zero or more")
    for name in LimitsSection.__struct_fields__:
        value = getattr(limits, name)
        _check_number(path, f"limits.{name}", value)
    if limits.request_timeout_s == 0:
        raise ConfigError(path, "limits.request_timeout_s", "is zero; use more")
    _check_number(path, "webhooks.timeout_s", file.webhooks.timeout_s)
    variables = (DEFAULT_TOKEN_ENV, DEFAULT_SECRET_ENV, *filter(None, [file.webhooks.secret_env]))
    return Settings(
        contract=contract.id,
        base_url=base_url,
        token=None
        if embedded or contract.manifest.auth is None
        else _token(options, file, path, environment, contract),
        other_tokens=dict(_other_tokens(fixtures, contract, path, environment)),
        headers=file.target.headers,
        fixtures=fixtures,
        profile=profile,
        seed=_seed(options.seed, profile),
        max_runs=_first(options.max_runs, limits.max_runs, _UNLIMITED if embedded else 0),
        max_requests=_first(options.max_requests, limits.max_requests, _UNLIMITED),
        requests_per_second=limits.requests_per_second or None,
        poll_interval_s=_first(limits.poll_interval_s, None, 0.01 if embedded else 2.0),
        poll_timeout_s=_first(limits.poll_timeout_s, None, 30.0 if embedded else 600.0),
        request_timeout_s=_first(limits.request_timeout_s, None, 30.0),
        output=options.output or file.report.output,
        webhook=webhook_address(
            WebhooksSection(
                url=options.webhook_url, listen=options.webhook_listen, secret_env=options.webhook_secret_env
            ),
            file.webhooks,
            path,
            contract,
            environment,
        ),
        webhook_timeout_s=_first(file.webhooks.timeout_s, None, 30.0 if embedded else 60.0),
        retry_wait_s=_first(limits.retry_wait_s, None, DEFAULT_RETRY_WAIT_S),
        max_body_mb=_first(limits.max_body_mb, None, DEFAULT_MAX_BODY_MB),
        ca_file=_ca_file(options, file, path),
        workers=_workers(options, file, path, 1 if embedded else DEFAULT_WORKERS),
        hidden=hidden_in_headers(file.target.headers, contract, path)
        | without_words(
            {
                **hidden_in_fixtures(fixtures),
                **proxy_passwords(environment),
                **({} if embedded else hidden_in_environment(variables, environment)),
            },
            contract,
        ),
        strict=options.strict_bar or file.judge.strict,
        expected=expected_findings(options.expected, file.expected, path, contract),
        claims=_claims(options, file, path, contract),
        shard=None if options.shard is None else _shard(options, profile, embedded=embedded),
        resume=options.resume is not None,
    )


def _claims(options: Options, file: ConfigFile, path: Path, contract: Contract) -> tuple[str, ...] | None:
    """What the server claims, in the order of the contract; None for everything."""
    given = options.claim or file.target.claims
    if given is None:
        return None
    where, key = ("--claim", "") if options.claim else (path, "target.claims")
    try:
        claims = in_order_of(contract, given)
        claimed(contract, claims)
    except ClaimError as error:
        raise ConfigError(where, key, str(error)) from error
    return claims


def _shard(options: Options, profile: str, *, embedded: bool) -> Shard:
    shard = Shard.parse(options.shard or "")
    if embedded:
        raise ConfigError(
            "--shard", "", "needs --target: each run without one has an emulator of its own to itself"
        )
    if profile == "full" and options.seed is None:
        raise ConfigError(
            "--shard", "", "needs --seed in profile full: all shards have to make the same choices"
        )
    return shard


def _seed(given: int | None, profile: str) -> int:
    """What the user gives; otherwise profile full looks somewhere else each time, and the report names the seed."""
    if given is not None:
        return given
    return secrets.randbelow(_SEEDS) if profile == "full" else 0


def _workers(options: Options, file: ConfigFile, path: Path, otherwise: int) -> int:
    for where, key, workers in (
        ("--workers", "", options.workers),
        (path, "limits.workers", file.limits.workers),
    ):
        if workers is not None:
            if not 1 <= workers <= MOST_WORKERS:
                raise ConfigError(where, key, f"is {workers}; use a number from 1 to {MOST_WORKERS}")
            return workers
    return otherwise


def _ca_file(options: Options, file: ConfigFile, path: Path) -> str | None:
    """A file that ends up in the settings can be used: it would be too late to tell when the first request is sent."""
    for where, key, ca_file in (
        ("--ca-file", "", options.ca_file),
        (path, "target.ca_file", file.target.ca_file),
    ):
        if ca_file is not None:
            check_ca_file(where, key, ca_file)
            return ca_file
    return None


def _check_number(path: Path, key: str, value: float | None) -> None:
    """Raises ``ConfigError`` for what is no number of requests, seconds or megabytes."""
    if value is None:
        return
    if value < 0:
        raise ConfigError(path, key, "is negative; use zero or more")
    if not math.isfinite(value) or (isinstance(value, float) and value > _LARGEST):
        raise ConfigError(path, key, f"is too large or no number; use at most {_LARGEST:,}")


def _first(one: Any, two: Any, three: Any) -> Any:
    return next(value for value in (one, two, three) if value is not None)


def _token(
    options: Options, file: ConfigFile, path: Path, environment: Mapping[str, str], contract: Contract
) -> Token:
    token_file = options.token_file or (None if options.token_env else file.target.token_file)
    if token_file is not None:
        try:
            value = Path(token_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                token_file, "", "the token file cannot be read; give a readable file"
            ) from error
        return telling(Token("BATCHPROOF_TOKEN", value), token_file, contract)
    name = options.token_env or file.target.token_env or DEFAULT_TOKEN_ENV
    value = environment.get(name, "")
    if not value:
        where = "--token-env" if options.token_env else path if file.target.token_env else "--target"
        raise ConfigError(
            where,
            "",
            f"the environment variable {name} is not set; put the token there, or name another with --token-env",
        )
    return telling(Token(name, value), f"${name}", contract)


def _other_tokens(
    fixtures: Mapping[str, str | list[str]], contract: Contract, path: Path, environment: Mapping[str, str]
) -> Iterator[tuple[str, Token]]:
    for name in OTHER_TOKENS:
        key = token_fixture(name)
        variable = fixtures.get(key)
        if key not in contract.manifest.fixtures or not isinstance(variable, str):
            continue
        value = environment.get(variable, "")
        if not value:
            raise ConfigError(
                path,
                f"fixtures.{key}",
                f"the environment variable {variable} is not set; set it or remove the key",
            )
        yield name, telling(Token(variable, value), f"${variable}", contract)


def _fixtures(file: ConfigFile, path: Path, contract: Contract) -> dict[str, str | list[str]]:
    for name, value in file.fixtures.items():
        fixture = contract.manifest.fixtures.get(name)
        if fixture is None:
            known = ", ".join(contract.manifest.fixtures)
            raise ConfigError(path, f"fixtures.{name}", f"{contract.id} knows no such fixture; use: {known}")
        if (fixture.type == "list") is not isinstance(value, list):
            kind = "a list of strings" if fixture.type == "list" else "a string"
            raise ConfigError(path, f"fixtures.{name}", f"must be {kind}")
    return dict(file.fixtures)
