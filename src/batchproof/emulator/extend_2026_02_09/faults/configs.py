"""Configurations of runs that have other values than the documented ones."""

from collections.abc import Callable
from typing import Any

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_2026_02_09.families import EXTRACT, Family
from batchproof.emulator.extend_common.behaviour import Behaviour

from .fields import change
from .table import PROCESSED_WITH, each_family


@each_family(
    "{run}-base-processor-unknown", breaks="{run}.config.base_processor.known", families=PROCESSED_WITH
)
def base_processor_unknown(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, config.baseProcessor: one of the documented ones; here it is called best."""
    change(behaviour, family, "config", lambda body, _: body["config"] | {"baseProcessor": "best"})


@each_family("{run}-option-as-text", breaks="{run}.config.advanced_options", families=PROCESSED_WITH)
def option_as_text(behaviour: Behaviour, family: Family) -> None:
    """{Run}, config.advancedOptions: switches are booleans; here they are texts."""
    _options(behaviour, family, lambda value: str(value).lower() if isinstance(value, bool) else value)


@each_family("{run}-option-unknown", breaks="{run}.config.advanced_options.known", families=PROCESSED_WITH)
def option_unknown(behaviour: Behaviour, family: Family) -> None:
    """{Run}, config.advancedOptions: choices have documented values; here another one."""
    _options(behaviour, family, lambda value: "automatic" if isinstance(value, str) else value)


@each_family("{run}-schema-as-sent", breaks="{run}.config.normalized", families=(EXTRACT,))
def schema_as_sent(behaviour: Behaviour, family: Family) -> None:
    """Agent Context, Extraction Schema: every listed property is marked as required; here only those that were."""

    def reduced(body: JsonObject) -> JsonObject:
        config: JsonObject = dict(body["config"])
        if isinstance(config.get("schema"), dict):
            config["schema"] = config["schema"] | {"required": []}
        return config

    change(behaviour, family, "config", lambda body, _: reduced(body))


def _options(behaviour: Behaviour, family: Family, changed: Callable[[Any], Any]) -> None:
    def config(body: JsonObject) -> JsonObject:
        given: JsonObject = body["config"]
        options = given.get("advancedOptions") or {}
        return given | {"advancedOptions": {key: changed(value) for key, value in options.items()}}

    change(behaviour, family, "config", lambda body, _: config(body))
