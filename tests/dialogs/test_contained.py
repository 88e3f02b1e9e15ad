"""What makes an account contained, what opens it again, and giving back what was taken."""

import json
from dataclasses import replace

import pytest

from services.domain.case.status import Status
from services.domain.containment.containment import ContainmentStep, StepOutcome, StepResult
from services.domain.evidence.report import AccountChange, Change, Forwarding, InboxRule, RuleDeed, SignIn
from services.domain.people import AuthenticationMethod, MethodKind
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, HOUR, MINUTE, report
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, DAN, World, button_data

SESSIONS, PASSWORD, RULES, FORWARDING, DISABLE = ContainmentStep
OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)
SECOND = replace(OUTSIDE, to="second@mail.example")
TIDY = InboxRule(id="1", name="tidy", enabled=True, hidden=False, deeds=(RuleDeed.FORWARDS,), external=True)
OUT = {"sessions": "true", "password": "true", "forwarding": "true"}
PHONE = AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR)
THIEFS = AuthenticationMethod(id="m2", kind=MethodKind.PHONE)


@pytest.fixture
def w(w: World) -> World:
    """Ana's mail is forwarded to a stranger."""
    w.traces.report = report(forwarding=OUTSIDE)
    w.containing.was = {FORWARDING: (OUTSIDE.to, "", "true"), DISABLE: ("enabled",)}
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(owner,)
    )
    return w


async def bo_contains(w: World, **steps: str) -> None:
    await w.presses(BO, "contain", 1, None, **(steps or OUT))
    await w.presses_shown(BO, "contain_confirm")


async def is_contained(w: World) -> bool:
    return (await w.case()).is_contained


async def evidence_shows(w: World, **found: object) -> None:
    """An hour later somebody looks again, and this is found."""
    await w.passes(HOUR)
    w.traces.report = replace(w.traces.report, gathered_at=w.clock.now(), **found)  # type: ignore[arg-type]  # real fields
    await w.presses(CLEO, "gather")


async def test_contained_is_said_after_it_was_read_and_not_before(w: World) -> None:
    await w.ana_has_sent()
    w.containing.account_trouble = UnknownReason.TIMED_OUT
    await bo_contains(w)
    assert w.containing.done == [PASSWORD, SESSIONS, FORWARDING]
    assert not await is_contained(w)
    assert "The account’s state: not checked" in w.approvers_see()
    assert "two approvers" in w.approvers_see()
    w.containing.account_trouble = None
    await w.passes(2 * MINUTE)
    assert "Contained, confirmed by a check afterwards" in w.approvers_see()
    assert "two approvers" not in w.approvers_see()


async def test_steps_that_the_directory_does_not_show_do_not_count(w: World) -> None:
    """Every answer was good, and the account is as it was: somebody else set it back, or it never took effect."""
    await w.ana_has_sent()
    await w.presses(BO, "contain", 1, None, **OUT)
    w.containing.done = [PASSWORD, SESSIONS]  # they answer "already the case", and change nothing
    await w.presses_shown(BO, "contain_confirm")
    assert not await is_contained(w)
    assert "The directory does not show that a new password was set." in w.approvers_see()
    assert "Contained, confirmed" not in w.approvers_see()


async def test_the_card_says_how_the_person_comes_back(w: World) -> None:
    await w.ana_has_sent()
    await bo_contains(w)
    assert "No one knows the password that was set" in w.approvers_see()
    assert "Temporary Access Pass" in w.approvers_see()
    assert "No one knows the password" not in w.ana_sees(), "whoever reads her chat may be the thief"


async def test_forwarding_to_a_second_stranger_opens_it_again_and_one_click_closes_it(w: World) -> None:
    await w.ana_has_sent()
    await bo_contains(w)
    assert await is_contained(w)
    await evidence_shows(w, forwarding=SECOND, rules=(TIDY,))
    assert not await is_contained(w)
    assert sum("no longer contained" in said for said in w.lines()) == 1
    seen = w.approvers_see()
    for said in (
        "Not contained. This stands in the way:",
        "Mail is forwarded to second@mail.example.",
        "The inbox rule tidy is on.",
        "Next steps:",
        "Stop forwarding to second@mail.example",
        "two approvers",
    ):
        assert said in seen
    w.containing.done, w.containing.was = [], {FORWARDING: (SECOND.to, "", "true"), RULES: ("1",)}
    await w.presses_shown(CLEO, "contain_again")
    assert w.containing.done == [RULES, FORWARDING]
    assert await is_contained(w)
    assert "two approvers" not in w.approvers_see()


async def test_what_failed_after_the_steps_shows_that_they_work(w: World) -> None:
    await w.ana_has_sent()
    await bo_contains(w)
    tried = tuple(SignIn(at=w.clock.now() + (n + 1) * MINUTE, succeeded=False) for n in range(30))
    await evidence_shows(w, sign_ins=tried)
    assert await is_contained(w)
    assert not any("no longer contained" in said for said in w.lines())


async def test_a_sign_in_after_the_steps_opens_it_again_until_somebody_answers_for_it(w: World) -> None:
    await w.ana_has_sent()
    await bo_contains(w)
    got_in = SignIn(at=w.clock.now() + MINUTE, succeeded=True, place="ES", address="192.0.2.10")
    await evidence_shows(w, sign_ins=(got_in,))
    assert "Someone signed in after the steps" in w.approvers_see()
    (item,) = (await w.case()).still_open
    form = {f"open:{item.id}": "true"}
    assert "Only responders" in await w.presses(DAN, "contain_sign", 1, None, **form, sign_reason="it was her")
    assert "own case" in await w.presses(ANA_CLICKS, "contain_sign", 1, None, **form, sign_reason="it was me")
    assert "reason" in await w.presses(CLEO, "contain_sign", 1, None, **form, sign_reason=" ")
    assert "tick" in await w.presses(CLEO, "contain_sign", sign_reason="it was her")
    assert not await is_contained(w)
    await w.presses(CLEO, "contain_sign", 1, None, **form, sign_reason="it was her, I called her")
    assert await is_contained(w)
    containment = (await w.case()).containment
    assert containment is not None
    assert containment.hands == {BO.id, CLEO.id}
    other = replace(got_in, address="198.51.100.23", place="NG")
    await evidence_shows(w, sign_ins=(got_in, other))
    assert not await is_contained(w), "her word was for another sign-in"


async def test_a_method_app_or_delegate_of_a_thief_keeps_it_open(w: World) -> None:
    await w.ana_has_sent()
    consent = AccountChange(at=w.clock.now(), what=Change.APP_CONSENTED, detail="Mail Sync Pro")
    kim = Holder(person=DAN.id, name="Dan Reyes", upn="dan@contoso.example", right=SendRight.SEND_AS)
    w.traces.report = replace(w.traces.report, changes=(consent,))
    await evidence_shows(w)
    w.directory.methods_of[ANA] = (PHONE, THIEFS)
    mailbox = w.mailboxes.known[ANAS_ADDRESS]
    w.mailboxes.known[ANAS_ADDRESS] = replace(mailbox, holders=(*mailbox.holders, kim))
    await bo_contains(w)
    seen = w.approvers_see()
    for said in ("A new sign-in method: phone", "Mail Sync Pro", "Dan Reyes may send from this mailbox"):
        assert said in seen
    assert "contain_again" not in json.dumps(w.posts()[-1].card), "no step closes these"
    w.directory.methods_of[ANA] = (PHONE,)
    w.mailboxes.known[ANAS_ADDRESS] = mailbox
    await evidence_shows(w)  # removed by hand, and read
    (left,) = (await w.case()).still_open
    await w.presses(BO, "contain_sign", 1, None, **{f"open:{left.id}": "true"}, sign_reason="I removed the app")
    assert await is_contained(w)


async def test_what_could_not_be_read_is_named_and_not_taken_for_clean(w: World) -> None:
    await w.ana_has_sent()
    w.directory.troubles["methods"] = UnknownReason.NO_PERMISSION
    w.traces.troubles["rules"] = UnknownReason.NO_PERMISSION
    await bo_contains(w)
    assert not await is_contained(w)
    assert "Sign-in methods: not checked" in w.approvers_see()
    assert "Inbox rules: not checked" in w.approvers_see()


async def test_an_account_from_on_premises_is_contained_when_its_reset_is_seen(w: World) -> None:
    w.containing.read = replace(w.containing.read, synchronised=True)
    w.containing.outcomes[PASSWORD] = StepResult(step=PASSWORD, outcome=StepOutcome.ON_PREMISES)
    await w.ana_has_sent()
    await bo_contains(w)
    assert "reset it in Active Directory to one that no one knows" in w.approvers_see()
    assert not await is_contained(w)
    await w.passes(HOUR)
    w.containing.read = replace(w.containing.read, password_changed_at=w.clock.now())
    await w.passes(HOUR)
    assert await is_contained(w)


async def test_what_an_earlier_plan_took_away_is_not_lost_by_a_later_one(w: World) -> None:
    await w.ana_has_sent()
    await bo_contains(w, forwarding="true", disable="true")
    await evidence_shows(w, forwarding=SECOND)
    w.containing.done, w.containing.was = [], {FORWARDING: (SECOND.to, "", "true")}
    await w.presses(BO, "contain", forwarding="true", sessions="true")
    await w.presses_shown(BO, "contain_cancel")
    assert button_data(w.posts()[-1].card, "put_back_forwarding"), "a plan that was cancelled took nothing away"
    await w.presses(BO, "contain", forwarding="true", sessions="true")
    await w.presses_shown(BO, "contain_confirm")
    await w.presses_shown(BO, "put_back_forwarding")
    await w.presses_shown(BO, "put_back_disable")
    assert [result.was for result in w.containing.backs] == [(OUTSIDE.to, "", "true"), ("enabled",)]


async def test_what_took_two_responders_takes_two_to_undo(w: World) -> None:
    w.containing.admins.add(ANA)
    await w.ana_has_sent()
    await w.presses(BO, "contain", disable="true")
    await w.presses_shown(CLEO, "contain_confirm")
    w.containing.admins.clear()  # a role that is gone by now does not make it one person's business
    await w.presses_shown(BO, "put_back_disable")
    assert w.containing.backs == []
    assert "The containment took two responders" in w.approvers_see()
    assert any("a second responder has to confirm" in said for said in w.lines())
    assert "another responder" in await w.presses_shown(BO, "put_back_disable")
    assert w.containing.backs == []
    await w.presses_shown(CLEO, "put_back_disable")
    assert [result.step for result in w.containing.backs] == [DISABLE]


async def test_a_card_whose_plan_or_facts_are_others_by_now_puts_nothing_back(w: World) -> None:
    await w.ana_has_sent()
    await bo_contains(w, disable="true")
    shown = button_data(w.posts()[-1].card, "put_back_disable")
    assert shown is not None
    await w.presses(BO, "put_back_disable", 1, None, plan="", facts="")
    await w.presses(BO, "put_back_disable", 1, None, **{**shown, "plan": "7"})
    assert w.containing.backs == []
    await evidence_shows(w, rules=(TIDY,))  # a new alarm
    assert "Nothing was" in await w.presses(BO, "put_back_disable", 1, None, **shown)
    assert w.containing.backs == []
    await w.presses_shown(BO, "put_back_disable")
    assert len(w.containing.backs) == 1


async def test_one_line_tells_of_every_step_that_failed(w: World) -> None:
    w.containing.outcomes = {
        step: StepResult(step=step, outcome=StepOutcome.FAILED, error="no") for step in (SESSIONS, PASSWORD, DISABLE)
    }
    await w.ana_has_sent()
    await bo_contains(w, **OUT, disable="true")
    assert w.containing.done == [FORWARDING]
    assert sum("not every step of the containment worked" in said for said in w.lines()) == 1


async def test_nothing_is_offered_to_be_undone_that_was_never_done(w: World) -> None:
    w.containing.outcomes = {DISABLE: StepResult(step=DISABLE, outcome=StepOutcome.FAILED, error="no")}
    await w.ana_has_sent()
    await bo_contains(w, disable="true")
    assert button_data(w.posts()[-1].card, "put_back_disable") is None
    # An answer was lost, the next one was a refusal, and the read shows that the first call had worked.
    w.containing.read = replace(w.containing.read, enabled=False)
    await evidence_shows(w)
    assert button_data(w.posts()[-1].card, "put_back_disable") is not None


async def test_a_step_that_nobody_answers_is_given_up_and_the_next_is_taken(w: World) -> None:
    w.containing.lost = {PASSWORD}
    w.containing.dead = {SESSIONS}
    await w.ana_has_sent()
    await bo_contains(w)
    await w.passes(10 * MINUTE)
    assert "is being contained" in w.approvers_see()
    await w.passes(7 * MINUTE)
    (line,) = [said for said in w.lines() if "a containment step was given up" in said]
    assert "Signed out everywhere" in line, "said at once: the others may take as long"
    await w.passes(13 * MINUTE)
    assert "no answer came; it may have been done" in w.approvers_see()
    assert w.containing.done == [PASSWORD, FORWARDING]
    assert sum("not every step of the containment worked" in said for said in w.lines()) == 1
    w.containing.dead = set()
    await w.presses_shown(BO, "contain_again")
    assert w.containing.done == [PASSWORD, FORWARDING, SESSIONS]
    assert await is_contained(w)


async def test_protecting_waits_for_nothing(w: World) -> None:
    """Whatever the facts became meanwhile: the steps that were confirmed are taken, and a denial is one click."""
    await w.ana_has_sent()
    await w.presses(BO, "contain", 1, None, **OUT, disable="true")
    shown = button_data(w.posts()[-1].card, "contain_confirm")
    assert shown is not None
    await evidence_shows(w, forwarding=SECOND, rules=(TIDY,))
    await w.presses(BO, "contain_confirm", 1, None, **shown)
    assert w.containing.done == [DISABLE, PASSWORD, SESSIONS, FORWARDING]
    assert "The inbox rule tidy is on." in w.approvers_see(), "what is new becomes the next plan"
    await w.presses(BO, "deny", reason="it was a thief")
    assert await w.status() is Status.DENIED


async def test_a_list_that_switches_rules_says_what_cannot_be_put_back(w: World) -> None:
    w.traces.report = replace(w.traces.report, rules=(TIDY,))
    await w.ana_has_sent()
    await w.presses(BO, "contain", 1, None, **{"rule:1": "true"})
    assert "Client-only Outlook rules are lost" in w.approvers_see()
