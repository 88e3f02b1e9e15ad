"""The one next thing that somebody can do about a case, and with which button; or that there is nothing to do."""

from collections.abc import Callable, Iterator, Mapping

from cards.approver.containment import wants_containment
from cards.approver.still_open import is_not_contained, offers_again
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.status import Status


def next_sentence(case: Case, view: View) -> str:
    """One sentence; its buttons stand on the card of the case."""
    if case.status.is_ended:
        return _ended(case, view)
    if case.is_undecided:
        return next(_undecided(case, view))
    return _BY_STATUS[case.status](case, view)


def _ended(case: Case, view: View) -> str:
    if case.past.followed_by:
        return view.words("next.followed", number=str(case.past.followed_by))
    return view.words("next.ended")


def _undecided(case: Case, view: View) -> Iterator[str]:
    """The first that holds."""
    words, name = view.words, user_text(case.sender.name, 80)
    approve, deny = words("button.approve"), words("button.deny")
    if case.intended:
        yield words("next.checking", button=words("button.take_back"))
    if case.request.sole_approver:
        yield words("next.nobody_left", button=words("button.defender"))
    if case.is_evidence_pending:
        yield words("next.evidence")
    if wants_containment(case) and not case.is_contained:
        yield from _containing(case, view)
    if case.status is Status.NEEDS_INFO:
        yield words("next.reply", name=name, approve=approve, deny=deny)
    if case.first_approval:
        yield words("next.second", approve=approve, deny=deny)
    if case.needs_word and not case.sender.connector_id:
        yield words("next.call", name=user_text(case.sender.account.name, 80), approve=approve, deny=deny)
    yield words("next.decide", approve=approve, deny=deny)


def _containing(case: Case, view: View) -> Iterator[str]:
    """What a responder does next, where responders may contain."""
    words, containment = view.words, case.containment
    if not view.contains or case.sender.connector_id:
        return
    if containment and containment.is_open and containment.confirmed is None:
        yes, no = words("button.contain_confirm"), words("button.contain_cancel")
        yield words("next.confirm", yes=yes, no=no)
    elif containment and containment.results and is_not_contained(case):
        button = "button.contain_again" if offers_again(case) else "button.sign"
        yield words("next.responder", button=words(button))
    elif containment and containment.confirmed:
        yield words("next.contained_soon")
    else:
        yield words("next.responder", button=words("button.contain"))


def _said(name: str, **buttons: str) -> Callable[[Case, View], str]:
    """The sentence of that name, with the sender's name and these buttons."""

    def sentence(case: Case, view: View) -> str:
        filled = {field: view.words(button) for field, button in buttons.items()}
        return view.words(name, name=user_text(case.sender.name, 80), **filled)

    return sentence


def _off_list(case: Case, view: View) -> str:
    return _said("next.watched" if case.sender.connector_id else "next.test", button="button.works")(case, view)


_BY_STATUS: Mapping[Status, Callable[[Case, View], str]] = {
    Status.LOOKING: _said("next.looking"),
    Status.SECURING: _said("next.request", button="button.ask_for"),
    Status.APPROVED: _said("next.unblocking"),
    Status.FAILED: _said("next.failed", retry="button.retry", ticket="button.ticket"),
    Status.UNBLOCKED: _said("next.list"),
    Status.OFF_LIST: _off_list,
    Status.NEEDS_TICKET: _said("next.ticket", support="button.open_support", ticket="button.ticket"),
    Status.WITH_MICROSOFT: _said("next.microsoft", button="button.close"),
    Status.LAGGING: _said("next.test", button="button.works"),
    Status.REPORTED: _said("next.trouble", done="button.done", not_ours="button.not_ours"),
    Status.ASKED_BACK: _said("next.trouble_reply", done="button.done", not_ours="button.not_ours"),
    Status.MENDED: _said("next.test", button="button.works"),
    Status.ESCALATED: _said("next.microsoft_mends", button="button.done"),
}
