"""Signatures of deliveries. They are worked out where the secret is known, so that it need not be kept to judge them."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from batchproof.contract.webhooks import Signature
from batchproof.history.events import Delivery

_LONGEST_STAMP = 15


def delivery(
    signature: Signature,
    secret: str | None,
    *,
    identifier: str,
    received_at: float,
    headers: Mapping[str, str],
    raw: bytes,
    now: float | None,
    method: str | None = None,
    path: str | None = None,
) -> Delivery:
    """What a receiver got, as an event. ``now`` is the moment of reception in seconds since 1970, if it is known."""
    lowered = {name.lower(): value for name, value in headers.items()}
    stamp = lowered.get(signature.timestamp.header)
    text, encoded = _described(raw)
    return Delivery(
        id=identifier,
        received_at=received_at,
        method=method,
        path=path,
        headers=lowered,
        text=text,
        base64=encoded,
        expected=None if secret is None or stamp is None else expected(signature, secret, stamp, raw),
        age=None if now is None else _age(stamp, now),
    )


def expected(signature: Signature, secret: str, timestamp: str, raw: bytes) -> str:
    """The signature that a delivery with this timestamp and these bytes has under ``secret``."""
    before, _, after = signature.signed.partition("{body}")
    # a header may hold what UTF-8 cannot say; such a signature fits nothing, and that is right
    signed = (part.replace("{timestamp}", timestamp).encode("utf-8", "replace") for part in (before, after))
    digest = hmac.new(secret.encode(), raw.join(signed), hashlib.sha256).digest()
    return digest.hex() if signature.encoding == "hex" else base64.b64encode(digest).decode()


def _described(raw: bytes) -> tuple[str | None, str | None]:
    try:
        return raw.decode(), None
    except UnicodeDecodeError:
        return None, base64.b64encode(raw).decode()


def _age(stamp: str | None, now: float) -> float | None:
    """How old the timestamp is; None where it is no whole number of seconds."""
    if stamp is None or not stamp.isascii() or not stamp.isdigit() or len(stamp) > _LONGEST_STAMP:
        return None
    return round(now - int(stamp), 3)
