"""The loaded contract as objects that hold what they refer to."""

import dataclasses

import msgspec
import pytest

from batchproof.contract import Contract, load_contract
from batchproof.contract.linked import (
    Creating,
    Flow,
    Listing,
    Reader,
    Submitting,
    SubmittingAndCreating,
    link,
)
from batchproof.contract.model import Manifest


def test_operations_hold_what_they_show(acme: Contract) -> None:
    listing = acme.operations["list_documents"]
    assert isinstance(listing, Listing)
    assert [shown.resource for shown in listing.success.shows] == [acme.resources["document"]]
    assert listing.resource is acme.resources["document"]
    assert listing.owner is not None
    assert listing.owner.resource is acme.resources["batch"]


def test_what_leads_on_leads_back(acme: Contract) -> None:
    document = acme.resources["document"]
    assert document.lifecycle is acme.lifecycles["work"]
    assert document.reader is acme.operations["get_document"]
    assert document.lists == (acme.operations["list_documents"],)
    assert document.fixtures == ("document_ids",)
    assert acme.operations["submit_batch"].flows == (acme.flows["papers"],)


def test_a_flow_tells_by_its_type_how_it_begins(acme: Contract) -> None:
    papers = acme.flows["papers"]
    assert type(papers) is Submitting
    assert (papers.submit, papers.create) == (acme.operations["submit_batch"], None)
    assert (papers.subject, papers.run) == (acme.resources["batch"], acme.resources["document"])
    talonic = load_contract("talonic/v1")
    assert {name: type(flow) for name, flow in talonic.flows.items()} == {"batch": Flow, "document": Creating}
    assert isinstance(talonic.operations["get_batch"], Reader)


def test_a_flow_may_begin_in_both_ways(acme: Contract) -> None:
    both = msgspec.structs.replace(acme.manifest.flows["papers"], create="submit_batch")
    links = link(msgspec.structs.replace(acme.manifest, flows={"both": both}))
    assert type(links.flows["both"]) is SubmittingAndCreating


def test_states_that_follow_are_worked_out_once(acme: Contract) -> None:
    lifecycle = acme.lifecycles["work"]
    assert lifecycle.after["queued"] == {"queued", "running", "done", "failed"}
    assert [lifecycle.on_the_way(state) for state in ("queued", "done", "paused", "lost", None)] == [
        *(True, False, True, False, False)
    ]
    assert [lifecycle.has_to_end(state) for state in ("queued", "paused")] == [True, False]
    assert [lifecycle.is_waiting(state) for state in ("queued", "running")] == [True, False]


def test_a_contract_is_linked_once_and_another_manifest_anew(acme: Contract) -> None:
    assert acme.links is acme.links
    other = dataclasses.replace(acme, manifest=msgspec.structs.replace(acme.manifest, flows={}))
    assert (other.flows, list(acme.flows)) == ({}, ["papers"])


def test_an_operation_of_another_contract_leads_to_the_own_one(acme: Contract) -> None:
    other = dataclasses.replace(acme, manifest=msgspec.structs.replace(acme.manifest, flows={}))
    reader = acme.operations["get_batch"]
    assert acme.operation(reader) is acme.operation("get_batch") is reader
    assert other.operation(reader) is other.operations["get_batch"] is not reader
    with pytest.raises(KeyError):
        acme.operation("get_nothing")


def test_links_do_not_change(acme: Contract) -> None:
    with pytest.raises(AttributeError):
        acme.flows["papers"].read = None  # type: ignore[misc]


@pytest.mark.parametrize("name", ["extend/2026-02-09", "extend/2025-04-21", "talonic/v1"])
def test_everything_of_the_file_is_linked(name: str) -> None:
    contract = load_contract(name)
    manifest: Manifest = contract.manifest
    for part in ("operations", "resources", "lifecycles", "flows"):
        assert list(getattr(contract, part)) == list(getattr(manifest, part))
    for key, operation in contract.operations.items():
        assert (operation.name, operation.declared) == (key, manifest.operations[key])
