"""``for``: what is written once for several families of objects, expanded to one of it for each family.

``families`` in ``contract.yaml`` names them with their words. In what has a ``for``, ``<family>`` is the name of the family and
``<word>`` each of its words, in texts and in names of keys. A group (``for`` and ``items``) is expanded family by family; a
``for`` inside a group says which of its families an item is for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from batchproof.contract.problems import Problem, Step, undeclared
from batchproof.json_values import Json, JsonObject

Words = Mapping[str, Json]
Families = Mapping[str, Words]
Origins = Mapping[tuple[Step, ...], tuple[Step, ...]]
FOR, ITEMS, FAMILY = "for", "items", "family"
# the sections of contract.yaml whose entries may have a `for`
SECTIONS = ("documents", "fixtures", "resources", "lifecycles", "operations", "flows", "capabilities")
_WORD = re.compile(r"<([A-Za-z_]+)>")


class Expanded(NamedTuple):
    """Data without ``for``. ``origins`` tells for the place of each thing that was expanded where it is written."""

    data: Json
    origins: dict[tuple[Step, ...], tuple[Step, ...]]
    problems: list[Problem]


def families_of(manifest: Json) -> Families:
    """The families that the data of ``contract.yaml`` names, each with its words."""
    written = manifest.get("families") if isinstance(manifest, dict) else None
    if not isinstance(written, dict):
        return {}
    return {name: words if isinstance(words, dict) else {} for name, words in written.items()}


def expand(file: Path, data: Json, families: Families) -> Expanded:
    """``data`` of ``file``, a list or the sections of ``contract.yaml``, with every ``for`` expanded."""
    reader = _Reader(file, families)
    if isinstance(data, list):
        items = [one for index, item in enumerate(data) for one in reader.items(item, (index,))]
        places: dict[tuple[Step, ...], tuple[Step, ...]] = {
            (index,): at for index, (_, at) in enumerate(items)
        }
        return Expanded([value for value, _ in items], places, reader.problems)
    if isinstance(data, dict):
        found = {**data}
        origins: dict[tuple[Step, ...], tuple[Step, ...]] = {}
        for name in SECTIONS:
            if isinstance(data.get(name), dict):
                found[name] = {}
                for key, value in data[name].items():
                    for one, expanded in reader.entries(key, value, (name, key)):
                        found[name][one] = expanded
                        origins[name, one] = (name, key)
        return Expanded(found, origins, reader.problems)
    return Expanded(data, {}, [])


class _Reader:
    def __init__(self, file: Path, families: Families) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._families = families

    def items(self, item: Json, at: tuple[Step, ...]) -> Iterator[tuple[Json, tuple[Step, ...]]]:
        """An item of a list for each of its families, with the place where it is written."""
        if not isinstance(item, dict) or FOR not in item:
            yield item, at
            return
        for name, words in self._words(item, at).items():
            if ITEMS not in item:
                yield self._filled(_without_for(item), words, at), at
                continue
            inside = item[ITEMS] if isinstance(item[ITEMS], list) else []
            for index, one in enumerate(inside):
                here = (*at, ITEMS, index)
                if not isinstance(one, dict) or FOR not in one:
                    yield self._filled(one, words, here), here
                elif name in (own := self._words(one, here)):
                    yield self._filled(_without_for(one), {**words, **own[name]}, here), here

    def entries(self, key: str, value: Json, at: tuple[Step, ...]) -> Iterator[tuple[str, Json]]:
        """An entry of a section for each of its families."""
        if not isinstance(value, dict) or FOR not in value:
            yield key, value
            return
        for words in self._words(value, at).values():
            yield self._text(key, words, at), self._filled(_without_for(value), words, at)

    def _words(self, item: Mapping[str, Json], at: tuple[Step, ...]) -> dict[str, Words]:
        """The families of a ``for``, each with all its words."""
        written = item[FOR]
        own: Mapping[str, Json] = written if isinstance(written, dict) else {}
        if not isinstance(written, dict | list) or not written:
            self._describe(at, "`for` takes a list of families, or families with words that only this has")
            return {}
        found: dict[str, Words] = {}
        for name in written:
            place = (*at, FOR)
            unknown = undeclared(self._file, FOR, str(name), self._families, "family", place)
            self.problems += (problem._replace(written=(self._file, place)) for problem in unknown)
            if name in self._families:
                words = own.get(name)
                extra: Words = words if isinstance(words, dict) else {}
                found[name] = {FAMILY: name, **self._families[name], **extra}
        return found

    def _filled(self, value: Json, words: Words, at: tuple[Step, ...]) -> Json:
        if isinstance(value, str):
            whole = _WORD.fullmatch(value)
            if whole is not None and whole[1] in words:
                return words[whole[1]]
            return self._text(value, words, at)
        if isinstance(value, list):
            return [self._filled(one, words, at) for one in value]
        if isinstance(value, dict):
            return {self._text(key, words, at): self._filled(one, words, at) for key, one in value.items()}
        return value

    def _text(self, text: str, words: Words, at: tuple[Step, ...]) -> str:
        def word(found: re.Match[str]) -> str:
            if found[1] in words:
                return str(words[found[1]])
            self._describe(at, f"{found[0]} is no word of {words[FAMILY]}; use one of: {_described(words)}")
            return found[0]

        return _WORD.sub(word, text)

    def _describe(self, at: tuple[Step, ...], remedy: str) -> None:
        self.problems.append(
            Problem(self._file, ".".join(map(str, at)), remedy, at, written=(self._file, at))
        )


def _without_for(item: Mapping[str, Json]) -> JsonObject:
    return {key: value for key, value in item.items() if key != FOR}


def _described(words: Sequence[str] | Words) -> str:
    return ", ".join(f"<{word}>" for word in words)
