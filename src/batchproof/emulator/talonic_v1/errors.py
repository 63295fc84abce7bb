"""The documented errors, with the codes of the endpoint pages."""

from batchproof.emulator.exchange import ApiError

_UNROUTED = {
    404: ("not_found", "There is no such endpoint."),
    405: ("method_not_allowed", "The endpoint does not know this method."),
}


def unauthorized() -> ApiError:
    """The API key is missing or not accepted (Batch Detail, Errors)."""
    return ApiError(401, "unauthorized", "Missing or invalid API key.", {"WWW-Authenticate": "Bearer"})


def not_found(what: str) -> ApiError:
    """The organization has no such object, whoever else may have it (Batch Detail, Errors)."""
    return ApiError(404, "not_found", f"No {what} with this ID exists for your organization.")


def bad_request(message: str) -> ApiError:
    """The state of the object forbids the request (Cancel Batch, Errors)."""
    return ApiError(400, "bad_request", message)


def invalid(message: str) -> ApiError:
    """The request itself is wrong (Get Job, Errors)."""
    return ApiError(400, "validation_error", message)


def missing_document() -> ApiError:
    """An upload without a file (Source Documents, Errors)."""
    return ApiError(400, "missing_document", "No file was provided in the request.")


def rate_limited(seconds: int) -> ApiError:
    """The calls of the day are used up (Batch Detail, Errors: Retry-After)."""
    return ApiError(
        429, "rate_limited", "Too many requests. Retry later.", {"Retry-After": str(max(1, seconds))}
    )


def unrouted(status: int) -> ApiError:
    """No operation has this path or method, or the server itself broke."""
    code, message = _UNROUTED.get(status, ("internal_error", "Something went wrong."))
    return ApiError(status, code, message)
