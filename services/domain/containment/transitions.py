"""Containing an account: requested, confirmed, taken step by step, put back one by one."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from services.domain.case.case import Case
from services.domain.case.transition import NO_MESSAGE, TELL_APPROVERS, CaseAndEffects, Refusal, Refused
from services.domain.containment.commands import (
    ByResponder,
    ContainmentCancelled,
    ContainmentCommand,
    ContainmentConfirmed,
    ContainmentRequested,
    PutBackRequested,
    StepBegun,
    StepPutBack,
    StepTaken,
)
from services.domain.containment.containment import Containment, ContainmentStep, NamedRule, StepOutcome, StepResult
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
        return replace(case, containment=wanted), TELL_APPROVERS if wanted.privileged else NO_MESSAGE
    if case.containment is None:
        raise Refused(Refusal.NOT_NOW)
    after = _after(case.containment, command, now)
    failed = isinstance(command, StepTaken | StepPutBack) and command.result.outcome is StepOutcome.FAILED
    return replace(case, containment=after), TELL_APPROVERS if failed else NO_MESSAGE


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
    """The enabled inbox rules that the evidence names."""
    rules = case.evidence.rules if case.evidence else ()
    return () if isinstance(rules, Unknown) else tuple(rule for rule in rules if rule.enabled)


def forwards_to(case: Case) -> str:
    """The address that the mailbox forwards to, as the evidence says; empty if it forwards to none."""
    forwarding = case.evidence.forwarding if case.evidence else None
    return "" if forwarding is None or isinstance(forwarding, Unknown) else forwarding.to


def _wanted(case: Case, command: ContainmentRequested, now: datetime) -> Containment:
    former = case.containment
    if case.sender.connector_id or (former and former.is_under_way):
        raise Refused(Refusal.NOT_NOW)
    account = account_in(case, command.account)
    if account is None:
        raise Refused(Refusal.ACCOUNT_NEEDED)
    if account.person == command.by.id:
        raise Refused(Refusal.OWN_CASE)
    if former and former.results and account.person != contained_account(case).person:
        raise Refused(Refusal.ANOTHER_ACCOUNT)
    rules = tuple(
        NamedRule(id=rule.id, name=rule.name) for rule in rules_to_switch_off(case) if rule.id in command.rules
    )
    steps = tuple(
        step for step in ContainmentStep if step in command.steps and (rules or step is not ContainmentStep.RULES_OFF)
    )
    if not steps:
        raise Refused(Refusal.NO_STEP_CHOSEN)
    return Containment(
        requested=SignOff(by=command.by.id, name=command.by.name, at=now),
        account=None if account.person == case.sender.person else account,
        number=former.number + 1 if former else 1,
        steps=steps,
        rules=rules,
        forwards_to=forwards_to(case),
        privileged=command.privileged or command.unsure,
        unsure=command.unsure,
        results=_others(former.results, steps) if former else (),
        put_back=_others(former.put_back, steps) if former else (),
    )


def _others(results: tuple[StepResult, ...], steps: tuple[ContainmentStep, ...]) -> tuple[StepResult, ...]:
    """The results of an earlier containment, without those of the steps that are taken again."""
    return tuple(result for result in results if result.step not in steps)


def _after(containment: Containment, command: ContainmentCommand, now: datetime) -> Containment:
    match command:
        case ContainmentRequested():
            raise AssertionError("planned before")
        case ContainmentConfirmed():
            return _confirmed(containment, command, now)
        case ContainmentCancelled():
            if containment.confirmed is not None:
                raise Refused(Refusal.NOT_NOW)
            return replace(containment, steps=(), rules=())
        case PutBackRequested(step=step):
            if step not in containment.can_be_put_back:
                raise Refused(Refusal.NOT_NOW)
            return replace(containment, putting_back=(*containment.putting_back, step))
        case StepBegun(found=found):
            return replace(containment, begun=(*containment.begun, found))
        case StepTaken(result=result):
            return replace(containment, results=(*containment.results, _with_was(containment, result)))
        case StepPutBack(result=result):
            left = tuple(step for step in containment.putting_back if step is not result.step)
            others = tuple(one for one in containment.put_back if one.step is not result.step)
            return replace(containment, putting_back=left, put_back=(*others, result))
        case _:
            assert_never(command)


def _confirmed(containment: Containment, command: ContainmentConfirmed, now: datetime) -> Containment:
    if containment.confirmed is not None:
        raise Refused(Refusal.NOT_NOW)
    if command.plan is not None and command.plan != containment.number:
        raise Refused(Refusal.PLAN_CHANGED)
    if containment.privileged and command.by.id == containment.requested.by:
        raise Refused(Refusal.SECOND_RESPONDER_NEEDED)
    return replace(containment, confirmed=SignOff(by=command.by.id, name=command.by.name, at=now))


def _with_was(containment: Containment, result: StepResult) -> StepResult:
    """The result with the state before the step. A step that is repeated because its first response was lost finds
    everything done already; the state saved before the first try is the right one then."""
    before = next((found.was for found in containment.begun if found.step is result.step), ())
    return replace(result, was=result.was or before)


def contained(command: ContainmentCommand) -> dict[str, str]:
    """The facts for the history: which steps, and how they ended."""
    match command:
        case ContainmentRequested(steps=steps):
            return {"steps": ", ".join(step for step in ContainmentStep if step in steps)}
        case ContainmentConfirmed() | ContainmentCancelled():
            return {"steps": "confirmed" if isinstance(command, ContainmentConfirmed) else "cancelled"}
        case PutBackRequested(step=step):
            return {"step": step}
        case StepBegun(found=result) | StepTaken(result=result) | StepPutBack(result=result):
            outcome = "begun" if isinstance(command, StepBegun) else str(result.outcome)
            return {"step": result.step, "outcome": outcome, **({"error": result.error} if result.error else {})}
        case _:
            assert_never(command)
