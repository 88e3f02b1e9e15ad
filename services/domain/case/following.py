"""What each change of a case adds to its episode. Nothing is ever taken away here."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.episode import Baseline, baseline_of
from services.domain.case.parts import Sender
from services.domain.case.status import Status
from services.domain.evidence.report import AccountChange, Change, Report, name_of
from services.domain.people import SignOff
from services.domain.proofs.shared_mailbox import Holder, SharedMailbox
from services.domain.unknown import Unknown

_OFF = frozenset({Status.OFF_LIST, Status.ALREADY_LIFTED})


def with_episode(case: Case, now: datetime) -> Case:
    """The case with its episode as this change leaves it. A forgotten case, and one without an entry, has none."""
    if case.restriction is None or not case.sender.person:
        return case
    known = case.episode
    episode = replace(
        known,
        began_at=known.began_at or case.opened_at,
        baseline=known.baseline.completed_by(baseline_of(case.evidence) if case.evidence else Baseline()),
        alarms=case.alarms,
        looked_stolen=known.looked_stolen or case.looks_stolen,
        denials=_denials(case),
        made_way=known.made_way | known.signers | (case.containment.made_by if case.containment else frozenset()),
        methods_added=_methods_added(case),
        ended_at=_ended_at(case, now),
    )
    return case if episode == known else replace(case, episode=episode)


def _denials(case: Case) -> tuple[SignOff, ...]:
    """Every denial, each with the reason that approvers gave for themselves, or else the one that the person saw."""
    decision, known = case.decision, case.episode.denials
    if decision is None or decision.approved or any(one.at == decision.at for one in known):
        return known
    text = decision.internal or decision.reason
    return (*known, SignOff(by=decision.by, name=decision.name, at=decision.at, text=text))


def _methods_added(case: Case) -> tuple[datetime, ...]:
    """When sign-in methods were added to the account whose methods are the proof, that of who asks."""
    changes = _changes_of_asker(case.evidence, case.sender) if case.evidence else ()
    if isinstance(changes, Unknown):
        return case.episode.methods_added
    added = {change.at for change in changes if change.what is Change.METHOD_ADDED}
    return tuple(sorted({*case.episode.methods_added, *added}))


def _changes_of_asker(report: Report, sender: Sender) -> tuple[AccountChange, ...] | Unknown:
    if sender.account.person == sender.person:
        return report.changes
    asker = report.senders.right_of(sender.person) if isinstance(report.senders, SharedMailbox) else None
    if not isinstance(asker, Holder):
        return ()
    return next((one.changes for one in report.others if one.name == name_of(asker)), ())


def _ended_at(case: Case, now: datetime) -> datetime | None:
    """An open case follows the list by itself, and knows whether what had left the list is on it again."""
    known = case.episode.ended_at
    if case.status in _OFF:
        return known or now
    is_listed = not case.status.is_ended and case.list_reads.off_list_at is None
    return None if is_listed else known
