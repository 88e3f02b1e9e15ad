"""What the directory proves, what it cannot, and what an approval needs then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.status import Status
from services.domain.people import AuthenticationMethod, MethodKind, PasswordChange, PasswordHome
from services.domain.proofs.securing import ApprovalCondition, MfaFinding, PasswordFinding
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, MINUTE, SPAM_REASON, person
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, World

PHONE = AuthenticationMethod(id="m2", kind=MethodKind.PHONE)


async def test_a_password_not_changed_is_asked_for_again(w: World) -> None:
    await w.ana_asks()
    w.directory.people[ANA] = person(password_changed_at=w.clock.now() - 99 * HOUR)
    assert "a password from before the restriction, which" in await w.presses(ANA_CLICKS, "password_done")
    w.directory.people[ANA] = person(password_changed_at=w.clock.now())
    w.directory.changes = (PasswordChange(at=w.clock.now(), by="dan@contoso.example", from_where="192.0.2.1"),)
    assert "By dan@contoso.example from 192.0.2.1" in await w.presses(ANA_CLICKS, "password_done")


@pytest.mark.parametrize(
    ("home", "where"),
    [(PasswordHome.ON_PREMISES, "own servers"), (PasswordHome.FEDERATED, "another sign-in service")],
)
async def test_a_password_kept_elsewhere_is_the_persons_word(w: World, home: PasswordHome, where: str) -> None:
    w.directory.people[ANA] = person(password_home=home)
    await w.ana_asks()
    assert where in w.ana_sees()
    assert "cannot be checked here" in await w.presses(ANA_CLICKS, "password_done")
    await w.presses(ANA_CLICKS, "tell")
    assert "“I have reset it”" in w.approvers_see()
    assert "cannot be checked here" in w.approvers_see()
    assert ApprovalCondition.PASSWORD_NOT_PROVEN in (await w.case()).conditions


async def test_without_a_start_of_the_restriction_nothing_is_dated(w: World) -> None:
    await w.ana_asks()
    entry = w.mail.entries["ana@contoso.example"]
    assert entry.since is not None
    await w.presses(ANA_CLICKS, "withdraw")
    w.mail.entries["ana@contoso.example"] = entry.__class__(address=entry.address, cause=entry.cause)
    await w.presses(ANA_CLICKS, "again")
    w.directory.people[ANA] = person(password_changed_at=w.clock.now())
    seen = await w.presses(ANA_CLICKS, "password_done", 2)
    assert "not checked: the start of the restriction is not known" in seen
    assert (await w.case(2)).proofs.password.finding is PasswordFinding.NOT_CHECKED


async def test_a_password_changed_between_both_dates_of_the_list_is_no_proof(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS)
    began = w.clock.now() - 3 * HOUR
    w.mail.entries[ANAS_ADDRESS] = replace(
        w.mail.entries[ANAS_ADDRESS], since=began, changed=began + 2 * HOUR, other_fields=("Zone: W. Europe",)
    )
    await w.says(ANA_CLICKS, "why can't I send email? 550 5.1.8 Access denied, bad outbound sender")
    w.directory.people[ANA] = person(password_changed_at=began + HOUR)
    between = "its date lies between the two that Exchange gives"
    assert between in await w.presses(ANA_CLICKS, "password_done")
    await w.presses(ANA_CLICKS, "tell")
    assert between in w.approvers_see()
    assert "Exchange changed the entry" in w.approvers_see()
    assert ApprovalCondition.PASSWORD_NOT_PROVEN in (await w.case()).conditions
    assert "called or met" in await w.presses(BO, "approve")
    w.directory.people[ANA] = person(password_changed_at=began + 2 * HOUR + MINUTE)
    await w.presses(ANA_CLICKS, "password_done")
    assert (await w.case()).proofs.password.finding is PasswordFinding.CHANGED_SINCE


async def test_methods_without_dates_are_compared_with_the_first_look(w: World) -> None:
    await w.ana_asks()
    await w.presses(ANA_CLICKS, "mfa_done")
    assert (await w.case()).proofs.mfa.finding is MfaFinding.REGISTERED_UNDATED
    w.directory.methods_of[ANA] = (AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR), PHONE)
    await w.presses(ANA_CLICKS, "mfa_done")
    assert (await w.case()).proofs.mfa.finding is MfaFinding.NEW
    assert ApprovalCondition.MFA_NEW in (await w.case()).conditions


async def test_a_dated_method_newer_than_the_restriction_is_new(w: World) -> None:
    fresh = AuthenticationMethod(id="m1", kind=MethodKind.PASSKEY, added_at=w.clock.now())
    w.directory.methods_of[ANA] = (fresh,)
    await w.ana_asks()
    await w.presses(ANA_CLICKS, "mfa_done")
    assert (await w.case()).proofs.mfa.finding is MfaFinding.NEW


async def test_a_method_from_long_before_is_proof(w: World) -> None:
    old = AuthenticationMethod(id="m1", kind=MethodKind.PASSKEY, added_at=w.clock.now() - timedelta(days=90))
    w.directory.methods_of[ANA] = (old,)
    await w.ana_asks()
    await w.presses(ANA_CLICKS, "mfa_done")
    await w.presses(ANA_CLICKS, "tell")
    assert "registered before the restriction began: passkey" in w.approvers_see()


@pytest.mark.parametrize(
    ("troubles", "words"),
    [
        (
            {"methods": UnknownReason.NO_PERMISSION, "registration": UnknownReason.NO_LICENCE},
            "not checked: the permission is missing",
        ),
        ({"methods": UnknownReason.TIMED_OUT}, "not checked: Microsoft 365 did not answer in time"),
        (
            {"methods": UnknownReason.UNREACHABLE, "registration": UnknownReason.UNREACHABLE},
            "not checked: Microsoft 365 could not be reached",
        ),
    ],
)
async def test_a_dead_source_is_not_checked_and_never_clean(
    w: World, troubles: dict[str, UnknownReason], words: str
) -> None:
    await w.ana_asks()
    w.directory.people[ANA] = person(password_changed_at=w.clock.now())
    await w.presses(ANA_CLICKS, "password_done")
    w.directory.troubles = troubles
    await w.presses(ANA_CLICKS, "mfa_done")
    assert words in w.ana_sees()
    await w.presses(ANA_CLICKS, "tell")
    assert words in w.approvers_see()
    assert ApprovalCondition.MFA_NOT_PROVEN in (await w.case()).conditions


async def test_without_a_premium_licence_the_methods_still_prove(w: World) -> None:
    w.directory.troubles = {"registration": UnknownReason.NO_LICENCE, "audit": UnknownReason.NO_LICENCE}
    await w.ana_has_sent()
    assert (await w.case()).conditions == ()


async def test_nobody_who_may_not_reset_is_sent_to_the_page_alone(w: World) -> None:
    w.directory.self_service = False
    await w.ana_asks()
    assert "your help desk can do it" in w.ana_sees()


@pytest.mark.parametrize("reason", [SPAM_REASON, "SomethingNew=1", ""])
async def test_spam_and_unknown_always_need_word_by_another_route(w: World, reason: str) -> None:
    await w.ana_has_sent(reason)
    assert "called or met" in await w.presses(BO, "approve")
    assert "called or met" in await w.presses(BO, "approve", ground="all is proven")
    assert "reason is needed" in await w.presses(BO, "approve", by_another_route="true")
    assert await w.status() is Status.WAITING
    seen = await w.presses(BO, "approve", by_another_route="true", ground="called her mobile")
    assert "Identity confirmed" in seen
    assert "called her mobile" in seen
    assert "called her mobile" not in w.ana_sees()


async def test_a_proven_limit_needs_one_click(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    assert "Approved by" in await w.presses(BO, "approve")


async def test_a_denial_has_public_and_internal_words(w: World) -> None:
    await w.ana_has_sent()
    assert "reason is needed" in await w.presses(BO, "deny")
    await w.presses(BO, "deny", reason="Come to the help desk", internal="sign-ins look odd")
    assert "Come to the help desk" in w.ana_sees()
    assert "sign-ins look odd" not in w.ana_sees()
    assert "sign-ins look odd" in w.approvers_see()


async def test_our_own_unblocks_are_counted(w: World) -> None:
    await w.is_off_list()
    await w.presses(ANA_CLICKS, "works")
    await w.passes(7 * HOUR)
    await w.ana_asks()
    await w.presses(ANA_CLICKS, "tell", 2)
    assert "Restricted 2 times in 90 days" in w.approvers_see()
    assert "I have unblocked this sender 1 time before" in w.approvers_see()


async def test_the_directorys_telephone_and_manager_are_on_the_card(w: World) -> None:
    await w.ana_has_sent()
    assert "Manager: Dan Reyes · sender's business number +34 910 000 001" in w.approvers_see()


async def test_an_approval_is_judged_by_the_proofs_of_that_moment(w: World) -> None:
    """A thief may add a method, or undo a reset, after the person's last click."""
    await w.ana_has_sent(LIMIT_REASON)
    assert (await w.case()).conditions == ()
    w.directory.methods_of[ANA] = (AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR), PHONE)
    seen = await w.presses(BO, "approve")
    assert "Nothing was decided: this case has changed" in seen
    assert "a new warning" in seen
    assert "new since" in seen
    assert await w.status() is Status.WAITING
    assert (await w.case()).conditions == (ApprovalCondition.MFA_NEW,)
    await w.presses(BO, "approve", by_another_route="true", ground="called her: it is her phone")
    await w.passes(HOUR / 12)
    assert await w.status() is Status.OFF_LIST


async def test_what_was_proven_against_a_start_that_nobody_knows_any_more_is_proven_no_more(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(HOUR)
    entry = w.mail.entries["ana@contoso.example"]
    w.mail.entries["ana@contoso.example"] = replace(entry, since=None)
    await w.passes(w.timing.check_every)
    assert (await w.case()).proofs.password.finding is PasswordFinding.CHANGED_SINCE
    await w.presses(BO, "gather")
    assert "Nothing was decided" in await w.presses(BO, "approve")
    assert (await w.case()).proofs.password.finding is PasswordFinding.NOT_CHECKED
    assert await w.status() is Status.WAITING


async def test_a_typed_approval_is_judged_in_the_same_way(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.directory.people[ANA] = person(password_changed_at=w.clock.now() - 99 * HOUR)
    await w.commands(BO, "approve 1")
    assert await w.status() is Status.WAITING
    assert ApprovalCondition.PASSWORD_NOT_PROVEN in (await w.case()).conditions


async def test_a_proof_that_cannot_be_read_at_that_moment_is_none(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.directory.troubles = dict.fromkeys(("methods", "registration"), UnknownReason.TIMED_OUT)
    assert "Checking since" in await w.presses(BO, "approve")
    await w.passes(2 * MINUTE)
    assert "approval of 14:00 UTC did not go through" in w.approvers_see()
    assert (await w.case()).conditions == (ApprovalCondition.MFA_NOT_PROVEN,)
    # One that can be read again is one again: the honest approver clicks once more.
    w.directory.troubles = {}
    await w.presses(BO, "approve")
    assert (await w.case()).decision is not None


async def test_nothing_is_written_where_nothing_changed(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve")
    assert "recheck" not in [event.verb for event in await w.cases.history((await w.case()).number)]
