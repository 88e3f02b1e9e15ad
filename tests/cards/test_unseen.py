"""What changes no card is not seen on one: else a card would go on saying what was true before."""

from dataclasses import replace

import pytest

from cards.approver.approver_card import approver_card
from cards.person.person_card import person_card
from services.domain.case.case import Case
from services.domain.evidence.audit_search import AuditSearch
from services.domain.personal import Privacy, without
from tests.cards.approver_pictures import approver_cases
from tests.cards.person_pictures import person_cases
from tests.cards.sample_view import VIEW
from tests.cases import CASES, HOUR, NOW

DRAWN = {**{status.value: case for status, case in CASES.items()}, **approver_cases(), **person_cases()}


def noticed(case: Case) -> Case:
    """The case with all that Sendwell notes for itself. How often the list was checked is shown as of the last change:
    a count that moves is no reason to draw a card anew."""
    episode = replace(case.episode, absent_at=NOW - HOUR)
    trouble = case.trouble
    if trouble is not None:
        reports = tuple(replace(report, told="reported") for report in trouble.reports)
        trouble = replace(trouble, reports=reports, moved_at=NOW - HOUR)
    search = AuditSearch(wanted_at=NOW, id="s", begun_at=NOW)
    return replace(case, episode=episode, trouble=trouble, audit_search=search, held_up=1)


@pytest.mark.parametrize("case", DRAWN.values(), ids=DRAWN)
def test_what_changes_no_card_is_not_seen_on_one(case: Case) -> None:
    bare = replace(without(noticed(case), Privacy.UNSEEN), list_reads=case.list_reads)
    assert bare != noticed(case)
    assert approver_card(noticed(case), VIEW) == approver_card(bare, VIEW)
    assert person_card(noticed(case), VIEW) == person_card(bare, VIEW)
