"""Where something stands in a YAML or JSON file: line and column, as PyYAML marks its nodes. JSON is read as YAML, too."""

from collections.abc import Iterable
from pathlib import Path

import yaml

from batchproof.contract.problems import Step

TOP = (1, 1)


class Positions:
    """The places of one file. A file that cannot be read has one place, its top."""

    def __init__(self, file: Path) -> None:
        """Reads ``file``."""
        try:
            self._top = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            self._top = None

    def of(self, at: Iterable[Step]) -> tuple[int, int]:
        """Line and column, from 1, of what the steps ``at`` lead to, or of the last thing on the way that is there."""
        node = self._top
        found = node
        for step in at:
            if isinstance(node, yaml.MappingNode):
                entry = next(((key, value) for key, value in node.value if key.value == str(step)), None)
                if entry is None:
                    break
                found, node = entry
            elif isinstance(node, yaml.SequenceNode) and str(step).isdigit() and int(step) < len(node.value):
                found = node = node.value[int(step)]
            else:
                break
        if found is None:
            return TOP
        return found.start_mark.line + 1, found.start_mark.column + 1
