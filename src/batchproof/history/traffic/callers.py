"""Who asks: which headers carry a credential, and which choose whose objects an answer is about."""

import re
from collections.abc import Sequence

from batchproof.history.traffic.message import joined

_CREDENTIAL = re.compile(
    r"(?:.*-)?(?:api-?key|app-?key|access-?key|private-?key|subscription-?key|license-?key|token|jwt|bearer|"
    r"secret|password|passwd|credentials?|auth|authentication|authorization|session(?:-?id)?|signature|csrf|xsrf|"
    r"cookie)"
)
# what leads through a list is nobody's secret
_OF_A_LIST = re.compile(r"(?:.*-)?(?:page|next|prev|previous|continuation|cursor|pagination|sync)-token")
_TENANT = re.compile(r".*\b(?:account|customer|org|organi[sz]ation|project|team|tenant|workspace)\b.*")
_COOKIES = frozenset({"cookie", "set-cookie"})

Caller = tuple[tuple[str, str], ...]


def is_credential(name: str) -> bool:
    """Whether a header, a query parameter or a property of this name carries a credential."""
    plain = name.lower().replace("_", "-")
    return _CREDENTIAL.fullmatch(plain) is not None and _OF_A_LIST.fullmatch(plain) is None


def caller_of(headers: Sequence[tuple[str, str]]) -> Caller:
    """Everything in ``headers`` that says who asks. Cookies say it, too, but change from one request to the next."""
    return tuple(
        sorted(
            (name, value)
            for name, value in joined(headers).items()
            if name not in _COOKIES and (is_credential(name) or _TENANT.fullmatch(name))
        )
    )
