"""Bodies of forms as JSON, as a history has them: of a file its name, size and SHA-256."""

import hashlib
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any
from urllib.parse import parse_qsl


def is_multipart(content_type: str) -> bool:
    """Whether a body of this type is a form that may hold files."""
    return content_type.partition(";")[0].strip().lower() == "multipart/form-data"


def described(content: bytes, content_type: str) -> dict[str, Any] | None:
    """The fields of the form in ``content``; None where it is none, or cannot be read."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True))
    return _of_parts(content, content_type) if is_multipart(content_type) else None


def _of_parts(content: bytes, content_type: str) -> dict[str, Any] | None:
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    try:
        parts = BytesParser(policy=compat32).parsebytes(head + content).get_payload()
        return dict(map(_field, parts)) if isinstance(parts, list) else None
    except (MessageError, ValueError, LookupError, RecursionError, TypeError):
        return None


def _field(part: Any) -> tuple[str, Any]:
    """The name and the value of one part. Raises ``TypeError`` where it has none."""
    name = part.get_param("name", header="content-disposition") if isinstance(part, Message) else None
    content = part.get_payload(decode=True) if isinstance(part, Message) else None
    if not isinstance(name, str) or not isinstance(content, bytes):
        raise TypeError("a part without a name")
    filename = part.get_filename()
    if filename is None:
        return name, content.decode("utf-8", "replace")
    return name, {
        "filename": filename,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
