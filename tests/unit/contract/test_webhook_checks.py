"""A section about webhooks that does not hold together is refused with one line."""

import shutil
from pathlib import Path

import pytest

from batchproof.contract import ContractError, load_contract
from batchproof.contract.catalog import contract_folder

BROKEN = {
    "unknown-key": ("    encoding: hex", "    encodings: hex", "encodings"),
    "unknown-algorithm": ("hmac-sha256", "md5", "md5"),
    "no-body": ('"v0:{timestamp}:{body}"', '"v0:{timestamp}"', "{body}"),
    "another-place": ('"v0:{timestamp}:{body}"', '"v0:{timestamp}:{body}:{secret}"', "no other place"),
    "no-template": ('"v0:{timestamp}:{body}"', '"v0:{timestamp:{body}"', "{timestamp}"),
    "upper-case": ("header: x-extend-request-signature", "header: X-Extend-Request-Signature", "lower case"),
    "pointer": ("id: /eventId", "id: eventId", "begins with a slash"),
    "path": ("path: /webhook_endpoints", "path: webhook_endpoints", "begins with a slash"),
    "schema": ("schema: resources/webhook_event.json", "schema: resources/nope.json", "does not exist"),
    "resource": (
        "    batch_parse_run.failed:\n      resource: batch_run",
        "    batch_parse_run.failed:\n      resource: nope",
        "'nope'",
    ),
    "state": ("ended: {status: FAILED", "ended: {status: PENDING", "PROCESSED, FAILED, CANCELLED"),
    "tolerated": (
        "ended: {status: FAILED",
        "ended: {tolerated: [PENDING], status: FAILED",
        "ended.tolerated",
    ),
    "requirement": (
        "requirement: webhook.version",
        "requirement: webhook.nope",
        "no row of requirements.yaml",
    ),
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(contract_folder("extend/2026-02-09"), tmp_path / "copied"))


@pytest.mark.parametrize("name", BROKEN)
def test_broken_section_is_refused_in_one_line(copied: Path, name: str) -> None:
    old, new, told = BROKEN[name]
    file = copied / "contract.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(ContractError) as raised:
        load_contract(str(copied))
    assert told in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


@pytest.mark.parametrize(("on", "told"), [("extractor", "no event carries"), ("nope", "no event carries")])
def test_law_about_deliveries_that_never_come(copied: Path, on: str, told: str) -> None:
    file = copied / "laws.yaml"
    file.write_text(
        file.read_text().replace("  each: delivery\n  on: batch_run", f"  each: delivery\n  on: {on}", 1)
    )
    with pytest.raises(ContractError, match=told):
        load_contract(str(copied))


def test_law_about_deliveries_needs_the_section(copied: Path) -> None:
    file = copied / "contract.yaml"
    text = file.read_text()
    file.write_text(text[: text.index("\nwebhooks:\n") + 1])
    with pytest.raises(ContractError, match="no section `webhooks`"):
        load_contract(str(copied))
