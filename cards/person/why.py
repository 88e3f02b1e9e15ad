"""“Why?”: what stops the mail, what the case waits for now, or why it ended. True of the case as it is."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from adaptivecards.baseobject import BareObject

from cards.elements import Card15, execute, line, run, to_json
from cards.person.answers import how_long_lines, why_denied
from cards.restriction import cause_sentence
from cards.text import user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.untold import is_untold

_ASKED_WITHIN = timedelta(days=7)
"""So long "why?" is about a case that ended: later a look says more."""


def why(case: Case | None, view: View) -> Card | None:
    """Why the case is where it is; `None` where a look says more, or the case's own card says all that there is."""
    if case is None or case.trouble or is_untold(case):
        return None
    if case.status is Status.DENIED:
        return why_denied(case, view)
    if case.status.is_ended and view.now - (case.ended_at or case.opened_at) > _ASKED_WITHIN:
        return None
    said = _REASONS[case.status](case, view)
    if not said:
        return None
    stops = [] if case.status.is_ended else _what_stops(case, view)
    title = view.words("say.why")
    return to_json(Card15(body=[*stops, *said], actions=_buttons(case, view), fallback=title, speak=title))


def _what_stops(case: Case, view: View) -> list[BareObject]:
    return [line(run(cause_sentence(case.restriction, view), bold=True))] if case.restriction else []


def _buttons(case: Case, view: View) -> list[BareObject]:
    button = "look" if case.status.is_ended else "status"
    return [execute(view.words(f"say.button.{button}"), f"wish_{button}")]


def _stage(case: Case, view: View) -> list[BareObject]:
    """Before a decision: why somebody looks at it at all."""
    return [line(view.words(f"say.why.{case.status.name.lower()}"))]


def _waiting(case: Case, view: View) -> list[BareObject]:
    held_up = [line(view.words("person.held_up"))] if case.request.is_held_up else []
    return [*_stage(case, view), *how_long_lines(case, view), *held_up]


def _looking(case: Case, view: View) -> list[BareObject]:
    if case.look_failed is None:
        return _as_its_card(case, view)
    reason = view.words(f"why_not.{case.look_failed.name.lower()}")
    return [line(view.words("person.could_not_look", why=reason)), line(view.words("person.keeps_looking"))]


def _as_its_card(case: Case, view: View) -> list[BareObject]:
    return [line(view.words(f"person.lead.{case.status.name.lower()}"))]


def _with_microsoft(case: Case, view: View) -> list[BareObject]:
    return [line(view.words("person.lead.with_microsoft", ticket=user_text(case.ticket or "", 100)))]


def _expired(case: Case, view: View) -> list[BareObject]:
    return [line(view.words("person.lead.expired" if case.request.sent_at else "person.lead.expired_unsent"))]


def _closed(case: Case, view: View) -> list[BareObject]:
    """The admin's reason is for admins; who tells more is."""
    helpdesk = user_text(view.links.helpdesk, 200) if view.links.helpdesk else view.words("helpdesk.unnamed")
    return [*_as_its_card(case, view), line(view.words("say.human", helpdesk=helpdesk))]


def _nothing(case: Case, view: View) -> list[BareObject]:
    del case, view
    return []


_REASONS: Mapping[Status, Callable[[Case, View], list[BareObject]]] = {
    Status.LOOKING: _looking,
    Status.SECURING: _stage,
    Status.WAITING: _waiting,
    Status.NEEDS_INFO: _stage,
    Status.APPROVED: how_long_lines,
    Status.FAILED: _as_its_card,
    Status.UNBLOCKED: how_long_lines,
    Status.OFF_LIST: how_long_lines,
    Status.NEEDS_TICKET: _as_its_card,
    Status.WITH_MICROSOFT: _with_microsoft,
    Status.WORKS: _as_its_card,
    Status.ALREADY_LIFTED: _as_its_card,
    Status.CLOSED_UNCONFIRMED: _as_its_card,
    Status.CLOSED: _closed,
    Status.WITHDRAWN: _as_its_card,
    Status.EXPIRED: _expired,
    Status.RELAPSED: _as_its_card,
    Status.NOT_RESTRICTED: _nothing,
}
