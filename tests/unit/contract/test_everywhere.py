"""What is said of the credential of one operation is asked of every one."""

from pathlib import Path
from types import ModuleType

from batchproof.contract import load_contract


def test_probe_for_each_operation(build: ModuleType, tmp_path: Path) -> None:
    folder = build.copy_of_acme(tmp_path)
    file = folder / "probes.yaml"
    written = file.read_text("utf-8")
    file.write_text(
        written.replace("refused: {statuses: [401]}}", "refused: {statuses: [401]}, everywhere: true}", 1),
        "utf-8",
    )
    contract = load_contract(str(folder))
    made = {name: probe for name, probe in contract.probes.items() if probe.generated}
    others = sorted(set(contract.manifest.operations) - {"list_documents"})
    assert sorted(made) == [f"no-token.{name}" for name in others]
    assert {probe.requirement for probe in made.values()} == {"auth.required"}
    assert made["no-token.get_batch"].control.path == {"id": {"$known": "batch"}}
    assert made["no-token.submit_batch"].control.path == {}


def test_credential_that_has_a_probe_of_its_own(build: ModuleType, tmp_path: Path) -> None:
    folder = build.copy_of_acme(tmp_path)
    file = folder / "probes.yaml"
    own = "- {name: own, requirement: auth.required, operation: submit_batch, change: {auth: none}, refused: {statuses: [401]}}\n"
    written = file.read_text("utf-8") + own
    file.write_text(
        written.replace("refused: {statuses: [401]}}", "refused: {statuses: [401]}, everywhere: true}", 1),
        "utf-8",
    )
    assert "no-token.submit_batch" not in load_contract(str(folder)).probes
