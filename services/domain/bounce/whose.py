"""Whose message came back: the asker's, or somebody else's."""

from collections.abc import Collection
from enum import Enum, auto

from services.domain.bounce.bounce import Bounce


class Whose(Enum):
    """Whose message a bounce is about."""

    ASKERS = auto()
    """Or not to be told: most pasted bounces name no sender."""
    SOMEBODY_ELSES = auto()
    INCOMING = auto()
    """Mail to the asker: somebody else has the trouble."""


def whose(bounce: Bounce, addresses: Collection[str]) -> Whose:
    """By the sender in the bounce's headers and the asker's own addresses."""
    own = {address.casefold() for address in addresses}
    if bounce.sender is None or not own or bounce.sender in own:
        return Whose.ASKERS
    recipients = {one for trouble in bounce.troubles for one in trouble.recipients}
    return Whose.INCOMING if recipients & own else Whose.SOMEBODY_ELSES
