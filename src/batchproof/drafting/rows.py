"""The requirements of a draft: one row for each documented keyword, with the place in the document."""

import json

from batchproof.contract.model import Aspect
from batchproof.drafting.naming import snake, unlike
from batchproof.json_values import Json, JsonObject

DOCUMENT = "openapi"
_LONGEST = 300
_LIMITS = frozenset(
    {
        "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
    }
)  # fmt: skip
_SAYS = {
    "enum": "is one of {}",
    "const": "is {}",
    "type": "is of type {}",
    "format": "has the format {}",
    "pattern": "matches {}",
    "minLength": "has at least {} characters",
    "maxLength": "has at most {} characters",
    "minimum": "is at least {}",
    "maximum": "is at most {}",
    "exclusiveMinimum": "is greater than {}",
    "exclusiveMaximum": "is less than {}",
    "multipleOf": "is a multiple of {}",
    "minItems": "has at least {} elements",
    "maxItems": "has at most {} elements",
    "minProperties": "has at least {} properties",
    "maxProperties": "has at most {} properties",
}


class Rows:
    """Collects rows, each with an id of its own. All of them are drafts: a human judges level and sentence."""

    def __init__(self) -> None:
        self.made: dict[str, JsonObject] = {}
        self._known: dict[tuple[str, str, str], str] = {}

    def add(
        self, name: str, statement: str, at: str, aspect: Aspect, *, quick: bool = False, part: str = ""
    ) -> str:
        """The id of the row that states the ``part`` of what stands at the pointer ``at``; made where there is none yet."""
        key = (name, at, part)
        if key not in self._known:
            identifier = self._known[key] = unlike(name, self.made)
            self.made[identifier] = {
                "id": identifier,
                "level": "SHOULD",
                "statement": statement if len(statement) <= _LONGEST else statement[:_LONGEST] + "…",
                "source": {"document": DOCUMENT, "section": at or "/"},
                "basis": "inferred",
                "aspect": aspect,
                **({"set": "quick"} if quick else {}),
                "draft": True,
            }
        return self._known[key]

    def keyword(self, name: str, about: str, keyword: str, value: Json, at: str, *, refused: bool) -> str:
        """The row of one keyword; of a request it says that another value is ``refused``."""
        says = said(keyword, value)
        end = "; a request with another value is refused." if refused else "."
        return self.add(
            f"{name}.{snake(keyword)}", f"{about} {says}{end}", at, aspect_of(keyword), part=keyword
        )


def aspect_of(keyword: str) -> Aspect:
    """The aspect of what a keyword says."""
    if keyword in ("enum", "const"):
        return "enum"
    if keyword == "required":
        return "presence"
    return "limit" if keyword in _LIMITS else "shape"


def said(keyword: str, value: Json) -> str:
    """What a keyword says, in words."""
    if keyword == "uniqueItems":
        return "has no element twice"
    if keyword in ("anyOf", "oneOf"):
        return f"fits {'one' if keyword == 'oneOf' else 'at least one'} of {len(value)} shapes"
    if keyword not in _SAYS:
        return f"keeps {keyword}"
    values = value if isinstance(value, list) else [value]
    joined = (" or " if keyword == "type" else ", ").join(map(_text, values))
    return _SAYS[keyword].format(joined)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
