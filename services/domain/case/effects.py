"""The effects of a change: the messages that its command asks for, and the cards to update."""

from services.domain.case.case import Case
from services.domain.case.involved import told_of_the_end
from services.domain.case.status import Status
from services.domain.case.transition import FOR_PERSON, NO_MESSAGE, TELL_APPROVERS, TELL_JOINED, Effects, TaskKind
from services.domain.personal import Privacy, same_without


def effects_of(before: Case, after: Case, messages: Effects) -> Effects:
    """The messages and the card updates that follow from a change.

    A notification to the person contains their card, so both are never sent. The approvers have a card once the request
    was sent or the list monitor found the sender."""
    if same_without(before, after, Privacy.UNSEEN):
        return NO_MESSAGE
    messages |= _passed_on(before, after) | _looked_at_last(before, after) | _ended(before, after)
    approvers = (
        {TaskKind.UPDATE_APPROVERS_CARD} if after.request.sent_at or after.contact.found_by_monitor_at else set()
    )
    if after.sender.connector_id:
        return (messages | approvers) - FOR_PERSON
    if _is_the_same_for_the_person(before, after):
        # Only the approvers' card changes: an update of the person's would clear a reply they are just filling in.
        return messages | approvers
    updates = set() if TaskKind.NOTIFY_PERSON in messages else {TaskKind.UPDATE_PERSON_CARD}
    return messages | updates | approvers


def _passed_on(before: Case, after: Case) -> Effects:
    """What an ended case's card was used for is for the mailbox's newest case to know."""
    old, new = before.episode, after.episode
    is_news = (old.denials, old.made_way) != (new.denials, new.made_way)
    return frozenset({TaskKind.PASS_ON}) if before.status.is_ended and is_news else NO_MESSAGE


def _looked_at_last(before: Case, after: Case) -> Effects:
    """The admins were told that nobody could look; there may be no card that would show them that this is over."""
    was_told = before.status is Status.LOOKING and before.request.admins_told_at is not None
    return TELL_APPROVERS if was_told and after.status is not Status.LOOKING else NO_MESSAGE


def _ended(before: Case, after: Case) -> Effects:
    ends = after.status.is_ended and after.status is not before.status and after.trouble is None
    return TELL_JOINED if ends and told_of_the_end(after) else NO_MESSAGE


def _is_the_same_for_the_person(before: Case, after: Case) -> bool:
    return same_without(before, after, Privacy.APPROVERS_ONLY)
