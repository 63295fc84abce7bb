"""The target room: the only place that touches the network."""

from batchproof.target.breaker import is_lost
from batchproof.target.budget import Budget
from batchproof.target.call import AuthMode, Call, File
from batchproof.target.client import Target
from batchproof.target.config import MOST_WORKERS, Options, Settings, read_config, settle
from batchproof.target.errors import BudgetError, ConfigError, HaltedError, UnsendableError
from batchproof.target.expected import expected_findings
from batchproof.target.patience import wait_asked_for
from batchproof.target.pausing import Pause, RunClock, skipping
from batchproof.target.receiver import Receiver, register
from batchproof.target.shard import Shard
from batchproof.target.token import Token
from batchproof.target.webhooks import WebhookAddress, webhook_secret

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
