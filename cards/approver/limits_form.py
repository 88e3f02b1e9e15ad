"""The form in which an approver asks for other sending limits, drawn and read."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from adaptivecards.baseobject import BareObject

from cards.elements import Inputs, Reader, WrongField, choice_input, execute, form, line, run, text_input
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.transition import Refusal, Refused
from services.domain.limits.asked import STRATEGIES, read_asked_limit, read_group
from services.domain.limits.change import OVER, AskedLimits, Stage
from services.domain.limits.commands import LimitsRequested
from services.domain.limits.transitions import may_have_other_limits
from services.domain.people import TeamsUser
from services.domain.restriction import Cause

T = TypeVar("T")

_STRATEGY, _GROUP, _KEEP_FOR = "way", "limit_group", "keep_for"
_LIMITS = {"external": "limit_external", "internal": "limit_internal", "day": "limit_day"}
"""The names of the fields: a card that was posted long ago sends them too."""
_DAYS = {"0": None, "7": timedelta(days=7), "30": timedelta(days=30), "90": timedelta(days=90)}


def limits_form(case: Case, view: View) -> list[BareObject]:
    """The button with its form: for an honest sender who reached a policy's limit, while nothing is planned."""
    change = case.limit_change
    limited = case.restriction is not None and case.restriction.cause is Cause.POLICY_LIMIT
    if not limited or not may_have_other_limits(case) or (change and change.stage not in OVER | {Stage.PROPOSED}):
        return []
    words = view.words
    fields = [
        line(words("limits.lead")),
        choice_input(_STRATEGY, words("limits.way"), _ways(view), error=words("limits.way.missing"), value="own"),
        *(text_input(field, words(f"limits.field.{name}"), most=12, digits=True) for name, field in _LIMITS.items()),
        line(run(words("limits.zero"), subtle=True), spacing="Small"),
        text_input(_GROUP, words("limits.field.group"), most=254),
        choice_input(_KEEP_FOR, words("limits.keep_for"), _ends(view), error=words("limits.way.missing"), value="0"),
    ]
    return [form(words("button.limits"), fields, execute(words("button.limits_next"), "limits", case.number))]


def _ways(view: View) -> dict[str, str]:
    return {name: view.words(f"limits.way.{name}") for name in STRATEGIES}


def _ends(view: View) -> dict[str, str]:
    return {days: view.words(f"limits.keep_for.{days}") for days in _DAYS}


def _read_limits_form(by: TeamsUser, inputs: Inputs) -> LimitsRequested:
    """What the form says. A field left empty keeps what the sender has now; with all of them empty Sendwell suggests.

    Raises:
        WrongField: it is not understood.
    """
    strategy, days = STRATEGIES.get(inputs.get(_STRATEGY, "own")), inputs.get(_KEEP_FOR) or "0"
    if strategy is None:
        raise WrongField(Refusal.NOT_UNDERSTOOD, field=_STRATEGY)
    if days not in _DAYS:
        raise WrongField(Refusal.NOT_UNDERSTOOD, field=_KEEP_FOR)
    wrong: dict[str, Refusal] = {}
    external, internal, day = (_read(inputs, field, read_asked_limit, wrong) for field in _LIMITS.values())
    group = _read(inputs, _GROUP, lambda text: read_group(text, strategy), wrong)
    if wrong:
        (field, refusal), *others = wrong.items()
        raise WrongField(refusal, field=field, others=dict(others))
    asked = AskedLimits(external_per_hour=external, internal_per_hour=internal, per_day=day)
    return LimitsRequested(by=by, strategy=strategy, asked=asked, group=group or "", keep_for=_DAYS[days])


def _read(inputs: Inputs, field: str, read: Callable[[str], T], wrong: dict[str, Refusal]) -> T | None:
    """What the field says; `None`, and why in `wrong`, where it is not understood."""
    try:
        return read(inputs.get(field, ""))
    except Refused as refused:
        wrong[field] = refused.refusal
        return None


READERS: Mapping[str, Reader] = {"limits": _read_limits_form}
"""The button drawn here, by the verb that its card carries."""
