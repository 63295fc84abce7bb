"""A recorded request as a command that can be copied into a POSIX shell."""

import json
import re
import shlex
from collections.abc import Iterator

from batchproof.history import Exchange, Request, has_body
from batchproof.history.inert import inert
from batchproof.report.printable import visible

_LEFT_TO_CURL = frozenset({"host", "accept-encoding", "connection", "content-length", "user-agent"})
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN = re.compile(r"""[^\\"$`!]*""")
_LONGEST_BODY = 2_000
_BREAK = " \\\n  "


def curl(exchange: Exchange, token_name: str | None) -> str:
    """The command that sends the request of ``exchange`` again, one option a line.

    ``token_name`` is the environment variable that holds the token; only it is left to the shell to fill in.
    """
    request = exchange.request
    body = _body(exchange)
    command = ["curl -i"]
    if body is not None or request.method != "GET":
        command[0] += f" -X {shlex.quote(visible(request.method))}"
    if any(character in request.url for character in "[]{}"):
        command[0] += " --globoff"
    if "/." in request.url:
        command[0] += " --path-as-is"
    command.append(f"--url {shlex.quote(visible(request.url))}")
    command.extend(_headers(request, token_name, sends_body=body is not None))
    if body is not None:
        command.append(body)
    return _BREAK.join(command)


def _headers(request: Request, token_name: str | None, *, sends_body: bool) -> Iterator[str]:
    for name, value in request.headers.items():
        if name.lower() in _LEFT_TO_CURL or not _HEADER_NAME.fullmatch(name):
            continue
        # curl leaves a header out when nothing follows the colon; a semicolon sends it empty
        line = f"{name}: {visible(value)}" if value else f"{name};"
        yield f"-H {_quoted(line, token_name)}"
    if sends_body and not any(name.lower() == "content-type" for name in request.headers):
        yield "-H 'content-type:'"


def _quoted(line: str, token_name: str | None) -> str:
    """``line`` in quotes, with ``$NAME`` of the token open to the shell, and nothing else."""
    if token_name is None or not _VARIABLE.fullmatch(token_name):
        return _single(line)
    variable = f"${token_name}"
    parts = re.split(re.escape(variable) + r"(?![A-Za-z0-9_])", line)
    if len(parts) == 1:
        return _single(line)
    if all(_PLAIN.fullmatch(part) for part in parts):
        return f'"{line}"'
    return f'"{variable}"'.join(_single(part) if part else "" for part in parts)


def _single(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _body(exchange: Exchange) -> str | None:
    request = exchange.request
    text = request.text
    if text is None and has_body(request):
        text = json.dumps(request.body, ensure_ascii=False, separators=(",", ":"))
        if not text.isprintable():
            text = json.dumps(request.body, separators=(",", ":"))
        text = inert(text)
    if text is None:
        return None
    if len(text) > _LONGEST_BODY or visible(text) != text:
        return f"--data-binary @-  # body: exchange {visible(exchange.id)} in history.ndjson"
    return f"--data-raw {_single(text)}"
