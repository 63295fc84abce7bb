"""What is one in the older version and several in the newer one: a mapping depends on a condition."""

from typing import Any

DOCUMENT = "resources/document.json"


def split(versions: Any) -> None:
    """Documents of two kinds, of which one has pages in the newer version and the other has sheets."""

    def by_kind(schema: dict[str, Any]) -> None:
        del schema["properties"]["pages"], schema["properties"]["sheets"]
        schema["required"] = ["kind"]
        schema["properties"]["kind"] = {"enum": ["long", "short"]}
        number = {"type": "integer"}
        schema["if"] = {"required": ["kind"], "properties": {"kind": {"const": "long"}}}
        schema["then"] = {"properties": {"pages": number}}
        schema["else"] = {"properties": {"lines": number}}

    def without(name: str) -> Any:
        return lambda schema: (schema["properties"].pop(name), schema.update(required=[]))

    versions.schema(DOCUMENT, by_kind, older=True)
    versions.schema(DOCUMENT, without("sheets"))
    versions.schema(DOCUMENT, lambda schema: schema["properties"].update(lines={"type": "integer"}))
    versions.migration["variants"] = {
        "books": {"about": "Long ones.", "words": {"kind": "long", "unit": "pages"}},
        "notes": {"about": "Short ones.", "words": {"kind": "short", "unit": "lines"}},
    }
    versions.migration["shapes"][DOCUMENT] = {
        "to": DOCUMENT,
        "given": {"/kind": "$kind"},
        "fields": {
            "kept": ["/id", "/name", "/status", "/created_at", "/finished_at", "/pages", "/lines"],
            "gone": {"/kind": "Look whether it has $unit."},
        },
    }


def test_a_field_of_one_variant_is_no_removal_for_the_other(versions: Any) -> None:
    split(versions)
    found = {change.id: change for change in versions.compared().changes if change.grade == "breaking"}
    assert list(found) == ["document.kind.removed"]
    described = [(after.variants, after.note) for after in found["document.kind.removed"].after]
    assert described == [(["books"], "Look whether it has pages."), (["notes"], "Look whether it has lines.")]


def test_what_only_one_variant_loses_names_it(versions: Any) -> None:
    split(versions)
    shape = versions.migration["shapes"][DOCUMENT]
    shape["by"] = {"notes": {"gone": {"/name": "Notes have no names."}}}
    (lost,) = [change for change in versions.compared().changes if change.id.startswith("document.name")]
    assert (lost.id, [after.variants for after in lost.after]) == ("document.name.removed@notes", [["notes"]])


def test_what_stands_outside_says_so_in_the_words_of_each_variant(versions: Any) -> None:
    split(versions)
    versions.migration["operations"]["get_document"] = {
        "outside": "GET /$unit/{id} reads it.",
        "grade": "risky",
    }
    (change,) = [one for one in versions.compared().changes if one.id == "get_document.outside"]
    assert [(after.variants, after.note) for after in change.after] == [
        (["books"], "GET /pages/{id} reads it."),
        (["notes"], "GET /lines/{id} reads it."),
    ]
    assert change.grade == "risky"
