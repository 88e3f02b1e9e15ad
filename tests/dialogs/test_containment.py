"""Containing an account: steps are chosen, confirmed, taken one by one and put back, by responders only."""

import json
from dataclasses import replace

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from services.domain.case.status import Status
from services.domain.containment.containment import ContainmentStep, StepOutcome, StepResult
from services.domain.evidence.report import Forwarding, InboxRule, RuleDeed
from services.domain.people import Standing
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, MINUTE, report
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, DAN, LONG_DAYS, World

OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)
RULES = tuple(
    InboxRule(id=number, name=name, enabled=True, hidden=name == ".", deeds=(RuleDeed.FORWARDS,), external=True)
    for number, name in (("15394007230974001153", "."), ("15394007230974001154", "tidy"))
)
ALL = {"sessions": "true", "password": "true", "forwarding": "true", "disable": "false"} | {
    f"rule:{rule.id}": "true" for rule in RULES
}


@pytest.fixture
def w(w: World) -> World:
    w.traces.report = report(forwarding=OUTSIDE, rules=RULES)
    w.containing.was = {
        ContainmentStep.RULES_OFF: tuple(rule.id for rule in RULES),
        ContainmentStep.FORWARDING_OFF: (OUTSIDE.to, "", "true"),
        ContainmentStep.DISABLE: ("enabled",),
    }
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(owner,)
    )
    return w


async def whole_card(w: World) -> str:
    return json.dumps(w.posts()[-1].card, ensure_ascii=False)


async def test_nothing_is_done_before_somebody_says_yes_to_the_list(w: World) -> None:
    await w.ana_has_sent()
    seen = await w.presses(BO, "contain", 1, None, **ALL)
    for said in (
        "Bo Larsen wants to contain this account",
        "Sign the account out everywhere",
        "Set a password that no one knows",
        "Disable the inbox rule “.”",
        "Disable the inbox rule “tidy”",
        "Stop forwarding to collector@mail.example",
    ):
        assert said in seen
    assert "Disable the account" not in w.approvers_see()
    assert w.containing.done == []
    await w.presses_shown(BO, "contain_confirm")
    assert w.containing.done == [
        ContainmentStep.NEW_PASSWORD,
        ContainmentStep.REVOKE_SESSIONS,
        ContainmentStep.RULES_OFF,
        ContainmentStep.FORWARDING_OFF,
    ]
    assert w.containing.rules == tuple(rule.id for rule in RULES)
    assert "Contained; confirmed by Bo Larsen" in w.approvers_see()
    assert "contain" not in w.ana_sees().casefold()


async def test_only_what_was_ticked_is_done(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(
        BO, "contain", 1, None, **{f"rule:{RULES[1].id}": "true", "rule:unknown": "true", "sessions": "false"}
    )
    await w.presses_shown(BO, "contain_confirm")
    assert w.containing.done == [ContainmentStep.RULES_OFF]
    assert w.containing.rules == (RULES[1].id,)


@pytest.mark.parametrize("form", [{}, {"sessions": "yes"}, {"rule:unknown": "true"}, {"rules": "true"}])
async def test_where_nothing_was_chosen_nothing_is_planned(w: World, form: dict[str, str]) -> None:
    await w.ana_has_sent()
    assert "Choose at least one step" in await w.presses(BO, "contain", 1, None, **form)
    assert (await w.case()).containment is None


async def test_no_is_no(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "contain", 1, None, **ALL)
    await w.presses_shown(CLEO, "contain_cancel")
    assert "wants to contain" not in w.approvers_see()
    await w.presses(BO, "contain_confirm", plan="1")
    assert w.containing.done == []
    assert "contain_confirm" not in await whole_card(w)
    await w.presses(BO, "contain", sessions="true")
    await w.presses_shown(BO, "contain_confirm")
    assert w.containing.done == [ContainmentStep.REVOKE_SESSIONS]


async def test_a_second_yes_changes_nothing(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "contain", sessions="true")
    await w.presses_shown(BO, "contain_confirm")
    before = await w.case()
    await w.presses(CLEO, "contain_confirm", plan="1")
    await w.presses(CLEO, "contain_cancel", plan="1")
    assert (await w.case()).containment == before.containment
    assert w.containing.done == [ContainmentStep.REVOKE_SESSIONS]


async def test_who_is_no_responder_may_not(w: World) -> None:
    await w.ana_has_sent()
    assert w.responders is not None
    w.responders.standings[BO.id] = Standing.NOT_APPROVER
    before = await w.case()
    for who in (BO, DAN):
        for verb in ("contain", "contain_confirm", "contain_cancel", "put_back_disable"):
            assert "Only responders" in await w.presses(who, verb, 1, None, **ALL)
    w.responders.trouble = UnknownReason.UNREACHABLE
    assert "could not" in await w.presses(CLEO, "contain", 1, None, **ALL)
    w.responders.trouble = None
    for standing in (Standing.ELIGIBLE, Standing.GUEST, Standing.DISABLED):
        w.responders.standings[CLEO.id] = standing
        await w.presses(CLEO, "contain", 1, None, **ALL)
    assert await w.case() == before


async def test_nobody_contains_their_own_account_or_from_elsewhere_sees_a_card(w: World) -> None:
    await w.ana_has_sent()
    before = await w.case()
    assert "your own case" in await w.presses(ANA_CLICKS, "contain", 1, ConversationKind.CHANNEL, **ALL)
    seen = await w.presses(DAN, "contain", 1, ConversationKind.PERSONAL, **ALL)
    assert seen == "Only responders may contain an account. Nothing was changed."
    assert await w.case() == before


async def test_an_account_with_an_admin_role_needs_two_responders(w: World) -> None:
    w.containing.admins.add(ANA)
    await w.ana_has_sent()
    await w.presses(BO, "contain", sessions="true")
    assert "another responder has to confirm" in w.approvers_see()
    assert any("Bo Larsen wants to contain the account" in said for said in w.lines())
    assert "another responder" in await w.presses_shown(BO, "contain_confirm")
    assert w.containing.done == []
    await w.presses_shown(CLEO, "contain_confirm")
    assert w.containing.done == [ContainmentStep.REVOKE_SESSIONS]


async def test_where_the_roles_cannot_be_read_two_are_needed_as_well(w: World) -> None:
    w.containing.trouble = UnknownReason.NO_PERMISSION
    await w.ana_has_sent()
    await w.presses(BO, "contain", sessions="true")
    assert "could not be checked" in w.approvers_see()
    await w.presses_shown(BO, "contain_confirm")
    assert w.containing.done == []


async def test_each_step_has_its_own_result_and_a_failed_one_is_told(w: World) -> None:
    w.containing.outcomes = {
        ContainmentStep.NEW_PASSWORD: StepResult(step=ContainmentStep.NEW_PASSWORD, outcome=StepOutcome.ON_PREMISES),
        ContainmentStep.RULES_OFF: StepResult(
            step=ContainmentStep.RULES_OFF, outcome=StepOutcome.FAILED, error="The mailbox is being moved."
        ),
        ContainmentStep.FORWARDING_OFF: StepResult(step=ContainmentStep.FORWARDING_OFF, outcome=StepOutcome.ALREADY_SO),
    }
    await w.ana_has_sent()
    await w.presses(BO, "contain", 1, None, **ALL)
    await w.presses_shown(BO, "contain_confirm")
    seen = w.approvers_see()
    for said in (
        "to be done on-premises",
        "The mailbox is being moved.",
        "already the case",
        "Signed out everywhere",
    ):
        assert said in seen
    assert sum("not every step of the containment worked" in said for said in w.lines()) == 1
    history = await w.cases.history((await w.case()).number)
    assert {event.facts["outcome"] for event in history if "outcome" in event.facts} >= {
        "failed",
        "done",
        "on_premises",
    }


async def test_a_failed_step_can_be_tried_again(w: World) -> None:
    w.containing.outcomes = {
        ContainmentStep.REVOKE_SESSIONS: StepResult(
            step=ContainmentStep.REVOKE_SESSIONS, outcome=StepOutcome.FAILED, error="no permission"
        )
    }
    await w.ana_has_sent()
    for _ in range(2):
        await w.presses(BO, "contain", sessions="true")
        await w.presses_shown(BO, "contain_confirm")
        w.containing.outcomes = {}
    assert w.containing.done == [ContainmentStep.REVOKE_SESSIONS]
    assert "no permission" not in w.approvers_see()


async def test_a_lost_answer_is_asked_again_and_what_was_there_can_still_be_put_back(w: World) -> None:
    w.containing.lost = {ContainmentStep.FORWARDING_OFF}
    await w.ana_has_sent()
    await w.presses(BO, "contain", forwarding="true")
    await w.presses_shown(BO, "contain_confirm")
    await w.passes(5 * MINUTE)
    assert "already the case" in w.approvers_see()
    await w.presses_shown(CLEO, "put_back_forwarding")
    assert [result.was for result in w.containing.backs] == [(OUTSIDE.to, "", "true")]
    assert "undone" in w.approvers_see()


async def test_what_was_switched_off_is_put_back_one_by_one_and_once(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "contain", 1, None, **{**ALL, "disable": "true"})
    await w.presses_shown(BO, "contain_confirm")
    assert "Call: +34 600 000 001" in w.approvers_see()
    await w.presses(BO, "deny", reason="not you")  # the case ended; the account is still to be given back
    facts = str((await w.case()).facts[-1].number)
    for _ in range(2):
        await w.presses(BO, "put_back_disable", plan="1", facts=facts)
    assert [result.step for result in w.containing.backs] == [ContainmentStep.DISABLE]
    assert "Call:" not in w.approvers_see()
    assert "put_back_disable" not in await whole_card(w)
    assert "put_back_rules" in await whole_card(w)
    await w.presses(BO, "put_back_sessions", plan="1", facts=facts)
    assert len(w.containing.backs) == 1


async def test_a_putting_back_that_failed_says_so_and_can_be_wanted_again(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "contain", disable="true")
    await w.presses_shown(BO, "contain_confirm")
    w.containing.outcomes = {
        ContainmentStep.DISABLE: StepResult(step=ContainmentStep.DISABLE, outcome=StepOutcome.FAILED, error="busy")
    }
    await w.presses_shown(BO, "put_back_disable")
    assert "could not be undone: busy" in w.approvers_see()
    w.containing.outcomes = {}
    await w.presses_shown(BO, "put_back_disable")
    assert "could not be undone" not in w.approvers_see()
    assert len(w.containing.backs) == 2


async def test_what_looks_stolen_needs_one_approver_once_it_is_contained_and_not_whoever_contained_it(
    w: World,
) -> None:
    await w.ana_has_sent()
    assert "two approvers" in w.approvers_see()
    await w.presses(BO, "contain", sessions="true", password="true")
    await w.presses_shown(BO, "contain_confirm")
    assert "two approvers" in w.approvers_see()  # mail still goes outside
    await w.presses(BO, "contain", 1, None, forwarding="true", **{f"rule:{rule.id}": "true" for rule in RULES})
    await w.presses_shown(BO, "contain_confirm")
    assert "two approvers" not in w.approvers_see()
    assert "The intruder is locked out" in w.approvers_see()
    await w.presses_shown(CLEO, "put_back_forwarding")
    assert "two approvers" in w.approvers_see()
    await w.presses(BO, "contain", forwarding="true")
    await w.presses_shown(BO, "contain_confirm")
    await w.bo_approves()
    assert (await w.case()).decision is None
    assert "One of two approvals" in w.approvers_see()
    await w.presses(CLEO, "approve", by_another_route="true", ground="called her")
    assert (await w.case()).decision is not None


async def test_while_it_is_at_work_nothing_else_is_planned(w: World) -> None:
    w.containing.away = True
    await w.ana_has_sent()
    await w.presses(BO, "contain", sessions="true")
    await w.presses_shown(BO, "contain_confirm")
    assert "is being contained" in w.approvers_see()
    before = (await w.case()).containment
    await w.presses(CLEO, "contain", disable="true")
    await w.presses(CLEO, "contain_cancel", plan="1")
    assert (await w.case()).containment == before
    w.containing.away = False
    await w.passes(5 * MINUTE)
    assert w.containing.done == [ContainmentStep.REVOKE_SESSIONS]


async def test_without_a_group_of_responders_it_is_off(database: Database) -> None:
    class Off(World):
        def _responders(self) -> None:
            return None

    w = Off(database)
    await w.ana_has_sent()
    assert '"contain"' not in json.dumps(w.posts()[-1].card)
    assert "switched off here" in await w.presses(BO, "contain", sessions="true")
    assert "switched off here" in await w.says(BO, "contain 1 sessions")
    assert (await w.case()).containment is None


async def test_typed_it_goes_the_same_way(w: World) -> None:
    await w.ana_has_sent()
    await w.commands(BO, "contain 1")
    await w.commands(BO, "contain 1 sessions, rules disable")
    assert "Disable the inbox rule “tidy”" in w.approvers_see()
    await w.commands(CLEO, "contain 1 yes")
    assert w.containing.done == [], "a yes names the plan that it speaks of"
    assert any("contain 1 yes 1" in w.text_of(post) for post in w.posts())
    await w.commands(CLEO, "Contain 1 YES 1")
    assert w.containing.done == [ContainmentStep.DISABLE, ContainmentStep.REVOKE_SESSIONS, ContainmentStep.RULES_OFF]
    assert "Inbox rules disabled" in await w.says(BO, "contain 1")


@pytest.mark.parametrize("words", ["contain 1 everything", "contain 99 sessions", "contain", "contain 1 no"])
async def test_typed_nonsense_changes_nothing(w: World, words: str) -> None:
    await w.ana_has_sent()
    before = await w.case()
    await w.says(BO, words)
    await w.says(DAN, "contain 1 sessions")
    assert await w.case() == before


async def test_in_another_channel_nothing_is_contained(w: World) -> None:
    await w.ana_has_sent()
    before = await w.case()
    await w.says_at(
        BO, "contain 1 sessions", replace(w.conversation(BO, ConversationKind.CHANNEL), id="19:else@thread")
    )
    assert await w.case() == before


async def test_it_does_not_wait_for_a_request(w: World) -> None:
    await w.ana_asks()
    assert (await w.case()).status is Status.SECURING
    await w.presses(BO, "contain", sessions="true")
    await w.presses(BO, "contain_confirm", plan="1")
    assert w.containing.done == [ContainmentStep.REVOKE_SESSIONS]


async def test_after_a_while_nothing_of_it_is_kept(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "contain", disable="true")
    await w.presses_shown(BO, "contain_confirm")
    await w.presses(BO, "deny", reason="not you")
    await w.passes(LONG_DAYS.keep_details_for + MINUTE)
    assert (await w.case()).containment is None
