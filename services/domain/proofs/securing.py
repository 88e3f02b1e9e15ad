"""Securing the account: what the person says, what the directory says, and what that proves."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.domain.people import AuthenticationMethod, MethodKind, PasswordChange, PasswordHome, Person
from services.domain.personal import ApproversOnly, Personal
from services.domain.restriction import Cause, Restriction
from services.domain.unknown import Unknown, UnknownReason


class Says(StrEnum):
    """The person's answer to a securing step."""

    NOTHING = "nothing"
    DONE = "done"
    CANNOT = "cannot"


class PasswordFinding(StrEnum):
    """Whether the password was changed since the restriction began, as the directory says."""

    CHANGED_SINCE = "changed_since"
    CHANGED_BEFORE = "changed_before"
    ON_PREMISES = "on_premises"
    FEDERATED = "federated"
    NOT_CHECKED = "not_checked"


class MfaFinding(StrEnum):
    """Which second factors there are, compared with the first look and with the start of the restriction."""

    REGISTERED_BEFORE = "registered_before"
    REGISTERED_UNDATED = "registered_undated"
    NEW = "new"
    NONE = "none"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordProof:
    """What the person and the directory say of the password. `not_checked`: why the directory could not say."""

    says: Says = Says.NOTHING
    finding: PasswordFinding = PasswordFinding.NOT_CHECKED
    not_checked: UnknownReason | None = None
    changed_at: datetime | None = None
    changed_by: Personal[str | None] = None
    changed_from: Personal[str | None] = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MfaProof:
    """What the person and the directory say of MFA. `kinds`: the second factors found; `not_checked`: why the directory
    could not say."""

    says: Says = Says.NOTHING
    finding: MfaFinding = MfaFinding.NOT_CHECKED
    not_checked: UnknownReason | None = None
    kinds: tuple[MethodKind, ...] = ()
    added: ApproversOnly[Personal[tuple[str, ...]]] = ()
    """The fingerprints of those that are new."""
    checked_at: datetime | None = None


class SentMailing(StrEnum):
    """The person's answer to "did you send a mailing?"."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """What the person says of a mailing. Always shown as their own statement."""

    sent: SentMailing
    recipients: str = ""
    to_whom: str = ""
    how_often: str = ""
    until: str = ""


class ApprovalCondition(StrEnum):
    """Why an approver must reach the person by another route before approving."""

    SPAM_VERDICT = "spam_verdict"
    REASON_UNKNOWN = "reason_unknown"
    PASSWORD_NOT_PROVEN = "password_not_proven"
    MFA_NOT_PROVEN = "mfa_not_proven"
    MFA_NEW = "mfa_new"
    MFA_UNDATED = "mfa_undated"
    OTHERS_NOT_PROVEN = "others_not_proven"
    RIGHT_NOT_CHECKED = "right_not_checked"
    SENDERS_NOT_CHECKED = "senders_not_checked"
    TOO_MANY_SENDERS = "too_many_senders"
    LOOKS_STOLEN = "looks_stolen"
    ALARM = "alarm"
    DENIED_EARLIER = "denied_earlier"
    EVIDENCE_PENDING = "evidence_pending"
    EVIDENCE_NOT_CHECKED = "evidence_not_checked"
    CONNECTOR = "connector"


def judge_password(
    person: Person | Unknown,
    since: datetime | None,
    changes: tuple[PasswordChange, ...] | Unknown,
    now: datetime,
    *,
    begun_by: datetime | None = None,
) -> PasswordProof:
    """The proof that the directory gives for the password. The caller adds what the person says.

    A change between `since` and `begun_by` (see `Restriction`) may lie before the restriction's start, and proves
    nothing."""
    if isinstance(person, Unknown):
        return PasswordProof(not_checked=person.reason, checked_at=now)
    if person.password_home is PasswordHome.ON_PREMISES:
        return PasswordProof(finding=PasswordFinding.ON_PREMISES, changed_at=person.password_changed_at, checked_at=now)
    if person.password_home is PasswordHome.FEDERATED:
        return PasswordProof(finding=PasswordFinding.FEDERATED, checked_at=now)
    changed_at = person.password_changed_at
    if since is None or changed_at is None:
        reason = UnknownReason.START_UNKNOWN if since is None else UnknownReason.UNEXPECTED_RESPONSE
        return PasswordProof(not_checked=reason, changed_at=changed_at, checked_at=now)
    if changed_at <= since:
        return PasswordProof(finding=PasswordFinding.CHANGED_BEFORE, changed_at=changed_at, checked_at=now)
    if begun_by is not None and changed_at <= begun_by:
        return PasswordProof(not_checked=UnknownReason.START_UNCLEAR, changed_at=changed_at, checked_at=now)
    last = _last_of(changes)
    return PasswordProof(
        finding=PasswordFinding.CHANGED_SINCE,
        changed_at=changed_at,
        changed_by=last.by if last else None,
        changed_from=last.from_where if last else None,
        checked_at=now,
    )


def still_proven(proof: PasswordProof, begun_by: datetime | None) -> PasswordProof:
    """The proof of a changed password, as it stands if the restriction may have begun as late as that."""
    changed_at = proof.changed_at
    if proof.finding is not PasswordFinding.CHANGED_SINCE or begun_by is None or changed_at is None:
        return proof
    if changed_at > begun_by:
        return proof
    return replace(proof, finding=PasswordFinding.NOT_CHECKED, not_checked=UnknownReason.START_UNCLEAR)


def _last_of(changes: tuple[PasswordChange, ...] | Unknown) -> PasswordChange | None:
    return None if isinstance(changes, Unknown) else max(changes, key=lambda change: change.at, default=None)


def judge_mfa(
    methods: tuple[AuthenticationMethod, ...] | Unknown,
    snapshot: tuple[str, ...] | None,
    since: datetime | None,
    now: datetime,
) -> MfaProof:
    """The proof that the directory gives for second factors.

    `snapshot` holds the fingerprints of the first look, `None` if that look failed."""
    if isinstance(methods, Unknown):
        # The registration report says only that there is some method, and a thief's own is one: it proves nothing.
        return MfaProof(not_checked=methods.reason, checked_at=now)
    factors = [method for method in methods if method.is_second_factor]
    kinds = tuple(sorted({factor.kind for factor in factors}))
    if not factors and any(method.kind is MethodKind.OTHER for method in methods):
        # A kind that came after this program may well be a second factor: "none" would be untrue.
        return MfaProof(not_checked=UnknownReason.UNEXPECTED_RESPONSE, checked_at=now)
    if not factors:
        return MfaProof(finding=MfaFinding.NONE, checked_at=now)
    if added := tuple(sorted(factor.fingerprint for factor in factors if _is_new(factor, snapshot, since))):
        return MfaProof(finding=MfaFinding.NEW, kinds=kinds, added=added, checked_at=now)
    if all(factor.added_at is not None and since is not None and factor.added_at <= since for factor in factors):
        return MfaProof(finding=MfaFinding.REGISTERED_BEFORE, kinds=kinds, checked_at=now)
    if snapshot is None:
        # Without a first look to compare with, these methods may be old or new.
        return MfaProof(not_checked=UnknownReason.START_UNKNOWN, kinds=kinds, checked_at=now)
    # One that is old says nothing of another beside it, which a thief may have added before the first look.
    return MfaProof(finding=MfaFinding.REGISTERED_UNDATED, kinds=kinds, checked_at=now)


def _is_new(factor: AuthenticationMethod, snapshot: tuple[str, ...] | None, since: datetime | None) -> bool:
    dated_new = factor.added_at is not None and since is not None and factor.added_at > since
    return dated_new or (snapshot is not None and not factor.is_in(snapshot))


def snapshot_of(methods: Iterable[AuthenticationMethod]) -> tuple[str, ...]:
    """The snapshot of a first look: the sorted fingerprints of the second factors."""
    return tuple(sorted(method.fingerprint for method in methods if method.is_second_factor))


def is_proven(password: PasswordProof, mfa: MfaProof) -> bool:
    """Whether the password was changed since the restriction began, and there are second factors, none of them new."""
    return password.finding is PasswordFinding.CHANGED_SINCE and mfa.finding in WERE_THERE


WERE_THERE = (MfaFinding.REGISTERED_BEFORE, MfaFinding.REGISTERED_UNDATED)
"""Second factors that are not known to be new."""


def conditions_of_proofs(
    restriction: Restriction | None, password: PasswordProof, mfa: MfaProof
) -> tuple[ApprovalCondition, ...]:
    """The conditions that the cause of the restriction and the proofs put on an approval; empty if there are none."""
    conditions = []
    if restriction is None or restriction.cause is Cause.UNKNOWN:
        conditions.append(ApprovalCondition.REASON_UNKNOWN)
    elif restriction.cause is Cause.SPAM:
        conditions.append(ApprovalCondition.SPAM_VERDICT)
    if password.finding is not PasswordFinding.CHANGED_SINCE:
        conditions.append(ApprovalCondition.PASSWORD_NOT_PROVEN)
    if mfa.finding is MfaFinding.NEW:
        conditions.append(ApprovalCondition.MFA_NEW)
    elif mfa.finding not in WERE_THERE:
        conditions.append(ApprovalCondition.MFA_NOT_PROVEN)
    return tuple(conditions)
