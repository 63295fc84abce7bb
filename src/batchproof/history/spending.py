"""What a run has spent, on disk before it is sent: what was on its way when a run was killed counts when it goes on."""

from pathlib import Path

import msgspec


class Spent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Requests that were sent, and documents that the server may have been asked to process with them."""

    requests: int = 0
    documents: int = 0


class Spending:
    """A small file that always says what was spent. It is of one length, so a full disk does not cut it.

    It survives the death of the process, as the history does; neither is made to survive that of the machine.
    """

    def __init__(self, file: Path, spent: Spent) -> None:
        """Creates ``file``, or takes the one that is there, which says ``spent`` from now on. Raises ``OSError``."""
        self._file = file.open("r+b" if file.exists() else "w+b", buffering=0)
        self._name = file
        self.failure: OSError | None = None
        try:
            self.record(spent.requests, spent.documents)
        except OSError:
            self.close()
            raise

    def record(self, requests: int, documents: int) -> None:
        """Replaces what the file says; one thread at a time. Raises ``OSError``, and from then on always the same one."""
        if self.failure is not None:
            raise self.failure
        line = f'{{"requests": {requests:15d}, "documents": {documents:15d}}}\n'.encode("ascii")
        try:
            self._file.seek(0)
            while line:
                line = line[self._file.write(line) :]
        except OSError as error:
            self.failure = OSError(error.errno, error.strerror, str(self._name))
            raise self.failure from error

    def close(self) -> None:
        """Closes the file. Closing twice does nothing."""
        self._file.close()


def spent_in(file: Path) -> Spent:
    """What ``file`` says was spent; nothing where there is none, or nothing in it yet.

    Raises ``OSError``, and ``ValueError`` where somebody else wrote it.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return Spent()
    # no request is sent before the first line is there
    if not content:
        return Spent()
    try:
        return msgspec.json.decode(content, type=Spent)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
