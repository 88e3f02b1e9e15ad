"""The whole table: every status × every command × its actor. The expected table is written a second time here, from
the product's description and not from the code, so that a change of either shows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.approver import (
    Approved,
    Asked,
    AskedFor,
    ClosedByHand,
    Denied,
    EvidenceRequested,
    Retried,
    StartedReview,
    Stopped,
    Ticketed,
)
from services.domain.case.commands.clock import (
    Expired,
    Forgotten,
    Gathered,
    ListRead,
    Looked,
    LookFailed,
    OthersMentioned,
    Reached,
    Reminded,
    WatchEnded,
)
from services.domain.case.commands.command import Command
from services.domain.case.commands.intention import IntentionChecked, IntentionDropped
from services.domain.case.commands.person import (
    Joined,
    Replied,
    RequestSent,
    SaidBouncing,
    SaidWorks,
    Secured,
    Withdrew,
)
from services.domain.case.commands.unblocking import (
    ApprovalLapsed,
    ReadBeforeUnblock,
    UnblockDone,
    UnblockGivenUp,
    UnblockIntended,
    UnblockNotBegun,
    UnblockRefused,
    UnblockUnclear,
)
from services.domain.case.intended import IntendedApproval
from services.domain.case.parts import CaseNumber
from services.domain.case.status import TROUBLES, Status
from services.domain.case.transition import Refusal, Refused
from services.domain.case.workflow import FOLLOWED, NEUTRAL, TRANSITIONS, Actor, Verb
from services.domain.delivery.commands import DeliveryTraced
from services.domain.proofs.securing import Mailing, MfaProof, PasswordProof, SentMailing
from services.domain.trouble.commands import Mended, Superseded
from services.domain.unknown import UnknownReason
from tests.cases import BO, CASES, NOW, TIMING, person, report, restriction

S = Status
APART = TIMING.reads_apart

COMMANDS: dict[str, Command] = {
    "secure": Secured(mailing=Mailing(sent=SentMailing.NO)),
    "send": RequestSent(note="please"),
    "withdraw": Withdrew(),
    "reply": Replied(text="Mailchimp"),
    "works": SaidWorks(),
    "bouncing": SaidBouncing(),
    "approve": Approved(by=BO, by_another_route=True, reason="called her"),
    "deny": Denied(by=BO, reason="come to the help desk"),
    "ask": Asked(by=BO, text="which tool?"),
    "looking": StartedReview(by=BO),
    "ask for": AskedFor(by=BO, reason="she called"),
    "retry": Retried(by=BO),
    "stop": Stopped(by=BO, reason="it was the thief on the phone"),
    "decided": IntentionChecked(approval=Approved(by=BO, by_another_route=True, reason="called her"), intended_at=NOW),
    "not decided": IntentionDropped(intended_at=NOW, why=Refusal.LIST_NOT_READ),
    "ticket": Ticketed(by=BO, reference="4711"),
    "close": ClosedByHand(by=BO, reason="moved to another mailbox"),
    "done": Mended(by=BO, text="gave the right"),
    "restricted by now": Superseded(goes_on_in=CaseNumber(18)),
    "look: listed": Looked(person=person(), restriction=restriction(), password=PasswordProof(), mfa=MfaProof()),
    "look: not listed": Looked(person=person(), restriction=None, password=PasswordProof(), mfa=MfaProof()),
    "look failed": LookFailed(reason=UnknownReason.UNREACHABLE),
    "intend": UnblockIntended(),
    "unblock done": UnblockDone(),
    "unblock refused": UnblockRefused(error="no"),
    "unblock not begun": UnblockNotBegun(error="429"),
    "unblock unclear": UnblockUnclear(error="?"),
    "unblock given up": UnblockGivenUp(),
    "approval lapsed": ApprovalLapsed(),
    "absent before unblock": ReadBeforeUnblock(restriction=None, read_at=NOW),
    "listed anew before unblock": ReadBeforeUnblock(restriction=restriction(since=NOW), read_at=NOW),
    "read: listed": ListRead(restriction=restriction(since=NOW), read_at=NOW),
    "read: absent twice": ListRead(restriction=None, read_at=NOW),
    "remind": Reminded(),
    "mention": OthersMentioned(),
    "expire": Expired(),
    "watch end": WatchEnded(),
    "proven": DeliveryTraced(proven_at=NOW),
    "not proven": DeliveryTraced(),
}

EXPECTED: dict[Status, dict[str, Status]] = {
    S.LOOKING: {
        "look: listed": S.SECURING,
        "look: not listed": S.NOT_RESTRICTED,
        "look failed": S.LOOKING,
        "send": S.LOOKING,
        "withdraw": S.WITHDRAWN,
        "expire": S.EXPIRED,
    },
    S.SECURING: {
        "secure": S.SECURING,
        "send": S.WAITING,
        "ask for": S.WAITING,
        "stop": S.SECURING,
        "withdraw": S.WITHDRAWN,
        "read: listed": S.SECURING,
        "read: absent twice": S.ALREADY_LIFTED,
        "expire": S.EXPIRED,
    },
    S.WAITING: {
        "approve": S.APPROVED,
        "decided": S.APPROVED,
        "not decided": S.WAITING,
        "deny": S.DENIED,
        "stop": S.DENIED,
        "ask": S.NEEDS_INFO,
        "looking": S.WAITING,
        "secure": S.WAITING,
        "withdraw": S.WITHDRAWN,
        "remind": S.WAITING,
        "mention": S.WAITING,
        "expire": S.EXPIRED,
        "read: listed": S.WAITING,
        "read: absent twice": S.ALREADY_LIFTED,
    },
    S.NEEDS_INFO: {
        "reply": S.WAITING,
        "withdraw": S.WITHDRAWN,
        "approve": S.APPROVED,
        "decided": S.APPROVED,
        "not decided": S.NEEDS_INFO,
        "deny": S.DENIED,
        "stop": S.DENIED,
        "remind": S.NEEDS_INFO,
        "expire": S.EXPIRED,
        "read: listed": S.NEEDS_INFO,
        "read: absent twice": S.ALREADY_LIFTED,
    },
    S.APPROVED: {
        "stop": S.DENIED,
        "listed anew before unblock": S.RELAPSED,
        "intend": S.APPROVED,
        "unblock done": S.UNBLOCKED,
        "unblock refused": S.FAILED,
        "unblock not begun": S.APPROVED,
        "unblock unclear": S.APPROVED,
        "unblock given up": S.FAILED,
        "approval lapsed": S.WAITING,
        "absent before unblock": S.OFF_LIST,
    },
    S.FAILED: {
        "retry": S.APPROVED,
        "decided": S.APPROVED,
        "not decided": S.FAILED,
        "stop": S.DENIED,
        "ticket": S.WITH_MICROSOFT,
        "close": S.CLOSED,
        "remind": S.FAILED,
        "read: listed": S.FAILED,
        "read: absent twice": S.OFF_LIST,
    },
    S.UNBLOCKED: {"stop": S.UNBLOCKED, "read: listed": S.UNBLOCKED, "read: absent twice": S.OFF_LIST},
    S.OFF_LIST: {
        "works": S.WORKS,
        "stop": S.OFF_LIST,
        "bouncing": S.OFF_LIST,
        "watch end": S.CLOSED_UNCONFIRMED,
        "proven": S.WORKS,
        "not proven": S.OFF_LIST,
        "read: listed": S.RELAPSED,
        "read: absent twice": S.OFF_LIST,
    },
    S.NEEDS_TICKET: {
        "ticket": S.WITH_MICROSOFT,
        "stop": S.NEEDS_TICKET,
        "close": S.CLOSED,
        "remind": S.NEEDS_TICKET,
        "read: listed": S.NEEDS_TICKET,
        "read: absent twice": S.OFF_LIST,
    },
    S.WITH_MICROSOFT: {
        "stop": S.WITH_MICROSOFT,
        "close": S.CLOSED,
        "read: listed": S.WITH_MICROSOFT,
        "read: absent twice": S.OFF_LIST,
    },
    S.LAGGING: {
        "send": S.REPORTED,
        "works": S.SOLVED,
        "bouncing": S.LAGGING,
        "withdraw": S.WITHDRAWN,
        "restricted by now": S.CLOSED,
        "expire": S.EXPIRED,
        "proven": S.SOLVED,
        "not proven": S.LAGGING,
    },
    **{
        status: {
            "looking": status,
            "done": S.MENDED,
            "ticket": S.ESCALATED,
            "close": S.CLOSED,
            "works": S.SOLVED,
            "bouncing": status,
            "withdraw": S.WITHDRAWN,
            "restricted by now": S.CLOSED,
            "remind": status,
            "expire": S.EXPIRED,
            "proven": S.SOLVED,
            "not proven": status,
            "ask" if status is S.REPORTED else "reply": S.ASKED_BACK if status is S.REPORTED else S.REPORTED,
        }
        for status in (S.REPORTED, S.ASKED_BACK)
    },
    S.MENDED: {
        "works": S.SOLVED,
        "bouncing": S.REPORTED,
        "ticket": S.ESCALATED,
        "close": S.CLOSED,
        "withdraw": S.WITHDRAWN,
        "restricted by now": S.CLOSED,
        "expire": S.EXPIRED,
        "proven": S.SOLVED,
        "not proven": S.MENDED,
    },
    S.ESCALATED: {
        "done": S.MENDED,
        "close": S.CLOSED,
        "works": S.SOLVED,
        "withdraw": S.WITHDRAWN,
        "restricted by now": S.CLOSED,
        "remind": S.ESCALATED,
        "expire": S.EXPIRED,
        "proven": S.SOLVED,
        "not proven": S.ESCALATED,
    },
    # The end of the restriction is still to be seen, though nobody waits for it.
    **{status: {"read: listed": status, "read: absent twice": status} for status in FOLLOWED},
    # Whoever sees afterwards that it was the thief says so, whatever became of the case.
    **{
        status: {"stop": status, "read: listed": status, "read: absent twice": status}
        for status in (S.CLOSED, S.WITHDRAWN, S.EXPIRED)
    },
    **{status: {"stop": status} for status in (S.ALREADY_LIFTED, S.CLOSED_UNCONFIRMED, S.RELAPSED)},
    S.WORKS: {
        "stop": S.WORKS,
        "read: listed": S.RELAPSED,
        "read: absent twice": S.WORKS,
        "proven": S.WORKS,
        "not proven": S.WORKS,
    },
}


def _prepared(status: Status, command: Command) -> Case:
    """The case of that status; for a second absent read, the first one lies far enough back; with an intention to be
    decided; with a removal of unknown outcome before an entry that began later."""
    case = CASES[status]
    if isinstance(command, IntentionChecked | IntentionDropped):
        return replace(case, intended=IntendedApproval(by=BO.id, name=BO.name, at=NOW, facts=1))
    if isinstance(command, ReadBeforeUnblock) and command.restriction is not None:
        return replace(case, unblock=replace(case.unblock, calls=1, unclear_at=NOW - APART))
    is_second_read = isinstance(command, ListRead | ReadBeforeUnblock) and command.restriction is None
    return replace(case, list_reads=replace(case.list_reads, absent_at=NOW - APART)) if is_second_read else case


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_each_command_in_each_status_is_applied_as_the_table_says_or_refused(status: Status) -> None:
    refusal = Refusal.ENDED if status.is_ended else Refusal.NOT_NOW
    expected = {name: EXPECTED.get(status, {}).get(name, refusal) for name in COMMANDS}
    assert {name: _becomes(status, command) for name, command in COMMANDS.items()} == expected


def _becomes(status: Status, command: Command) -> Status | Refusal:
    """What a command makes of a case in that status, or why it is refused."""
    try:
        return apply(_prepared(status, command), command, NOW, TIMING).case.status
    except Refused as refused:
        return refused.refusal


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_whether_somebody_can_be_reached_is_noted_in_every_status(status: Status) -> None:
    move = apply(CASES[status], Reached(error="403 blocked"), NOW, TIMING)
    assert (move.case.status, move.case.contact.unreachable) == (status, "403 blocked")


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_only_an_ended_case_is_forgotten_and_it_stays_what_it_was(status: Status) -> None:
    if not status.is_ended:
        with pytest.raises(Refused):
            apply(CASES[status], Forgotten(), NOW, TIMING)
        return
    move = apply(CASES[status], Forgotten(), NOW, TIMING)
    assert (move.case.status, move.case.sender.person, move.case.sender.name, move.effects) == (
        status,
        "",
        "",
        frozenset(),
    )


@pytest.mark.parametrize("status", list(Status), ids=str)
@pytest.mark.parametrize("command", [EvidenceRequested(by=BO), Gathered(report=report())], ids=["wanted", "gathered"])
def test_gathering_evidence_leaves_the_status_as_it_is(status: Status, command: Command) -> None:
    unknown = status in (S.LOOKING, S.NOT_RESTRICTED, *TROUBLES) or (status.is_ended and status is not S.WORKS)
    if unknown:
        with pytest.raises(Refused):
            apply(CASES[status], command, NOW, TIMING)
        return
    assert apply(CASES[status], command, NOW, TIMING).case.status is status


def test_what_changes_no_status_is_no_row_of_the_table() -> None:
    transitions = {(status, actor, verb) for status, cells in TRANSITIONS.items() for actor, verb in cells}
    assert not transitions & {(status, *cell) for cell, statuses in NEUTRAL.items() for status in statuses}
    assert (Actor.CLOCK, Verb.GATHER) in NEUTRAL


def test_late_transitions_of_the_table() -> None:
    late = NOW + TIMING.lag_window
    assert apply(CASES[S.OFF_LIST], SaidBouncing(), late, TIMING).case.status is S.NEEDS_TICKET
    overdue = ListRead(restriction=restriction(), read_at=NOW + TIMING.support_after)
    assert apply(CASES[S.UNBLOCKED], overdue, NOW + TIMING.support_after, TIMING).case.status is S.NEEDS_TICKET


def test_the_table_lists_no_more_than_is_expected() -> None:
    listed = {
        (status, verb, to) for status, cells in TRANSITIONS.items() for (_, verb), tos in cells.items() for to in tos
    }
    played = {(status, COMMANDS[name].verb, to) for status, row in EXPECTED.items() for name, to in row.items()}
    # The first of two approvers leaves the case where it is, and so does the person's word where it was stopped.
    first_word = {(status, Approved.verb, status) for status in (S.WAITING, S.NEEDS_INFO)}
    first_word |= {(S.FAILED, Retried.verb, S.FAILED), (S.OFF_LIST, SaidWorks.verb, S.OFF_LIST)}
    late = {(S.OFF_LIST, SaidBouncing.verb, S.NEEDS_TICKET), (S.UNBLOCKED, ListRead.verb, S.NEEDS_TICKET)}
    anew = {(status, ListRead.verb, S.RELAPSED) for status in (S.UNBLOCKED, S.FAILED)}
    anew |= {(status, ListRead.verb, S.RELAPSED) for status in (S.NEEDS_TICKET, S.WITH_MICROSOFT)}
    # Elsewhere it changes no status, so that it is no row of the table.
    joined = {(S.SECURING, Joined.verb, S.WAITING)}
    stopped = {(status, UnblockDone.verb, status) for status in FOLLOWED}
    # Where others ask too, a case goes on; and what others asked for meanwhile is sent when it was looked up.
    asked_by_others = {(status, Withdrew.verb, status) for status in (S.LOOKING, S.WAITING, S.NEEDS_INFO)}
    asked_by_others |= {(S.LOOKING, Looked.verb, S.WAITING), (S.SECURING, Withdrew.verb, S.WAITING)}
    # Of several who have the same trouble one is done with it.
    one = {(s, verb, s) for s in TROUBLES - {S.SOLVED} for verb in (SaidWorks.verb, Withdrew.verb)}
    assert listed <= played | first_word | late | anew | joined | stopped | asked_by_others | one


def test_no_way_leads_from_a_trouble_to_an_approval_or_an_unblock() -> None:
    reached = {to for status in TROUBLES for tos in TRANSITIONS[status].values() for to in tos}
    assert reached <= TROUBLES | {S.CLOSED, S.WITHDRAWN, S.EXPIRED}
    giving = {Verb.APPROVE, Verb.RETRY, Verb.DECIDE, Verb.INTEND, Verb.UNBLOCK, Verb.CONTAIN, Verb.LIMITS}
    for status in TROUBLES:
        assert not {verb for _, verb in TRANSITIONS[status]} & giving
        assert not {verb for (_, verb), where in NEUTRAL.items() if status in where} & giving


@pytest.mark.parametrize("status", [S.CLOSED, S.WITHDRAWN, S.EXPIRED, S.WAITING, S.FAILED, S.WORKS], ids=str)
@pytest.mark.parametrize("name", ["approve", "retry", "stop", "intend", "unblock done", "read: listed", "ask for"])
def test_a_trouble_refuses_whatever_is_about_a_restriction_in_every_status(status: Status, name: str) -> None:
    trouble = replace(CASES[S.REPORTED], status=status)
    with pytest.raises(Refused):
        apply(trouble, COMMANDS[name], NOW, TIMING)


def test_a_case_about_a_restriction_refuses_whatever_is_about_a_trouble() -> None:
    for status in Status:
        for name in ("done", "restricted by now"):
            if CASES[status].trouble is None:
                with pytest.raises(Refused):
                    apply(CASES[status], COMMANDS[name], NOW, TIMING)


def test_a_single_absent_read_changes_nothing() -> None:
    for status in (S.SECURING, S.WAITING, S.NEEDS_INFO, S.FAILED, S.UNBLOCKED, S.NEEDS_TICKET, S.WITH_MICROSOFT):
        first = apply(CASES[status], ListRead(restriction=None, read_at=NOW), NOW, TIMING).case
        assert (first.status, first.list_reads.absent_at) == (status, NOW)
        soon = NOW + APART - timedelta(seconds=1)
        again = apply(first, ListRead(restriction=None, read_at=soon), soon, TIMING).case
        assert (again.status, again.list_reads.absent_at) == (status, NOW)
    before = apply(CASES[S.APPROVED], ReadBeforeUnblock(restriction=None, read_at=NOW), NOW, TIMING).case
    assert before.status is S.APPROVED
