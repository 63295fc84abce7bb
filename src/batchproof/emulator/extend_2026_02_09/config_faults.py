"""Defects of inline configurations: what must be refused is accepted, what is allowed is not."""

from collections.abc import Callable
from typing import Any

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour

from .families import CLASSIFY, EXTRACT, SPLIT, Family
from .faults import doing
from .faults.table import each_family, operation
from .plants import registry

fault = registry.fault

_CLASSED = (CLASSIFY, SPLIT)
_CLASSES = "create_{run}.config.classifications"


def _config(call: Call) -> JsonObject:
    body = doing.body_of(call)
    config = body.get("config") if isinstance(body, dict) else None
    return config if isinstance(config, dict) else {}


def _classes(family: Family, call: Call) -> list[JsonObject]:
    found = _config(call).get(family.config.classes or "")
    return found if isinstance(found, list) else [{"type": "other", "id": "none"}]


def _accept(behaviour: Behaviour, family: Family, when: doing.When) -> None:
    doing.accept(behaviour, operation(family, "create"), family.prefix, when)


@each_family("create-{run}-refuses-config", breaks="create_{run}.config", families=_CLASSED)
def refuses_config(behaviour: Behaviour, family: Family) -> None:
    """Create {Run}: a config may stand instead of a {processor}; here it is refused."""
    doing.refuse(behaviour, operation(family, "create"), lambda call: bool(_config(call)))


@each_family("create-{run}-accepts-no-classification", breaks=f"{_CLASSES}.min", families=_CLASSED)
def accepts_no_classification(behaviour: Behaviour, family: Family) -> None:
    """Classifications: "must provide at least one"; here a config of a {run} without any is accepted."""
    _accept(behaviour, family, lambda call: not _classes(family, call))


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


def _fields(call: Call) -> dict[str, Any]:
    schema = _config(call).get("schema")
    fields = schema.get("properties") if isinstance(schema, dict) else None
    return fields if isinstance(fields, dict) else {}


def _accept_field(behaviour: Behaviour, when: Callable[[str, Any], bool]) -> None:
    """A schema with such a field is accepted."""
    _accept(behaviour, EXTRACT, lambda call: any(when(name, field) for name, field in _fields(call).items()))


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


@fault("schema-refused-by-another-code", breaks="create_extract_run.config.schema.code")
def another_code(behaviour: Behaviour) -> None:
    """Error Handling: a bad body has the code INVALID_REQUEST; here a bad schema has that of an operation that is gone."""
    doing.with_code(
        behaviour, "create_extract_run", 400, "ENDPOINT_REMOVED", lambda call: bool(_fields(call))
    )
