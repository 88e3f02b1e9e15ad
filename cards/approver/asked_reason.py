"""The form that asks for what a typed command lacks: its reason, or word by another route."""

from collections.abc import Callable, Mapping

from adaptivecards.baseobject import BareObject

from cards.approver.buttons import approve_parts, deny_parts
from cards.approver.stop import stop_parts
from cards.elements import Card15, heading, to_json
from cards.fit import bounded
from cards.text import user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.transition import Refusal

_LACKING = frozenset({Refusal.REASON_NEEDED, Refusal.ANOTHER_ROUTE_NEEDED, Refusal.CALL_CODE_NEEDED})
_PARTS: Mapping[str, Callable[[Case, View, int | None], tuple[list[BareObject], BareObject]]] = {
    "approve": approve_parts,
    "deny": lambda case, view, _: deny_parts(case, view),
    "stop": lambda case, view, _: stop_parts(case, view),
}


def asks_for_more(verb: str, refusal: Refusal) -> bool:
    """Whether a typed command lacks only what its form asks for."""
    return verb in _PARTS and refusal in _LACKING


def reason_card(case: Case, verb: str, view: View, *, facts: int | None = None) -> Card:
    """The same fields as on the case's card, open: whoever may decide fills them in. `facts` are the number of those
    that the channel shows, of which an approval speaks."""
    view = view.about(case)
    title = view.words(f"asked_reason.{verb}", number=str(case.number), name=user_text(case.sender.name, 80))
    fields, submit = _PARTS[verb](case, view, facts)
    return bounded(to_json(Card15(body=[heading(title), *fields], actions=[submit], fallback=title, speak=title)))
