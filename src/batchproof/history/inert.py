"""JSON that does nothing where it is printed: no terminal obeys it, and no CI runner takes a part of it for a command."""

import re

# the control characters of ISO 6429 that JSON need not escape, and what else can turn or break a line
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# Azure Pipelines looks for these anywhere in a line
COMMAND = re.compile(r"##(?=\[|vso\[|teamcity\[)", re.IGNORECASE)


def inert(json: str) -> str:
    """The same JSON, with such characters written as escapes."""
    if "##" in json:
        json = COMMAND.sub(r"#\\u0023", json)
    return (
        json
        if json.isascii() and "\x7f" not in json
        else _STEERING.sub(lambda match: f"\\u{ord(match.group()):04x}", json)
    )
