"""What the scenarios of a run that goes on know of its earlier part."""

from contextlib import suppress

from batchproof.contract import pointer
from batchproof.drive.api import Api
from batchproof.drive.errors import Stopped
from batchproof.drive.refs import Ref
from batchproof.history import START, History, has_body


def recall(api: Api, before: History) -> None:
    """Lets all scenarios know what was found, made, used up and deleted ``before``."""
    reads = {
        flow.create: api.contract.manifest.operations[flow.read_run].reads
        for flow in api.contract.manifest.flows.values()
        if flow.create is not None and flow.read_run is not None
    }
    for exchange in before.exchanges:
        api.client.remember(exchange)
        resource = reads.get(exchange.operation or "")
        if resource is not None:
            with suppress(Stopped):
                api.client.made.remember(Ref(resource, api.created(exchange.operation or "", exchange).id))
    _discoveries(api, before)
    for ended in before.ended:
        if ended.scenario not in (before.header.scenarios or ()):
            api.shared.know(ended.scenario, [Ref(*made) for made in ended.made])
    _turns(api, before)


def _discoveries(api: Api, before: History) -> None:
    """What could be found before anything was created: now the same lists may show what the run has made."""
    for name, fixture in api.contract.manifest.fixtures.items():
        for exchange in before.exchanges if fixture.discover is not None else ():
            assert fixture.discover is not None
            operation = api.contract.manifest.operations[fixture.discover.operation]
            response = exchange.response
            if (
                (exchange.scenario, exchange.operation) == (START, fixture.discover.operation)
                and response is not None
                and response.status in operation.success.statuses
                and has_body(response)
            ):
                values = [value for _, value in pointer.find(response.body, fixture.discover.at)]
                api.objects.know(name, [value for value in values if isinstance(value, str)])
                break


def _turns(api: Api, before: History) -> None:
    """Of fixtures whose values serve once, those with which something was done are used up."""
    done = {item.request.path.get("id") for item in before.exchanges if item.request.method != "GET"}
    for name, values in api.settings.fixtures.items():
        used = [turn for turn, value in enumerate(values, start=1) if value in done]
        if isinstance(values, list) and used:
            api.shared.used(name, used[-1])
