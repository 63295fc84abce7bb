"""A section about webhooks that does not hold together is refused with one line: the file, the key, the remedy."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import ContractError, load_contract

SECTION = """
webhooks:
  envelope: {schema: resources/batch.json, requirement: batch, id: /eventId, type: /eventType}
  signature:
    header: acme-signature
    signed: "v0:{timestamp}:{body}"
    requirement: batch.id
    timestamp: {header: acme-time, requirement: batch.id, fresh: {past_s: 9, future_s: 9, requirement: batch.id}}
  headers: {acme-version: {value: "1", requirement: batch.id}}
  reference: {at: /payload/data}
  register: {path: /hooks, body: {url: {$receiver: url}}, secret: /secret}
  events:
    batch.done:
      resource: batch
      at: /payload
      schema: resources/batch.json
      requirement: batch
      ended: {status: done, tolerated: [failed], requirement: batch.id, after_requirement: batch.id}
    document.made: {resource: document, at: /payload, schema: resources/document.json, requirement: document}
"""
INVARIANT = "\n- {requirement: batch.id, each: delivery, on: batch, rule: self.id != ''}\n"
# what is written instead of what, and what is said of it
BROKEN = {
    "unknown key": ("    header: acme-signature", "    headers: acme", "webhooks.signature: lacks `header`, a text; needed: header, timestamp, signed, requirement"),
    "unknown algorithm": ("    header: acme-signature", "    algorithm: md5\n    header: a", "webhooks.signature.algorithm: 'md5' is not allowed; use one of: hmac-sha256"),
    "no body": ('"v0:{timestamp}:{body}"', '"v0:{timestamp}"', "webhooks.signature.signed: must hold {timestamp} and, once, {body}, and no other place"),
    "no time": ('"v0:{timestamp}:{body}"', '"v0:{body}"', "webhooks.signature.signed: must hold {timestamp} and, once, {body}, and no other place"),
    "body twice": ('"v0:{timestamp}:{body}"', '"{body}{timestamp}{body}"', "webhooks.signature.signed: must hold {timestamp} and, once, {body}, and no other place"),
    "another place": ('"v0:{timestamp}:{body}"', '"v0:{timestamp}:{body}:{secret}"', "webhooks.signature.signed: must hold {timestamp} and, once, {body}, and no other place"),
    "no template": ('"v0:{timestamp}:{body}"', '"v0:{timestamp:{body}"', "webhooks.signature.signed: must hold {timestamp} and, once, {body}, and no other place"),
    "upper case": ("header: acme-signature", "header: Acme-Signature", "webhooks: names the header 'Acme-Signature'; header names are written in lower case"),
    "upper case of time": ("header: acme-time", "header: Acme-Time", "webhooks: names the header 'Acme-Time'; header names are written in lower case"),
    "upper case of another": ("{acme-version: {value", "{Acme-Version: {value", "webhooks: names the header 'Acme-Version'; header names are written in lower case"),
    "empty header": ("header: acme-signature", "header: ' '", "webhooks: names the header ' '; header names are written in lower case"),
    "id": ("id: /eventId", "id: eventId", "webhooks.envelope.id: begins with a slash"),
    "type": ("type: /eventType", "type: eventType", "webhooks.envelope.type: begins with a slash"),
    "reference": ("{at: /payload/data}", "{at: payload}", "webhooks.reference.at: begins with a slash"),
    "secret": ("secret: /secret", "secret: secret", "webhooks.register.secret: begins with a slash"),
    "path": ("path: /hooks", "path: hooks", "webhooks.register.path: begins with a slash"),
    "no event": (SECTION[SECTION.index("  events:") :], "  events: {}\n", "webhooks.events: is empty; name at least one type of event"),
    "resource": ("resource: batch\n", "resource: nope\n", "webhooks.events.batch.done.resource: names the resource 'nope', which is not declared; declare it or use one of: batch, document, paper"),
    "payload": ("at: /payload\n", "at: payload\n", "webhooks.events.batch.done.at: begins with a slash"),
    "state": ("status: done", "status: running", "webhooks.events.batch.done.ended.status: 'running' is no terminal state of batch; use one of: done, failed"),
    "tolerated": ("tolerated: [failed]", "tolerated: [failed, queued]", "webhooks.events.batch.done.ended.tolerated: 'queued' is no terminal state of batch; use one of: done, failed"),
    "no life cycle": ("resource: batch\n", "resource: paper\n", "webhooks.events.batch.done.ended.status: 'done' is no terminal state of paper; use one of: none, it has no life cycle"),
}  # fmt: skip


@pytest.fixture
def folder(build: ModuleType, tmp_path: Path) -> Path:
    """A contract folder with webhooks, an invariant about them, and a resource without a life cycle."""
    copy: Path = build.copy_of_acme(tmp_path)
    manifest = (copy / "contract.yaml").read_text()
    manifest = manifest.replace("\nlifecycles:\n", "  paper: {id: /id}\n\nlifecycles:\n", 1)
    (copy / "contract.yaml").write_text(manifest + SECTION)
    (copy / "invariants.yaml").write_text((copy / "invariants.yaml").read_text() + INVARIANT)
    return copy


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_section_that_holds_together(folder: Path) -> None:
    hooks = load_contract(str(folder)).manifest.webhooks
    assert hooks is not None
    assert list(hooks.events) == ["batch.done", "document.made"]


@pytest.mark.parametrize("kind", ["batch.gone", None, ["batch.done"], {"batch.done": 1}])
def test_event_of_no_known_type_names_nothing(folder: Path, kind: Any) -> None:
    hooks = load_contract(str(folder)).manifest.webhooks
    assert hooks is not None
    assert hooks.named({"eventType": kind}, {}) is None


@pytest.mark.parametrize("name", BROKEN)
def test_broken_section_is_refused_in_one_line(folder: Path, name: str) -> None:
    old, new, described = BROKEN[name]
    change(folder / "contract.yaml", old, new)
    with pytest.raises(ContractError) as raised:
        load_contract(str(folder))
    assert raised.value.alone == f"{folder / 'contract.yaml'}: {described}"


@pytest.mark.parametrize("place", ["envelope: {schema: resources/", "at: /payload\n      schema: resources/"])
def test_schema_that_does_not_exist(folder: Path, place: str) -> None:
    change(folder / "contract.yaml", f"{place}batch.json", f"{place}nope.json")
    with pytest.raises(ContractError) as raised:
        load_contract(str(folder))
    described = "is named by the contract but does not exist"
    assert raised.value.alone == f"{folder / 'resources/nope.json'}: {described}"


def test_row_that_does_not_exist(folder: Path) -> None:
    change(folder / "contract.yaml", '{value: "1", requirement: batch.id}', '{value: "1", requirement: nope}')
    with pytest.raises(ContractError) as raised:
        load_contract(str(folder))
    described = "nope: is stated by webhook header acme-version, but is no row of requirements.yaml"
    assert raised.value.alone == f"{folder / 'contract.yaml'}: {described}"


@pytest.mark.parametrize("on", ["paper", "nope"])
def test_invariant_about_deliveries_that_never_come(folder: Path, on: str) -> None:
    change(folder / "invariants.yaml", "each: delivery, on: batch", f"each: delivery, on: {on}")
    with pytest.raises(ContractError) as raised:
        load_contract(str(folder))
    described = f"is about deliveries on {on}, which no event carries; use `*` or one of: batch, document"
    assert raised.value.alone == f"{folder / 'invariants.yaml'}: batch.id: {described}"


def test_invariant_about_all_deliveries(folder: Path) -> None:
    change(folder / "invariants.yaml", "each: delivery, on: batch", 'each: delivery, on: "*"')
    assert load_contract(str(folder)).invariants[-1].invariant.on == "*"


def test_invariant_about_deliveries_needs_the_section(folder: Path) -> None:
    change(folder / "contract.yaml", SECTION, "")
    with pytest.raises(ContractError) as raised:
        load_contract(str(folder))
    described = "is about deliveries, and contract.yaml has no section `webhooks`"
    assert raised.value.alone == f"{folder / 'invariants.yaml'}: batch.id: {described}"
