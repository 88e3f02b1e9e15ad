"""Other sending limits: proposed to honest senders, applied by a second approver, shown, ended, reverted."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.case import Case
from services.domain.case.transition import TaskKind
from services.domain.evidence.report import Forwarding, SentHour, SentMail
from services.domain.limits.change import LimitChange, Stage
from services.domain.limits.outbound_policy import Membership, OutboundPolicy, OutboundRule, SendingLimits
from services.domain.limits.sending_limits import STANDARD
from services.domain.people import Standing
from services.domain.unknown import UnknownReason
from services.ports.microsoft365 import ChangedMeanwhileByOthers, PolicyApplied, PolicyRefused
from tests.cases import BO, LIMIT_REASON, MINUTE, RATE_REASON, report
from tests.dialogs.world import ANA_CLICKS, CLEO, DAN, LONG_DAYS, World

OWN = {"way": "own", "keep_for": "0"}


async def whole_card(w: World) -> str:
    return json.dumps(w.posts()[-1].card, ensure_ascii=False)


async def asks_honestly(w: World, *reason: str, number: int = 1, recipients: int = 2_100) -> None:
    """A mailing that fits what was sent: the verdict is honest."""
    w.traces.report = replace(w.traces.report, gathered_at=w.clock.now())
    await w.ana_asks(*(reason or (LIMIT_REASON,)))
    for verb in ("password_done", "mfa_done"):
        await w.presses(ANA_CLICKS, verb, number)
    form = {"recipients": str(recipients), "to_whom": "customers", "how_often": "once", "until": "today"}
    await w.presses(ANA_CLICKS, "mailing_yes", number, None, **form)
    await w.presses(ANA_CLICKS, "send", number, note="")


async def work(w: World, number: int = 1) -> LimitChange:
    found = (await w.case(number)).limit_change
    assert found is not None
    return found


async def test_an_approver_wants_them_and_another_applies_them(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    seen = w.approvers_see()
    for said in (
        "New sending limits, proposed by Bo Larsen",
        "Sendwell ana@contoso.example",
        "500",
        "3,000",
        "Standard 500 / 1,000 / 1,000",
        "A separate policy for this sender, with every other setting as it is now.",
        "New limits do not unblock the sender",
        "Another approver has to apply this",
    ):
        assert said in seen
    assert "10,000" not in seen
    assert "https://security.microsoft.com/antispam" in await whole_card(w)
    assert any("new sending limits are proposed" in said for said in w.lines())
    assert "so another approver must apply it" in await w.presses_shown(BO, "limits_apply")
    assert w.policies.notes == []
    await w.presses_shown(CLEO, "limits_apply")
    assert w.policies.notes == ["Sendwell case 1"]
    assert "applied by Cleo Marsh" in w.approvers_see()
    assert (await w.case()).is_undecided  # the change of limits unblocked nobody
    assert "limits" not in w.ana_sees().casefold()


async def test_limits_that_were_typed_are_taken_and_an_empty_one_stays(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN, limit_external=" 1500 ", limit_internal="", limit_day="٣٠٠٠")
    made = (await work(w)).plan
    assert made is not None
    assert made.after.limits == SendingLimits(
        external_per_hour=1_500, internal_per_hour=STANDARD.internal_per_hour, per_day=3_000
    )


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1,500", "without separators"),
        ("1.500", "without separators"),
        ("1 500", "without separators"),
        ("-5", "cannot be negative"),
        ("0.5", "whole number"),
        ("many", "whole number from 0 to 10000"),
        ("10001", "up to 10000"),
        ("9" * 400, "up to 10000"),
        ("1e3", "whole number"),
    ],
)
async def test_what_is_no_limit_is_refused_with_a_reason(w: World, typed: str, says: str) -> None:
    await asks_honestly(w)
    before = await w.case()
    assert says in await w.presses(BO, "limits", 1, None, **OWN, limit_day=typed)
    assert await w.case() == before


async def test_a_group_may_get_them_as_a_whole(w: World) -> None:
    team = Membership(group="team@contoso.example", belongs=True)
    w.policies.kept = replace(w.policies.kept, memberships=(team,))
    await asks_honestly(w)
    assert "leave the group empty" in await w.presses(BO, "limits", way="recipe", limit_group=team.group)
    assert "by its address" in await w.presses(BO, "limits", 1, None, **OWN, limit_group="our team")
    await w.presses(BO, "limits", 1, None, **OWN, limit_group=f" {team.group} ")
    assert "All members of team@contoso.example get these limits" in w.approvers_see()
    assert "Sendwell team@contoso.example" in w.approvers_see()
    await w.presses_shown(CLEO, "limits_apply")
    assert [rule.groups for rule in w.policies.kept.rules] == [(team.group,)]
    assert "applied by Cleo" in w.approvers_see()
    assert "All members of team@contoso.example get these limits" in w.approvers_see()


@pytest.mark.parametrize(("belongs", "says"), [(False, "not a member of that group"), (None, "could not be read")])
async def test_a_group_that_would_not_help_is_not_proposed(w: World, belongs: bool | None, says: str) -> None:
    if belongs is not None:
        w.policies.kept = replace(w.policies.kept, memberships=(Membership(group="a@b.example", belongs=belongs),))
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN, limit_group="a@b.example")
    assert says in w.approvers_see()
    assert (await work(w)).stage is Stage.NO_HELP


@pytest.mark.parametrize("form", [{"way": "other"}, {"way": "own", "keep_for": "3"}])
async def test_a_form_that_is_not_ours_is_refused(w: World, form: dict[str, str]) -> None:
    await asks_honestly(w)
    before = await w.case()
    await w.presses(BO, "limits", 1, None, **form)
    assert await w.case() == before


async def test_nothing_is_proposed_for_what_looks_stolen_or_is_not_known(w: World) -> None:
    w.traces.report = report(forwarding=Forwarding(to="x@mail.example", keeps_copy=True, external=True))
    await asks_honestly(w)
    assert "only while the evidence looks like a legitimate mailing" in await w.presses(BO, "limits", 1, None, **OWN)
    assert '"limits"' not in await whole_card(w)
    await w.passes(MINUTE)
    w.traces.report = report(gathered_at=w.clock.now())
    w.traces.troubles = {"sign_ins": UnknownReason.NO_LICENCE}
    await w.presses(BO, "gather")
    assert "only while" in await w.presses(BO, "limits", 1, None, **OWN)
    assert (await w.case()).limit_change is None


async def test_what_looks_stolen_by_now_is_not_applied(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.passes(MINUTE)
    stolen = Forwarding(to="x@mail.example", keeps_copy=True, external=True)
    w.traces.report = report(forwarding=stolen, gathered_at=w.clock.now())
    await w.presses(BO, "gather")
    assert "only while" in await w.presses_shown(CLEO, "limits_apply")
    assert w.policies.notes == []


async def test_whoever_meets_a_limit_again_and_again_is_proposed_for_by_itself(w: World) -> None:
    for number in (1, 2):
        await asks_honestly(w, number=number)
        await w.bo_approves(number)
        await w.passes(5 * LONG_DAYS.reads_apart)
        await w.presses(ANA_CLICKS, "works", number)
        await w.passes(LONG_DAYS.watch_for + LONG_DAYS.check_every)
    await asks_honestly(w, number=3)
    assert "My suggestion" in w.approvers_see()
    await w.presses_shown(BO, "limits_apply", 3)
    assert w.policies.notes == []
    assert "proposed by Bo Larsen" in w.approvers_see()
    await w.presses_shown(BO, "limits_apply", 3)
    assert w.policies.notes == []
    await w.presses_shown(CLEO, "limits_apply", 3)
    assert w.policies.notes == ["Sendwell case 3"]


async def test_the_only_approver_there_is_waits_and_is_marked(w: World) -> None:
    w.approvers.standings.pop(CLEO.id)
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    assert "there is no other approver" in await w.presses_shown(BO, "limits_apply")
    await w.passes(timedelta(minutes=61))
    await w.presses_shown(BO, "limits_apply")
    assert w.policies.notes == ["Sendwell case 1"]
    assert "because there is no other" in w.approvers_see()


async def test_where_nobody_can_say_whether_there_is_another_nobody_is_alone(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    w.approvers.unsure = True
    await w.passes(timedelta(hours=2))
    await w.presses_shown(BO, "limits_apply")
    assert w.policies.notes == []


async def test_a_change_by_somebody_else_is_shown_and_not_overwritten(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    stricter = OutboundPolicy(name="Default", limits=SendingLimits(external_per_hour=400, per_day=700), is_default=True)
    w.policies.outcomes = [ChangedMeanwhileByOthers()]
    w.policies.kept = w.policies.kept.with_policy(stricter)
    await w.presses_shown(CLEO, "limits_apply")
    seen = w.approvers_see()
    assert "planned again and needs two approvers again" in seen
    assert "400" in seen
    await w.presses_shown(CLEO, "limits_apply")
    assert (await work(w)).stage is Stage.PROPOSED, "nobody else has seen these limits"
    await w.presses_shown(CLEO, "limits_apply")
    assert (await work(w)).stage is Stage.PROPOSED
    await w.presses_shown(BO, "limits_apply")
    assert (await work(w)).stage is Stage.APPLIED
    assert "planned again" not in w.approvers_see()


async def test_a_refusal_names_its_error_and_what_was_left_behind(w: World) -> None:
    w.policies.outcomes = [PolicyRefused(error="Access denied.", left_behind=("policy Sendwell ana",))]
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.presses_shown(CLEO, "limits_apply")
    assert "Exchange says: Access denied." in w.approvers_see()
    assert "to be removed by hand: policy Sendwell ana" in w.approvers_see()
    assert any("could not be applied" in said for said in w.lines())
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.presses_shown(CLEO, "limits_apply")
    assert (await work(w)).stage is Stage.APPLIED


async def test_without_the_role_nothing_is_proposed_and_it_is_said_once_and_by_name(w: World) -> None:
    w.policies.trouble = UnknownReason.NO_PERMISSION
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    assert "the Exchange role “Sendwell Limits”, a child of “Transport Hygiene”" in w.approvers_see()
    assert await w.outbox.next_due(frozenset({TaskKind.LIMITS})) is None
    w.policies.trouble = None
    await w.presses(BO, "limits", 1, None, **OWN)
    assert (await work(w)).stage is Stage.PROPOSED


async def test_an_unknown_outcome_is_asked_again(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    w.policies.trouble = UnknownReason.TIMED_OUT
    await w.presses_shown(CLEO, "limits_apply")
    assert "being applied" in w.approvers_see()
    w.policies.trouble = None
    await w.passes(5 * MINUTE)
    assert (await work(w)).stage is Stage.APPLIED


async def test_what_the_read_back_shows_beside_is_named(w: World) -> None:
    w.policies.outcomes = [PolicyApplied(differs=("rule Old pilot",))]
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.presses_shown(CLEO, "limits_apply")
    assert "Also different from before, when checked: rule Old pilot" in w.approvers_see()


async def test_they_are_reverted_with_one_click_and_once(w: World) -> None:
    await asks_honestly(w)
    before = w.policies.kept
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.presses_shown(CLEO, "limits_apply")
    assert w.policies.kept != before
    for another in ("7", ""):
        await w.presses(BO, "limits_back", plan=another)
    assert w.policies.backs == 0, "it takes back what the card shows, and that is plan 1"
    for _ in range(2):
        await w.presses(BO, "limits_back", plan="1")
    assert w.policies.backs == 1
    assert set(w.policies.kept.policies) == set(before.policies)
    assert "reverted by Bo Larsen" in w.approvers_see()


async def test_what_cannot_be_reverted_says_so_and_may_be_tried_again(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.presses_shown(CLEO, "limits_apply")
    w.policies.outcomes = [PolicyRefused(error="The rule was changed."), ChangedMeanwhileByOthers()]
    await w.presses_shown(BO, "limits_back")
    assert "The rule was changed." in w.approvers_see()
    await w.presses_shown(BO, "limits_back")
    assert "Someone else has changed the policies" in w.approvers_see()
    await w.presses_shown(BO, "limits_back")
    assert (await work(w)).stage is Stage.REVERTED


async def test_after_the_end_date_the_approvers_are_asked_to_take_them_back(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", way="own", keep_for="7")
    await w.presses_shown(CLEO, "limits_apply")
    assert "I will ask" in w.approvers_see()
    await w.passes(timedelta(days=6))
    assert not any("end date" in said for said in w.lines())
    await w.passes(timedelta(days=1, minutes=1))
    assert sum("the new sending limits have reached their end date" in said for said in w.lines()) == 1
    assert "please revert the limits" in w.approvers_see()
    assert w.policies.backs == 0
    await w.presses_shown(BO, "limits_back")
    assert w.policies.backs == 1
    assert not any("end date" in said for said in w.lines())


@pytest.mark.parametrize(
    ("reason", "recipients", "says"),
    [(RATE_REASON, 10_100, "Microsoft 365's own limit of 10,000"), (LIMIT_REASON, 2_100, "sets no limit")],
)
async def test_where_no_policy_can_help_it_says_so_with_the_alternatives(
    w: World, reason: str, recipients: int, says: str
) -> None:
    if reason == LIMIT_REASON:
        w.policies.kept = w.policies.kept.with_policy(OutboundPolicy(name="Default", is_default=True))
    hour = SentHour(start=w.clock.now() - timedelta(hours=1), recipients=recipients, messages=9)
    w.traces.report = replace(w.traces.report, sent=SentMail(hours=(hour,), subjects=1))
    await asks_honestly(w, reason, recipients=recipients)
    await w.presses(BO, "limits", 1, None, **OWN)
    assert says in w.approvers_see()
    assert "Azure Communication Services" in w.approvers_see()
    assert "limits_apply" not in await whole_card(w)


async def test_where_it_cannot_be_read_which_policy_applies_nothing_is_proposed(w: World) -> None:
    hidden = OutboundRule(name="Bulk", policy="Bulk", priority=0, groups=("everybody?",))
    w.policies.kept = w.policies.kept.with_rule(hidden)
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    assert "could not be read, so nothing is proposed" in w.approvers_see()
    await w.presses(BO, "limits", 1, None, **OWN, limit_day="3000")
    assert (await work(w)).stage is Stage.NO_HELP


async def test_the_limits_that_apply_already_are_no_change(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN, limit_external="500")
    assert "apply already" in w.approvers_see()


async def test_the_published_recipe_says_who_else_gains(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", way="recipe", keep_for="0")
    assert "keeps today's limits for everyone else" in w.approvers_see()
    await w.presses_shown(CLEO, "limits_apply")
    await w.presses_shown(CLEO, "limits_back")
    assert (await work(w)).stage is Stage.REVERTED


async def test_a_dismissed_proposal_is_gone_and_may_be_wanted_again(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.presses(CLEO, "limits_dismiss")
    assert "proposed by Bo" not in w.approvers_see()
    await w.presses(CLEO, "limits_apply", plan="1")
    assert w.policies.notes == []
    await w.presses(BO, "limits", 1, None, **OWN)
    assert "proposed by Bo" in w.approvers_see()


async def test_while_they_are_applied_nothing_else_is_wanted(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.presses_shown(CLEO, "limits_apply")
    before = await work(w)
    await w.presses(BO, "limits", 1, None, **OWN, limit_day="5000")
    await w.presses(BO, "limits_dismiss")
    assert await work(w) == before


async def test_who_may_not_decide_changes_nothing(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    before = await w.case()
    w.approvers.standings[ANA_CLICKS.id] = Standing.APPROVER
    for who in (DAN, ANA_CLICKS):
        for verb in ("limits", "limits_apply", "limits_dismiss", "limits_back"):
            await w.presses(who, verb, 1, None, **OWN)
    assert await w.case() == before


async def test_typed_it_goes_the_same_way(w: World) -> None:
    await asks_honestly(w)
    await w.commands(BO, "limits 1")
    assert (await w.case()).limit_change is None
    await w.commands(BO, "limits 1 own 1500/1000/3000")
    assert "1,500" in w.approvers_see()
    await w.commands(BO, "limits 1 no")
    await w.commands(BO, "limits 1 own 1500/1000/3000 for nobody@contoso.example")
    assert (await work(w)).group == "nobody@contoso.example"
    await w.commands(BO, "Limits 1 recipe")
    await w.commands(CLEO, "limits 1 yes")
    await w.commands(CLEO, "limits 1 yes 1")
    assert (await work(w)).stage is Stage.PROPOSED, "a yes names the plan that it speaks of"
    await w.commands(CLEO, "limits 1 YES 2")
    assert (await work(w)).stage is Stage.APPLIED
    await w.commands(CLEO, "limits 1 back")
    assert (await work(w)).stage is Stage.APPLIED
    await w.commands(CLEO, "limits 1 back 2")
    assert (await work(w)).stage is Stage.REVERTED


@pytest.mark.parametrize(
    "words",
    ["limits 1 lots", "limits 1 own 1,500/1000/3000", "limits 1 yes", "limits 1 own 1/2", "limits 1 own for us"],
)
async def test_typed_nonsense_changes_nothing(w: World, words: str) -> None:
    await asks_honestly(w)
    before: Case = await w.case()
    await w.says(BO, words)
    assert await w.case() == before
