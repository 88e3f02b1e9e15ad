"""What came of the steps of a containment, each with its own result, and what can be put back."""

from adaptivecards.baseobject import BareObject

from cards.approver.plan_lines import STEP_NAMES, step_sentences
from cards.approver.still_open import is_not_contained, more_open, ways_back
from cards.elements import actions, line, named_number, quiet_execute, run
from cards.facts import worse_sentences
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.containment.containment import HAS_FAILED, Containment, ContainmentStep, StepOutcome, StepResult

PLAN, FACTS = "plan", "facts"
"""What a button names: the plan, and the facts, that its card showed."""
AS_WANTED = (StepOutcome.DONE, StepOutcome.ALREADY_SO)
_MARKS = {
    StepOutcome.DONE: ("✔", "Good"),
    StepOutcome.ALREADY_SO: ("✔", "Good"),
    StepOutcome.FAILED: ("✖", "Attention"),
    StepOutcome.ON_PREMISES: ("↗", "Warning"),
    StepOutcome.UNCLEAR: ("?", "Attention"),
}


def containment_details(case: Case, view: View) -> list[BareObject]:
    """What each step means that is planned; else its own result, how the account's owner gets in again, and what can be
    put back."""
    containment = case.containment
    if containment is None:
        return []
    lines = _planned(case, containment, view)
    if is_not_contained(case):
        by = view.words("contain.steps_by", **said_yes(containment, view))
        lines += [line(by, spacing="Small"), *more_open(case, view)]
    if containment.results:
        lines += [*_results(containment, view), *ways_back(case, view), *_put_back(case, containment, view)]
    title = line(run(view.words("contain.steps_title"), bold=True), separator=True)
    return [title, *lines] if lines else []


def said_yes(containment: Containment, view: View) -> dict[str, object]:
    """Who answers for the steps, and since when."""
    mark = containment.confirmed or containment.confirmed_before or containment.requested
    return {"name": user_text(mark.name, 80), "when": view.brief(mark.at)}


def _planned(case: Case, containment: Containment, view: View) -> list[BareObject]:
    """A plan that waits for its yes, and how to type that."""
    if containment.confirmed is not None or not containment.steps:
        return []
    rules = [rule.name for rule in containment.rules]
    said = [one for step in containment.steps for one in step_sentences(step, rules, containment.forwards_to, view)]
    if ContainmentStep.RULES_OFF in containment.steps:
        said.append(view.words("contain.rules_lost"))
    typed = view.words("contain.typed_yes", number=str(case.number), plan=str(containment.number))
    return [
        *(line(f"• {one}", spacing="Small") for one in said),
        line(run(typed, subtle=True), spacing="Small"),
    ]


def _put_back(case: Case, containment: Containment, view: View) -> list[BareObject]:
    shown = {
        **named_number(PLAN, containment.number),
        **(named_number(FACTS, case.facts[-1].number) if case.facts else {}),
    }
    back = [
        quiet_execute(_back_title(step, view), f"put_back_{STEP_NAMES[step]}", case.number, shown=shown)
        for step in containment.can_be_put_back
    ]
    return [actions(*back)] if back else []


def coming_back(case: Case, containment: Containment, view: View) -> list[BareObject]:
    """What is wanted back, waits for something, or was not put back."""
    wanted = [
        view.words("contain.back_two", name=user_text(one.wanted.name, 80), what=_back_title(one.step, view))
        for one in containment.wanted_back
    ]
    coming = [_waits(step, view) for step in containment.putting_back] if case.is_evidence_pending else []
    failed = [_back(back, view) for back in containment.put_back if back.outcome in HAS_FAILED]
    return [*_not_put_back(containment, view), *failed, *(line(run(f"👥 {one}")) for one in wanted), *coming]


def _waits(step: ContainmentStep, view: View) -> BareObject:
    return line(run(f"… {view.words('contain.back_waits', what=_back_title(step, view))}", subtle=True))


def _not_put_back(containment: Containment, view: View) -> list[BareObject]:
    if not containment.not_put_back:
        return []
    said = " ".join([view.words("contain.not_put_back"), *worse_sentences(containment.not_put_back, view)])
    return [line(run(f"⚠️ {said}", bold=True, color="Attention"), spacing="Small")]


def _back_title(step: ContainmentStep, view: View) -> str:
    return view.words(f"button.put_back.{STEP_NAMES[step]}")


def _results(containment: Containment, view: View) -> list[BareObject]:
    lines: list[BareObject] = []
    for result in containment.results:
        if result.outcome not in AS_WANTED:
            continue  # what failed is seen at once
        lines.append(result_line(result, containment, view))
        if (back := containment.undone(result.step)) is not None and back.outcome not in HAS_FAILED:
            lines.append(_back(back, view))
    return lines


def result_line(result: StepResult, containment: Containment, view: View) -> BareObject:
    icon, color = _MARKS[result.outcome]
    label = view.words(f"contain.step.{STEP_NAMES[result.step]}")
    if result.outcome is StepOutcome.ON_PREMISES:
        said = view.words(f"contain.there.{STEP_NAMES[result.step]}")
    elif result.outcome is StepOutcome.FAILED:
        said = view.words("contain.failed", error=user_text(result.error, 300))
    elif result.outcome is StepOutcome.UNCLEAR:
        said = view.words("contain.unclear")
    else:
        said = view.words("contain.done_so" if result.outcome is StepOutcome.DONE else "contain.already_so")
    names = ", ".join(user_text(rule.name, 40) for rule in containment.rules)
    what = f" ({names})" if result.step is ContainmentStep.RULES_OFF and names else ""
    return line(run(f"{icon} {label}{what}  ", bold=True, color=color), said, spacing="Small")


def _back(result: StepResult, view: View) -> BareObject:
    if result.outcome in HAS_FAILED:
        error = user_text(result.error, 300) or view.words("contain.unclear")
        said = view.words("contain.back_failed", error=error)
        return line(run(f"↩ {said}", color="Attention"), spacing="None")
    return line(run(f"↩ {view.words('contain.back')}", subtle=True), spacing="None")
