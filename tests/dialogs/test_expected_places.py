"""What the rules expect spares an honest traveller a telephone call, and a thief nothing."""

from dataclasses import replace

import pytest

from services.domain.case.status import Status
from services.domain.evidence.findings import Found
from services.domain.evidence.report import SentByTool, SentMail, SignIn
from services.domain.people import AuthenticationMethod, MethodKind
from services.domain.proofs.securing import ApprovalCondition
from tests.cases import ANA, BO, LIMIT_REASON, MINUTE, NOW, person, report
from tests.databases import Databases
from tests.dialogs.test_connectors import ASKED, RELAY
from tests.dialogs.test_evidence import whole_card
from tests.dialogs.test_sign_offs import AT_HOME, AWAY, OUTSIDE, alarms
from tests.dialogs.test_worsening import button
from tests.dialogs.world import ANA_CLICKS, CLEO, LONG_DAYS, World, small_world
from tests.rules.examples import rules

EXPECTED_AWAY = replace(AWAY, expected=True)
SAYS_SO = "new for Ana Soto, but expected by your organisation’s rules; that does not show who it was"


async def ana_names_a_mailing(w: World, *, dated: bool = True) -> None:
    """`dated`: her second factor carries the date of last year."""
    added_at = NOW.replace(year=2025) if dated else None
    w.directory.methods_of[ANA] = (AuthenticationMethod(id="m1", kind=MethodKind.PASSKEY, added_at=added_at),)
    await w.ana_asks(LIMIT_REASON)
    w.directory.people[ANA] = person(password_changed_at=w.clock.now())
    for verb in ("password_done", "mfa_done"):
        await w.presses(ANA_CLICKS, verb)
    await w.presses(ANA_CLICKS, "mailing_yes", recipients="2000")
    await w.presses(ANA_CLICKS, "send", note="")


async def test_an_honest_traveller_needs_no_call_where_the_place_is_expected(w: World) -> None:
    w.traces.report = report(sign_ins=(AT_HOME, EXPECTED_AWAY))
    await ana_names_a_mailing(w)
    assert await alarms(w) == []
    assert "Ask first whether Ana Soto was there." in w.approvers_see()
    assert "Looks like a legitimate mailing" not in whole_card(w)
    assert SAYS_SO in whole_card(w)
    await w.presses(BO, "approve")
    assert await w.status() is not Status.WAITING


async def test_a_second_factor_without_a_date_takes_word_by_another_route_as_beside_any_evidence_that_is_not_clean(
    w: World,
) -> None:
    w.traces.report = report(sign_ins=(AT_HOME, EXPECTED_AWAY))
    await ana_names_a_mailing(w, dated=False)
    assert (await w.case()).needs_word == (ApprovalCondition.MFA_UNDATED,)


async def test_where_it_is_not_expected_the_same_click_is_refused(w: World) -> None:
    w.traces.report = report(sign_ins=(AT_HOME, AWAY))
    await ana_names_a_mailing(w)
    assert await alarms(w) == [Found.UNUSUAL_PLACE]
    await w.presses(BO, "approve")
    assert await w.status() is Status.WAITING


async def test_a_sign_that_is_found_later_makes_an_alarm_of_the_place_too(w: World) -> None:
    """The thief's country is in the file. His rule is still a rule, and then his sign-in is no journey."""
    w.traces.report = report(sign_ins=(AT_HOME, EXPECTED_AWAY))
    await ana_names_a_mailing(w)
    await w.passes(MINUTE)
    w.traces.report = replace(w.traces.report, forwarding=OUTSIDE, gathered_at=w.clock.now())
    await w.presses(BO, "gather")
    assert set(await alarms(w)) == {Found.FORWARDED_OUTSIDE, Found.UNUSUAL_PLACE}
    assert (await w.case()).needs_two
    assert "not the only sign" in whole_card(w)
    # Tidying up gains nothing.
    await w.passes(MINUTE)
    w.traces.report = report(sign_ins=(AT_HOME, EXPECTED_AWAY), gathered_at=w.clock.now())
    await w.presses(BO, "gather")
    assert set(await alarms(w)) == {Found.FORWARDED_OUTSIDE, Found.UNUSUAL_PLACE}


async def test_a_mailing_tool_is_named_beside_what_was_sent(w: World) -> None:
    sent = report().sent
    assert isinstance(sent, SentMail)
    w.traces.report = report(sent=replace(sent, by_tools=(SentByTool(name="Newsletter", recipients=1_900),)))
    await ana_names_a_mailing(w)
    assert "Possible reason: Newsletter sent to 1,900 of 2,001 recipients. That does not show who" in whole_card(w)


@pytest.mark.parametrize(("connector", "named"), [(RELAY.upper(), True), ("another", False)])
async def test_whose_connector_it_is_stands_on_its_card(databases: Databases, connector: str, named: bool) -> None:
    tools = rules(f"[[mailing_tools]]\nname = 'Newsletter'\nconnectors = ['{connector}']\n")
    async with small_world(databases.fresh(), replace(LONG_DAYS, rules=tools)) as w:
        w.connectors.restrict(RELAY, "OutboundSpamLast24Hours=212;AS(2204)")
        await w.commands(BO, ASKED)
        assert ("a connector of Newsletter" in w.approvers_see()) is named


@pytest.mark.parametrize("before", [(AT_HOME,), (AT_HOME, EXPECTED_AWAY)])
async def test_an_expected_place_that_the_card_did_not_show_is_shown_before_it_is_approved(
    w: World, before: tuple[SignIn, ...]
) -> None:
    w.traces.report = report(sign_ins=before)
    await ana_names_a_mailing(w)
    shown = button(w, "approve")
    await w.passes(MINUTE)
    found = (*before, replace(EXPECTED_AWAY, place="RO"))
    w.traces.report = report(sign_ins=found, gathered_at=w.clock.now())
    await w.presses(CLEO, "gather")
    await w.presses(BO, "approve", 1, None, **shown)
    assert (await w.case()).decision is None
    await w.presses(BO, "approve")
    assert (await w.case()).decision is not None, "the second click is on a card that shows it"


async def test_an_approval_is_not_taken_where_an_expected_place_is_found_while_it_is_checked(w: World) -> None:
    w.traces.report = report(sign_ins=(AT_HOME,))
    await ana_names_a_mailing(w)
    await w.passes(w.timing.evidence_lasts + MINUTE)
    now = w.clock.now()
    w.traces.report = report(sign_ins=(AT_HOME, EXPECTED_AWAY), gathered_at=now, begun_at=now)
    await w.presses(BO, "approve")
    assert (await w.case()).decision is None
