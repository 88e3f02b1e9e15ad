"""What proofs are worth."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.domain.people import AuthenticationMethod, MethodKind, PasswordChange, PasswordHome, Person, Registration
from services.domain.proofs.securing import (
    ApprovalCondition,
    MfaFinding,
    MfaProof,
    PasswordFinding,
    PasswordProof,
    conditions_of_proofs,
    judge_mfa,
    judge_password,
    snapshot_of,
)
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import (
    HOUR,
    LIMIT_REASON,
    NOW,
    PROVEN_MFA,
    PROVEN_PASSWORD,
    RATE_REASON,
    SINCE,
    SPAM_REASON,
    UNPROVEN_PASSWORD,
    person,
    restriction,
)

SECOND = timedelta(seconds=1)

NOBODY_KNOWS = Unknown(reason=UnknownReason.NO_LICENCE)
APP = AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR)
PASSWORD = AuthenticationMethod(id="p", kind=MethodKind.PASSWORD)
REGISTERED = Registration(mfa_registered=True, self_service_reset=True)


def test_a_change_after_the_start_is_a_proof_with_its_author_where_known() -> None:
    changes = (
        PasswordChange(at=NOW - 2 * HOUR, by="early@x", from_where="1"),
        PasswordChange(at=NOW - HOUR, by="ana@x", from_where="2"),
    )
    proof = judge_password(person(), SINCE, changes, NOW)
    assert (proof.finding, proof.changed_by, proof.changed_from) == (PasswordFinding.CHANGED_SINCE, "ana@x", "2")
    assert judge_password(person(), SINCE, NOBODY_KNOWS, NOW).changed_by is None
    assert judge_password(person(), SINCE, (), NOW).changed_by is None


def test_a_change_before_or_at_the_start_is_none() -> None:
    assert judge_password(person(password_changed_at=SINCE), SINCE, (), NOW).finding is PasswordFinding.CHANGED_BEFORE


@pytest.mark.parametrize(
    ("changed_at", "finding", "why"),
    [
        (SINCE, PasswordFinding.CHANGED_BEFORE, None),
        (SINCE + SECOND, PasswordFinding.NOT_CHECKED, UnknownReason.START_UNCLEAR),
        (SINCE + HOUR, PasswordFinding.NOT_CHECKED, UnknownReason.START_UNCLEAR),
        (SINCE + HOUR + SECOND, PasswordFinding.CHANGED_SINCE, None),
    ],
)
def test_a_change_between_both_dates_of_the_restriction_proves_nothing(
    changed_at: datetime, finding: PasswordFinding, why: UnknownReason | None
) -> None:
    listed = replace(restriction(), changed=SINCE + HOUR)
    ana = person(password_changed_at=changed_at)
    proof = judge_password(ana, listed.since, (), NOW, begun_by=listed.begun_by)
    assert (proof.finding, proof.not_checked, proof.changed_at) == (finding, why, changed_at)


@pytest.mark.parametrize(
    ("home", "finding"),
    [(PasswordHome.ON_PREMISES, PasswordFinding.ON_PREMISES), (PasswordHome.FEDERATED, PasswordFinding.FEDERATED)],
)
def test_what_lives_elsewhere_is_not_checkable(home: PasswordHome, finding: PasswordFinding) -> None:
    assert judge_password(person(password_home=home), SINCE, (), NOW).finding is finding


def test_not_checked_says_why() -> None:
    assert (
        judge_password(Unknown(reason=UnknownReason.TIMED_OUT), SINCE, (), NOW).not_checked is UnknownReason.TIMED_OUT
    )
    assert judge_password(person(), None, (), NOW).not_checked is UnknownReason.START_UNKNOWN
    assert (
        judge_password(person(password_changed_at=None), SINCE, (), NOW).not_checked
        is UnknownReason.UNEXPECTED_RESPONSE
    )


@pytest.mark.parametrize(
    ("methods", "snapshot", "finding"),
    [
        ((PASSWORD,), (), MfaFinding.NONE),
        ((PASSWORD, APP), ("m1",), MfaFinding.REGISTERED_UNDATED),
        ((APP,), None, MfaFinding.NOT_CHECKED),
        ((APP,), (), MfaFinding.NEW),
        ((AuthenticationMethod(id="m1", kind=MethodKind.PHONE, added_at=NOW),), ("m1",), MfaFinding.NEW),
        (
            (AuthenticationMethod(id="m1", kind=MethodKind.PASSKEY, added_at=SINCE),),
            ("m1",),
            MfaFinding.REGISTERED_BEFORE,
        ),
        ((AuthenticationMethod(id="e", kind=MethodKind.EMAIL),), (), MfaFinding.NONE),
    ],
)
def test_second_factors_against_the_first_look(
    methods: tuple[AuthenticationMethod, ...], snapshot: tuple[str, ...] | None, finding: MfaFinding
) -> None:
    assert judge_mfa(methods, snapshot, SINCE, NOW).finding is finding


def test_an_old_method_does_not_date_another_beside_it() -> None:
    old = AuthenticationMethod(id="m1", kind=MethodKind.PASSKEY, added_at=SINCE - HOUR)
    for others, finding in (((), MfaFinding.REGISTERED_BEFORE), ((APP,), MfaFinding.REGISTERED_UNDATED)):
        snapshot = tuple(one.fingerprint for one in (old, *others))
        assert judge_mfa((old, *others), snapshot, SINCE, NOW).finding is finding


def test_without_a_start_a_date_proves_nothing_by_itself() -> None:
    dated = AuthenticationMethod(id="m1", kind=MethodKind.PHONE, added_at=NOW)
    assert judge_mfa((dated,), ("m1",), None, NOW).finding is MfaFinding.REGISTERED_UNDATED


def test_methods_that_cannot_be_read_prove_nothing() -> None:
    unread = Unknown(reason=UnknownReason.NO_PERMISSION)
    assert judge_mfa(unread, ("m1",), SINCE, NOW).not_checked is UnknownReason.NO_PERMISSION
    assert judge_mfa(unread, None, SINCE, NOW).finding is MfaFinding.NOT_CHECKED


def test_an_undated_method_beside_an_old_one_is_not_proven_without_a_first_look() -> None:
    old = AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR, added_at=SINCE - HOUR)
    undated = AuthenticationMethod(id="m2", kind=MethodKind.PHONE)
    assert judge_mfa((old, undated), None, SINCE, NOW).not_checked is UnknownReason.START_UNKNOWN
    assert judge_mfa((old,), None, SINCE, NOW).finding is MfaFinding.REGISTERED_BEFORE


def test_the_snapshot_holds_second_factors_only() -> None:
    assert snapshot_of([PASSWORD, APP]) == ("m1",)


@pytest.mark.parametrize(
    ("snapshot", "finding"),
    [
        (("mobile#one",), MfaFinding.REGISTERED_UNDATED),
        (("mobile#two",), MfaFinding.NEW),
        (("office#one",), MfaFinding.NEW),
        (("mobile",), MfaFinding.REGISTERED_UNDATED),
        ((), MfaFinding.NEW),
    ],
)
def test_a_telephone_is_its_number_where_the_first_look_kept_one(
    snapshot: tuple[str, ...], finding: MfaFinding
) -> None:
    phone = AuthenticationMethod(id="mobile", kind=MethodKind.PHONE, number_hash="one")
    assert judge_mfa((PASSWORD, phone), snapshot, SINCE, NOW).finding is finding


def test_a_kind_that_is_not_known_is_not_none() -> None:
    strange = AuthenticationMethod(id="x", kind=MethodKind.OTHER)
    unclear = judge_mfa((PASSWORD, strange), (), SINCE, NOW)
    assert (unclear.finding, unclear.not_checked) == (MfaFinding.NOT_CHECKED, UnknownReason.UNEXPECTED_RESPONSE)
    assert judge_mfa((strange, APP), ("m1",), SINCE, NOW).finding is MfaFinding.REGISTERED_UNDATED


ASKED = PasswordProof(checked_at=NOW)
CHANGED_AT = NOW - HOUR


@pytest.mark.parametrize(
    ("who", "since", "proof"),
    [
        (Unknown(reason=UnknownReason.TIMED_OUT), SINCE, replace(ASKED, not_checked=UnknownReason.TIMED_OUT)),
        (
            person(password_home=PasswordHome.ON_PREMISES),
            SINCE,
            replace(ASKED, finding=PasswordFinding.ON_PREMISES, changed_at=CHANGED_AT),
        ),
        (
            person(password_home=PasswordHome.FEDERATED),
            SINCE,
            replace(ASKED, finding=PasswordFinding.FEDERATED),
        ),
        (person(), None, replace(ASKED, not_checked=UnknownReason.START_UNKNOWN, changed_at=CHANGED_AT)),
        (person(password_changed_at=None), SINCE, replace(ASKED, not_checked=UnknownReason.UNEXPECTED_RESPONSE)),
        (
            person(password_changed_at=SINCE),
            SINCE,
            replace(ASKED, finding=PasswordFinding.CHANGED_BEFORE, changed_at=SINCE),
        ),
        (
            person(password_changed_at=SINCE + SECOND),
            SINCE,
            replace(ASKED, finding=PasswordFinding.CHANGED_SINCE, changed_at=SINCE + SECOND),
        ),
    ],
)
def test_a_password_proof_carries_when_it_was_read_and_what_was_seen(
    who: Person | Unknown, since: datetime | None, proof: PasswordProof
) -> None:
    assert judge_password(who, since, (), NOW) == proof


def test_a_proof_of_second_factors_carries_their_kinds_and_when_it_was_read() -> None:

    unread = Unknown(reason=UnknownReason.NO_PERMISSION)
    before = AuthenticationMethod(id="m2", kind=MethodKind.PHONE, added_at=SINCE)
    read = MfaProof(checked_at=NOW)
    assert judge_mfa((PASSWORD,), (), SINCE, NOW) == replace(read, finding=MfaFinding.NONE)
    both = replace(read, finding=MfaFinding.REGISTERED_UNDATED, kinds=(MethodKind.AUTHENTICATOR, MethodKind.PHONE))
    assert judge_mfa((before, APP), ("m1", "m2"), SINCE, NOW) == both
    new = replace(both, finding=MfaFinding.NEW, added=("m1",))
    assert judge_mfa((before, APP), ("m2",), SINCE, NOW) == new
    assert judge_mfa((APP,), None, SINCE, NOW) == replace(
        read, not_checked=UnknownReason.START_UNKNOWN, kinds=(MethodKind.AUTHENTICATOR,)
    )
    assert judge_mfa((APP,), ("m1",), SINCE, NOW) == replace(
        read, finding=MfaFinding.REGISTERED_UNDATED, kinds=(MethodKind.AUTHENTICATOR,)
    )
    assert judge_mfa(unread, None, SINCE, NOW) == replace(read, not_checked=UnknownReason.NO_PERMISSION)


@pytest.mark.parametrize(
    ("reason", "password", "mfa", "conditions"),
    [
        (LIMIT_REASON, PROVEN_PASSWORD, PROVEN_MFA, ()),
        (LIMIT_REASON, PROVEN_PASSWORD, replace(PROVEN_MFA, finding=MfaFinding.REGISTERED_UNDATED), ()),
        (RATE_REASON, PROVEN_PASSWORD, PROVEN_MFA, ()),
        (SPAM_REASON, PROVEN_PASSWORD, PROVEN_MFA, (ApprovalCondition.SPAM_VERDICT,)),
        ("odd", PROVEN_PASSWORD, PROVEN_MFA, (ApprovalCondition.REASON_UNKNOWN,)),
        (None, PROVEN_PASSWORD, PROVEN_MFA, (ApprovalCondition.REASON_UNKNOWN,)),
        (LIMIT_REASON, PasswordProof(), PROVEN_MFA, (ApprovalCondition.PASSWORD_NOT_PROVEN,)),
        (LIMIT_REASON, PROVEN_PASSWORD, replace(PROVEN_MFA, finding=MfaFinding.NEW), (ApprovalCondition.MFA_NEW,)),
        (LIMIT_REASON, PROVEN_PASSWORD, MfaProof(), (ApprovalCondition.MFA_NOT_PROVEN,)),
        (
            SPAM_REASON,
            UNPROVEN_PASSWORD,
            MfaProof(finding=MfaFinding.NONE),
            (ApprovalCondition.SPAM_VERDICT, ApprovalCondition.PASSWORD_NOT_PROVEN, ApprovalCondition.MFA_NOT_PROVEN),
        ),
    ],
)
def test_each_doubt_is_named_by_itself(
    reason: str | None, password: PasswordProof, mfa: MfaProof, conditions: tuple[ApprovalCondition, ...]
) -> None:
    listed = restriction(reason) if reason else None
    assert conditions_of_proofs(listed, password, mfa) == conditions
