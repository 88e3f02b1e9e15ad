"""What remains of a case when nobody needs to know any more whose it was."""

from services.domain.case.case import Case
from services.domain.personal import Privacy, without


def forgotten(case: Case) -> Case:
    """The case without what is marked as personal: no names, addresses, telephone, sign-in methods or anybody's words,
    and an empty id for its person, which is how a forgotten case is told from others. Status, times, causes and counts
    stay."""
    return without(case, Privacy.PERSONAL)
