"""What the logs tell late is no news about the account that was contained, but it is about another one."""

from dataclasses import replace

import pytest

from services.domain.case.facts import Worse, what_is_worse
from services.domain.case.noted_facts import present_facts
from services.domain.evidence.findings import EvidenceSource, Finding, Found
from services.domain.proofs.shared_mailbox import SharedMailbox
from tests.cases import MINUTE
from tests.dialogs.test_noise import OWNER, is_contained
from tests.dialogs.world import ANAS_ADDRESS, World


@pytest.mark.parametrize(("account", "is_news"), [("", False), ("Dan Hale", True)])
async def test_late_news_of_an_account_that_was_not_contained_holds_up(w: World, account: str, is_news: bool) -> None:
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(OWNER,)
    )
    await w.ana_has_sent()
    await is_contained(w)
    case, now = await w.case(), w.clock.now()
    assert case.containment is not None
    assert case.containment.ended_at is not None
    late = Finding(
        source=EvidenceSource.CHANGES,
        found=Found.APP_CONSENTED,
        names=("Mail Sync 3",),
        at=case.containment.ended_at - MINUTE,
        account=account,
    )
    told = replace(case, episode=replace(case.episode, alarms=(*case.episode.alarms, late)))
    assert told.is_contained
    worse = what_is_worse(present_facts(case, now), present_facts(told, now))
    assert (Worse.NEW_ALARM in worse) is is_news
