"""What runs show of their files, extractors, classifiers, splitters and versions: times that cannot be, things that change."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import CLASSIFY, Family
from batchproof.emulator.extend_2026_02_09.store import Processor
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.files import File
from batchproof.emulator.extend_common.life import PROCESSING, Version

from .fields import change
from .table import PROCESSED_WITH, each_family, operation

_DAY_MS = 24 * 60 * 60 * 1000
_YEAR_MS = 365 * _DAY_MS


@each_family("{run}-file-updated-before", breaks="file.updated_at.order", families=(CLASSIFY,))
def file_updated_before(behaviour: Behaviour, family: Family) -> None:
    """SDK, FileSummary, updatedAt: the last update; here, in a {run}, it lies a day before the creation."""

    def shift(body: JsonObject, file: File, _call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(file.created - _DAY_MS)

    behaviour.on_object("file", shift, _operations(family))


@each_family("{run}-file-of-tomorrow", breaks="file.moments.past", families=(CLASSIFY,))
def file_of_tomorrow(behaviour: Behaviour, family: Family) -> None:
    """SDK, FileSummary, updatedAt: the last update; here, in a {run}, it is still to come."""

    def shift(body: JsonObject, file: File, _call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(file.created + _YEAR_MS)

    behaviour.on_object("file", shift, _operations(family))


@each_family("{run}-file-created-otherwise", breaks="file.created_at.constant", families=(CLASSIFY,))
def file_created_otherwise(behaviour: Behaviour, family: Family) -> None:
    """SDK, FileSummary, createdAt: the creation; here, while a {run} is PROCESSING, it lies a day before."""
    _while_processing(behaviour, family, "file", createdAt="2025-01-01T00:00:00Z")


@each_family("{run}-file-changes", breaks="{run}.file.constant")
def file_changes(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, file: the one that was processed; here, while PROCESSING, it is another one."""
    _while_processing(behaviour, family, "file", id="file_of_another_run")


@each_family("{processor}-updated-before", breaks="{processor}.updated_at.order", families=PROCESSED_WITH)
def processor_updated_before(behaviour: Behaviour, family: Family) -> None:
    """SDK, {Processor}Summary, updatedAt: the last update; here it lies a day before the creation."""

    def shift(body: JsonObject, processor: Processor, _call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(processor.created - _DAY_MS)

    behaviour.on_object(_name(family), shift)


@each_family("{processor}-of-tomorrow", breaks="{processor}.moments.past", families=PROCESSED_WITH)
def processor_of_tomorrow(behaviour: Behaviour, family: Family) -> None:
    """SDK, {Processor}Summary, updatedAt: the last update; here it is still to come."""

    def shift(body: JsonObject, _processor: Processor, call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(call.now + _YEAR_MS)

    behaviour.on_object(_name(family), shift)


@each_family(
    "{processor}-created-at-drifts", breaks="{processor}.created_at.constant", families=PROCESSED_WITH
)
def processor_drifts(behaviour: Behaviour, family: Family) -> None:
    """SDK, {Processor}Summary, createdAt: the creation; here each list shows it a second earlier."""
    looks: list[int] = []

    def shift(body: JsonObject, processor: Processor, _call: Call) -> None:
        looks.append(processor.number)
        seconds = looks.count(processor.number)
        body["createdAt"] = behaviour.timestamp(processor.created - seconds * 1000)

    behaviour.on_object(_name(family), shift, [operation(family, "processors")])


@each_family("{processor}-update-falls", breaks="{processor}.updated_at.monotone", families=PROCESSED_WITH)
def processor_update_falls(behaviour: Behaviour, family: Family) -> None:
    """SDK, {Processor}Summary, updatedAt: the last update; here each list but the first shows an earlier one."""
    seen: set[str] = set()

    def shift(body: JsonObject, processor: Processor, _call: Call) -> None:
        if processor.id not in seen:
            seen.add(processor.id)
            body["updatedAt"] = behaviour.timestamp(processor.created + _DAY_MS)

    behaviour.on_object(_name(family), shift, [operation(family, "processors")])


@each_family(
    "{processor}-version-before-{processor}",
    breaks="{processor}_version.created_at.order",
    families=PROCESSED_WITH,
)
def version_before(behaviour: Behaviour, family: Family) -> None:
    """SDK, {Processor}VersionSummary, createdAt: the creation of a version; here it lies a year before that of its {processor}."""

    def shift(body: JsonObject, version: Version, _call: Call) -> None:
        body["createdAt"] = behaviour.timestamp(version.created - _YEAR_MS)

    behaviour.on_object(f"{_name(family)}_version", shift)


@each_family(
    "{processor}-version-of-tomorrow", breaks="{processor}_version.moments.past", families=PROCESSED_WITH
)
def version_of_tomorrow(behaviour: Behaviour, family: Family) -> None:
    """SDK, {Processor}VersionSummary, createdAt: the creation; here it is still to come."""

    def shift(body: JsonObject, version: Version, _call: Call) -> None:
        body["createdAt"] = behaviour.timestamp(version.created + 100 * _YEAR_MS)

    behaviour.on_object(f"{_name(family)}_version", shift)


@each_family(
    "{processor}-version-created-otherwise",
    breaks="{processor}_version.created_at.constant",
    families=PROCESSED_WITH,
)
def version_created_otherwise(behaviour: Behaviour, family: Family) -> None:
    """SDK, {Processor}VersionSummary, createdAt: the creation; here, while a run is PROCESSING, it is another moment."""
    _while_processing(behaviour, family, f"{_name(family)}Version", createdAt="2026-01-01T00:00:00Z")


@each_family("{run}-version-changes", breaks="{run}.{processor}_version.constant", families=PROCESSED_WITH)
def version_changes(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, {processor}Version: the one that is used; here, while PROCESSING, it is another one."""
    _while_processing(behaviour, family, f"{_name(family)}Version", id="version_of_another_run")


def _while_processing(behaviour: Behaviour, family: Family, key: str, **values: str) -> None:
    """What the detail of a run shows under a key has other values while the run is PROCESSING."""

    def other(body: JsonObject, _run: object) -> JsonObject | None:
        shown: JsonObject | None = body[key]
        return shown and shown | values

    change(behaviour, family, key, other, when=(PROCESSING,), views=("detail",))


def _operations(family: Family) -> list[str]:
    return [operation(family, view) for view in ("create", "get", "list", "cancel")]


def _name(family: Family) -> str:
    assert family.processor is not None
    return family.processor.name
