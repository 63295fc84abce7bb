"""Why a request was not answered, in words that name a remedy where there is one."""

import ssl
from collections.abc import Iterator

import httpx

from batchproof.history import Failure

_CERTIFICATE = (
    "the certificate of the server does not fit: {}; if it is signed by an authority of your own, name its "
    "certificate with --ca-file, ca_file in [target], or SSL_CERT_FILE"
)


def failure_of(error: httpx.HTTPError) -> Failure:
    """``error`` as an event tells it."""
    if isinstance(error, httpx.TimeoutException):
        return Failure(kind="timeout", message=str(error) or "no answer in time")
    if isinstance(error, httpx.ConnectError):
        refused = next(
            (cause for cause in _causes(error) if isinstance(cause, ssl.SSLCertVerificationError)), None
        )
        if refused is not None:
            return Failure(kind="connect", message=_CERTIFICATE.format(refused.verify_message.rstrip(".")))
        return Failure(kind="connect", message=str(error) or "no connection")
    return Failure(kind="protocol", message=str(error) or type(error).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What led to ``error``, nearest first."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
