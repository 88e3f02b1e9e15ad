"""Two words are two people who may give them: who gave the first is asked about again when the second is given."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.status import Status
from services.domain.containment.containment import ContainmentStep
from services.domain.evidence.report import Forwarding, SentHour, SentMail
from services.domain.limits.change import Stage
from services.domain.people import PersonId, Standing, TeamsUser
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, LIMIT_REASON, MINUTE, report
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.test_limits import OWN, asks_honestly, work
from tests.dialogs.world import ANAS_ADDRESS, CLEO, World, approver

EVE = TeamsUser(id=PersonId("00000000-0000-4000-8000-000000000005"), name="Eve Duarte")
CALLED = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)
ENTRIES = {"connector": "c0ffee00-0000-4000-8000-000000000001"}
Worsens = Callable[[World], Awaitable[None]]


@pytest.fixture
def w(w: World) -> World:
    """A third approver and responder, and a mailbox whose owner is known."""
    w.directory.people[EVE.id] = approver(EVE)
    w.approvers.standings[EVE.id] = Standing.APPROVER
    assert w.responders
    w.responders.standings[EVE.id] = Standing.APPROVER
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(owner,)
    )
    return w


# What becomes of the one who gave the first word.


async def bo_is_restricted(w: World) -> None:
    w.mail.restrict("bo@contoso.example", LIMIT_REASON)


async def bo_leaves(w: World) -> None:
    await bo_stands(w, Standing.NOT_APPROVER)


async def bo_is_only_eligible(w: World) -> None:
    await bo_stands(w, Standing.ELIGIBLE)


async def bo_stands(w: World, standing: Standing) -> None:
    assert w.responders
    w.approvers.standings[BO.id] = w.responders.standings[BO.id] = standing


async def bo_gets_an_address_of_the_mailbox(w: World) -> None:
    w.directory.people[BO.id] = replace(w.directory.people[BO.id], addresses=(ANAS_ADDRESS,))


async def bo_may_send_from_it(w: World) -> None:
    known = w.mailboxes.known[ANAS_ADDRESS]
    bo = Holder(person=BO.id, name=BO.name, upn="bo@contoso.example", right=SendRight.ON_BEHALF)
    w.mailboxes.known[ANAS_ADDRESS] = replace(known, holders=(*known.holders, bo))
    await w.passes(MINUTE)
    await w.presses(EVE, "gather")


async def bo_is_not_found(w: World) -> None:
    del w.directory.people[BO.id]


BECOMES = (
    bo_is_restricted,
    bo_leaves,
    bo_is_only_eligible,
    bo_gets_an_address_of_the_mailbox,
    bo_may_send_from_it,
    bo_is_not_found,
)


def to_bo(*happens: Worsens) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("happens", happens, ids=lambda one: one.__name__)


# The decisions that take two.


async def approved_by_bo(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve", 1, None, **CALLED)


async def failed_and_retried_by_bo(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(CLEO, "approve", 1, None, **CALLED)
    await w.presses(EVE, "approve", 1, None, **CALLED)
    assert await w.status() is Status.FAILED
    await w.presses(BO, "retry", 1, None, **CALLED)


@pytest.mark.parametrize(
    ("prepare", "verb", "happens"),
    [
        *(pytest.param(approved_by_bo, "approve", one, id=one.__name__) for one in BECOMES),
        pytest.param(failed_and_retried_by_bo, "retry", bo_is_restricted, id="tried again"),
    ],
)
async def test_a_first_approval_counts_only_while_its_approver_may_give_it(
    w: World, prepare: Worsens, verb: str, happens: Worsens
) -> None:
    await prepare(w)
    first, removals = (await w.case()).first_approval, list(w.mail.removals)
    assert first is not None
    assert first.by == BO.id
    await w.passes(MINUTE)
    await happens(w)
    for _ in range(2):  # one click may show that the facts moved
        await w.presses(CLEO, verb, 1, None, **CALLED)
        await w.passes(MINUTE)
    assert w.mail.removals == removals
    await w.presses(EVE, verb, 1, None, **CALLED)
    await w.passes(MINUTE)
    assert len(w.mail.removals) == len(removals) + 1, "two who may are two"


@to_bo(bo_is_restricted, bo_leaves)
async def test_limits_are_not_applied_on_the_word_of_somebody_who_may_not_give_it(w: World, happens: Worsens) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.passes(MINUTE)
    await happens(w)
    await w.presses_shown(CLEO, "limits_apply")
    await w.passes(MINUTE)
    assert w.policies.notes == []
    await w.presses_shown(EVE, "limits_apply")
    await w.passes(MINUTE)
    assert w.policies.notes == ["Sendwell case 1"], "two who may are two"


async def is_contained(w: World) -> None:
    w.containing.was = {ContainmentStep.DISABLE: ("enabled",)}
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(CLEO, "contain", disable="true")
    await w.presses(EVE if ANA in w.containing.admins else CLEO, "contain_confirm", plan="1")
    assert ContainmentStep.DISABLE in w.containing.done


@to_bo(bo_is_restricted, bo_is_only_eligible, bo_gets_an_address_of_the_mailbox)
async def test_nothing_is_put_back_on_the_word_of_somebody_who_may_not_give_it(w: World, happens: Worsens) -> None:
    w.containing.admins = {ANA}
    await is_contained(w)
    await w.presses_shown(BO, "put_back_disable")
    await w.passes(MINUTE)
    await happens(w)
    await w.presses_shown(CLEO, "put_back_disable")
    await w.passes(MINUTE)
    assert w.containing.backs == []
    await w.presses_shown(EVE, "put_back_disable")
    await w.passes(MINUTE)
    assert len(w.containing.backs) == 1, "two who may are two"


@pytest.mark.parametrize("unread", [False, True])
async def test_an_account_that_is_an_admins_by_now_takes_two_to_give_back(w: World, unread: bool) -> None:
    await is_contained(w)
    w.containing.admins, w.containing.trouble = {ANA}, UnknownReason.TIMED_OUT if unread else None
    await w.presses_shown(BO, "put_back_disable")
    await w.passes(MINUTE)
    assert w.containing.backs == []
    await w.presses_shown(CLEO, "put_back_disable")
    assert len(w.containing.backs) == 1


async def test_who_may_send_from_the_mailbox_through_a_group_does_not_give_it_back_alone(w: World) -> None:
    known = w.mailboxes.known[ANAS_ADDRESS]
    bo = Holder(person=BO.id, name=BO.name, upn="bo@contoso.example", right=SendRight.SEND_AS, through="Everybody")
    w.mailboxes.known[ANAS_ADDRESS] = replace(known, holders=(*known.holders, bo))
    await is_contained(w)
    await w.presses_shown(BO, "put_back_disable")
    assert w.containing.backs == []
    await w.presses_shown(CLEO, "put_back_disable")
    assert len(w.containing.backs) == 1


async def test_the_only_approver_there_is_does_not_raise_limits_of_a_mailbox_they_send_from_through_a_group(
    w: World,
) -> None:
    for who in (CLEO, EVE):
        del w.approvers.standings[who.id]
    known = w.mailboxes.known[ANAS_ADDRESS]
    bo = Holder(person=BO.id, name=BO.name, upn="bo@contoso.example", right=SendRight.SEND_AS, through="Everybody")
    w.mailboxes.known[ANAS_ADDRESS] = replace(known, holders=(*known.holders, bo))
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.passes(timedelta(minutes=61))
    await w.presses_shown(BO, "limits_apply")
    await w.passes(5 * MINUTE)
    assert w.policies.notes == []


# Limits rest on evidence that is complete and recent, as a release does.


async def limits_are_proposed_and_the_evidence_gets_old(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    await w.passes(w.timing.evidence_lasts + MINUTE)


async def test_limits_are_not_applied_on_evidence_that_is_too_old(w: World) -> None:
    await limits_are_proposed_and_the_evidence_gets_old(w)
    w.traces.report = report(forwarding=OUTSIDE)
    await w.presses_shown(CLEO, "limits_apply")
    await w.passes(5 * MINUTE)
    assert w.policies.notes == []
    assert (await work(w)).stage is Stage.PROPOSED
    assert "The limits were approved but not applied. The evidence shows something new." in w.approvers_see()


async def test_what_honest_people_wait_for_takes_one_click(w: World) -> None:
    await limits_are_proposed_and_the_evidence_gets_old(w)
    asked = w.traces.asked
    await w.presses_shown(CLEO, "limits_apply")
    assert w.policies.notes == ["Sendwell case 1"]
    assert w.traces.asked > asked


async def test_what_does_not_come_in_time_is_not_checked_and_nothing_is_applied(w: World) -> None:
    await limits_are_proposed_and_the_evidence_gets_old(w)
    w.traces.troubles = {"sign_ins": UnknownReason.UNREACHABLE}
    await w.presses_shown(CLEO, "limits_apply")
    await w.passes(5 * MINUTE)
    assert w.policies.notes == []


async def test_after_the_end_of_a_case_the_evidence_is_gathered_for_limits_too(w: World) -> None:
    await limits_are_proposed_and_the_evidence_gets_old(w)
    await w.presses(CLEO, "deny", reason="a mailing list belongs elsewhere")
    w.traces.report = report(
        sent=SentMail(hours=(SentHour(start=w.clock.now(), recipients=9_000, messages=1),), subjects=1)
    )
    await w.presses_shown(EVE, "limits_apply")
    await w.passes(5 * MINUTE)
    assert w.policies.notes == []


# A connector stands on a list of its own; who decides about it stands on the senders'.


async def test_nobody_who_is_restricted_decides_about_a_connector(w: World) -> None:
    w.connectors.restrict(ENTRIES["connector"])
    await w.commands(CLEO, f"unblock connector {ENTRIES['connector']} its owner called")
    await bo_is_restricted(w)
    await w.passes(timedelta(seconds=10))
    assert "You yourself are restricted from sending" in await w.presses(BO, "approve", 1, None, **CALLED)
    assert w.connectors.removals == []
