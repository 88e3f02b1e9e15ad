"""Who asks, and who may not decide about a mailbox, or not alone: its owner, who sends from it, and who asked."""

from services.domain.case.case import Case
from services.domain.case.transition import Refusal
from services.domain.people import PersonId
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox


def askers(case: Case) -> tuple[PersonId, ...]:
    """Who asks for the mailbox still, in the order in which they came: who asks again comes last. The last one is kept
    when the case ends."""
    gone = {one.by for one in case.request.withdrew}
    joined = tuple(one.by for one in case.request.also_asked)
    asked = joined if case.sender.person in joined else (case.sender.person, *joined)
    return tuple(one for one in asked if one not in gone)


def spoken_to(case: Case) -> PersonId:
    """Whom messages about the case go to: who asked first, or who is left of those who joined."""
    return next(iter(askers(case)), case.sender.person)


def has_withdrawn(case: Case, person: PersonId) -> bool:
    """Whether somebody took their asking back while others ask on."""
    return any(one.by == person for one in case.request.withdrew)


def told_of_the_end(case: Case) -> tuple[PersonId, ...]:
    """Who hears how a case about a restriction ended, beside the one whom its messages go to: who asks as well, and
    the mailbox's owner, once something was decided about it. Not an owner whose account looks or looked stolen: the
    thief may be reading there."""
    owner = case.sender.mailbox.owner if case.sender.mailbox else None
    is_suspected = case.looks_stolen or case.containment is not None
    is_their_business = case.decision is not None and not is_suspected
    owners = (owner.person,) if owner and is_their_business else ()
    heard = spoken_to(case)
    return tuple(one for one in dict.fromkeys((*askers(case), *owners)) if one != heard)


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
