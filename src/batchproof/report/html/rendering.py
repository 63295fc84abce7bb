"""Fills the templates. Whatever is filled in is text: nothing in it is markup, steers, or begins a command."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from batchproof.report.printable import visible


def render(template: str, **about: object) -> str:
    """The text of ``template``, filled in."""
    return _ENVIRONMENT.get_template(template).render(**about)


def _shown(value: object) -> object:
    """What a template prints; the output of its own macros is markup already."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _grouped(number: float) -> str:
    """``number`` with its thousands apart."""
    return f"{number:,}"


def _counted(number: int, singular: str, plural: str | None = None) -> str:
    """``1 request``, ``2 requests``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


_ENVIRONMENT = Environment(
    loader=PackageLoader("batchproof.report.html"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["grouped"] = _grouped
_ENVIRONMENT.filters["counted"] = _counted
