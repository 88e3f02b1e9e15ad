"""Every verb of approvers and responders × everybody who may click it: who may do what to whose mailbox.

`test_rights.py` asks in which status a verb is allowed; here each verb meets a case that it fits, and the question is
who clicks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

import pytest
from sqlalchemy import text

from cards.approver.call_code import CALL_CODE
from dialogs.conversations.approver_buttons import APPROVER_VERBS
from dialogs.conversations.inbound import ConversationKind
from dialogs.conversations.responder import RESPONDER_VERBS
from services.clients.store.database import Database
from services.domain.case.call_codes import CallCode
from services.domain.case.case import Case
from services.domain.case.creation import created_by_person
from services.domain.case.intended import IntendedApproval
from services.domain.case.noted_facts import noted
from services.domain.case.status import Status
from services.domain.containment.after_steps import AccountRead, Delegate
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome, StepResult
from services.domain.evidence.report import SentHour, SentMail
from services.domain.limits.change import LimitChange, Stage
from services.domain.limits.policy_plan import Strategy
from services.domain.people import PersonId, SignOff, Standing, TeamsUser
from services.domain.proofs.shared_mailbox import Holder, SecuredHolder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from services.ports.storage import Audience
from services.ports.teams import Posted
from tests.cases import (
    BO,
    CASES,
    LIMIT_REASON,
    MINUTE,
    NOW,
    PROVEN_MFA,
    PROVEN_PASSWORD,
    SINCE,
    after_steps,
    person,
    report,
)
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CHANNEL, CLEO, DAN, LONG_DAYS, World

FORM = {
    "reason": "come by",
    "words": "which tool?",
    "reference": "4711",
    "done": "paid the subscription",
    "ground": "called her",
    "by_another_route": "true",
    "for_reason": "she called",
    "sessions": "true",
    "stop_reason": "it was the thief on the phone",
    "sign_reason": "it was her, on a journey",
    "way": "own",
    "keep_for": "0",
    "facts": "1",
    "plan": "1",
}


class Who(StrEnum):
    """Bo, in one respect or another."""

    NOBODY_SPECIAL = "an approver and responder"
    OUTSIDER = "no member of either group"
    ELIGIBLE = "a member only after activating it"
    DISABLED = "a member whose account is disabled"
    RESTRICTED = "a member who is restricted"
    OWNER = "a member whose mailbox it is"
    SENDER = "a member who may send from it"
    IN_A_GROUP = "a member whom a group lets send from it"


_NEVER = {Who.OUTSIDER, Who.ELIGIBLE, Who.DISABLED, Who.RESTRICTED, Who.OWNER}
PROTECTS = set(Who) - _NEVER
"""Who may send from a mailbox may protect it still: a thief could make every approver a delegate."""
DECIDES = PROTECTS - {Who.SENDER}
MAY: Mapping[str, set[Who]] = {
    **dict.fromkeys(("deny", "ask", "looking", "stop"), PROTECTS),
    **dict.fromkeys(("approve", "retry", "take_back", "gather", "ticket", "close", "ask_for", CALL_CODE), DECIDES),
    "done": DECIDES,
    **dict.fromkeys(("limits", "limits_apply", "limits_dismiss", "limits_back"), DECIDES),
    **dict.fromkeys(("contain", "contain_again", "contain_confirm", "contain_cancel"), PROTECTS),
    **dict.fromkeys(("contain_sign", "put_back_disable"), DECIDES),
}
BY_CLEO = SignOff(by=CLEO.id, name=CLEO.name, at=NOW - 5 * MINUTE)
HONEST = report(sent=SentMail(hours=(SentHour(start=NOW, recipients=1_500, messages=1),), subjects=1))
OFF = StepResult(step=ContainmentStep.DISABLE, outcome=StepOutcome.DONE, was=("enabled",), at=NOW - MINUTE)
PLANNED = Containment(requested=BY_CLEO, steps=(ContainmentStep.REVOKE_SESSIONS,))
TAKEN = Containment(requested=BY_CLEO, confirmed=BY_CLEO, steps=(ContainmentStep.DISABLE,), results=(OFF,))
KIM = Delegate(person=PersonId("kim"), name="Kim Abara")
KIM_LEFT = replace(TAKEN, after=after_steps(account=AccountRead(enabled=False), delegates=(KIM,)))
SHARED = timedelta(seconds=3)
CHANGE = LimitChange(stage=Stage.PROPOSED, strategy=Strategy.OWN_LIMITS, requested=BY_CLEO, plan_number=1)
FITTING: Mapping[str, Case] = {
    "ask_for": CASES[Status.SECURING],
    "retry": CASES[Status.FAILED],
    "done": CASES[Status.REPORTED],
    "close": CASES[Status.FAILED],
    "ticket": CASES[Status.FAILED],
    "take_back": replace(CASES[Status.WAITING], intended=IntendedApproval(by=CLEO.id, name=CLEO.name, at=NOW, facts=1)),
    "contain_confirm": replace(CASES[Status.WAITING], containment=PLANNED),
    "contain_cancel": replace(CASES[Status.WAITING], containment=PLANNED),
    "contain_sign": replace(CASES[Status.WAITING], containment=KIM_LEFT),
    "put_back_disable": replace(CASES[Status.WAITING], containment=TAKEN),
    "limits_apply": replace(CASES[Status.WAITING], limit_change=CHANGE),
    "limits_dismiss": replace(CASES[Status.WAITING], limit_change=CHANGE),
    "limits_back": replace(CASES[Status.WAITING], limit_change=replace(CHANGE, stage=Stage.APPLIED)),
}


def holder(who: TeamsUser, right: SendRight, through: str = "") -> Holder:
    return Holder(person=who.id, name=who.name, upn=f"{who.id}@contoso.example", right=right, through=through)


def mailbox_for(who: Who) -> SharedMailbox:
    """Ana asks for a mailbox that is Dan's, unless it is Bo's."""
    owner = holder(BO if who is Who.OWNER else DAN, SendRight.OWNER)
    mine = {
        Who.SENDER: [holder(BO, SendRight.SEND_AS)],
        Who.IN_A_GROUP: [holder(BO, SendRight.SEND_AS, through="Everybody")],
    }
    holders = (owner, holder(ANA_CLICKS, SendRight.SEND_AS), *mine.get(who, []))
    return SharedMailbox(address=ANAS_ADDRESS, name="Sales", addresses=(ANAS_ADDRESS,), holders=holders)


@pytest.fixture
def w(database: Database) -> World:
    """A world whose workers do not run, so that only the clicks change it."""
    return World(database, replace(LONG_DAYS, messages_a_minute=9_999, call_code=True))


def becomes(w: World, who: Who) -> None:
    assert w.responders
    standing = {
        Who.OUTSIDER: Standing.NOT_APPROVER,
        Who.ELIGIBLE: Standing.ELIGIBLE,
        Who.DISABLED: Standing.DISABLED,
    }.get(who, Standing.APPROVER)
    w.approvers.standings[BO.id] = w.responders.standings[BO.id] = standing
    w.directory.people[DAN.id] = person(id=DAN.id, name=DAN.name, upn="dan@contoso.example", addresses=())
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON, since=SINCE)
    if who is Who.RESTRICTED:
        w.mail.restrict("bo@contoso.example", LIMIT_REASON)


async def begins(w: World, verb: str, who: Who) -> Case:
    """A case that the verb fits, about a mailbox that Bo may have to do with, and the only one."""
    async with w.database.writing() as connection:
        for table in ("outbox", "events", "cards", "seen", "cases"):
            await connection.execute(text(f"delete from {table}"))
    case, mailbox = FITTING.get(verb, CASES[Status.WAITING]), mailbox_for(who)
    others = mailbox.other_senders(case.sender.person)
    secured = tuple(SecuredHolder(holder=one, password=PROVEN_PASSWORD, mfa=PROVEN_MFA) for one in others)
    case = replace(
        case,
        sender=replace(case.sender, mailbox=mailbox, mailbox_address=mailbox.address),
        proofs=replace(case.proofs, other_senders=secured),
        evidence=replace(HONEST, senders=mailbox),
        call_codes=(CallCode(by=BO.id, name=BO.name, digest="", made_at=NOW, told_at=NOW),),
        facts=(),
    )
    return await w.cases.save(created_by_person(noted(case, NOW), NOW), {})


async def clicks(w: World, verb: str, case: Case) -> None:
    w.clock.time += SHARED  # a read of the list is shared for a moment
    ticks = {f"open:{item.id}": "true" for item in case.still_open}
    await w.only_presses(BO, verb, case.number, ConversationKind.CHANNEL, {**FORM, **ticks})


@pytest.mark.parametrize("who", Who, ids=lambda who: who.name.casefold())
async def test_each_verb_is_for_whom_it_is_for(w: World, who: Who) -> None:
    becomes(w, who)
    for verb, may in MAY.items():
        case = await begins(w, verb, who)
        await clicks(w, verb, case)
        assert (await w.case(case.number) != case) == (who in may), (verb, str(who))


@pytest.mark.parametrize(
    ("verb", "is_done"),
    [
        *((verb, True) for verb in ("deny", "stop", "ask", "contain")),
        *((verb, False) for verb in ("contain_sign", "put_back_disable", "limits_apply")),
    ],
)
async def test_protecting_waits_for_no_list_that_cannot_be_read_and_giving_does(
    w: World, verb: str, is_done: bool
) -> None:
    becomes(w, Who.NOBODY_SPECIAL)
    w.mail.trouble = UnknownReason.UNREACHABLE
    case = await begins(w, verb, Who.NOBODY_SPECIAL)
    await clicks(w, verb, case)
    assert (await w.case(case.number) != case) is is_done


def test_no_verb_is_left_out() -> None:
    put_back = {verb for verb in RESPONDER_VERBS if verb.startswith("put_back_")} - {"put_back_disable"}
    assert set(MAY) == (APPROVER_VERBS | RESPONDER_VERBS | {CALL_CODE}) - put_back - {"open_case"}


@pytest.mark.parametrize(
    "words", ["approve 1 called: it was her", "deny 1 come by", f"unblock {ANAS_ADDRESS} she called"]
)
@pytest.mark.parametrize("who", [Who.NOBODY_SPECIAL, Who.OUTSIDER, Who.RESTRICTED])
async def test_what_is_typed_is_for_whom_the_button_is_for(w: World, words: str, who: Who) -> None:
    becomes(w, who)
    w.mailboxes.known[ANAS_ADDRESS] = mailbox_for(who)
    verb = "ask_for" if words.startswith("unblock") else words.split(maxsplit=1)[0]
    case = await begins(w, verb, who)
    await w.cards.record(case.number, Audience.APPROVERS, Posted(conversation=CHANNEL, activity="1"), facts=1)
    w.clock.time += SHARED
    await w.only_says(BO, words.replace(" 1 ", f" {case.number} "), ConversationKind.CHANNEL)
    assert (await w.case(case.number) != case) == (who in MAY[verb])


async def test_who_is_restricted_does_not_take_the_requests_to_another_channel(w: World) -> None:
    becomes(w, Who.RESTRICTED)
    w.clock.time += SHARED
    elsewhere = replace(CHANNEL, id="19:elsewhere@thread.tacv2")
    await w.says_at(BO, "use this channel", elsewhere)
    assert await w.conversations.channel() == CHANNEL
