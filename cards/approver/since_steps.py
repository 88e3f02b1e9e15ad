"""What responders changed of what was read before, said beside it: else a card reads as if the steps had failed."""

from cards.view import View
from services.domain.case.case import Case
from services.domain.case.since_steps import password_set, switched_off
from services.domain.containment.containment import StepOutcome
from services.domain.evidence.findings import Finding
from services.domain.proofs.securing import ApprovalCondition


def steps_took_away(case: Case, finding: Finding, view: View) -> str:
    """That what was found is switched off by now; empty where no step did that."""
    result = switched_off(case, finding)
    if result is None:
        return ""
    done = result.outcome is StepOutcome.DONE
    return view.words("evidence.switched_off" if done else "evidence.was_off")


def ground_sentence(case: Case, condition: ApprovalCondition, view: View) -> str:
    """A condition of an approval, in a sentence."""
    if condition is ApprovalCondition.PASSWORD_NOT_PROVEN and password_set(case):
        return view.words("ground.password_set")
    return view.words(f"ground.{condition.name.lower()}")
