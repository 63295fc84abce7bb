"""What a judgement is measured by, from the command line and the configuration."""

from datetime import UTC, datetime

from batchproof.client import expected_findings, read_config
from batchproof.contract import Contract
from batchproof.history import History
from batchproof.judging import Bar, day_of


def bar_of(
    config: str | None, expected: str | None, strict: bool | None, contract: Contract, recorded: History
) -> Bar:
    """The bar for ``recorded``: what is expected is so on the day on which it began. Raises ``ConfigError``."""
    file, path = read_config(config)
    return Bar(
        strict=strict or file.judge.strict,
        expected=expected_findings(expected, file.expected, path, contract),
        day=day_of(recorded.header) or datetime.now(UTC).date(),
    )
