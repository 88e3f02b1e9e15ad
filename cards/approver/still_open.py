"""After the steps of a containment: whether the account is contained, what stands in the way, who answers for it."""

from collections.abc import Callable, Mapping, Sequence

from adaptivecards.baseobject import BareObject

from cards.asked_again import Fields
from cards.elements import Inputs, actions, choice, execute, form, is_ticked, line, quiet_execute, run, text_input
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.transition import Refusal
from services.domain.case.user_text import TEXT_AT_MOST
from services.domain.case.workflow import Actor, Verb, allows
from services.domain.containment.commands import ContainmentSigned
from services.domain.containment.containment import ContainmentStep, StepOutcome
from services.domain.containment.open_items import OpenItem, OpenKind, steps_against
from services.domain.people import TeamsUser

_ITEM, _REASON = "open:", "sign_reason"
"""Before an item's id in the form, and the field of the reason."""
_SEEN, _SHOWN = 2, 6
"""Of what stands in the way: at once, and in all."""

Again = Callable[[frozenset[ContainmentStep], frozenset[str]], tuple[BareObject, Mapping[str, str]]]
"""What would be done by these steps, and what a button says that wants it."""


def standing_lines(case: Case, view: View, again: Again) -> list[BareObject]:
    """Contained; being read; or each thing that stands in the way, with what may be done about it."""
    words, containment = view.words, case.containment
    if containment is None or containment.is_under_way or not containment.results:
        return []
    if case.is_contained and containment.after:
        return [
            line(
                run(f"✔ {words('contain.is_so', when=view.brief(containment.after.read_at))}", bold=True, color="Good")
            )
        ]
    items = case.still_open
    if not is_not_contained(case):
        return [line(run(f"… {words('contain.reading')}", subtle=True), spacing="Small")]
    left = len(items) - _SEEN
    more = [line(run(words.count("contain.more_open", left), subtle=True), spacing="Small")] if left > 0 else []
    return [
        line(run(f"⚠️ {words('contain.not_so')}", bold=True, color="Attention")),
        *_listed(items[:_SEEN], view),
        *more,
        *_next(case, items, view, again),
    ]


def is_not_contained(case: Case) -> bool:
    """Whether the account was read after the steps, and is not contained."""
    containment = case.containment
    if containment is None or containment.is_under_way or not containment.results or case.is_contained:
        return False
    return not any(item.kind is OpenKind.NOT_READ_YET for item in case.still_open)


def offers_again(case: Case) -> bool:
    """Whether the next plan is one click away: then it stands in place of the form that asks for one."""
    return is_not_contained(case) and bool(steps_against(case.still_open)[0])


def more_open(case: Case, view: View) -> list[BareObject]:
    """What stands in the way besides, and how much of it is not listed."""
    left = len(case.still_open) - _SHOWN
    return [*_listed(case.still_open[_SEEN:_SHOWN], view), *([line(f"(+{left})", spacing="Small")] if left > 0 else [])]


def _listed(items: Sequence[OpenItem], view: View) -> list[BareObject]:
    return [line(f"• {_sentence(item, view)}", spacing="Small") for item in items]


def ways_back(case: Case, view: View) -> list[BareObject]:
    """How the person gets in again, once nobody knows their password."""
    result = case.containment.result_of(ContainmentStep.NEW_PASSWORD) if case.containment else None
    if result is None or result.outcome is not StepOutcome.DONE:
        return []
    said = [view.words("contain.ways_back")]
    if view.links.helpdesk:
        said.append(view.words("contain.ways_back.helpdesk", contact=user_text(view.links.helpdesk, 120)))
    return [line(run(f"🔑 {' '.join(said)}", subtle=True), spacing="Small")]


def _next(case: Case, items: Sequence[OpenItem], view: View, again: Again) -> list[BareObject]:
    """The next plan, one click away, and the form to answer for what no step closes."""
    if not (view.contains and allows(case.status, Actor.RESPONDER, Verb.CONTAIN)):
        return []
    words, lines, buttons = view.words, [], []
    steps, rules = steps_against(items)
    if steps:
        plan, inputs = again(steps, rules)
        lines = [plan]
        title = words("button.contain_again")
        buttons.append(quiet_execute(title, "contain_again", case.number, style="destructive", shown=inputs))
    if signable := [item for item in items if item.may_be_signed][:_SHOWN]:
        buttons.append(_sign_form(case, signable, view))
    return [*lines, *([actions(*buttons)] if buttons else [])]


def _sign_form(case: Case, items: Sequence[OpenItem], view: View) -> BareObject:
    words = view.words
    fields = [
        line(words("contain.sign_lead")),
        *(choice(f"{_ITEM}{item.id}", _sentence(item, view)) for item in items),
        text_input(
            _REASON, words("input.sign_reason"), error=words("input.reason.missing"), most=TEXT_AT_MOST, multiline=True
        ),
    ]
    submit = execute(words("button.sign_yes"), "contain_sign", case.number)
    return form(words("button.sign"), fields, submit)


def read_signing(by: TeamsUser, inputs: Inputs) -> ContainmentSigned:
    """What the form says that answers for what stands in the way."""
    named = (name.removeprefix(_ITEM) for name in inputs if name.startswith(_ITEM))
    items = frozenset(item for item in named if is_ticked(inputs, _ITEM + item))
    return ContainmentSigned(by=by, items=items, reason=inputs.get(_REASON, ""))


FIELDS: Fields = {"contain_sign": {Refusal.NOTHING_TO_SIGN: _ITEM, Refusal.REASON_NEEDED: _REASON}}


def _sentence(item: OpenItem, view: View) -> str:
    words = view.words
    if item.not_checked:
        why = words(f"why_not.{item.not_checked.name.lower()}")
        return words("open.not_checked", what=words(f"open.topic.{item.kind.name.lower()}"), why=why)
    names = ", ".join(user_text(name, 60) for name in item.names[:2]) or "–"
    if item.kind is OpenKind.METHOD:
        names = words(f"method.{item.names[0]}")
    when = view.brief(item.at) if item.at else words("time.unknown")
    return words(f"open.{item.kind.name.lower()}", names=names, when=when)
