"""What scenarios use: one server, with a client, a supply of objects, and the events that it delivers."""

from batchproof.client import AuthMode, Call, Receiver
from batchproof.drive.client import Client
from batchproof.drive.events import Events
from batchproof.drive.supply import Supply
from batchproof.history import Exchange


class Api:
    """The server under test, for one scenario: its client, and what is built on that.

    What a scenario says of single objects and lists goes straight to the client, what it makes to the supply.
    """

    def __init__(self, client: Client, receiver: Receiver | None = None) -> None:
        """``receiver`` is where the server delivers its webhooks, if it can."""
        self.client = client
        self.contract = client.contract
        self.settings = client.settings
        self.shared = client.shared
        self.host = client.host
        self.supply = Supply(client)
        self.objects = self.supply.objects
        self.requests = self.supply.requests
        self.webhooks = None if receiver is None else Events(client, receiver)
        self._receiver = receiver

        self.submit = self.supply.submit
        self.create = self.supply.create

        self.send = client.send
        self.ask = client.ask
        self.call = client.call
        self.read = client.read
        self.body = client.body
        self.created = client.created
        self.status = client.status
        self.on_the_way = client.on_the_way
        self.is_waiting = client.is_waiting
        self.poll_until_terminal = client.poll_until_terminal
        self.watch = client.watch
        self.polls = client.polls
        self.patience = client.patience
        self.pause = client.pause
        self.page = client.page
        self.traverse = client.traverse
        self.newest = client.newest
        self.list_call = client.list_call
        self.ref = client.ref
        self.refs = client.refs

    def of(self, scenario: str) -> "Api":
        """The same server for another scenario, which remembers nothing of this one."""
        return Api(self.client.of(scenario), self._receiver)

    @property
    def broken(self) -> bool:
        """Whether many valid requests in a row were not answered as documented."""
        return self.client.broken

    @property
    def halted(self) -> bool:
        """Whether the run has stopped asking, since it was answered no more."""
        return self.client.halted

    def send_as(self, auth: AuthMode, call: Call) -> Exchange:
        """Sends one request with another credential. Raises ``Unmet`` when that is not given, or a limit forbids it."""
        return self.send(self.requests.sent_as(auth, call))
