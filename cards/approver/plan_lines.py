"""A plan of containment: in few words where it is confirmed, each rule and address by name; and what each step means,
behind "More"."""

from collections.abc import Iterable, Sequence

from adaptivecards.baseobject import BareObject

from cards.elements import line, run
from cards.text import user_text
from cards.view import View
from services.domain.containment.containment import Containment, ContainmentStep, in_order

STEP_NAMES = {
    ContainmentStep.REVOKE_SESSIONS: "sessions",
    ContainmentStep.NEW_PASSWORD: "password",
    ContainmentStep.RULES_OFF: "rules",
    ContainmentStep.FORWARDING_OFF: "forwarding",
    ContainmentStep.DISABLE: "disable",
}
"""A step as the forms and the catalogue name it."""


def plan_lines(containment: Containment, view: View) -> list[BareObject]:
    """Exactly what would be done, a line for each step."""
    rules, lost = [rule.name for rule in containment.rules], run(f" {view.words('contain.brief.rules_lost')}")
    return [
        line(
            "• ",
            *_brief(step, rules, containment.forwards_to, view),
            *([lost] if step is ContainmentStep.RULES_OFF else []),
            spacing="Small",
        )
        for step in containment.steps
    ]


def plan_line(steps: Iterable[ContainmentStep], rules: Sequence[str], to: str, view: View) -> BareObject:
    """The same in one paragraph."""
    told = [one for step in in_order(steps) for one in (run(" · "), *_brief(step, rules, to, view))]
    return line(run(f"{view.words('contain.again')} ", bold=True), *told[1:], spacing="Small")


def _brief(step: ContainmentStep, rules: Sequence[str], to: str, view: View) -> list[BareObject]:
    """Each rule is a run of its own, so that none is cut off where there is little room."""
    if step is ContainmentStep.RULES_OFF:
        return [run(view.words("contain.brief.rules")), *(run(f" “{user_text(name, 60)}”") for name in rules)]
    if step is ContainmentStep.FORWARDING_OFF:
        return [run(step_sentences(step, [], to, view)[0])]
    return [run(view.words(f"contain.brief.{STEP_NAMES[step]}"))]


def step_sentences(step: ContainmentStep, rules: Sequence[str], to: str, view: View) -> list[str]:
    """The step with what it means for the account's owner; a sentence for each rule."""
    words = view.words
    if step is ContainmentStep.RULES_OFF:
        return [words("contain.rule", name=user_text(name, 60)) for name in rules]
    if step is ContainmentStep.FORWARDING_OFF:
        return [words("contain.forwarding", to=user_text(to, 120) or words("contain.forwarding_unknown"))]
    return [words(f"contain.{STEP_NAMES[step]}")]
