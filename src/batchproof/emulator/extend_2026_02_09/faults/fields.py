"""Fields of runs that have another type or value than the documented ones, in details and in lists alike."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import EXTRACT, FAMILIES, PARSE, Family
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import CANCELLED, FAILED, PROCESSED

from .table import PROCESSED_WITH, each_family

# A run that has ended, so that nothing that polls is misled.
_ENDED = (PROCESSED, FAILED, CANCELLED)

Value = Callable[[JsonObject, Run], Any]


def change(
    behaviour: Behaviour,
    family: Family,
    key: str,
    value: Value,
    *,
    when: Collection[str] | None = None,
    views: tuple[str, ...] = ("detail", "list"),
) -> None:
    """The runs of a family have another value under a key, always or in some statuses, where they have the key at all."""

    def hook(body: JsonObject, run: Run, _call: Call) -> None:
        if key in body and (when is None or body["status"] in when):
            body[key] = value(body, run)

    for view, kind in (("detail", family.kind), ("list", f"{family.kind}_summary")):
        if view in views:
            behaviour.on_object(kind, hook)


def _typed(
    name: str, key: str, row: str, families: Collection[Family], wrong: str, value: Any, when: Any = None
) -> None:
    def plant(behaviour: Behaviour, family: Family) -> None:
        change(behaviour, family, key.format(processor=_kind(family)), lambda *_: value, when=when)

    plant.__doc__ = f"Get {{Run}}, {key}: {wrong}."
    each_family(f"{{run}}-{name}", breaks=f"{{run}}.{row}", families=families)(plant)


def _kind(family: Family) -> str:
    return family.processor.name if family.processor else ""


_OBJECT_OR_NULL = "an object or null; here a text"

_typed("object-other", "object", "object", FAMILIES, "always {run}; here run", "run")
_typed("reviewed-as-text", "reviewed", "reviewed", PROCESSED_WITH, "a boolean; here the text false", "false")
_typed("edited-as-number", "edited", "edited", PROCESSED_WITH, "a boolean; here 0", 0)
_typed("output-as-text", "output", "output", FAMILIES, _OBJECT_OR_NULL, "an output", (PROCESSED,))
_typed("initial-output-as-text", "initialOutput", "initial_output", PROCESSED_WITH, _OBJECT_OR_NULL, "none")
_typed(
    "reviewed-output-as-list",
    "reviewedOutput",
    "reviewed_output",
    PROCESSED_WITH,
    "an object or null; here an array",
    [],
)
_typed("edits-as-list", "edits", "edits", (EXTRACT,), "null or a map; here an array", [])
_typed("config-as-text", "config", "config", FAMILIES, "an object; here a text", "default")
_typed("file-as-text", "file", "file", FAMILIES, "an object or null; here the name alone", "invoice.pdf")
_typed("files-as-object", "files", "files", (EXTRACT,), "an array or null; here an object", {})
_typed(
    "parse-run-id-as-number",
    "parseRunId",
    "parse_run_id",
    PROCESSED_WITH,
    "a string or null; here a number",
    17,
)
_typed("dashboard-url-null", "dashboardUrl", "dashboard_url", PROCESSED_WITH, "a string; here null", None)
_typed("usage-as-number", "usage", "usage", FAMILIES, "an object or null; here a number", 4, (PROCESSED,))
_typed(
    "created-at-as-number",
    "createdAt",
    "created_at",
    PROCESSED_WITH,
    "an RFC 3339 date-time; here seconds since 1970",
    1767225600,
)
_typed(
    "updated-at-without-zone",
    "updatedAt",
    "updated_at",
    PROCESSED_WITH,
    "a date-time in UTC; here no zone is named",
    "2026-03-01T12:00:00.000",
)
_typed(
    "reason-as-number",
    "failureReason",
    "failure_reason",
    FAMILIES,
    "a string or null; here, when FAILED, a number",
    17,
    (FAILED,),
)
_typed(
    "reason-empty",
    "failureReason",
    "failure_reason",
    FAMILIES,
    "a reason, which says something; here, when FAILED, an empty text",
    "",
    (FAILED,),
)
_typed(
    "reason-of-its-own",
    "failureReason",
    "failure_reason.known",
    FAMILIES,
    "a list of reasons, which may grow; here a FAILED run has one that is not on it",
    "OUT_OF_LUCK",
    (FAILED,),
)
_typed(
    "message-as-list",
    "failureMessage",
    "failure_message",
    FAMILIES,
    "a string or null; here, when FAILED, an array",
    ["The file could not be processed."],
    (FAILED,),
)
_typed("metadata-as-text", "metadata", "metadata", FAMILIES, "an object or null; here a text", "none")
_typed(
    "processor-as-text",
    "{processor}",
    "{processor}",
    PROCESSED_WITH,
    "an object or null; here the name alone",
    "Invoices",
)
_typed(
    "version-as-text",
    "{processor}Version",
    "{processor}_version",
    PROCESSED_WITH,
    "an object or null; here the number alone",
    "1.0",
)
_typed(
    "status-as-number",
    "status",
    "status",
    FAMILIES,
    "a string; here, once the run has ended, a number",
    3,
    _ENDED,
)
_typed(
    "status-lower-case",
    "status",
    "status.enum",
    FAMILIES,
    "upper case; here, once PROCESSED, lower case",
    "processed",
    (PROCESSED,),
)
_typed("batch-id-as-number", "batchId", "batch_id", (PARSE,), "a string or null; here a number", 17)
_typed(
    "output-url-as-object",
    "outputUrl",
    "output_url",
    (PARSE,),
    "a string or null; here, when PROCESSED, an object",
    {},
    (PROCESSED,),
)
_typed(
    "metrics-as-text",
    "metrics",
    "metrics",
    (PARSE,),
    "an object or null; here, when PROCESSED, a text",
    "4 pages",
    (PROCESSED,),
)
_typed(
    "list-created-at-as-number",
    "createdAt",
    "created_at",
    (PARSE,),
    "an RFC 3339 date-time; here seconds since 1970",
    1767225600,
)
_typed(
    "list-updated-at-without-zone",
    "updatedAt",
    "updated_at",
    (PARSE,),
    "a date-time in UTC; here no zone is named",
    "2026-03-01T12:00:00.000",
)


@each_family("{run}-id-too-long", breaks="{run}.id")
def id_too_long(behaviour: Behaviour, family: Family) -> None:
    """API Versioning: an id has at most 255 characters; here the detail of a {run} that has ended has more."""
    change(behaviour, family, "id", lambda body, _: body["id"] + "x" * 256, when=_ENDED, views=("detail",))


@each_family("{run}-is-a-list", breaks="{run}")
def is_a_list(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, Response: the run, an object; here an array that holds it."""
    listed(behaviour, f"get_{family.kind}")


def listed(behaviour: Behaviour, operation: str) -> None:
    """The body of a success stands in an array."""
    behaviour.on_answer(
        operation, lambda answer, _: replace(answer, body=[answer.body]) if answer.status == 200 else answer
    )
