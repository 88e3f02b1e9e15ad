"""A mailbox of which nothing is told to whoever asked: nobody could read whether they may send from it."""

from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.unknown import Unknown

_WOULD_TELL = (Status.SECURING, Status.WAITING, Status.WITHDRAWN, Status.ALREADY_LIFTED, Status.NOT_RESTRICTED)
"""The statuses whose picture says whether and since when the mailbox is restricted. What approvers write to the person
is theirs to tell."""


def is_untold(case: Case) -> bool:
    """Whether the person's card must say nothing of the mailbox. An approver who approves the request has answered for
    the right that could not be read; from then on the person hears what comes of it."""
    mailbox = case.sender.mailbox
    if mailbox is None or not isinstance(mailbox.right_of(case.sender.person), Unknown):
        return False
    return case.status in _WOULD_TELL and not (case.decision and case.decision.approved)
