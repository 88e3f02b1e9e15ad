"""How long somebody's word for an alarm, or for what was not checked, holds."""

from dataclasses import replace
from datetime import timedelta

from services.domain.case.status import Status
from services.domain.evidence.findings import Found
from services.domain.evidence.report import Forwarding, SignIn
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, MINUTE, SINCE, report
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.world import CLEO, World

WORD = {"by_another_route": "true", "ground": "called her: she is on a journey"}
AT_HOME = SignIn(at=SINCE - timedelta(days=5), succeeded=True, place="ES", address="192.0.2.10")
AWAY = replace(AT_HOME, at=SINCE - HOUR, place="PT")
OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)


async def alarms(w: World) -> list[Found | None]:
    """The alarms that an approval has to answer for."""
    return [one.found for one in (await w.case()).open_alarms]


async def signs_in_again_from_there(w: World) -> None:
    """She, or somebody else, a minute later; and the evidence is gathered again."""
    await w.passes(MINUTE)
    seen = w.traces.report.sign_ins
    assert isinstance(seen, tuple)
    w.traces.report = report(sign_ins=(*seen, replace(AWAY, at=w.clock.now())))
    await w.passes(MINUTE)
    await w.presses(CLEO, "gather")


async def a_place_is_answered_for(w: World) -> None:
    """Approved with a word for the place; Exchange refuses, and the case is to be tried again."""
    w.traces.report = report(sign_ins=(AT_HOME, AWAY))
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(LIMIT_REASON)
    assert await alarms(w) == [Found.UNUSUAL_PLACE]
    await w.presses(BO, "approve", 1, None, **WORD)
    assert await w.status() is Status.FAILED


async def test_another_sign_in_from_the_same_place_is_the_same_alarm(w: World) -> None:
    await a_place_is_answered_for(w)
    shown = str((await w.case()).facts[-1].number)
    await signs_in_again_from_there(w)
    assert await alarms(w) == []
    await w.presses(BO, "retry", 1, None, **WORD, facts=shown)
    assert len(w.mail.removals) == 2, "nothing more was asked of honest people"


async def is_contained(w: World) -> None:
    await w.presses(CLEO, "contain", sessions="true", password="true")
    await w.presses_shown(CLEO, "contain_confirm")
    w.directory.people[ANA] = replace(w.directory.people[ANA], password_changed_at=w.clock.now())
    await w.passes(MINUTE)


async def test_after_a_containment_it_is_an_alarm_again(w: World) -> None:
    await a_place_is_answered_for(w)
    await is_contained(w)
    shown = str((await w.case()).facts[-1].number)
    await signs_in_again_from_there(w)
    assert await alarms(w) == [Found.UNUSUAL_PLACE]
    assert "again after the account was contained" in w.approvers_see()
    assert "something new" in await w.presses(BO, "retry", 1, None, **WORD, facts=shown)
    assert "called or met" in await w.presses(BO, "retry")
    assert len(w.mail.removals) == 1
    await w.presses(BO, "retry", 1, None, **WORD)
    assert len(w.mail.removals) == 2
    assert await alarms(w) == []


async def test_a_sign_in_of_before_the_steps_is_no_alarm_after_them(w: World) -> None:
    await a_place_is_answered_for(w)
    await is_contained(w)
    await w.passes(MINUTE)
    await w.presses(CLEO, "gather")
    assert await alarms(w) == []


async def test_each_containment_makes_it_another_alarm(w: World) -> None:
    await a_place_is_answered_for(w)
    for time in (1, 2):
        await is_contained(w)
        await signs_in_again_from_there(w)
        w.mail.outcomes = [REFUSED]
        assert await alarms(w) == [Found.UNUSUAL_PLACE], time
        await w.presses(BO, "retry", 1, None, **WORD)
        assert await alarms(w) == []
        w.containing.done.clear()


async def test_word_about_a_source_that_failed_says_nothing_about_another_source(w: World) -> None:
    """The first of two approvers answered for the one; the second's evidence lacks the other."""
    w.traces.report = report(forwarding=OUTSIDE)
    w.traces.troubles = {"sign_ins": UnknownReason.UNREACHABLE}
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve", 1, None, **WORD)
    assert (await w.case()).first_approval is not None
    shown = str((await w.case()).facts[-1].number)
    await w.passes(MINUTE)
    w.traces.troubles = {"rules": UnknownReason.UNREACHABLE}
    await w.presses(CLEO, "gather")
    assert "a new warning" in await w.presses(CLEO, "approve", 1, None, **WORD, facts=shown)
    await w.presses(CLEO, "approve", 1, None, **WORD)
    case = await w.case()
    assert case.decision is None
    assert case.first_approval is not None
    assert case.first_approval.by == CLEO.id
    await w.presses(BO, "approve", 1, None, **WORD)
    assert (await w.case()).decision is not None


async def test_the_same_source_that_fails_again_is_nothing_new(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    w.traces.troubles = {"sign_ins": UnknownReason.UNREACHABLE}
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve", 1, None, **WORD)
    await w.passes(MINUTE)
    await w.presses(CLEO, "gather")
    await w.presses(CLEO, "approve", 1, None, **WORD)
    assert (await w.case()).decision is not None
