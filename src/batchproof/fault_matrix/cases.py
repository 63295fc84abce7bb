"""One emulator to be judged, and what was seen of it."""

from typing import Literal

from msgspec import Struct

from batchproof import emulator

Kind = Literal["healthy", "core", "canary", "fault", "variant"]

CANARY = "canary"


class Case(Struct, frozen=True, kw_only=True):
    """An emulator: healthy (with everything driven, or as the profile core), or with one fault or variant."""

    contract: str
    kind: Kind
    name: str = ""

    @property
    def described(self) -> str:
        """How a progress line names it."""
        return f"{self.contract} {self.kind} {self.name}".rstrip()

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults that are planted."""
        return (self.name,) if self.kind in ("fault", "canary") else ()

    @property
    def variants(self) -> tuple[str, ...]:
        """The variants that are chosen."""
        return (self.name,) if self.kind == "variant" else ()


class Seen(Struct, frozen=True, kw_only=True):
    """What the judge said: the rows that failed, and the MUST rows that stayed inconclusive, both sorted."""

    failed: tuple[str, ...]
    inconclusive: tuple[str, ...]
    exit_code: int


def all_cases(contract: str) -> list[Case]:
    """Everything that is run for a contract: what makes it void first."""
    return [
        *(Case(contract=contract, kind=kind) for kind in ("healthy", "core")),
        Case(contract=contract, kind="canary", name=CANARY),
        *(Case(contract=contract, kind="variant", name=name) for name in sorted(emulator.variants(contract))),
        *(
            Case(contract=contract, kind="fault", name=name)
            for name in sorted(emulator.faults(contract))
            if name != CANARY
        ),
    ]
