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
        flow.create.name: flow.run.name
        for flow in api.contract.flows.values()
        if flow.create is not None and flow.run is not None
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
        discovery = fixture.discover
        for exchange in before.exchanges if discovery is not None else ():
            response = exchange.response
            if (
                discovery is not None
                and (exchange.scenario, exchange.operation) == (START, discovery.operation)
                and response is not None
                and api.contract.operation(discovery.operation).accepts(response.status)
                and has_body(response)
            ):
                values = [value for _, value in pointer.find(response.body, discovery.at)]
                api.objects.know(name, [value for value in values if isinstance(value, str)])
                break


def _turns(api: Api, before: History) -> None:
    """Of fixtures whose values serve once, those with which something was done are used up."""
    done = {item.request.path.get("id") for item in before.exchanges if item.request.method != "GET"}
    for name, values in api.settings.fixtures.items():
        used = [turn for turn, value in enumerate(values, start=1) if value in done]
        if isinstance(values, list) and used:
            api.shared.used(name, used[-1])
