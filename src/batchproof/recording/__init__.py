"""Takes down what somebody else's program sends and gets, while it does so."""

from batchproof.recording.proxy import Proxy
from batchproof.recording.reaching import Way
from batchproof.recording.recorder import Recorder
from batchproof.recording.tape import Tape

__all__ = ["Proxy", "Recorder", "Tape", "Way"]
