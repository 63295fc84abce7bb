"""The JSON Schemas of a contract folder: compiled validators, and which requirement each keyword states."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NoReturn, TypeVar
from urllib.parse import unquote, urljoin

import jsonschema_rs

from batchproof.contract import pointer
from batchproof.contract.conditions import Conditions, conditions_of
from batchproof.contract.errors import ContractError
from batchproof.contract.problems import Problem
from batchproof.contract.schema_traversal import Child, Place, Visit, subschemas, traverse
from batchproof.json_values import Json, JsonObject

T = TypeVar("T")
Owner = str | dict[str, str]
ANNOTATION = "x-requirement"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
# the $id of what takes the place of a schema that cannot be used, while the rest of a folder is checked
_QUOTED = re.compile(r'"([^"\n]*)"')
STAND_IN = "https://stand-in.invalid/"
# keywords that say nothing about values of other types (JSON Schema Validation 2020-12, section 6)
KEYWORDS_OF: dict[type, frozenset[str]] = {
    str: frozenset({"pattern", "format", "minLength", "maxLength"}),
    int: frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
    list: frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"}),
    dict: frozenset(
        {
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
        }
    ),
}
_TYPED: frozenset[str] = frozenset().union(*KEYWORDS_OF.values())


class Shapes:
    """All schemas of one folder. They refer to each other only; nothing is fetched."""

    def __init__(self, folder: Path, say: Callable[[Problem], object] | None = None) -> None:
        """Reads every JSON file of ``resources/`` and ``requests/``, and leaves out what it has to ``say`` of.

        Without ``say`` it raises ``ContractError`` instead.
        """
        self.folder = folder
        self.documents: JsonObject = {}
        self._uris: dict[str, str] = {}
        self.lost: set[str] = set()
        say = say or _refuse
        for file in sorted([*folder.glob("resources/*.json"), *folder.glob("requests/*.json")]):
            name = file.relative_to(folder).as_posix()
            document = _read(file, say)
            if document is None:
                self.lost.add(name)
                document = {"$id": f"{STAND_IN}{name}"}
            document["$id"] = self._own_uri(file, document, say)
            if not _is_schema(file, document, say):
                self.lost.add(name)
                document = {"$id": document["$id"]}
            self.documents[document["$id"]] = document
            self._uris[name] = document["$id"]
        for name, at, node in list(self._broken_references()):
            reference = node.pop("$ref")
            if (PurePosixPath(name).parent / reference).as_posix() not in self.lost:
                steps = (*pointer.parse(at), "$ref")
                say(Problem(folder / name, "$ref", f"{reference!r} leads nowhere", steps))
        self._registry = jsonschema_rs.Registry(list(self.documents.items()))
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._conditions: dict[str, Conditions | None] = {}
        self._owners = {
            f"{uri}#{at}": node[ANNOTATION]
            for uri, document in self.documents.items()
            for at, node in subschemas(document)
            if ANNOTATION in node
        }
        self._speaks = {location: _spoken(self.at(location)) for location in self._owners}

    @property
    def files(self) -> list[str]:
        """The schema files, relative to the folder."""
        return list(self._uris)

    def document(self, file: str) -> Json:
        """The schema in ``file``, as written."""
        return self.documents[self._uris[file]]

    def uri(self, file: str) -> str:
        """The ``$id`` of ``file``."""
        return self._uris[file]

    def validator(self, file: str) -> jsonschema_rs.Draft202012Validator:
        """The compiled validator of ``file``; formats are checked, nothing is fetched. Raises ``ContractError``."""
        if file not in self._validators:
            if file not in self._uris:
                raise ContractError(self.folder / file, "", "is named by the contract but does not exist")
            try:
                self._validators[file] = jsonschema_rs.Draft202012Validator(
                    self.document(file), validate_formats=True, registry=self._registry, offline=True
                )
            except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
                raise ContractError(
                    self.folder / file, "", "is not a usable schema: " + str(error).splitlines()[0]
                ) from error
        return self._validators[file]

    def unusable(self, file: str, where: Path, at: tuple[str, ...]) -> Iterator[Problem]:
        """The problem of a ``file`` that is named ``at`` a place of the file ``where`` and cannot be used, if there is one.

        From then on a schema that allows everything takes its place.
        """
        try:
            self.validator(file)
        except ContractError as error:
            exists = (self.folder / file).is_file()
            self.stand_in(file)
            problem = Problem(self.folder / file, "", error.remedy, missing=file)
            yield problem if exists else problem._replace(written=(where, at))

    def conditions(self, file: str) -> Conditions | None:
        """What decides which subschemas of ``file`` apply to a value; None where that is not known."""
        if file not in self._conditions:
            self._conditions[file] = conditions_of(self, file)
        return self._conditions[file]

    def owner(self, location: str) -> Owner | None:
        """What ``x-requirement`` says at the subschema ``location`` (an absolute address with a JSON Pointer fragment)."""
        return self._owners.get(location)

    def speaks(self, location: str) -> list[tuple[str, frozenset[str]]]:
        """The requirements of the subschema ``location``, each with the keywords that must find a value of their type.

        No keywords means that the requirement is exercised by any value.
        """
        return self._speaks.get(location, [])

    def at(self, location: str) -> Json:
        """The subschema or keyword value at ``location``."""
        uri, _, fragment = location.partition("#")
        return pointer.first(self.documents[uri], unquote(fragment))

    def stated(self, file: str) -> set[str]:
        """The requirement ids at every keyword that a validation against ``file`` can reach."""
        visits = self.traverse(file, True, lambda *_: True, once=True)
        return {identifier for visit in visits for identifier in ids_of(visit.schema.get(ANNOTATION))}

    def traverse(
        self,
        file: str,
        state: T,
        hand_down: Callable[[Visit[T], Child], T | None],
        keywords: Sequence[str] | None = None,
        *,
        once: bool = False,
    ) -> Iterator[Visit[T]]:
        """The subschemas that can be come to from ``file``, through references, as ``schema_traversal.traverse`` says."""
        start = Place(self._uris[file], self.document(file))
        return traverse([start], state, hand_down, at=self.at, keywords=keywords, once=once)

    def stand_in(self, file: str) -> None:
        """Takes a schema that allows everything for a ``file`` that does not exist, or cannot be used."""
        self.lost.add(file)
        uri = self._uris.setdefault(file, f"{STAND_IN}{file}")
        self.documents[uri] = {"$id": uri}
        self._validators[file] = jsonschema_rs.Draft202012Validator({})

    def texts_lost(self) -> set[str]:
        """What stands in quotes in the files that cannot be used: the requirements that they state, among others."""
        files = [self.folder / name for name in self.lost]
        texts = (file.read_text("utf-8", "replace") for file in files if file.is_file())
        return {quoted for text in texts for quoted in _QUOTED.findall(text)}

    def _own_uri(self, file: Path, document: JsonObject, say: Callable[[Problem], object]) -> str:
        uri = document.get("$id")
        if not isinstance(uri, str) or not uri.startswith("https://"):
            remedy = "must be an absolute https address, so that relative references resolve"
        elif uri in self.documents:
            remedy = f"{uri!r} is the $id of another file, too; give each its own"
        else:
            return uri
        say(Problem(file, "$id", remedy, ("$id",)))
        return f"{STAND_IN}{file.parent.name}/{file.name}"

    def _broken_references(self) -> Iterator[tuple[str, str, JsonObject]]:
        """``(file, pointer, subschema)`` for every ``$ref`` that leads nowhere."""
        for file, uri in self._uris.items():
            for at, node in subschemas(self.documents[uri]):
                if "$ref" in node:
                    target, _, fragment = urljoin(uri, node["$ref"]).partition("#")
                    if (
                        target not in self.documents
                        or pointer.first(self.documents[target], unquote(fragment)) is None
                    ):
                        yield file, at, node


def _refuse(problem: Problem) -> NoReturn:
    raise problem.error()


def ids_of(owner: Owner | None) -> set[str]:
    """The requirement ids that an ``x-requirement`` names."""
    if owner is None:
        return set()
    return {owner} if isinstance(owner, str) else set(owner.values())


def _spoken(subschema: JsonObject) -> list[tuple[str, frozenset[str]]]:
    owner: Owner = subschema[ANNOTATION]
    if isinstance(owner, str):
        own = frozenset(subschema) - {ANNOTATION, "$id", "$schema", "title", "description", "$comment"}
        return [(owner, own if own and own <= _TYPED else frozenset())]
    by_id: dict[str, set[str]] = {}
    for keyword, identifier in owner.items():
        by_id.setdefault(identifier, set()).add(keyword)
    return [
        (name, frozenset(words) if words <= _TYPED else frozenset()) for name, words in sorted(by_id.items())
    ]


def _is_schema(file: Path, document: JsonObject, say: Callable[[Problem], object]) -> bool:
    """Whether ``document`` can be used. Annotations that cannot are taken out."""
    if document.get("$schema", DIALECT) != DIALECT:
        say(Problem(file, "/$schema", f"must be {DIALECT}", ("$schema",)))
        return False
    try:
        jsonschema_rs.meta.validate(document)
    except jsonschema_rs.ValidationError as error:
        at = pointer.join(error.instance_path)
        say(Problem(file, at, error.message, tuple(error.instance_path)))
        return False
    for at, node in subschemas(document):
        owner = node.get(ANNOTATION, "")
        named = owner.values() if isinstance(owner, dict) else [owner]
        if not all(isinstance(name, str) for name in named):
            steps = (*pointer.parse(at), ANNOTATION)
            say(Problem(file, f"{at}/{ANNOTATION}", "names a requirement, or requirements by keyword", steps))
            del node[ANNOTATION]
    return True


def _read(file: Path, say: Callable[[Problem], object]) -> JsonObject | None:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        say(Problem(file, "", f"is not JSON: {error}", mark=(error.lineno, error.colno)))
        return None
    except (OSError, ValueError) as error:
        say(Problem(file, "", f"is not JSON: {error}"))
        return None
    if not isinstance(document, dict):
        say(Problem(file, "", "must be an object"))
        return None
    return document
