"""What is left of a contract when a server claims a part of it."""

import msgspec
import pytest

from batchproof.contract import (
    ClaimError,
    Contract,
    claimed,
    in_order_of,
    installed_contracts,
    load_contract,
    what_is_claimed,
)
from batchproof.contract.capabilities import operations_to_claim
from batchproof.contract.webhooks import RECEIVER

EXTEND = "extend/2026-02-09"


@pytest.fixture(scope="module")
def extend() -> Contract:
    return load_contract(EXTEND)


def left_out(contract: Contract, *claims: str) -> dict[str, list[str]]:
    return {name: list(needed) for name, needed in what_is_claimed(contract, claims).left_out.items()}


@pytest.mark.parametrize("name", installed_contracts())
def test_whoever_claims_everything_leaves_nothing_out(name: str) -> None:
    contract = load_contract(name)
    everything = list(contract.manifest.capabilities)
    for claims in (None, everything):
        found = what_is_claimed(contract, claims)
        assert (found.operations, found.left_out) == (frozenset(operations_to_claim(contract.manifest)), {})
    whole = claimed(contract, everything)
    assert (whole.manifest, whole.probes) == (contract.manifest, contract.probes)


@pytest.mark.parametrize("name", installed_contracts())
def test_without_claims_the_contract_stays_the_same_object(name: str) -> None:
    contract = load_contract(name)
    assert claimed(contract, None) is contract
    assert contract.whole is contract


def test_operation_is_claimed_with_all_of_its_capabilities(extend: Contract) -> None:
    described = {
        claims: {name for name in what_is_claimed(extend, claims).operations if "extract" in name}
        for claims in [("extract",), ("extract", "batches"), ("extract", "cancel"), ("batches", "cancel")]
    }
    alone = {"create_extract_run", "get_extract_run", "list_extract_runs", "list_extractors"}
    assert described == {
        ("extract",): alone,
        ("extract", "batches"): alone | {"submit_extract_batch"},
        ("extract", "cancel"): alone | {"cancel_extract_run"},
        ("batches", "cancel"): set(),
    }


def test_row_names_the_capabilities_that_it_lacks(extend: Contract) -> None:
    rows = left_out(extend, "extract")
    named = (
        "submit_extract_batch.success",
        "list_extract_runs.batch.only",
        "cancel_parse_run.success",
        "webhook.batch.parse",
        "webhook.run.status",
        "extract_run.status.enum",
        "auth.missing",
        "error",
    )
    assert {name: rows.get(name) for name in named} == {
        "submit_extract_batch.success": ["batches"],
        "list_extract_runs.batch.only": ["batches"],
        "cancel_parse_run.success": ["parse", "cancel"],
        "webhook.batch.parse": ["parse", "batches", "webhooks"],
        "webhook.run.status": ["webhooks"],
        "extract_run.status.enum": None,
        "auth.missing": None,
        "error": None,
    }


def test_contract_for_driving_has_nothing_to_send_that_is_not_claimed(extend: Contract) -> None:
    part = claimed(extend, ["classify"])
    manifest = part.manifest
    operations = {"create_classify_run", "get_classify_run", "list_classify_runs", "list_classifiers"}
    assert set(manifest.operations) == operations
    assert {probe.operation for probe in part.probes.values()} == operations
    assert manifest.preflight == "list_classify_runs"
    assert manifest.webhooks is None
    assert list(manifest.flows) == ["classify_run"]
    flow = manifest.flows["classify_run"]
    assert {part: value for part, value in msgspec.structs.asdict(flow).items() if value is not None} == {
        "create": "create_classify_run",
        "read_run": "get_classify_run",
        "list": "list_classify_runs",
    }
    found_by = {
        name: fixture.discover.operation
        for name, fixture in manifest.fixtures.items()
        if fixture.discover is not None
    }
    assert found_by == {"classifier_id": "list_classifiers", "classify_run_ids": "list_classify_runs"}


def test_contract_for_driving_keeps_the_rules(extend: Contract) -> None:
    part = claimed(extend, ["classify", "webhooks"])
    assert (part.requirements, part.invariants, part.stated) == (
        extend.requirements,
        extend.invariants,
        extend.stated,
    )
    assert part.catalogue_sha256() == extend.catalogue_sha256()
    assert part.whole is extend
    assert part.manifest.webhooks == extend.manifest.webhooks
    assert RECEIVER in what_is_claimed(part, ["classify", "webhooks"]).operations
    assert claimed(part, ["classify"]).whole is extend


def test_flow_that_has_lost_its_beginning_stays_where_nothing_else_has_the_rest() -> None:
    talonic = load_contract("talonic/v1")
    flow = claimed(talonic, ["batches"]).manifest.flows["batch"]
    assert (flow.read, flow.refresh, flow.cancel, flow.cancellable) == (
        "get_batch",
        None,
        None,
        "cancellable_batch_ids",
    )


def test_preflight_of_the_contract_stays_where_it_is_claimed(parted: Contract) -> None:
    assert claimed(parted, ["documents"]).manifest.preflight == "list_documents"


def test_claims_without_a_read_that_needs_no_id_are_refused(extend: Contract) -> None:
    with pytest.raises(ClaimError) as refused:
        claimed(extend, ["batches", "cancel"])
    assert str(refused.value) == (
        "batches, cancel alone leaves no read without an id, by which a server is looked for; "
        "claim one of these as well: extract, classify, split, parse"
    )


def test_claims_of_a_contract_without_capabilities_are_refused(acme: Contract) -> None:
    with pytest.raises(ClaimError) as refused:
        in_order_of(acme, ["batches"])
    assert str(refused.value) == (
        "acme/1 declares no capabilities, so nothing of it can be left out; claim nothing"
    )
