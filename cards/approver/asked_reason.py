"""The form that asks for what a typed command lacks: its reason."""

from collections.abc import Callable, Mapping

from adaptivecards.baseobject import BareObject

from cards.approver.buttons import deny_parts
from cards.approver.stop import stop_parts
from cards.elements import Card15, heading, to_json
from cards.fit import bounded
from cards.text import user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case

_PARTS: Mapping[str, Callable[[Case, View], tuple[list[BareObject], BareObject]]] = {
    "deny": deny_parts,
    "stop": stop_parts,
}
ASKED_FOR = frozenset(_PARTS)
"""The typed commands whose reason is asked for. An approval is given on the case's own card, which shows the facts."""


def reason_card(case: Case, verb: str, view: View) -> Card:
    """The same fields as on the case's card, open: whoever may decide fills them in."""
    view = view.about(case)
    title = view.words(f"asked_reason.{verb}", number=str(case.number), name=user_text(case.sender.name, 80))
    fields, submit = _PARTS[verb](case, view)
    return bounded(to_json(Card15(body=[heading(title), *fields], actions=[submit], fallback=title, speak=title)))
