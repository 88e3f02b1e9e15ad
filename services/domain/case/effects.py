"""Which cards a change has to show, beside the messages that its command tells."""

from services.domain.case.case import Case
from services.domain.case.transition import FOR_PERSON, NO_MESSAGE, Effects, TaskKind
from services.domain.personal import Privacy, without


def effects_of(before: Case, after: Case, tells: Effects) -> Effects:
    """Telling the person shows them the case as well; the approvers have a card once the request was sent."""
    if after == before:
        return NO_MESSAGE
    approvers = (
        {TaskKind.UPDATE_APPROVERS_CARD} if after.request.sent_at or after.contact.found_by_monitor_at else set()
    )
    if after.sender.connector_id:
        return (tells | approvers) - FOR_PERSON
    if _is_the_same_for_the_person(before, after):
        # On the approvers' card alone: whoever fills in a reply must not have it drawn away.
        return tells | approvers
    pictures = set() if TaskKind.NOTIFY_PERSON in tells else {TaskKind.UPDATE_PERSON_CARD}
    return tells | pictures | approvers


def _is_the_same_for_the_person(before: Case, after: Case) -> bool:
    return without(before, Privacy.APPROVERS_ONLY) == without(after, Privacy.APPROVERS_ONLY)
