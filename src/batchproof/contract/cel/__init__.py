"""CEL, the Common Expression Language, as far as invariants need it: read once, evaluated on JSON values as they are.

The language is https://github.com/google/cel-spec. Left out are protocol buffers, bytes, unsigned numbers, ``dyn`` and macros
with two variables. Libraries for Python convert every value into one of their own before each evaluation, which costs
twenty times the evaluation; the tests compare this one with such a library, ``common-expression-language``.
"""

from batchproof.contract.cel.meaning import Environment, Meaning, conjuncts, free_names, meaning_of
from batchproof.contract.cel.syntax import Macro, parse
from batchproof.contract.cel.values import NotEvaluable, equal, kind

__all__ = [
    "Environment",
    "Macro",
    "Meaning",
    "NotEvaluable",
    "conjuncts",
    "equal",
    "free_names",
    "kind",
    "meaning_of",
    "parse",
]
