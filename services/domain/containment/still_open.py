"""What stands in the way of calling an account contained, judged from what was read after the steps."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.domain.containment.after_steps import AccountRead, AfterSteps
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome
from services.domain.evidence.report import Change, Forwarding, InboxRule, Report
from services.domain.unknown import Unknown, UnknownReason

_CLOCKS = timedelta(minutes=2)
"""How far the clocks may be apart, ours and the directory's."""


class OpenKind(StrEnum):
    """What may stand in the way."""

    NOTHING_TAKEN = "nothing_taken"
    NOT_READ_YET = "not_read_yet"
    ENABLED = "enabled"
    SESSIONS = "sessions"
    PASSWORD = "password"
    SESSIONS_NOT_SEEN = "sessions_not_seen"
    PASSWORD_NOT_SEEN = "password_not_seen"
    PASSWORD_ON_PREMISES = "password_on_premises"
    PASSWORD_CHANGED = "password_changed"
    ACCOUNT = "account"
    METHOD = "method"
    FORWARDING = "forwarding"
    RULE = "rule"
    CONSENT = "consent"
    DELEGATE = "delegate"
    SIGN_IN = "sign_in"


_ONLY_BY_A_STEP = frozenset(
    {OpenKind.NOTHING_TAKEN, OpenKind.NOT_READ_YET, OpenKind.ENABLED, OpenKind.SESSIONS, OpenKind.PASSWORD}
)
STEP_AGAINST = {
    OpenKind.ENABLED: ContainmentStep.DISABLE,
    OpenKind.SESSIONS: ContainmentStep.REVOKE_SESSIONS,
    OpenKind.PASSWORD: ContainmentStep.NEW_PASSWORD,
    OpenKind.FORWARDING: ContainmentStep.FORWARDING_OFF,
    OpenKind.RULE: ContainmentStep.RULES_OFF,
}
"""What a step can close. A sign-in or a password changed after the steps takes both of the steps against an intruder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """One thing that stands in the way. `key` tells it from others of its kind; `not_checked`: it could not be read."""

    kind: OpenKind
    key: str = ""
    names: tuple[str, ...] = ()
    at: datetime | None = None
    not_checked: UnknownReason | None = None

    @property
    def id(self) -> str:
        """The same for the same thing whenever it is read; it names nobody."""
        told = f"{self.kind}|{self.key.casefold()}|{self.not_checked or ''}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def may_be_signed(self) -> bool:
        """Whether a responder may answer for it instead of a step or a read."""
        return self.kind not in _ONLY_BY_A_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What was there before an intruder could be: fingerprints of methods, ids of rules, persons who may send, names of
    apps. `None` where it is not known; then everything of its kind is beyond it, but rules that send nothing outside."""

    methods: tuple[str, ...] | None = None
    rules: tuple[str, ...] | None = None
    delegates: tuple[str, ...] | None = None
    consents: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """The newest successful read of each source."""

    forwarding: Forwarding | Unknown | None
    rules: tuple[InboxRule, ...] | Unknown


def present(after: AfterSteps | None, report: Report | None) -> Present | None:
    """What was read last of forwarding and rules, by the evidence or after the steps; `None` if neither was."""
    if after is None and report is None:
        return None
    reads = [(one.read_at, one.forwarding, one.rules) for one in [after] if one]
    reads += [(one.read_from, one.forwarding, one.rules) for one in [report] if one]
    reads.sort(key=lambda read: read[0], reverse=True)
    forwarding = next((read[1] for read in reads if not isinstance(read[1], Unknown)), reads[0][1])
    rules = next((read[2] for read in reads if not isinstance(read[2], Unknown)), reads[0][2])
    return Present(forwarding=forwarding, rules=rules)


def still_open(containment: Containment, report: Report | None, baseline: Baseline) -> tuple[OpenItem, ...]:
    """What stands in the way, without what a responder has signed off; empty if the account is contained."""
    after, ended_at = containment.after, containment.ended_at
    if ended_at is None:
        return (OpenItem(kind=OpenKind.NOTHING_TAKEN),)
    if containment.is_under_way or after is None or after.read_at < ended_at:
        return (OpenItem(kind=OpenKind.NOT_READ_YET),)
    later = report if report and report.read_from > ended_at else None
    disabled = isinstance(after.account, AccountRead) and not after.account.enabled
    items = [
        *(() if disabled else _access(containment, after)),
        *_leaks(after, later),
        *beyond_baseline(baseline, after, later, report, disabled=disabled),
        *_sign_ins(containment, later),
    ]
    signed = {one.item for one in containment.signed}
    return tuple({item.id: item for item in items if item.id not in signed}.values())


def _access(containment: Containment, after: AfterSteps) -> Iterator[OpenItem]:
    """Why somebody may still be in an account that is not disabled."""
    account, key = after.account, f"{containment.ended_at}"
    if isinstance(account, Unknown):
        yield OpenItem(kind=OpenKind.ACCOUNT, key=key, not_checked=account.reason)
        return
    found = [*_sessions(containment, account), *_password(containment, account)]
    if found and containment.holds(ContainmentStep.DISABLE):
        yield OpenItem(kind=OpenKind.ENABLED)
    yield from found


def _sessions(containment: Containment, account: AccountRead) -> Iterator[OpenItem]:
    revoked = containment.result_of(ContainmentStep.REVOKE_SESSIONS)
    if revoked is None or not containment.holds(ContainmentStep.REVOKE_SESSIONS):
        yield OpenItem(kind=OpenKind.SESSIONS)
    elif revoked.at and not _is_seen(account.sessions_valid_from, revoked.at):
        yield OpenItem(kind=OpenKind.SESSIONS_NOT_SEEN, key=f"{revoked.at}")


def _password(containment: Containment, account: AccountRead) -> Iterator[OpenItem]:
    result, changed_at = containment.result_of(ContainmentStep.NEW_PASSWORD), account.password_changed_at
    said_yes = containment.confirmed or containment.confirmed_before or containment.requested
    if account.synchronised:
        # It is reset in the local directory, by people, at some time after the yes.
        if changed_at is None or changed_at <= said_yes.at:
            yield OpenItem(kind=OpenKind.PASSWORD_ON_PREMISES, key=f"{said_yes.at}")
    elif result is None or not containment.holds(ContainmentStep.NEW_PASSWORD):
        if not _came_through(result.outcome if result else None, said_yes.at, changed_at, result and result.at):
            yield OpenItem(kind=OpenKind.PASSWORD)
    elif result.at and not _is_seen(changed_at, result.at):
        yield OpenItem(kind=OpenKind.PASSWORD_NOT_SEEN, key=f"{result.at}")
    elif result.at and changed_at and changed_at > result.at + _CLOCKS:
        yield OpenItem(kind=OpenKind.PASSWORD_CHANGED, key=f"{changed_at}", at=changed_at)


def _came_through(
    outcome: StepOutcome | None, begun: datetime, changed_at: datetime | None, ended: datetime | None
) -> bool:
    """Whether the directory shows as done what nobody answered."""
    unclear = outcome is StepOutcome.UNCLEAR and ended is not None and changed_at is not None
    return unclear and begun - _CLOCKS <= changed_at <= ended + _CLOCKS  # type: ignore[operator]  # `unclear` says so


def _is_seen(shown: datetime | None, at: datetime) -> bool:
    return shown is not None and shown >= at - _CLOCKS


def _leaks(after: AfterSteps, later: Report | None) -> Iterator[OpenItem]:
    """Mail that still leaves the organisation, or may: a target that could not be resolved counts as outside."""
    now = present(after, later)
    if now is None:
        return
    if isinstance(now.forwarding, Unknown):
        yield OpenItem(kind=OpenKind.FORWARDING, not_checked=now.forwarding.reason)
    elif now.forwarding is not None and now.forwarding.external is not False:
        yield OpenItem(kind=OpenKind.FORWARDING, key=now.forwarding.to, names=(now.forwarding.to,))
    if isinstance(now.rules, Unknown):
        yield OpenItem(kind=OpenKind.RULE, not_checked=now.rules.reason)
        return
    yield from (_rule(rule) for rule in now.rules if rule.enabled and rule.external is not False)


def _rule(rule: InboxRule) -> OpenItem:
    return OpenItem(kind=OpenKind.RULE, key=f"{rule.id}|{rule.targets}", names=(rule.name, *rule.targets))


def beyond_baseline(
    baseline: Baseline, after: AfterSteps, later: Report | None, report: Report | None, *, disabled: bool
) -> Iterator[OpenItem]:
    """Every rule, sign-in method, delegate and consented app that was not there before. `later`: evidence from after the
    steps, `report`: the newest of all. Nobody gets into a disabled account by a method or an app; mail still goes by its
    rules, and who may send from it still may."""
    now = present(after, later)
    if now and not isinstance(now.rules, Unknown) and baseline.rules is not None:
        yield from (_rule(rule) for rule in now.rules if rule.enabled and rule.id not in baseline.rules)
    yield from _delegates(baseline, after)
    if not disabled:
        yield from _methods(baseline, after)
        yield from _consents(baseline, report)


def _methods(baseline: Baseline, after: AfterSteps) -> Iterator[OpenItem]:
    if isinstance(after.methods, Unknown):
        yield OpenItem(kind=OpenKind.METHOD, not_checked=after.methods.reason)
        return
    for method in after.methods:
        known = baseline.methods is not None and method.is_in(baseline.methods)
        if method.is_second_factor and not known:
            yield OpenItem(kind=OpenKind.METHOD, key=method.fingerprint, names=(method.kind,), at=method.added_at)


def _delegates(baseline: Baseline, after: AfterSteps) -> Iterator[OpenItem]:
    if isinstance(after.delegates, Unknown):
        yield OpenItem(kind=OpenKind.DELEGATE, not_checked=after.delegates.reason)
        return
    for delegate in after.delegates:
        if delegate.person not in (baseline.delegates or ()):
            yield OpenItem(kind=OpenKind.DELEGATE, key=delegate.person, names=(delegate.name,))


def _consents(baseline: Baseline, report: Report | None) -> Iterator[OpenItem]:
    """What the audit log shows: a consent lasts whatever the password is, and that it is gone cannot be read there."""
    changes = report.changes if report else Unknown(reason=UnknownReason.NOT_YET)
    if isinstance(changes, Unknown):
        yield OpenItem(kind=OpenKind.CONSENT, not_checked=changes.reason)
        return
    for change in changes:
        if change.what is Change.APP_CONSENTED and change.detail not in (baseline.consents or ()):
            names = (change.detail,) if change.detail else ()
            yield OpenItem(kind=OpenKind.CONSENT, key=change.detail or f"{change.at}", names=names, at=change.at)


def _sign_ins(containment: Containment, later: Report | None) -> Iterator[OpenItem]:
    """Who got in after the steps. Failures show that they work."""
    shut_at = _shut_at(containment)
    if later is None or isinstance(later.sign_ins, Unknown) or shut_at is None:
        return
    for one in later.sign_ins:
        # The log may show whole seconds only.
        if one.succeeded and one.at >= shut_at.replace(microsecond=0):
            names = tuple(name for name in (one.place, one.address) if name)
            yield OpenItem(kind=OpenKind.SIGN_IN, key="|".join(names) or f"{one.at}", names=names, at=one.at)


def _shut_at(containment: Containment) -> datetime | None:
    steps = (ContainmentStep.DISABLE, ContainmentStep.NEW_PASSWORD, ContainmentStep.REVOKE_SESSIONS)
    results: Iterable[datetime | None] = (
        result.at for result in containment.results if result.step in steps and containment.holds(result.step)
    )
    return max((at for at in results if at), default=containment.ended_at)


def steps_against(items: Iterable[OpenItem]) -> tuple[frozenset[ContainmentStep], frozenset[str]]:
    """The steps that close what a step can close, and the ids of the inbox rules."""
    shut_out = (OpenKind.SIGN_IN, OpenKind.PASSWORD_CHANGED, OpenKind.PASSWORD_NOT_SEEN, OpenKind.SESSIONS_NOT_SEEN)
    steps: set[ContainmentStep] = set()
    rules: set[str] = set()
    for item in items:
        if item.kind in shut_out:
            steps |= {ContainmentStep.NEW_PASSWORD, ContainmentStep.REVOKE_SESSIONS}
        elif item.not_checked is None and (step := STEP_AGAINST.get(item.kind)):
            steps.add(step)
            rules |= {item.key.partition("|")[0]} if item.kind is OpenKind.RULE else set()
    return frozenset(steps), frozenset(rules)
