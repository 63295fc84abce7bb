"""Which kind of input a template gets when a scenario wants a document."""

from typing import Any

from batchproof.contract.model import InputAlternative, Manifest
from batchproof.drive.templates import Templates

KINDS = {kind: [InputAlternative(value={"kind": kind})] for kind in ("document", "file", "failing")}


class Nothing:
    """A source that has no value for anything."""

    def fixture(self, name: str) -> None:
        return None


def filled(template: Any, *kinds: str) -> Any:
    manifest = Manifest(
        format="batchproof-contract/1",
        id="acme/1",
        title="Acme",
        documents={},
        preflight="look",
        error="error.json",
        operations={},
        inputs=KINDS,
    )
    return Templates(manifest, Nothing(), seed=0).fill(template, kinds)  # type: ignore[arg-type]


def test_a_document_is_of_the_kind_that_the_template_names() -> None:
    assert filled({"$inputs": "file"}, "document", "failing") == [{"kind": "file"}, {"kind": "failing"}]
    assert filled({"$inputs": "document"}, "document", "file") == [{"kind": "document"}, {"kind": "file"}]


def test_one_input_is_of_the_kind_that_the_template_names() -> None:
    assert filled({"$input": "file"}, "document") == {"kind": "file"}
    assert filled({"$input": "file"}, "failing") == {"kind": "failing"}
    assert filled({"$input": "file"}) == {"kind": "file"}
