"""Traffic that somebody else made: read from a recording, or taken down as it passes, and told as exchanges of a history."""

from batchproof.history.traffic.cleaning import Cleaner
from batchproof.history.traffic.har import Recording, is_har, read_har
from batchproof.history.traffic.message import Message
from batchproof.history.traffic.secrets import Learned
from batchproof.history.traffic.servers import Server, server_at, server_of
from batchproof.history.traffic.telling import Teller, header_of, history_of

__all__ = [
    "Cleaner",
    "Learned",
    "Message",
    "Recording",
    "Server",
    "Teller",
    "header_of",
    "history_of",
    "is_har",
    "read_har",
    "server_at",
    "server_of",
]
