"""The target room: the only place that touches the network."""

from batchproof.client.breaker import is_lost
from batchproof.client.budget import Budget
from batchproof.client.call import AuthMode, Call, File
from batchproof.client.client import Target
from batchproof.client.config import MOST_WORKERS, Options, Settings, read_config, settle
from batchproof.client.errors import BudgetError, ConfigError, HaltedError, UnsendableError
from batchproof.client.expected import expected_findings
from batchproof.client.patience import wait_asked_for
from batchproof.client.pausing import Pause, RunClock, skipping
from batchproof.client.receiver import Receiver, register
from batchproof.client.shard import Shard
from batchproof.client.token import Token
from batchproof.client.webhooks import WebhookAddress, webhook_secret

__all__ = [
    "MOST_WORKERS",
    "AuthMode",
    "Budget",
    "BudgetError",
    "Call",
    "ConfigError",
    "File",
    "HaltedError",
    "Options",
    "Pause",
    "Receiver",
    "RunClock",
    "Settings",
    "Shard",
    "Target",
    "Token",
    "UnsendableError",
    "WebhookAddress",
    "expected_findings",
    "is_lost",
    "read_config",
    "register",
    "settle",
    "skipping",
    "wait_asked_for",
    "webhook_secret",
]
