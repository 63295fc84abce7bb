"""YAML as contract folders are written: short things on one line, in the order in which they are given."""

import yaml

from batchproof.drafting.operations import EVERY_ERROR
from batchproof.json_values import Json, JsonObject

_WIDTH = 110


class _Dumper(yaml.SafeDumper):
    """Writes one anchor, for what would fill the page."""

    def ignore_aliases(self, data: Json) -> bool:
        """Whether ``data`` is written out wherever it stands."""
        return data is not _ANY_ERROR

    def generate_anchor(self, node: yaml.Node) -> str:  # noqa: ARG002
        """The name of the anchor."""
        return "any_error"


class _Inline(JsonObject):
    """A mapping on one line."""


class _InlineList(list[Json]):
    """A list on one line."""


_ANY_ERROR = _InlineList(EVERY_ERROR)
_Dumper.add_representer(
    _Inline,
    lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True),
)
_Dumper.add_representer(
    _InlineList,
    lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True),
)


def text_of(value: Json) -> str:
    """``value`` as YAML."""
    return yaml.dump(
        _laid_out(value, 0),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=100_000,
        default_flow_style=False,
    )


def rows_text(rows: list[JsonObject]) -> str:
    """A list of rows, with an empty line between them."""
    return "\n".join(text_of([row]) for row in rows)


def _laid_out(value: Json, deep: int) -> Json:
    """``value`` with what is short enough marked to stand on one line."""
    if value is EVERY_ERROR:
        return _ANY_ERROR
    if isinstance(value, dict):
        if deep and value and _length(value) + 2 * deep < _WIDTH:
            return _inline(value)
        return {key: _laid_out(child, deep + 1) for key, child in value.items()}
    if isinstance(value, list):
        scalars = not any(isinstance(one, dict | list) for one in value)
        if scalars or (deep and _length(value) + 2 * deep < _WIDTH):
            return _inline(value)
        return [_laid_out(child, deep + 1 if deep else 0) for child in value]
    return value


def _inline(value: Json) -> Json:
    if value is EVERY_ERROR:
        return _ANY_ERROR
    if isinstance(value, dict):
        return _Inline({key: _inline(child) for key, child in value.items()})
    return _InlineList(map(_inline, value)) if isinstance(value, list) else value


def _length(value: Json) -> int:
    """About how long a value is on one line."""
    if isinstance(value, dict):
        return sum(len(str(key)) + 4 + _length(child) for key, child in value.items())
    return sum(2 + _length(child) for child in value) if isinstance(value, list) else len(str(value))
