"""The states of a case."""

from enum import StrEnum


class Status(StrEnum):
    """The state of a case."""

    LOOKING = "looking"
    SECURING = "securing"
    WAITING = "waiting"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    FAILED = "failed"
    UNBLOCKED = "unblocked"
    OFF_LIST = "off_list"
    NEEDS_TICKET = "needs_ticket"
    WITH_MICROSOFT = "with_microsoft"
    WORKS = "works"
    ALREADY_LIFTED = "already_lifted"
    CLOSED_UNCONFIRMED = "closed_unconfirmed"
    CLOSED = "closed"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RELAPSED = "relapsed"
    NOT_RESTRICTED = "not_restricted"
    # A trouble without a restriction (see `domain/trouble`): nothing is approved or removed in these.
    LAGGING = "lagging"
    REPORTED = "reported"
    ASKED_BACK = "asked_back"
    MENDED = "mended"
    ESCALATED = "escalated"
    SOLVED = "solved"

    @property
    def is_ended(self) -> bool:
        return self in _ENDED


_ENDED = frozenset(
    {
        Status.WORKS,
        Status.ALREADY_LIFTED,
        Status.CLOSED_UNCONFIRMED,
        Status.CLOSED,
        Status.DENIED,
        Status.WITHDRAWN,
        Status.EXPIRED,
        Status.RELAPSED,
        Status.NOT_RESTRICTED,
        Status.SOLVED,
    }
)
OPEN = frozenset(Status) - _ENDED
UNRESOLVED = frozenset({Status.FAILED, Status.NEEDS_TICKET})
"""The statuses in which nothing goes on by itself until an approver has acted."""
TROUBLES = frozenset(
    {Status.LAGGING, Status.REPORTED, Status.ASKED_BACK, Status.MENDED, Status.ESCALATED, Status.SOLVED}
)
"""The statuses of troubles alone."""
