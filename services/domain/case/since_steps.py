"""What the steps of a containment changed of what was read before them. Facts and alarms stay as they are: it is said
beside them, or the card reads as if the steps had failed."""

from services.domain.case.case import Case
from services.domain.case.episode import alarm_of
from services.domain.containment.after_steps import AfterSteps
from services.domain.containment.containment import Containment, ContainmentStep, StepResult
from services.domain.containment.found_again import was_switched_off
from services.domain.containment.transitions import contained_account
from services.domain.evidence.findings import Finding, Found
from services.domain.evidence.report import Forwarding
from services.domain.proofs.securing import PasswordFinding
from services.domain.unknown import Unknown

_STEPS = {
    Found.FORWARDED_OUTSIDE: ContainmentStep.FORWARDING_OFF,
    Found.RULE_SENDS_OUTSIDE: ContainmentStep.RULES_OFF,
    Found.RULE_HIDES: ContainmentStep.RULES_OFF,
}
_NOT_SHOWN = (PasswordFinding.CHANGED_BEFORE, PasswordFinding.NOT_CHECKED)


def switched_off(case: Case, finding: Finding) -> StepResult | None:
    """The step that took away what was found, while that holds; `None` where no step did, or it was seen since."""
    containment = _of_this_account(case)
    step = _STEPS.get(finding.found) if finding.found else None
    if containment is None or step is None or finding.account or finding.after_steps:
        return None
    if not was_switched_off(finding, containment) or _is_seen_since(case, containment, finding):
        return None
    return containment.result_of(step)


def password_set(case: Case) -> StepResult | None:
    """The step that set another password than the one that the asker's proof speaks of; `None` where none did, or the
    proof shows what came of it."""
    containment = _of_this_account(case)
    if containment is None or case.sender.account.person != case.sender.person:
        return None
    if case.proofs.password.finding not in _NOT_SHOWN or not containment.holds(ContainmentStep.NEW_PASSWORD):
        return None
    return containment.result_of(ContainmentStep.NEW_PASSWORD)


def _of_this_account(case: Case) -> Containment | None:
    is_own = contained_account(case).person == case.sender.account.person
    return case.containment if is_own else None


def _is_seen_since(case: Case, containment: Containment, finding: Finding) -> bool:
    """Whether what was read after the steps shows it."""
    report, ended_at = case.evidence, containment.steps_ended_at
    if containment.after and _shows(containment.after, finding):
        return True
    is_later = report is not None and ended_at is not None and report.read_from > ended_at
    return is_later and alarm_of(finding) in {alarm_of(one) for one in case.judgement.findings if one.found}


def _shows(after: AfterSteps, finding: Finding) -> bool:
    if finding.found is Found.FORWARDED_OUTSIDE:
        return isinstance(after.forwarding, Forwarding) and after.forwarding.to in finding.names
    rules = () if isinstance(after.rules, Unknown) else after.rules
    return any(rule.enabled and rule.name == finding.names[0] for rule in rules)
