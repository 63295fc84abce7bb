"""Objects that are already there: read again and again, and listed. Nothing is created."""

import pytest

from batchproof.contract.linked import Flow, Reader
from batchproof.drive import Api, Unmet

MOST_OBJECTS = 5
AFTER_A_LOOK_S = 1.5


def test_given_objects_are_watched_to_their_end(api: Api, reader: Reader) -> None:
    """Every id that the user gives counts, in every profile, and all of them are watched together."""
    refs = api.objects.given(reader.reads.name)
    spare = api.objects.to_cancel(reader)
    if not refs and not spare:
        pytest.skip("none is given")
    for ref in spare:
        # they have to stay as they are, so nobody waits for their end
        api.call(reader, ref)
    api.watch(reader, refs)


def test_existing_object_is_read_twice(api: Api, reader: Reader) -> None:
    resource = reader.reads.name
    refs = api.supply.various(resource)
    if not refs:
        raise Unmet(f"no existing {resource} is given or found", option="give its id in [fixtures]")
    for ref in refs:
        api.read(reader, ref)
        api.read(reader, ref)


@pytest.mark.profile("core")
def test_objects_that_others_name_are_read(api: Api, reader: Reader) -> None:
    resource = reader.reads.name
    if not any(resource in other.refers for other in api.contract.resources.values()):
        pytest.skip(f"nothing names a {resource}")
    for ref in api.supply.named(resource):
        api.call(reader, ref)


@pytest.mark.flow("read", "list", "read_run")
def test_runs_of_an_existing_batch(api: Api, flow: Flow) -> None:
    resource = flow.subject.name
    given = api.objects.given(resource)
    batches = given or api.objects.existing(resource)[:MOST_OBJECTS]
    for batch in batches:
        if given:
            # it was watched to its end before
            api.read(flow.read, batch)
        else:
            api.poll_until_terminal(flow.read, batch)
    # by then no replica of the list is behind
    api.pause(AFTER_A_LOOK_S)
    for batch in batches:
        for run in api.refs(flow.list, api.traverse(flow.list, batch))[:MOST_OBJECTS]:
            api.read(flow.read_run, run)
