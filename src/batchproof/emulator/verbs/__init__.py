"""What faults do, as verbs: a row of a table of faults says one of them with its arguments."""

from . import answers, lists, objects, settings
from .base import OneOrMore, Verb, several
from .objects import ObjectVerb
from .shown import Shown, said, said_members

SHARED: tuple[type[Verb], ...] = (*objects.VERBS, *answers.VERBS, *lists.VERBS, *settings.VERBS)

__all__ = ["SHARED", "ObjectVerb", "OneOrMore", "Shown", "Verb", "said", "said_members", "several"]
