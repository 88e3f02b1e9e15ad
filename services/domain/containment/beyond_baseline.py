"""What an account and a mailbox have that was not there before an intruder could be."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.domain.containment.after_steps import AfterSteps
from services.domain.containment.open_items import OpenItem, OpenKind
from services.domain.evidence.report import Change, Forwarding, InboxRule, Report
from services.domain.unknown import Unknown, UnknownReason


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBefore:
    """What was there before an intruder could be: fingerprints of methods, ids of rules, persons who may send, names of
    apps. `None` where it is not known: then everything of its kind is beyond it, but rules that send nothing outside.
    """

    methods: tuple[str, ...] | None = None
    rules: tuple[str, ...] | None = None
    delegates: tuple[str, ...] | None = None
    consents: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """The newest successful read of each source."""

    forwarding: Forwarding | Unknown | None
    rules: tuple[InboxRule, ...] | Unknown
    rules_cut: bool = False
    """Whether there are more rules than these."""


def present(after: AfterSteps | None, report: Report | None) -> Present | None:
    """What was read last of forwarding and rules, by the evidence or after the steps; `None` if neither was."""
    if after is None and report is None:
        return None
    reads = [(one.read_at, one) for one in [after] if one] + [(one.read_from, one) for one in [report] if one]
    newest = [one for _, one in sorted(reads, key=lambda read: read[0], reverse=True)]
    forwarding = next(
        (one.forwarding for one in newest if not isinstance(one.forwarding, Unknown)), newest[0].forwarding
    )
    ruled = next((one for one in newest if not isinstance(one.rules, Unknown)), newest[0])
    return Present(forwarding=forwarding, rules=ruled.rules, rules_cut=ruled.rules_cut)


def open_rule(rule: InboxRule) -> OpenItem:
    """The rule as something that stands in the way; with other targets it is another."""
    return OpenItem(kind=OpenKind.RULE, key=f"{rule.id}|{rule.targets}", names=(rule.name, *rule.targets))


def beyond_baseline(
    before: KnownBefore, after: AfterSteps, later: Report | None, report: Report | None, *, disabled: bool
) -> Iterator[OpenItem]:
    """Every rule, sign-in method, delegate and consented app that was not there before. `later`: evidence from after
    the steps, `report`: the newest of all. Nobody gets into a disabled account by a method or an app; its rules still
    work, and who may send from the mailbox still may."""
    now = present(after, later)
    if now and not isinstance(now.rules, Unknown) and before.rules is not None:
        yield from (open_rule(rule) for rule in now.rules if rule.enabled and rule.id not in before.rules)
    yield from _delegates(before, after)
    if not disabled:
        yield from _methods(before, after)
        yield from _consents(before, report)


def _methods(before: KnownBefore, after: AfterSteps) -> Iterator[OpenItem]:
    if isinstance(after.methods, Unknown):
        yield OpenItem(kind=OpenKind.METHOD, not_checked=after.methods.reason)
        return
    for method in after.methods:
        known = before.methods is not None and method.is_in(before.methods)
        if method.is_second_factor and not known:
            yield OpenItem(kind=OpenKind.METHOD, key=method.fingerprint, names=(method.kind,), at=method.added_at)


def _delegates(before: KnownBefore, after: AfterSteps) -> Iterator[OpenItem]:
    if isinstance(after.delegates, Unknown):
        yield OpenItem(kind=OpenKind.DELEGATE, not_checked=after.delegates.reason)
        return
    for delegate in after.delegates:
        if delegate.person not in (before.delegates or ()):
            yield OpenItem(kind=OpenKind.DELEGATE, key=delegate.person, names=(delegate.name,))


def _consents(before: KnownBefore, report: Report | None) -> Iterator[OpenItem]:
    """What the audit log shows: a consent lasts whatever the password is, and that it is gone cannot be read there."""
    changes = report.changes if report else Unknown(reason=UnknownReason.NOT_YET)
    if isinstance(changes, Unknown):
        yield OpenItem(kind=OpenKind.CONSENT, not_checked=changes.reason)
        return
    for change in changes:
        if change.what is Change.APP_CONSENTED and change.detail not in (before.consents or ()):
            names = (change.detail,) if change.detail else ()
            yield OpenItem(kind=OpenKind.CONSENT, key=change.detail or f"{change.at}", names=names, at=change.at)
