"""What is accepted and what is refused when runs are created and batches are submitted."""

from collections.abc import Callable
from typing import Any

from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import (
    CLASSIFY,
    EXTRACT,
    PROCESSED_WITH,
    SPLIT,
    Family,
    operation,
)
from batchproof.emulator.extend_2026_02_09.mail import Behaviour
from batchproof.emulator.extend_2026_02_09.plants import each_family, registry
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.verbs import accept
from batchproof.emulator.verbs import said_members

fault = registry.fault

_CLASSED = (CLASSIFY, SPLIT)
_CLASSES = "create_{run}.config.classifications"


@fault("create-extract-run-accepts-packed-text", breaks="create_extract_run.package.text")
def accepts_packed_text(behaviour: Behaviour) -> None:
    """Multi-File Extraction, Files: by address or id; here raw text is accepted, too."""
    _accept(behaviour, EXTRACT, lambda call: any("text" in file for file in _packed(call)))


@each_family("create-{run}-refuses-some-metadata", breaks="create_{run}.metadata")
def refuses_some_metadata(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, metadata: any object; here one with the value `metadata` is refused."""
    _refuse(
        behaviour, operation(family, "create"), lambda call: _is_noted(said_members(call).get("metadata"))
    )


@each_family("submit-{family}-batch-refuses-some-metadata", breaks="submit_{family}_batch.inputs.metadata")
def batch_refuses_some_metadata(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, inputs.metadata: any object; here one with the value `metadata` is refused."""
    _refuse(
        behaviour,
        operation(family, "submit"),
        lambda call: any(_is_noted(item.get("metadata")) for item in said_members(call)["inputs"]),
    )


@each_family(
    "create-{run}-latest-is-draft",
    breaks="create_{run}.{processor}.version.latest",
    families=PROCESSED_WITH,
)
def latest_is_draft(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}, version: without it the latest; here who names latest gets the draft."""
    key = f"{family.processor.name if family.processor else ''}Version"

    def change(body: JsonObject, run: Run, call: Call) -> None:
        chosen = _processor(family, call)
        if isinstance(chosen, dict) and chosen.get("version") == "latest" and run.processor is not None:
            run.version = run.processor.versions["draft"]
            body[key] = body[key] | {"id": run.version.id}

    behaviour.on_object(family.kind, change, [operation(family, "create")])


@each_family("create-{run}-accepts-no-other", breaks=f"{_CLASSES}.other", families=_CLASSED)
def accepts_no_other(behaviour: Behaviour, family: Family) -> None:
    """Classifications: one has the type other; here a config of a {run} without it is accepted."""

    def without_other(call: Call) -> bool:
        classes = _classes(family, call)
        return bool(classes) and all(entry["type"] != "other" for entry in classes)

    _accept(behaviour, family, without_other)


@each_family("create-{run}-accepts-an-id-twice", breaks=f"{_CLASSES}.unique", families=_CLASSED)
def accepts_an_id_twice(behaviour: Behaviour, family: Family) -> None:
    """Classifications: each has a unique id; here a config of a {run} with two of one id is accepted."""

    def twice(call: Call) -> bool:
        ids = [entry["id"] for entry in _classes(family, call)]
        return len(set(ids)) < len(ids)

    _accept(behaviour, family, twice)


@fault("schema-of-plain-primitives-accepted", breaks="create_extract_run.config.schema.nullable")
def plain_primitives(behaviour: Behaviour) -> None:
    """Schema: "Non-nullable primitive types will be rejected with a 400 error"; here they are accepted."""
    _accept_field(behaviour, lambda _, field: field.get("type") == "string")


@fault("schema-with-enum-without-null-accepted", breaks="create_extract_run.config.schema.enum")
def enum_without_null(behaviour: Behaviour) -> None:
    """Schema: "Enums without null will be rejected with a 400 error"; here they are accepted."""
    _accept_field(behaviour, lambda _, field: None not in field.get("enum", [None]))


@fault("schema-with-enum-of-numbers-accepted", breaks="create_extract_run.config.schema.enum.strings")
def enum_of_numbers(behaviour: Behaviour) -> None:
    """Schema: "Enums must only contain strings"; here one of numbers is accepted."""
    _accept_field(behaviour, lambda _, field: any(type(value) is int for value in field.get("enum", [])))


@fault("schema-of-a-nullable-array-accepted", breaks="create_extract_run.config.schema.containers")
def nullable_array(behaviour: Behaviour) -> None:
    """Extraction Schema: "Objects and arrays cannot be nullable"; here an array can."""
    _accept_field(behaviour, lambda _, field: "array" in field.get("type", ()) and "null" in field["type"])


@fault("schema-of-six-levels-accepted", breaks="create_extract_run.config.schema.depth")
def six_levels(behaviour: Behaviour) -> None:
    """Schema: "Maximum nesting level is 5"; here any depth is accepted."""
    _accept_field(behaviour, lambda _, field: field.get("type") == "object")


@fault("schema-with-a-space-in-a-name-accepted", breaks="create_extract_run.config.schema.names")
def space_in_a_name(behaviour: Behaviour) -> None:
    """Extraction Schema: names of "letters, numbers, underscores, hyphens only"; here one has a space."""
    _accept_field(behaviour, lambda name, _: " " in name)


@fault("schema-with-any-of-accepted", breaks="create_extract_run.config.schema.keywords")
def any_of(behaviour: Behaviour) -> None:
    """Extraction Schema: anyOf is not supported; here it is accepted."""
    _accept_field(behaviour, lambda _, field: "anyOf" in field)


def _processor(family: Family, call: Call) -> object:
    return said_members(call).get(family.processor.name) if family.processor else None


def _is_noted(metadata: object) -> bool:
    return isinstance(metadata, dict) and "metadata" in metadata.values()


def _packed(call: Call) -> list[JsonObject]:
    package = said_members(call).get("package")
    return package.get("files", []) if isinstance(package, dict) else []


def _config(call: Call) -> JsonObject:
    config = said_members(call).get("config")
    return config if isinstance(config, dict) else {}


def _classes(family: Family, call: Call) -> list[JsonObject]:
    found = _config(call).get(family.config.classes or "")
    return found if isinstance(found, list) else [{"type": "other", "id": "none"}]


def _fields(call: Call) -> dict[str, Any]:
    schema = _config(call).get("schema")
    fields = schema.get("properties") if isinstance(schema, dict) else None
    return fields if isinstance(fields, dict) else {}


def _accept_field(behaviour: Behaviour, when: Callable[[str, Any], bool]) -> None:
    """A schema with such a field is accepted."""
    _accept(behaviour, EXTRACT, lambda call: any(when(name, field) for name, field in _fields(call).items()))


def _accept(behaviour: Behaviour, family: Family, when: Callable[[Call], bool]) -> None:
    accept(behaviour, operation(family, "create"), family.prefix, when)


def _refuse(behaviour: Behaviour, name: str, when: Callable[[Call], bool]) -> None:
    def change(answer: Answer, call: Call) -> Answer:
        refused = answer.status == 200 and when(call)
        return behaviour.refusal(400, "The request cannot be answered.", call) if refused else answer

    behaviour.on_answer(name, change)
