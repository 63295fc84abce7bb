"""The target room: the only place that touches the network."""

from batchproof.target.budget import Budget
from batchproof.target.client import AuthMode, Call, File, Target
from batchproof.target.config import Options, Settings, Token, read_config, settle
from batchproof.target.errors import BudgetError, ConfigError
from batchproof.target.pausing import Pause, pausing

__all__ = [
    "AuthMode",
    "Budget",
    "BudgetError",
    "Call",
    "ConfigError",
    "File",
    "Options",
    "Pause",
    "Settings",
    "Target",
    "Token",
    "pausing",
    "read_config",
    "settle",
]
