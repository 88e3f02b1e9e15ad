"""The episode of a restriction: what all cases about one stay of a mailbox on the restricted list have in common.

It begins with the first sight of any entry and ends when two complete reads of the list, far enough apart, show none.
Withdrawing, a denial, an expiry and a new case change nothing about it: tidying up between two cases gains nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from services.domain.case.facts import Alarm
from services.domain.evidence.findings import Finding
from services.domain.evidence.report import Change, Forwarding, InboxRule, Report
from services.domain.people import PersonId, SignOff
from services.domain.personal import Personal, Unseen
from services.domain.restriction import Restriction
from services.domain.unknown import NOT_ASKED, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What stood on the account when the episode was first seen, from each source as its first successful read gave it.

    `methods`: the fingerprints of the second factors. `consents`: the apps that the audit log names. `delegates`: who
    may send from a shared mailbox. `None` stands for what was not read yet, `Unknown` where `None` is an answer."""

    methods: Personal[tuple[str, ...] | None] = None
    password_changed_at: datetime | None = None
    rules: Personal[tuple[InboxRule, ...] | None] = None
    forwarding: Personal[Forwarding | Unknown | None] = NOT_ASKED
    consents: Personal[tuple[str, ...] | None] = None
    delegates: Personal[tuple[PersonId, ...] | None] = None
    phones: Personal[tuple[str, ...] | None] = None

    def completed_by(self, later: "Baseline") -> "Baseline":
        """This baseline, with what it lacks taken from a later read. What it has is never overwritten."""
        held = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        lacking = {name for name, (value, unread) in held.items() if value == unread or isinstance(value, Unknown)}
        return replace(self, **{name: getattr(later, name) for name in lacking})


def baseline_of(report: Report) -> Baseline:
    """What evidence says of a baseline; what could not be read is missing."""
    changes = () if isinstance(report.changes, Unknown) else report.changes
    consents = tuple(sorted({change.detail for change in changes if change.what is Change.APP_CONSENTED}))
    return Baseline(
        rules=None if isinstance(report.rules, Unknown) else report.rules,
        forwarding=report.forwarding,
        consents=None if isinstance(report.changes, Unknown) else consents,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSignOff:
    """An approver answered for an alarm: `signed` says who, when and why."""

    alarm: Alarm
    signed: SignOff


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What the cases of one episode share. `began_at` is `None` before any entry was seen.

    `not_before`: the end of the episode before this one, where it was seen; this restriction did not begin earlier."""

    began_at: datetime | None = None
    not_before: datetime | None = None
    baseline: Baseline = Baseline()
    alarms: Personal[tuple[Finding, ...]] = ()
    """Every bad finding, as it was first found. It stays, whatever a later read of its source says."""
    signed_off: tuple[AlarmSignOff, ...] = ()
    looked_stolen: bool = False
    """Whether the evidence ever looked like a stolen account."""
    denials: tuple[SignOff, ...] = ()
    """Every denial; a stop is one too."""
    stopped_at: datetime | None = None
    """When an approver stopped what was released: that the list is empty afterwards ends nothing."""
    made_way: Personal[frozenset[PersonId]] = frozenset()
    """Everybody who contained the account, or answered for anything that was found, in whichever case."""
    methods_added: tuple[datetime, ...] = ()
    """When sign-in methods were added, as the audit log says: the methods themselves carry no date."""
    absent_at: Unseen[datetime | None] = None
    """When a read first showed no entry, in a case that has ended; an open one follows the list by itself."""
    ended_at: datetime | None = None

    @property
    def open_alarms(self) -> tuple[Finding, ...]:
        """The alarms that nobody has signed off."""
        signed = {one.alarm for one in self.signed_off}
        return tuple(found for found in self.alarms if alarm_of(found) not in signed)

    @property
    def signers(self) -> frozenset[PersonId]:
        """Who has signed an alarm off."""
        return frozenset(one.signed.by for one in self.signed_off)

    def bounds(self, restriction: Restriction) -> Restriction:
        """The entry, with a start that is not earlier than the end of the episode before: a list that keeps the date of
        an older entry would let an older password change pass for a new one."""
        since, end = restriction.since, self.not_before
        if since is None or end is None or since >= end:
            return restriction
        return replace(restriction, since=end, changed=max(restriction.changed or end, end))

    def read(self, *, listed: bool, at: datetime, apart: timedelta) -> "Episode":
        """The episode after a read of the list that is complete for this mailbox. A second one without an entry, at
        least `apart` after the first, ends it."""
        if listed:
            return replace(self, absent_at=None)
        if self.absent_at is None:
            return replace(self, absent_at=at)
        return self if at - self.absent_at < apart else replace(self, ended_at=at)

    def stopped(self, word: SignOff, *, released: bool) -> "Episode":
        """The episode after a stop, which denies: from now on the account looks stolen. `released`: something was, or
        may have been."""
        return replace(
            self,
            looked_stolen=True,
            denials=self.denials if word in self.denials else (*self.denials, word),
            stopped_at=word.at if released else self.stopped_at,
        )

    def signed(self, *words: SignOff, seen: Iterable[Alarm] | None = None) -> "Episode":
        """The episode with every open alarm signed off, by each of these. `seen`: only what is among these alarms."""
        alarms = [alarm_of(found) for found in self.open_alarms]
        answered = alarms if seen is None else [alarm for alarm in alarms if alarm in set(seen)]
        new = tuple(AlarmSignOff(alarm=alarm, signed=word) for alarm in answered for word in words)
        return replace(self, signed_off=self.signed_off + new)


def alarm_of(finding: Finding) -> Alarm:
    """Which alarm a finding is. Raises `AssertionError` for a finding that is none."""
    if finding.found is None:
        raise AssertionError("a clean finding is no alarm")
    names = (finding.account, *finding.names) if finding.account else finding.names
    return Alarm(found=finding.found, names=names, after_steps=finding.after_steps)


def with_alarms(known: tuple[Finding, ...], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The known alarms, and after them the findings that are new ones."""
    mine = {alarm_of(found): found for found in known}
    for finding in findings:
        if finding.found:
            mine.setdefault(alarm_of(finding), finding)
    return tuple(mine.values())


def episode_now(previous: Episode | None, now: datetime, *, watched: bool = False) -> Episode:
    """The episode of an entry that is seen now: the one of the mailbox's case before, unless its end was seen.

    `watched`: that case is watched still, so this is its relapse, whoever sees it first. So it is after a release that
    an approver stopped, however long ago it was."""
    if previous is None or previous.began_at is None:
        return Episode(began_at=now)
    if previous.ended_at is not None and (watched or previous.stopped_at is not None):
        return after_relapse(previous, now)
    if previous.ended_at is not None:
        return Episode(began_at=now, not_before=_bound(previous.ended_at))
    return replace(previous, absent_at=None)


def _bound(ended_at: datetime) -> datetime:
    """The directory gives whole seconds: what happened right after the end may carry a date of the second before."""
    return ended_at - timedelta(seconds=1)


def after_relapse(episode: Episode, now: datetime) -> Episode:
    """The episode of a mailbox that is restricted anew while Sendwell still watched it: what was known before stays,
    but an alarm that was explained needs an explanation again."""
    return replace(
        episode,
        began_at=now,
        not_before=_bound(episode.ended_at) if episode.ended_at else episode.not_before,
        signed_off=(),
        stopped_at=None,
        absent_at=None,
        ended_at=None,
    )
