"""The documented errors (Error Handling, general codes)."""

from typing import NoReturn

from batchproof.emulator.exchange import ApiError

RETRYABLE = frozenset({"RATE_LIMIT_EXCEEDED", "INTERNAL_ERROR"})

_UNROUTED = {
    404: ("NOT_FOUND", "There is no such endpoint."),
    405: ("METHOD_NOT_ALLOWED", "The endpoint does not know this method."),
}


class ExplainedError(ApiError):
    """The request itself is wrong, and a page of the documentation explains why (Error Handling, docUrl)."""

    def __init__(self, message: str, doc_url: str) -> None:
        super().__init__(400, "INVALID_REQUEST", message)
        self.doc_url = doc_url


def invalid(message: str) -> ApiError:
    """The request itself is wrong."""
    return ApiError(400, "INVALID_REQUEST", message)


def not_found(what: str) -> ApiError:
    """The workspace holds no such object."""
    return ApiError(404, "NOT_FOUND", f"The {what} was not found.")


def unauthorized() -> ApiError:
    """The bearer token is missing, malformed or not accepted."""
    return ApiError(
        401, "UNAUTHORIZED", "The API key is missing or not valid.", {"WWW-Authenticate": "Bearer"}
    )


def rate_limited() -> ApiError:
    """Too many requests (Rate Limits, Handling)."""
    return ApiError(429, "RATE_LIMIT_EXCEEDED", "Too many requests. Retry later.", {"Retry-After": "1"})


def usage_blocked() -> ApiError:
    """The workspace is out of credits (Error Codes, general codes)."""
    return ApiError(402, "USAGE_BLOCKED", "There are no credits left. Buy some, or wait for the next period.")


def unrouted(status: int) -> ApiError:
    """No operation has this path or method, or the server itself broke."""
    code, message = _UNROUTED.get(status, ("INTERNAL_ERROR", "Something went wrong."))
    return ApiError(status, code, message)


def refuse(message: str) -> NoReturn:
    """Raise the refusal of a wrong request."""
    raise invalid(message)
