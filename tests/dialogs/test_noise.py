"""Alarms without end: whoever can make signs, a thief or a busy app, cannot hold an approval up with them for ever."""

from dataclasses import replace

import pytest

from services.domain.case.apply import apply
from services.domain.case.commands.unblocking import ApprovalLapsed
from services.domain.case.facts import Worse
from services.domain.case.noted_facts import present_facts
from services.domain.case.status import Status
from services.domain.evidence.report import AccountChange, Change, Forwarding
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from tests.cases import ANA, BO, CASES, LIMIT_REASON, MINUTE, NOW, TIMING
from tests.dialogs.test_worsening import button
from tests.dialogs.world import ANAS_ADDRESS, CLEO, World

WORD = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)
KEEPS_COMING = "New signs of compromise keep coming"
OWNER = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
SHUT = {"disable": "true", "sessions": "true", "password": "true"}


@pytest.fixture
def w(w: World) -> World:
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(OWNER,)
    )
    return w


async def consents(w: World, *apps: str, late: bool = False) -> None:
    """The audit log shows them when it is read next, each consented to just now, or as `late` as logs are."""
    at = w.clock.now() - (20 * MINUTE if late else MINUTE / 2)
    new = tuple(AccountChange(at=at, what=Change.APP_CONSENTED, detail=app, by="ana@contoso.example") for app in apps)
    known = w.traces.report.changes
    assert isinstance(known, tuple)
    w.traces.report = replace(w.traces.report, changes=(*known, *new))


async def the_evidence_is_old(w: World) -> None:
    await w.passes(w.timing.evidence_lasts + MINUTE)
    w.traces.report = replace(w.traces.report, gathered_at=w.clock.now(), begun_at=w.clock.now())


async def held_up_by(w: World, app: str) -> None:
    """Bo approves what his card shows; the evidence is gathered first, and shows one more."""
    await the_evidence_is_old(w)
    await consents(w, app)
    await w.presses(BO, "approve", 1, None, **WORD)
    await w.passes(MINUTE)
    assert await w.status() is Status.WAITING


async def test_the_same_app_again_is_the_same_alarm(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await held_up_by(w, "Mail Sync")
    await the_evidence_is_old(w)
    await consents(w, "Mail Sync")
    await w.presses(BO, "approve", 1, None, **WORD)
    await w.passes(MINUTE)
    assert (await w.case()).decision is not None


async def test_after_the_second_the_approvers_read_what_to_do_about_the_third(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await held_up_by(w, "Mail Sync")
    assert KEEPS_COMING not in w.approvers_see()
    await held_up_by(w, "Mail Sync 2")
    assert KEEPS_COMING in w.approvers_see()


async def test_a_number_that_is_changed_again_after_the_steps_is_no_late_news(w: World) -> None:
    """Whoever is called on it may be the one who wrote it there."""
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(20 * MINUTE)
    await is_contained(w)
    await w.passes(5 * MINUTE)
    shown = button(w, "approve")
    times = (w.clock.now() - 15 * MINUTE, w.clock.now() - MINUTE)
    changed = tuple(AccountChange(at=at, what=Change.NUMBER_CHANGED, detail="mobile") for at in times)
    w.traces.report = replace(w.traces.report, changes=changed)
    await w.presses(CLEO, "gather")
    case = await w.case()
    assert case.is_contained
    assert present_facts(case, w.clock.now()).settled == ()
    await w.presses(BO, "approve", 1, None, **{**WORD, **shown})
    await w.passes(MINUTE)
    assert (await w.case()).decision is None


async def test_an_alarm_that_comes_between_card_and_click_counts_too(w: World) -> None:
    """The evidence is gathered anew while Bo reads, twice."""
    await w.ana_has_sent(LIMIT_REASON)
    for app in ("Mail Sync", "Mail Sync 2"):
        shown = button(w, "approve")
        await w.passes(MINUTE)
        await consents(w, app)
        await w.presses(CLEO, "gather")
        await w.presses(BO, "approve", 1, None, **{**WORD, **shown})
    assert KEEPS_COMING in w.approvers_see()
    assert sum("new signs of compromise keep coming" in line for line in w.lines()) == 1


async def is_contained(w: World) -> None:
    await w.presses(CLEO, "contain", 1, None, **SHUT)
    await w.presses_shown(CLEO, "contain_confirm")
    await w.passes(MINUTE)
    assert (await w.case()).is_contained


async def test_once_it_is_contained_what_the_logs_tell_late_holds_nothing_up(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await held_up_by(w, "Mail Sync")
    await held_up_by(w, "Mail Sync 2")
    await is_contained(w)
    assert KEEPS_COMING not in w.approvers_see()
    await w.passes(5 * MINUTE)
    await w.presses(BO, "gather")
    shown = button(w, "approve")
    await consents(w, "Mail Sync 3", late=True)
    await w.passes(MINUTE)
    await w.presses(CLEO, "gather")
    assert len((await w.case()).open_alarms) == 3
    await w.presses(BO, "approve", 1, None, **{**WORD, **shown})
    await w.passes(MINUTE)
    case = await w.case()
    assert case.decision is not None
    assert [found.names[0] for found in case.episode.open_alarms] == ["Mail Sync 3"], "nobody answered for it unseen"


async def test_what_comes_after_the_steps_is_new(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await is_contained(w)
    shown = button(w, "approve")
    await w.passes(5 * MINUTE)
    await consents(w, "Mail Sync")
    await w.presses(CLEO, "gather")
    await w.presses(BO, "approve", 1, None, **{**WORD, **shown})
    await w.passes(MINUTE)
    assert (await w.case()).decision is None


def test_an_approval_that_lapses_for_new_alarms_was_held_up() -> None:
    for worse, times in (((Worse.NEW_ALARM,), 1), ((Worse.LATER_START,), 0)):
        lapsed = apply(CASES[Status.APPROVED], ApprovalLapsed(worse=worse), NOW, TIMING).case
        assert lapsed.held_up == times


async def test_a_first_approval_that_falls_for_a_new_alarm_was_held_up(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.traces.report = replace(w.traces.report, forwarding=OUTSIDE)
    await w.passes(MINUTE)
    await w.presses(CLEO, "gather")
    await w.presses(BO, "approve", 1, None, **WORD)
    await w.passes(MINUTE)
    await consents(w, "Mail Sync")
    await w.presses(CLEO, "gather")
    await w.presses(CLEO, "approve", 1, None, **WORD)
    case = await w.case()
    assert case.first_approval is not None
    assert (case.first_approval.by, case.held_up) == (CLEO.id, 1)
