"""All cases about one restriction are one episode: neither tidying up nor asking again makes anything better."""

from collections.abc import Mapping

import pytest

from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.domain.evidence.findings import Found
from services.domain.evidence.report import AccountChange, Change, Forwarding, InboxRule, RuleDeed
from services.domain.people import AuthenticationMethod, MethodKind, Standing, TeamsUser
from services.domain.proofs.securing import ApprovalCondition, MfaFinding, PasswordFinding
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, MINUTE, SINCE, person, report
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, DAN, World

WORD = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
OUTSIDE = Forwarding(to="x@mail.example", keeps_copy=True, external=True)
HIDES = InboxRule(id="1", name=".", enabled=True, hidden=True, deeds=(RuleDeed.DELETES,), external=False)
HERS = AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR)
THIEFS = AuthenticationMethod(id="thief", kind=MethodKind.PASSKEY)
DAY = 24 * HOUR


async def ana_withdraws_and_asks_again(w: World, number: int = 1) -> None:
    await w.presses(ANA_CLICKS, "withdraw", number)
    await w.presses(ANA_CLICKS, "again", number)


async def ana_sends_again(w: World, number: int = 2) -> None:
    """All securing steps of the new case, and its request."""
    w.directory.people[ANA] = person(password_changed_at=w.clock.now())
    for verb in ("password_done", "mfa_done", "mailing_unsure"):
        await w.presses(ANA_CLICKS, verb, number)
    await w.presses(ANA_CLICKS, "send", number, note="")


async def approves(w: World, number: int = 1, who: TeamsUser = BO, *, word: bool = False, verb: str = "approve") -> str:
    """A click on the present card; `word`: with the tick and the reason."""
    said = WORD if word else {}
    facts = str((await w.case(number)).facts[-1].number)
    return await w.presses(who, verb, number, None, facts=facts, **said)


async def conditions(w: World, number: int = 1) -> tuple[ApprovalCondition, ...]:
    return (await w.case(number)).conditions


# The baseline.


async def test_withdrawing_and_asking_again_does_not_make_the_thiefs_method_an_old_one(w: World) -> None:
    await w.ana_asks(LIMIT_REASON)
    w.directory.methods_of[ANA] = (HERS, THIEFS)
    await ana_withdraws_and_asks_again(w)
    await ana_sends_again(w)
    assert (await w.case(2)).proofs.mfa.finding is MfaFinding.NEW
    await approves(w, 2)
    assert (await w.case(2)).decision is None


async def test_another_number_under_the_same_id_is_new_after_asking_again_too(w: World) -> None:
    w.directory.methods_of[ANA] = (AuthenticationMethod(id="mobile", kind=MethodKind.PHONE, number_hash="hers"),)
    await w.ana_asks(LIMIT_REASON)
    w.directory.methods_of[ANA] = (AuthenticationMethod(id="mobile", kind=MethodKind.PHONE, number_hash="thief's"),)
    await ana_withdraws_and_asks_again(w)
    await ana_sends_again(w)
    assert ApprovalCondition.MFA_NEW in await conditions(w, 2)


async def test_the_first_read_that_succeeds_is_the_baseline_and_no_later_one(w: World) -> None:
    w.directory.troubles = {"methods": UnknownReason.THROTTLED}
    await w.ana_asks(LIMIT_REASON)
    assert (await w.case()).episode.baseline.methods is None
    w.directory.troubles = {}
    await ana_withdraws_and_asks_again(w)
    w.directory.methods_of[ANA] = (HERS, THIEFS)
    await ana_withdraws_and_asks_again(w, 2)
    assert (await w.case(3)).episode.baseline.methods == (HERS.id,)
    await ana_sends_again(w, 3)
    assert ApprovalCondition.MFA_NEW in await conditions(w, 3)


async def test_an_expired_case_keeps_the_baseline_for_whoever_asks_next(w: World) -> None:
    await w.ana_asks(LIMIT_REASON)
    await w.passes(w.timing.expire_after + HOUR)
    assert await w.status() is Status.EXPIRED
    w.directory.methods_of[ANA] = (HERS, THIEFS)
    await w.says(ANA_CLICKS, "still no mail")
    await ana_sends_again(w)
    assert ApprovalCondition.MFA_NEW in await conditions(w, 2)


async def test_a_method_added_before_the_first_look_is_dated_by_the_audit_log(w: World) -> None:
    """It was there at the first look, and carries no date; the log on the same card has it."""
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON, since=SINCE)
    added = AccountChange(at=SINCE + MINUTE, what=Change.METHOD_ADDED, detail="Authenticator")
    w.traces.report = report(changes=(added,))
    w.directory.methods_of[ANA] = (HERS, THIEFS)
    await w.says(ANA_CLICKS, "my mail bounces")
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")
    assert ApprovalCondition.MFA_NEW in await conditions(w)
    assert "new since the restriction" in w.approvers_see()
    # What the log said once stays said, though it cannot be read any more.
    w.traces.troubles = {"changes": UnknownReason.TIMED_OUT}
    await w.passes(MINUTE)
    await w.presses(BO, "gather")
    assert ApprovalCondition.MFA_NEW in await conditions(w)


async def test_a_method_added_long_before_is_an_old_one(w: World) -> None:
    added = AccountChange(at=SINCE - 5 * DAY, what=Change.METHOD_ADDED, detail="Authenticator")
    w.traces.report = report(changes=(added,))
    await w.ana_has_sent(LIMIT_REASON)
    assert await conditions(w) == ()


UNDATED, UNANSWERED = ApprovalCondition.MFA_UNDATED, ApprovalCondition.EVIDENCE_NOT_CHECKED
CHECKED: Mapping[str, tuple[Mapping[str, UnknownReason], tuple[ApprovalCondition, ...]]] = {
    "complete": ({}, ()),
    "no licence": ({"sign_ins": UnknownReason.NO_LICENCE, "risk": UnknownReason.NO_LICENCE}, ()),
    "no trace": ({"sent": UnknownReason.THROTTLED}, (UNANSWERED,)),
    "outage": ({"changes": UnknownReason.TIMED_OUT}, (UNDATED, UNANSWERED)),
    "rules": ({"rules": UnknownReason.UNREACHABLE}, (UNDATED, UNANSWERED)),
    "no right": ({"changes": UnknownReason.NO_PERMISSION}, (UNDATED,)),
}


@pytest.mark.parametrize(("troubles", "then"), CHECKED.values(), ids=CHECKED)
async def test_a_method_without_a_date_is_enough_beside_complete_and_clean_evidence_alone(
    w: World, troubles: Mapping[str, UnknownReason], then: tuple[ApprovalCondition, ...]
) -> None:
    w.traces.troubles = dict(troubles)
    await w.ana_has_sent(LIMIT_REASON)
    assert (await w.case()).proofs.mfa.finding is MfaFinding.REGISTERED_UNDATED
    assert await conditions(w) == then
    await approves(w)
    assert ((await w.case()).decision is None) is bool(then)


# The end of an episode.


async def test_an_old_phone_is_not_new_when_the_end_of_the_last_restriction_was_seen(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(ANA_CLICKS, "withdraw")
    w.mail.entries.clear()
    await w.passes(DAY)
    assert (await w.case()).episode.ended_at is not None
    assert await w.status() is Status.WITHDRAWN
    w.directory.methods_of[ANA] = (HERS, AuthenticationMethod(id="phone", kind=MethodKind.PHONE))
    await w.passes(30 * DAY)
    await w.ana_asks(LIMIT_REASON)
    await ana_sends_again(w)
    assert await conditions(w, 2) == ()


async def test_an_ended_case_is_compared_with_the_list_seldom_and_tells_nobody(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(ANA_CLICKS, "withdraw")
    await w.passes(HOUR)
    before, reads, said = await w.case(), w.mail.reads, len(w.messenger.sheets)
    updates = sum(sheet.updates for sheet in w.messenger.sheets)
    await w.passes(2 * DAY)
    assert w.mail.reads - reads <= 8
    assert (await w.case()).version == before.version
    w.mail.entries.clear()
    await w.passes(DAY)
    assert (await w.case()).episode.ended_at is not None
    assert len(w.messenger.sheets) == said, "nobody is told"
    assert sum(sheet.updates for sheet in w.messenger.sheets) == updates + 1, "the approvers' card says so, in silence"
    assert "has been off the list since" in w.approvers_see()
    reads = w.mail.reads
    await w.passes(2 * DAY)
    assert w.mail.reads == reads


async def test_one_read_without_an_entry_is_no_end(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(ANA_CLICKS, "withdraw")
    entries, w.mail.entries = w.mail.entries, {}
    await w.passes(MINUTE)
    due = await w.outbox.next_due(frozenset({TaskKind.CHECK}))
    assert due is not None
    await w.passes(due - w.clock.now())
    assert (await w.case()).episode.absent_at == due
    w.mail.entries = entries
    await w.passes(DAY)
    episode = (await w.case()).episode
    assert (episode.absent_at, episode.ended_at) == (None, None)


async def test_a_password_changed_before_the_last_restriction_ended_is_no_proof_for_the_next(w: World) -> None:
    """The list keeps the date of the older entry."""
    await w.ana_asks(LIMIT_REASON)
    since = w.mail.entries[ANAS_ADDRESS].since
    w.directory.people[ANA] = person(password_changed_at=w.clock.now())
    await w.presses(ANA_CLICKS, "withdraw")
    w.mail.entries.clear()
    await w.passes(DAY)
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON, since=since)
    await w.says(ANA_CLICKS, "my mail bounces")
    assert (await w.case(2)).proofs.password.finding is PasswordFinding.CHANGED_BEFORE
    await w.presses(ANA_CLICKS, "password_done", 2)
    assert (await w.case(2)).proofs.password.finding is PasswordFinding.CHANGED_BEFORE


# Evidence is gathered when the episode is first seen.


async def test_tidying_up_between_the_first_look_and_the_request_gains_nothing(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_asks(LIMIT_REASON)
    w.traces.report = report()
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")
    assert "x@mail.example" in w.approvers_see()
    await approves(w, word=True)
    assert (await w.case()).decision is None


async def test_tidying_up_between_two_requests_gains_nothing(w: World) -> None:
    w.traces.report = report(rules=(HIDES,))
    await w.ana_has_sent(LIMIT_REASON)
    w.traces.report = report()
    await ana_withdraws_and_asks_again(w)
    await ana_sends_again(w)
    assert ApprovalCondition.ALARM in await conditions(w, 2)
    assert "ound earlier in this restriction" in w.approvers_see()
    await approves(w, 2)
    assert (await w.case(2)).decision is None


async def test_a_person_who_only_looks_is_told_nothing_of_what_was_found(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON)
    await w.says(ANA_CLICKS, "my mail bounces")
    assert (await w.case()).open_alarms
    (sheet,) = w.sheets(ANA_CLICKS)
    assert sheet.updates == 0
    assert "forward" not in str(sheet.card).casefold()
    assert w.posts() == []
    await w.presses(ANA_CLICKS, "withdraw")
    assert "forward" not in w.ana_sees().casefold()


async def test_a_first_look_spends_no_message_trace_and_no_search_and_a_request_does(w: World) -> None:
    await w.ana_asks(LIMIT_REASON)
    await w.passes(HOUR / 4)
    assert (w.traces.asked, w.traces.traced, w.audit_log.made) == (5, [], 0)
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")
    assert (w.traces.asked, [urgent for _, urgent in w.traces.traced], w.audit_log.made) == (11, [False], 1)


# Alarms.


async def test_one_sign_takes_word_and_a_reason_and_is_signed_off_with_them(w: World) -> None:
    w.traces.report = report(rules=(HIDES,))
    await w.ana_has_sent(LIMIT_REASON)
    assert "you sign off" in str(w.posts()[-1].card)
    assert "called or met" in await approves(w)
    assert (await w.case()).decision is None
    w.mail.outcomes = [REFUSED]
    await approves(w, word=True)
    case = await w.case()
    assert (case.status, case.open_alarms) == (Status.FAILED, ())
    (signed,) = case.episode.signed_off
    assert (signed.alarm.found, signed.signed.name, signed.signed.text) == (Found.RULE_HIDES, BO.name, WORD["ground"])
    assert "Bo Larsen signed off what was found" in w.approvers_see()
    assert WORD["ground"] not in w.ana_sees()


async def test_two_signs_found_at_different_times_are_two_signs(w: World) -> None:
    w.traces.report = report(rules=(HIDES,))
    await w.ana_has_sent(LIMIT_REASON)
    added = AccountChange(at=SINCE - HOUR, what=Change.PASSWORD_CHANGED)
    w.traces.report = report(changes=(added,))
    await w.passes(MINUTE)
    await w.presses(BO, "gather")
    assert (await w.case()).needs_two


async def test_signing_off_does_not_lower_the_number_of_approvers(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [REFUSED]
    for who in (BO, CLEO):
        await approves(w, who=who, word=True)
    case = await w.case()
    assert (case.status, case.open_alarms) == (Status.FAILED, ())
    w.traces.report = report()
    await w.passes(MINUTE)
    await w.presses(BO, "gather")
    await approves(w, who=CLEO, word=True, verb="retry")
    assert await w.status() is Status.FAILED
    assert len(w.mail.removals) == 1


async def test_who_contained_the_account_is_not_the_only_one_who_lets_it_go(w: World) -> None:
    added = AccountChange(at=SINCE - HOUR, what=Change.PASSWORD_CHANGED)
    w.traces.report = report(rules=(HIDES,), changes=(added,))
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(owner,)
    )
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "contain", 1, None, sessions="true", password="true", **{f"rule:{HIDES.id}": "true"})
    await w.presses_shown(BO, "contain_confirm")
    assert not (await w.case()).needs_two
    await approves(w, word=True)
    assert (await w.case()).decision is None
    await approves(w, who=CLEO, word=True)
    assert (await w.case()).decision is not None


async def test_a_relapse_asks_again_for_an_answer_to_what_was_found(w: World) -> None:
    w.traces.report = report(rules=(HIDES,))
    await w.ana_has_sent(LIMIT_REASON)
    await approves(w, word=True)
    w.traces.report = report()
    await w.passes(5 * w.timing.reads_apart)
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON)
    await w.passes(w.timing.check_every + MINUTE)
    assert await w.status() is Status.RELAPSED
    assert [found.found for found in (await w.case(2)).open_alarms] == [Found.RULE_HIDES]


# Denials.


async def ana_asks_again_after_a_denial(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(CLEO, "deny", reason="Please come to the desk.", internal="it was not her on the phone")
    await w.passes(w.timing.ask_again_after)
    await w.presses(ANA_CLICKS, "again", 1)
    await ana_sends_again(w)


async def test_after_a_denial_the_denier_alone_may_approve(w: World) -> None:
    await ana_asks_again_after_a_denial(w)
    head = w.approvers_see().partition("Yes, unblock")[0]
    assert "Denied by Cleo Marsh" in head
    assert "it was not her on the phone" in head
    assert "called or met" in await approves(w, 2, CLEO)
    await approves(w, 2, CLEO, word=True)
    assert (await w.case(2)).decision is not None


async def test_after_a_denial_anybody_else_needs_a_second_approver(w: World) -> None:
    w.approvers.standings[DAN.id] = Standing.APPROVER
    w.directory.people[DAN.id] = person(id=DAN.id, addresses=("dan@contoso.example",))
    await ana_asks_again_after_a_denial(w)
    await approves(w, 2, BO, word=True)
    assert (await w.case(2)).decision is None
    assert "One of two approvals: Bo Larsen" in w.approvers_see()
    assert "approved already" in await approves(w, 2, BO, word=True)
    await approves(w, 2, DAN, word=True)
    assert (await w.case(2)).decision is not None


async def test_a_denial_does_not_outlive_its_restriction(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(CLEO, "deny", reason="Please come to the desk.")
    w.mail.entries.clear()
    await w.passes(DAY)
    await w.ana_asks(LIMIT_REASON)
    await ana_sends_again(w)
    assert "Denied by" not in w.approvers_see()
    await approves(w, 2)
    assert (await w.case(2)).decision is not None


async def test_the_person_reads_nothing_of_what_approvers_said_when_they_denied(w: World) -> None:
    await ana_asks_again_after_a_denial(w)
    assert "phone" not in w.ana_sees()
