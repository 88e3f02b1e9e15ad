"""What stands in the way of calling an account contained, judged from what was read after the steps."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from services.domain.containment.after_steps import AccountRead, AfterSteps
from services.domain.containment.beyond_baseline import KnownBefore, beyond_baseline, open_rule, present
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome, StepResult
from services.domain.containment.open_items import STEP_AGAINST, OpenItem, OpenKind
from services.domain.evidence.report import Report
from services.domain.unknown import NOT_OFFERED, Unknown, UnknownReason

_CLOCKS = timedelta(minutes=2)
"""How far the clocks may be apart, ours and the directory's."""


def still_open(containment: Containment, report: Report | None, before: KnownBefore) -> tuple[OpenItem, ...]:
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
        *beyond_baseline(before, after, later, report, disabled=disabled),
        *_sign_ins(containment, later),
    ]
    dated = [_dated(item, containment, later) for item in items]
    signed = {one.item for one in containment.signed}
    return tuple({item.id: item for item in dated if item.id not in signed}.values())


def _dated(item: OpenItem, containment: Containment, later: Report | None) -> OpenItem:
    """The item, so that the word of a responder holds for this one alone: a failed reading until evidence is gathered
    again, a sign-in, forwarding or rule until the steps against it are taken again. What the organisation has no
    licence or permission for fails in every reading, and is answered for once."""
    if item.not_checked is not None:
        fails_always = item.not_checked in NOT_OFFERED
        return item if fails_always else replace(item, since=later.gathered_at if later else containment.ended_at)
    if item.kind is OpenKind.SIGN_IN:
        return replace(item, since=_shut_at(containment))
    step = STEP_AGAINST.get(item.kind)
    is_against = item.kind is OpenKind.FORWARDING or item.key.partition("|")[0] in {one.id for one in containment.rules}
    result = containment.result_of(step) if step and is_against and containment.holds(step) else None
    return replace(item, since=result.at) if result and item.kind in _LEAKS else item


_LEAKS = frozenset({OpenKind.FORWARDING, OpenKind.RULE})


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
        if not _came_through(result, said_yes.at, changed_at):
            yield OpenItem(kind=OpenKind.PASSWORD)
    elif result.at and not _is_seen(changed_at, result.at):
        yield OpenItem(kind=OpenKind.PASSWORD_NOT_SEEN, key=f"{result.at}")
    elif result.at and changed_at and changed_at > result.at + _CLOCKS:
        yield OpenItem(kind=OpenKind.PASSWORD_CHANGED, key=f"{changed_at}", at=changed_at)


def _came_through(result: StepResult | None, begun: datetime, changed_at: datetime | None) -> bool:
    """Whether the directory shows as done what nobody answered."""
    if result is None or result.outcome is not StepOutcome.UNCLEAR or result.at is None or changed_at is None:
        return False
    return begun - _CLOCKS <= changed_at <= result.at + _CLOCKS


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
    yield from (open_rule(rule) for rule in now.rules if rule.enabled and rule.external is not False)
    if now.rules_cut:
        yield OpenItem(kind=OpenKind.RULE, not_checked=UnknownReason.INCOMPLETE)


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
