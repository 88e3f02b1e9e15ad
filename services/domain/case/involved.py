"""Who may not decide about a mailbox, or not alone: its owner, who sends from it, and who asked."""

from services.domain.case.case import Case
from services.domain.case.transition import Refusal
from services.domain.people import PersonId
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox


def why_not_theirs_to_decide(case: Case, by: PersonId) -> Refusal | None:
    """Why somebody may not decide about the mailbox, as far as the case knows its owner and senders."""
    rights = _rights(case, by)
    asked = by in {case.sender.person, *(one.by for one in case.request.also_asked)}
    if asked or any(right.right is SendRight.OWNER for right in rights):
        return Refusal.OWN_CASE
    return Refusal.YOUR_MAILBOX if any(not right.through for right in rights) else None


def is_not_enough_alone(case: Case, by: PersonId) -> bool:
    """Whether a second approver is needed beside this one: a group lets them send from the mailbox."""
    return any(right.through for right in _rights(case, by))


def _rights(case: Case, by: PersonId) -> tuple[Holder, ...]:
    gathered = case.evidence.senders if case.evidence else None
    known = [one for one in (case.sender.mailbox, gathered) if isinstance(one, SharedMailbox)]
    return tuple(right for mailbox in known for right in mailbox.holders if right.person == by)
