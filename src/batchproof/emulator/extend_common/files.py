"""Files as they are referred to in requests, and as they are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from .errors import refuse

_TYPES = {
    "pdf": "PDF",
    "csv": "CSV",
    "png": "IMG",
    "jpg": "IMG",
    "jpeg": "IMG",
    "txt": "TXT",
    "docx": "DOCX",
    "xlsx": "EXCEL",
    "xml": "XML",
    "html": "HTML",
}


@dataclass(frozen=True, slots=True)
class File:
    """A submitted file; `type` and `page_count` are None where they are not known."""

    id: str
    name: str
    type: str | None
    page_count: int | None
    created: int


@dataclass(frozen=True, slots=True)
class FileInput:
    """A file reference: an uploaded file's id, or a name, with whether the file can be processed at all."""

    id: str | None
    name: str
    fails: bool = False

    def stored(self, new_id: Callable[[str], str], now: int) -> File:
        """The file as it is kept; the page count is known for PDF and DOCX only."""
        kind = _TYPES.get(self.name.rpartition(".")[2].lower())
        pages = 2 if kind in ("PDF", "DOCX") else None
        return File(self.id or new_id("file"), self.name, kind, pages, now)


def from_url(text: str, name: str | None, where: str) -> FileInput:
    """A file at a URL; it cannot be processed if `fail` is in the path."""
    path = _url(text, where).path
    return FileInput(None, name or unquote(path).rpartition("/")[2] or "document", "fail" in path.lower())


def _url(text: str, where: str) -> SplitResult:
    try:
        url = urlsplit(text)
        complete = url.scheme in ("http", "https") and bool(url.hostname)
    except ValueError:
        complete = False
    if not complete:
        refuse(f"{where} must be an http or https URL.")
    return url
