"""Noting the facts of a case whenever they change, so that a click can be compared with what its card showed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.episode import alarm_of
from services.domain.case.facts import UNNAMED, Alarm, Facts, Worse, entry_of_list, what_is_worse
from services.domain.case.following import with_episode
from services.domain.case.listed import with_entries
from services.domain.case.unblocking import progress_of
from services.domain.evidence.findings import Finding
from services.domain.proofs.securing import ApprovalCondition, still_proven
from services.domain.proofs.shared_mailbox import not_proven
from services.domain.restriction import Restriction

_NAMES_ONE = {ApprovalCondition.MFA_NEW, ApprovalCondition.OTHERS_NOT_PROVEN}
_KEPT_AT_MOST = 20
"""A button that names older facts is answered with the present card."""


def present_facts(case: Case, now: datetime) -> Facts:
    """The facts of a case as it is here, without a number."""
    return Facts(
        noted_at=now,
        entries=tuple(
            sorted(map(entry_of_list, case.entries), key=lambda one: (one.address, one.cause, f"{one.since}"))
        ),
        alarms=_in_order(case.alarms),
        places=tuple(sorted({name for one in case.judgement.findings if one.expected for name in one.names})),
        settled=_in_order(_settled(case)),
        conditions=tuple(sorted(case.conditions)),
        needs_two=case.needs_two,
        unread=case.unread_sources,
        unproven=_unproven(case),
    )


def _unproven(case: Case) -> tuple[str, ...]:
    mailbox, asker = case.sender.mailbox, case.sender.person
    others = not_proven(mailbox, asker, case.proofs.other_senders) if mailbox else ()
    named = (*case.proofs.mfa.added, *others)
    return named or ((UNNAMED,) if _NAMES_ONE & {*case.conditions} else ())


def _in_order(found: Iterable[Finding]) -> tuple[Alarm, ...]:
    return tuple(sorted(map(alarm_of, found), key=_order))


def _order(alarm: Alarm) -> tuple[str, tuple[str, ...], str]:
    return alarm.found, alarm.names, f"{alarm.after_steps or ''}"


def _settled(case: Case) -> tuple[Finding, ...]:
    """The alarms that are older than the steps which contained the account: what they are about is shut out, and the
    logs tell of it late. An undated one is not, nor one of another account: the steps shut nobody out of that."""
    ended_at = case.containment.ended_at if case.containment else None
    if ended_at is None or not case.is_contained:
        return ()
    later = {alarm_of(one) for one in case.judgement.findings if one.found and (one.at is None or one.at >= ended_at)}
    own = (one for one in case.alarms if not one.account)
    return tuple(one for one in own if one.at and one.at < ended_at and alarm_of(one) not in later)


def noted(case: Case, now: datetime) -> Case:
    """The case with its present facts noted, if they differ from those noted last, and what they mean for its episode.
    Only what approvers see is noted as facts."""
    case = with_episode(case, now)
    if not _is_decided_about(case):
        return case
    facts, last = present_facts(case, now), case.facts[-1] if case.facts else None
    if last is not None and last.same_as(facts):
        return case
    number = last.number + 1 if last else 1
    return replace(case, facts=(*case.facts, replace(facts, number=number))[-_KEPT_AT_MOST:])


def _is_decided_about(case: Case) -> bool:
    """Whether approvers see the case, and have or may have something to decide about it. Other limits, and giving an
    account back, are decided about after its end too."""
    if case.trouble is not None:
        return False
    if case.status.is_ended:
        return bool(case.sender.person) and bool(case.containment or case.limit_change)
    return case.request.sent_at is not None or case.contact.found_by_monitor_at is not None


def facts_shown(case: Case, number: int | None, now: datetime) -> Facts | None:
    """The facts with that number; the last noted ones for a command that names none; `None` if they are not kept."""
    if number is not None:
        return next((facts for facts in case.facts if facts.number == number), None)
    return case.facts[-1] if case.facts else present_facts(case, now)


def shows_another_entry(case: Case, entries: Iterable[Restriction]) -> bool:
    """Whether one of these entries of the list is none of those that were unblocked: another address, a later start, or
    a worse cause. An entry without a start may come from a list that lags."""
    if case.decision is None or case.decision.facts is None:
        return False
    dated = tuple(entry_of_list(entry) for entry in entries if entry.since is not None)
    return bool(what_is_worse(case.decision.facts, replace(case.decision.facts, entries=dated)))


def has_relapsed(case: Case, entry: Restriction) -> bool:
    """Whether this entry began after a call of Remove of unknown outcome: then that call took effect, and Microsoft 365
    restricted the sender anew."""
    called = progress_of(case, entry).unclear_at
    return called is not None and entry.since is not None and entry.since > called


def took_effect(case: Case, listed: Iterable[Restriction]) -> bool:
    """Whether the list shows that a call of unknown outcome took effect: its entry is gone, or another one by now."""
    still = {entry.address.casefold() for entry in listed if not has_relapsed(case, entry)}
    called = [entry for entry in case.entries if progress_of(case, entry).unclear_at is not None]
    return any(entry.address.casefold() not in still for entry in called)


def worse_than_decided(case: Case, entries: Iterable[Restriction], now: datetime) -> tuple[Worse, ...]:
    """In what the facts of an approved case, with the entries that are listed now, are worse than those it was approved
    on. An approval that was stored without its facts is held to the entries that the case knew.

    What an entry's second date means is not documented. Where it moved past the change of the password after the
    decision, that change proves nothing any more, as it would not at a click."""
    decision = case.decision
    if decision is None:
        raise AssertionError("an approved case has its decision")
    listed = with_entries(case, entries)
    password = still_proven(case.proofs.password, listed.begun_by)
    listed = replace(listed, proofs=replace(case.proofs, password=password))
    return worse_than(decision.facts or present_facts(case, decision.at), listed, now)


def worse_than(decided: Facts, case: Case, now: datetime) -> tuple[Worse, ...]:
    """In what the facts of the case are worse than those of a decision."""
    return what_is_worse(decided, present_facts(case, now))
