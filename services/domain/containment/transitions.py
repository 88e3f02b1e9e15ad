"""Containing an account: requested, confirmed, taken step by step, read afterwards, put back one by one."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from services.domain.case.case import Case
from services.domain.case.deciding import gathered_first
from services.domain.case.facts import Facts, Worse, what_is_worse
from services.domain.case.involved import is_not_enough_alone
from services.domain.case.noted_facts import facts_shown, present_facts
from services.domain.case.transition import NO_MESSAGE, TELL_APPROVERS, CaseAndEffects, Refusal, Refused
from services.domain.case.user_text import checked_text
from services.domain.containment.after_steps import AccountRead, AfterSteps
from services.domain.containment.beyond_baseline import present
from services.domain.containment.commands import (
    ByResponder,
    ContainingByClock,
    ContainmentCancelled,
    ContainmentCommand,
    ContainmentConfirmed,
    ContainmentRequested,
    ContainmentSigned,
    PutBackHeld,
    PutBackRequested,
    StepBegun,
    StepPutBack,
    StepsChecked,
    StepTaken,
)
from services.domain.containment.containment import (
    HAS_FAILED,
    Containment,
    ContainmentStep,
    NamedRule,
    SignedItem,
    StepOutcome,
    StepResult,
    WantedBack,
    in_order,
)
from services.domain.evidence.report import InboxRule
from services.domain.people import Account, PersonId, SignOff
from services.domain.unknown import Unknown


def containment_transition(case: Case, command: ContainmentCommand, now: datetime) -> CaseAndEffects:
    """The case after a responder's command or a step, and the messages it asks for.

    Raises `Refused`, also for a responder whose own account it is."""
    if isinstance(command, ByResponder) and command.by.id in _those_concerned(case):
        raise Refused(Refusal.OWN_CASE)
    if isinstance(command, ContainmentRequested):
        wanted = _wanted(case, command, now)
        waits = wanted.privileged and wanted.confirmed is None
        return replace(case, containment=wanted), TELL_APPROVERS if waits else NO_MESSAGE
    if case.containment is None:
        raise Refused(Refusal.NOT_NOW)
    after = replace(case, containment=_after(case, case.containment, command, now))
    if isinstance(command, PutBackRequested) and command.gathers and after.containment and after.containment.gives_back:
        after = gathered_first(after, now)
    return after, TELL_APPROVERS if _is_worth_a_line(case, after, command) else NO_MESSAGE


def _is_worth_a_line(case: Case, after: Case, command: ContainmentCommand) -> bool:
    """One line for all the steps that failed, once they are over; one for the first that nobody answered, at once, for
    the others may take as long; and one when what was contained is so no more."""
    before, containment = case.containment, after.containment
    if before is None or containment is None:
        return False
    match command:
        case StepTaken(result=result):
            mine = [one for one in containment.results if one.step in containment.steps]
            given_up = [one.step for one in mine if one.outcome is StepOutcome.UNCLEAR]
            is_over = containment.next_step is None and any(one.outcome in HAS_FAILED for one in mine)
            return is_over or given_up == [result.step]
        case StepPutBack(result=result):
            return result.outcome in HAS_FAILED
        case PutBackHeld():
            return True
        case PutBackRequested():
            return len(containment.wanted_back) > len(before.wanted_back)
        case StepsChecked():
            return case.is_contained and not after.is_contained
        case _:
            return False


def account_in(case: Case, chosen: PersonId | None) -> Account | None:
    """The account that was chosen of those that can send from the mailbox; without a choice the one that is contained
    already, or the only one that can be meant. `None`: it has to be chosen."""
    if chosen is None and case.containment is not None:
        return contained_account(case)
    if chosen is None:
        is_one = case.sender.mailbox is None or case.sender.mailbox.owner is not None
        return case.sender.account if is_one else None
    return next((one for one in case.sender.accounts if one.person == chosen), None)


def contained_account(case: Case) -> Account:
    """The account that the case's containment is about."""
    asker = Account(person=case.sender.person, name=case.sender.name, upn=case.sender.upn)
    return (case.containment.account if case.containment else None) or asker


def _those_concerned(case: Case) -> frozenset[PersonId]:
    contained = {contained_account(case).person} if case.containment else set()
    return frozenset({case.sender.person, case.sender.account.person, *contained})


def rules_to_switch_off(case: Case) -> tuple[InboxRule, ...]:
    """The enabled inbox rules, as they were read last."""
    now = present(case.containment.after if case.containment else None, case.evidence)
    rules = now.rules if now else ()
    return () if isinstance(rules, Unknown) else tuple(rule for rule in rules if rule.enabled)


def forwards_to(case: Case) -> str:
    """The address that the mailbox forwards to, as it was read last; empty if it forwards to none."""
    now = present(case.containment.after if case.containment else None, case.evidence)
    forwarding = now.forwarding if now else None
    return "" if forwarding is None or isinstance(forwarding, Unknown) else forwarding.to


def _wanted(case: Case, command: ContainmentRequested, now: datetime) -> Containment:
    former = case.containment
    if not case.sender.person or case.sender.connector_id or (former and former.next_step):
        raise Refused(Refusal.NOT_NOW)
    account = account_in(case, command.account)
    if account is None:
        raise Refused(Refusal.ACCOUNT_NEEDED, also=() if command.steps else (Refusal.NO_STEP_CHOSEN,))
    if account.person == command.by.id:
        raise Refused(Refusal.OWN_CASE)
    if former and former.results and account.person != contained_account(case).person:
        raise Refused(Refusal.ANOTHER_ACCOUNT)
    known = rules_to_switch_off(case)
    rules = tuple(NamedRule(id=rule.id, name=rule.name) for rule in known if rule.id in command.rules)
    steps = in_order(step for step in command.steps if rules or step is not ContainmentStep.RULES_OFF)
    if not steps:
        raise Refused(Refusal.NO_STEP_CHOSEN)
    wanted = SignOff(by=command.by.id, name=command.by.name, at=now)
    before = former or Containment(requested=wanted, number=0, steps=(), rules_known=_rules_known(case))
    listed = replace(
        before,
        requested=wanted,
        account=None if account.person == case.sender.person else account,
        number=before.number + 1,
        steps=steps,
        rules=rules,
        forwards_to=forwards_to(case),
        privileged=command.privileged or command.unsure,
        unsure=command.unsure,
        confirmed=None,
        confirmed_before=before.confirmed or before.confirmed_before,
        # Whoever shuts out has a doubt: what is not given back yet stays.
        putting_back=(),
        wanted_back=(),
        made_by=before.made_by | before.responders | {wanted.by},
    )
    return _begun(listed, wanted) if command.at_once and not listed.privileged else listed


def _rules_known(case: Case) -> tuple[str, ...] | None:
    """The ids of the rules that are on; `None` where they were not read: then any may be new."""
    read = case.evidence is not None and not isinstance(case.evidence.rules, Unknown)
    return tuple(rule.id for rule in rules_to_switch_off(case)) if read else None


def _begun(containment: Containment, said_yes: SignOff) -> Containment:
    made_by = containment.made_by | containment.responders | {said_yes.by}
    return replace(containment.taking_again(), confirmed=said_yes, trying_since=said_yes.at, made_by=made_by)


def _after(case: Case, containment: Containment, command: ContainmentCommand, now: datetime) -> Containment:
    match command:
        case ContainmentRequested():
            raise AssertionError("planned before")
        case ContainmentConfirmed():
            return _confirmed(containment, command, now)
        case ContainmentCancelled():
            _require_waiting(containment, command.plan)
            return replace(containment, steps=(), rules=(), confirmed=containment.confirmed_before)
        case ContainmentSigned():
            return _signed(case, containment, command, now)
        case PutBackRequested():
            return _wanted_back(case, containment, command, now)
        case _:
            return _by_clock(containment, command, now)


def _by_clock(containment: Containment, command: ContainingByClock, now: datetime) -> Containment:
    match command:
        case StepBegun(found=found):
            return replace(containment, begun=(*containment.begun, found))
        case StepTaken(result=result):
            return containment.with_result(result, now)
        case StepPutBack(result=result):
            return _put_back(containment, replace(result, at=now), now)
        case PutBackHeld(worse=worse):
            return replace(containment, putting_back=(), not_put_back=worse)
        case StepsChecked(after=after):
            return replace(containment, after=after, results=tuple(_as_read(containment, after)))
        case _:
            assert_never(command)


def _put_back(containment: Containment, back: StepResult, now: datetime) -> Containment:
    """The containment with a step that was put back. One that is about to be taken again is not back for long."""
    left = tuple(step for step in containment.putting_back if step is not back.step)
    others = tuple(one for one in containment.put_back if one.step is not back.step)
    known = (*others, back) if containment.result_of(back.step) else others
    return replace(containment, putting_back=left, put_back=known, trying_since=now, after=None)


def _require_waiting(containment: Containment, plan: int | None) -> None:
    if containment.confirmed is not None:
        raise Refused(Refusal.NOT_NOW)
    if plan != containment.number:
        raise Refused(Refusal.PLAN_CHANGED)


def _confirmed(containment: Containment, command: ContainmentConfirmed, now: datetime) -> Containment:
    _require_waiting(containment, command.plan)
    if containment.privileged and command.by.id == containment.requested.by:
        raise Refused(Refusal.SECOND_RESPONDER_NEEDED)
    return _begun(containment, SignOff(by=command.by.id, name=command.by.name, at=now))


def _signed(case: Case, containment: Containment, command: ContainmentSigned, now: datetime) -> Containment:
    reason = checked_text(command.reason)
    items = [item.id for item in case.still_open if item.may_be_signed and item.id in command.items]
    if not items:
        raise Refused(Refusal.NOTHING_TO_SIGN, also=() if reason else (Refusal.REASON_NEEDED,))
    if not reason:
        raise Refused(Refusal.REASON_NEEDED)
    mark = SignOff(by=command.by.id, name=command.by.name, at=now, text=reason)
    signed = (*containment.signed, *(SignedItem(item=one, signed=mark) for one in items))
    return replace(containment, signed=signed, made_by=containment.made_by | {mark.by})


def _require_the_same_facts(case: Case, command: PutBackRequested, now: datetime) -> None:
    """Giving back is bound to what the card showed; shutting out never is."""
    if not case.facts:
        return
    shown = facts_shown(case, command.facts, now) if command.facts is not None else None
    if shown is None:
        raise Refused(Refusal.FACTS_WORSE)
    if worse := worse_for_giving_back(shown, present_facts(case, now)):
        raise Refused(Refusal.FACTS_WORSE, worse=worse)


def _wanted_back(case: Case, containment: Containment, command: PutBackRequested, now: datetime) -> Containment:
    """What took two responders takes two to undo, and so does giving back an admin's account, or a mailbox that the
    responder may send from through a group. The first one's word is kept until the second's."""
    step, result = command.step, containment.result_of(command.step)
    if step not in containment.can_be_put_back or result is None:
        raise Refused(Refusal.NOT_NOW)
    if command.plan != containment.number:
        raise Refused(Refusal.PLAN_CHANGED)
    _require_the_same_facts(case, command, now)
    facts = present_facts(case, now)
    first = containment.first_to_want_back(step)
    first = first if first and command.first_stands and _holds(first, containment, facts) else None
    two = result.by_two or command.privileged or is_not_enough_alone(case, command.by.id)
    mark = SignOff(by=command.by.id, name=command.by.name, at=now)
    if two and first is None:
        others = tuple(one for one in containment.wanted_back if one.step is not step)
        half = WantedBack(step=step, wanted=mark, plan=containment.number, on=facts)
        return replace(containment, wanted_back=(*others, half))
    if two and first is not None and first.wanted.by == command.by.id:
        raise Refused(Refusal.SECOND_RESPONDER_NEEDED)
    others = tuple(one for one in containment.wanted_back if one.step is not step)
    return replace(
        containment,
        putting_back=(*containment.putting_back, step),
        put_back_on=facts,
        put_back_by=_who_wants_back(containment, first, mark),
        not_put_back=(),
        wanted_back=others,
        trying_since=now,
    )


def _who_wants_back(containment: Containment, first: WantedBack | None, mark: SignOff) -> frozenset[PersonId]:
    pending = containment.put_back_by if containment.putting_back else frozenset()
    return pending | {mark.by} | ({first.wanted.by} if first else set())


def _holds(wanted: WantedBack, containment: Containment, facts: Facts) -> bool:
    """Whether the first one's word is about this list of steps, and about facts that are not worse by now."""
    return wanted.plan == containment.number and wanted.on is not None and not worse_for_giving_back(wanted.on, facts)


def worse_for_giving_back(wanted_on: Facts, present: Facts) -> tuple[Worse, ...]:
    """In what the facts are worse; that the account is contained no more is what giving back means."""
    return tuple(worse for worse in what_is_worse(wanted_on, present) if worse is not Worse.NEEDS_TWO)


def _as_read(containment: Containment, after: AfterSteps) -> list[StepResult]:
    """The results, without a failure that the read refutes: the call worked and its answer was lost, and the next one
    was refused. What stood there before is known."""
    account = after.account
    shown = {
        ContainmentStep.DISABLE: isinstance(account, AccountRead) and not account.enabled,
        ContainmentStep.FORWARDING_OFF: after.forwarding is None,
    }
    return [
        replace(result, outcome=StepOutcome.ALREADY_SO, error="", was=result.was or before)
        if result.outcome in HAS_FAILED and shown.get(result.step) and (before := _found(containment, result.step))
        else result
        for result in containment.results
    ]


def _found(containment: Containment, step: ContainmentStep) -> tuple[str, ...]:
    return next((found.was for found in containment.begun if found.step is step), ())


def contained(command: ContainmentCommand) -> dict[str, str]:
    """The facts for the history: which steps, and how they ended."""
    match command:
        case ContainmentRequested(steps=steps):
            return {"steps": ", ".join(step for step in ContainmentStep if step in steps)}
        case ContainmentConfirmed() | ContainmentCancelled():
            return {"steps": "confirmed" if isinstance(command, ContainmentConfirmed) else "cancelled"}
        case ContainmentSigned(items=items):
            return {"signed": str(len(items))}
        case StepsChecked() | PutBackHeld():
            return {"outcome": "checked" if isinstance(command, StepsChecked) else "held"}
        case PutBackRequested(step=step):
            return {"step": step}
        case StepBegun(found=result) | StepTaken(result=result) | StepPutBack(result=result):
            outcome = "begun" if isinstance(command, StepBegun) else str(result.outcome)
            return {"step": result.step, "outcome": outcome, **({"error": result.error} if result.error else {})}
        case _:
            assert_never(command)
