"""What a run owes: the requirements that it has to establish."""

from batchproof.contract.loader import Contract
from batchproof.contract.model import PROFILES, Profile, Requirement


def owes(contract: Contract, requirement: Requirement, profile: Profile, *, received: bool) -> bool:
    """Whether the core set of ``profile`` holds the requirement: a MUST that is testable, settled, within the profile.

    What only a delivery can show is owed where webhooks are ``received``.
    """
    return (
        requirement.level == "MUST"
        and requirement.untestable_because is None
        and not requirement.interpretations
        and PROFILES.index(requirement.set) <= PROFILES.index(profile)
        and (received or not contract.only_delivered(requirement.id))
    )
