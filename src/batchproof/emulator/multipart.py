"""Reading `multipart/form-data` (RFC 7578) with the MIME parser of the standard library."""

from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from .exchange import Call


class BadFormError(ValueError):
    """The request body is not an acceptable form."""


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form; a file has a name."""

    name: str
    filename: str | None
    type: str
    content: bytes

    @property
    def text(self) -> str:
        """The content of a field that is not a file."""
        return self.content.decode("utf-8", "replace")


def read_form(call: Call) -> list[Part]:
    """Take a form apart."""
    declared = call.headers.getlist("content-type")
    if len(declared) != 1 or declared[0].partition(";")[0].strip().lower() != "multipart/form-data":
        raise BadFormError("The content type must be multipart/form-data.")
    head = b"Content-Type: " + declared[0].encode("latin-1", "replace") + b"\r\n\r\n"
    try:
        # compat32 takes headers as they come; the newer policies parse them and stumble over malformed ones.
        message = BytesParser(policy=compat32).parsebytes(head + call.body)
        parts = [_part(part) for part in message.get_payload()] if message.is_multipart() else None
    except (MessageError, ValueError, LookupError, RecursionError):
        parts = None
    if parts is None:
        raise BadFormError("The body is not a form.")
    return [part for part in parts if part is not None]


def _part(part: Message | str) -> Part | None:
    name = part.get_param("name", header="content-disposition") if isinstance(part, Message) else None
    if not isinstance(part, Message) or not isinstance(name, str):
        return None
    content = part.get_payload(decode=True)
    return Part(
        name, part.get_filename(), part.get_content_type(), content if isinstance(content, bytes) else b""
    )
