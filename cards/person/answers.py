"""Answers to what a person asks in words of their own. Each is true of their case as it is now."""

from collections.abc import Callable, Mapping

from adaptivecards.baseobject import BareObject

from cards.elements import Card15, execute, line, link, timed_line, to_json
from cards.notices import one_line
from cards.restriction import cause_sentence
from cards.text import hour, moment, user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.untold import is_untold
from services.domain.intent import Guess
from services.domain.wishes.topic import Topic

OFFERED = (
    *(Topic.LOOK, Topic.STATUS, Topic.HELP, Topic.THANKS, Topic.TIME, Topic.WHO, Topic.HACKED, Topic.WHY),
    *(Topic.HUMAN, Topic.COLLEAGUE, Topic.LANGUAGE, Topic.OFFTOPIC),
)
"""Wishes that may stand on a button of their own: none of them changes a case that is under way."""
WISH_VERBS: Mapping[str, Topic] = {f"wish_{topic}": topic for topic in OFFERED}


def thanks(case: Case | None, view: View) -> Card:
    """A friendly word, and what can be written while a case is open."""
    return one_line(view.words("say.thanks_open" if case and not case.status.is_ended else "say.thanks"))


def how_long(case: Case | None, view: View) -> Card:
    """An honest clock: what is known of the stage the case is in."""
    words = view.words
    if case is None or is_untold(case) or case.status.is_ended:
        return one_line(words("say.time"))
    if case.status not in _TIMES:
        return one_line(words("say.time.before"))
    why = [line(words("say.why.waiting"))] if case.status is Status.WAITING else []
    return _card(words("say.time"), [*how_long_lines(case, view), *why])


def how_long_lines(case: Case, view: View) -> list[BareObject]:
    """The clock of the stage that an open case is in; empty before it runs."""
    told = _TIMES.get(case.status)
    lines: list[BareObject] = [told(case, view)] if told else []
    lifts = case.restriction.lifts_at(view.now) if case.restriction and case.status is Status.WAITING else None
    if lifts:
        lines.append(timed_line(view.words.timed("say.time.lifts", when=hour(lifts))))
    return lines


def _since_sent(case: Case, view: View) -> BareObject:
    return timed_line(view.words.timed("say.time.waiting", when=moment(case.request.sent_at or case.opened_at)))


def _since_approved(case: Case, view: View) -> BareObject:
    when = moment(case.decision.at if case.decision else view.now)
    return timed_line(view.words.timed("say.time.approved", when=when))


def _off_list(case: Case, view: View) -> BareObject:
    return timed_line(view.words.timed("say.time.off_list", when=moment(case.list_reads.off_list_at or view.now)))


def _with_others(case: Case, view: View) -> BareObject:
    return line(view.words(f"say.time.{case.status.name.lower()}"))


_TIMES: Mapping[Status, Callable[[Case, View], BareObject]] = {
    Status.WAITING: _since_sent,
    Status.NEEDS_INFO: _with_others,
    Status.APPROVED: _since_approved,
    Status.UNBLOCKED: _since_approved,
    Status.OFF_LIST: _off_list,
    Status.FAILED: _with_others,
    Status.NEEDS_TICKET: _with_others,
    Status.WITH_MICROSOFT: _with_others,
}


def who_decides(case: Case | None, view: View) -> Card:
    """The admins in their channel; no names."""
    waits = case is not None and case.status in (Status.WAITING, Status.NEEDS_INFO)
    return one_line(view.words("say.who_waiting" if waits else "say.who"))


def hacked(case: Case | None, view: View) -> Card:
    """What is known, and what makes the account safe; whether it was stolen is not for this chat to say, which the
    intruder may be reading."""
    words, title = view.words, view.words("say.hacked")
    known = case is not None and not case.status.is_ended and not is_untold(case)
    why = [line(cause_sentence(case.restriction, view))] if case and known and case.restriction else []
    lines = [line(title), *why, line(words("say.hacked.steps", helpdesk=_helpdesk(view)))]
    buttons = [
        link(words("button.open_reset"), view.links.password_reset),
        link(words("button.open_security_info"), view.links.security_info),
        *([] if case and not case.status.is_ended else [execute(words("say.button.look"), "wish_look")]),
    ]
    return _card(title, lines, buttons)


def helpdesk(case: Case | None, view: View) -> Card:
    """Where people are, and that a case is in people's hands already."""
    sentence = view.words("say.human", helpdesk=_helpdesk(view))
    waits = case is not None and not case.status.is_ended and case.request.sent_at is not None
    more = [line(view.words("say.human_case", number=str(case.number)))] if case and waits else []
    return _card(sentence, [line(sentence), *more])


def colleague(case: Case | None, view: View) -> Card:
    """The bot acts for whoever writes, and for nobody else."""
    del case
    return one_line(view.words("say.colleague", helpdesk=_helpdesk(view)))


def offtopic(case: Case | None, view: View) -> Card:
    """What the bot is for, one click from it."""
    words, title = view.words, view.words("say.offtopic")
    is_open = case is not None and not case.status.is_ended
    button = execute(words("say.button.status"), "wish_status") if is_open else None
    buttons = [button] if button else [execute(words("say.button.look"), "wish_look")]
    return _card(title, [line(title)], [*buttons, execute(words("say.button.help"), "wish_help")])


def why_denied(case: Case, view: View) -> Card:
    """The admins' reason once more, and what would change it."""
    words, title = view.words, view.words("say.why_denied")
    reason = case.decision.reason if case.decision else ""
    lines = [line(title), line(user_text(reason))] if reason else [line(words("person.lead.denied_without_words"))]
    lines.append(line(words("person.what_would_change")))
    again = (case.ended_at or view.now) + view.timing.ask_again_after
    if view.now < again:
        lines.append(timed_line(words.timed("person.ask_again_from", when=hour(again))))
    return _card(title, [*lines, line(words("say.human", helpdesk=_helpdesk(view)))])


def which(guess: Guess, view: View) -> Card:
    """The two likeliest wishes."""
    title = view.words("say.which")
    buttons = [
        execute(view.words(f"say.button.{topic}"), f"wish_{topic}")
        for topic in dict.fromkeys((guess.likeliest, guess.other))
        if topic in OFFERED
    ]
    return _card(title, [line(title)], buttons)


def really_withdraw(case: Case, view: View) -> Card:
    """Before a request is taken back on words that may have meant something else."""
    title = view.words("say.really_withdraw", number=str(case.number))
    buttons = [
        execute(view.words("button.withdraw"), "withdraw", case.number),
        execute(view.words("say.button.status"), "wish_status"),
    ]
    return _card(title, [line(title)], buttons)


def does_it_work(case: Case, view: View) -> Card:
    """Before a case ends, or is taken up again, on words that may have meant something else."""
    title = view.words("say.does_it_work", number=str(case.number))
    buttons = [
        execute(view.words("button.works"), "works", case.number, style="positive"),
        execute(view.words("button.bouncing"), "bouncing", case.number),
    ]
    return _card(title, [line(title)], buttons)


def _helpdesk(view: View) -> str:
    return user_text(view.links.helpdesk, 200) if view.links.helpdesk else view.words("helpdesk.unnamed")


def _card(title: str, body: list[BareObject], buttons: list[BareObject] | None = None) -> Card:
    return to_json(Card15(body=body, actions=buttons, fallback=title, speak=title))
