"""The drive room: decides what to send, never what is right."""

from batchproof.drive.api import Api
from batchproof.drive.client import Client
from batchproof.drive.errors import Stopped, Unmet, driven, event_of
from batchproof.drive.probing import Prober
from batchproof.drive.recalling import recall
from batchproof.drive.refs import Ref

__all__ = ["Api", "Client", "Prober", "Ref", "Stopped", "Unmet", "driven", "event_of", "recall"]
