"""Cards that stand for no single case: answers, help, lists, one-line notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from adaptivecards.baseobject import BareObject

from cards.bounce import bounce_lines, report_buttons
from cards.checks import found_lines, look_again_buttons, other_lines, tell_buttons
from cards.elements import Card15, box, heading, line, run, timed_line, to_json
from cards.fit import ROWS_AT_MOST, rows_within
from cards.headline import Headline, headline_of
from cards.missing_roles import LACKING, needs_cmdlet
from cards.status_head import status_icon, status_word
from cards.text import moment, user_text
from cards.view import View
from cards.words import Words
from services.domain.bounce.bounce import Bounce
from services.domain.bounce.whose import Whose, whose
from services.domain.card import Card, Remark
from services.domain.case.case import Case
from services.domain.checks.checks import OwnReads, findings
from services.domain.restriction import RestrictedList, Restriction
from services.domain.unknown import Unknown


def one_line(text: str) -> Card:
    """A card that is one sentence."""
    return to_json(Card15(body=[line(text)], fallback=text, speak=text))


def remark(text: str) -> Remark:
    """A sentence as the answer to a click that leaves the clicked card as it is."""
    return Remark(one_line(text), text)


def collapsed_card(case: Case, view: View) -> Card:
    """What remains of an older card of a case once a newer one stands below it."""
    return one_line(view.words("card.folded", number=str(case.number)))


def refused_card(case: Case, view: View, *, for_approver: bool) -> Card:
    """What stands in place of a card that Teams did not take: next to nothing, and what can be typed."""
    said = view.words("fit.refused" if for_approver else "fit.refused.person", number=str(case.number))
    heard = status_word(case, "approver" if for_approver else "person", view)
    return one_line(f"{status_icon(case.status)} {case.number}: {heard}. {said}")


def help_card(view: View, *, for_approver: bool = False) -> Card:
    """What the bot can do for a person, and how to know it is real; for an approver their commands as well. Everybody
    who reads a language is shown the same one: nobody may change it."""
    return _help_card(view.words, for_approver=for_approver, contains=view.contains)


@lru_cache(maxsize=64)
def _help_card(words: Words, *, for_approver: bool, contains: bool) -> Card:
    title = words("help.title")
    names = ("help.ask", "help.paste", "help.mailbox", "help.status", "help.withdraw", "help.language")
    rows = [line(f"• {words(name)}", spacing="Small") for name in names]
    real = line(run(words("help.real"), subtle=True))
    commands = _commands(words, size="Medium", contains=contains) if for_approver else []
    return to_json(Card15(body=[heading(title), *rows, real, *commands], fallback=title, speak=title))


_UNKNOWN_AT_MOST = 80
"""Characters that are said back of what is no command."""
_COMMANDS = (
    *("cases", "case", "why", "approve", "deny", "stop", "restricted"),
    *("unblock", "unblock_connector", "history", "export", "report", "limits", "use_this_channel", "doctor"),
)


def channel_help_card(view: View, unknown: str = "") -> Card:
    """What approvers can type. `unknown`: what was typed and is no command, which is said first."""
    title = view.words("help.channel.title")
    if unknown:
        title = view.words("help.channel.unknown", words=user_text(unknown, _UNKNOWN_AT_MOST))
    first = [line(run(title, bold=True))] if unknown else []
    commands = _commands(view.words, size="Large", contains=view.contains)
    return to_json(Card15(body=[*first, *commands], fallback=title, speak=title))


def _commands(words: Words, *, size: str, contains: bool) -> list[BareObject]:
    names = (*_COMMANDS, *(["contain"] if contains else []))
    rows = [line(f"• {words(f'help.channel.{name}')}", spacing="Small") for name in names]
    return [heading(words("help.channel.title"), size=size), *rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a look found that ended without a restriction."""

    addresses: tuple[str, ...]
    read_at: datetime
    mailbox: str = ""
    """Named where it is not the reader's own."""
    own: OwnReads | None = None
    """What else was looked up of the reader's own account; only they may see it."""


def not_restricted_card(checked: Checked, bounce: Bounce | None, view: View) -> Card:
    """Not on the list: what was looked at, and what the code says instead."""
    words, own = view.words, checked.own or OwnReads()
    found = findings(own) if bounce is None else ()
    bounce = bounce or own.bounce
    about = whose(bounce, checked.addresses) if bounce else Whose.ASKERS
    said = headline_of(False, bounce, about, found=bool(found))
    title = words("answer.found_else" if found and not said.replaces_the_bounce else _TITLES[said.headline])
    if checked.mailbox:
        title = words("answer.mailbox_not_restricted", address=user_text(checked.mailbox, 120))
    addresses = ", ".join(user_text(address, 120) for address in checked.addresses)
    body: list[BareObject] = [
        box([heading(title, icon=said.icon)], style=said.tint, edge=True),
        *found_lines(own, view),
        *([] if found and bounce is None else bounce_lines(bounce, checked.addresses, view)),
        *other_lines(own, view),
        line(run(words("answer.checked", addresses=addresses), subtle=True)),
        timed_line(words.timed("proof.checked", when=moment(checked.read_at)), subtle=True, spacing="None"),
    ]
    # What stands first is what the admins are told of.
    told = tell_buttons(own, view) or report_buttons(bounce, checked.addresses, view)
    buttons = [*told, *look_again_buttons(own, view)]
    return to_json(Card15(body=body, actions=buttons, fallback=title, speak=title))


_TITLES = {
    Headline.NOT_RESTRICTED: "answer.not_restricted",
    Headline.NOT_ANY_MORE: "answer.not_restricted",
    Headline.ANOTHER_CAUSE: "answer.another_cause",
}


CASES_A_PAGE = 40


def cases_card(cases: Sequence[Case], view: View, *, count: int | None = None, after: int | None = None) -> Card:
    """A page of the open cases, each in a line, oldest first. `count`: how many there are, those that are not on this
    page included; `after`: the number that the page begins behind, if it is not the first."""
    count = len(cases) if count is None else count
    if after is None:
        title = view.words.count("cases.title", count)
    else:
        title = view.words.count("cases.title_after", count, number=str(after))
    rows = rows_within([_case_row(case, view) for case in cases[:CASES_A_PAGE]])
    more = _more(count - len(rows), view)
    next_ones = view.words("cases.next", number=str(cases[len(rows) - 1].number)) if more and rows else ""
    how = [line(run(next_ones, subtle=True), spacing="Small")] if next_ones else []
    return to_json(Card15(body=[heading(title), *rows, *more, *how], fallback=title, speak=title))


def _more(left_out: int, view: View) -> list[BareObject]:
    return [line(run(view.words.count("fit.more", left_out), subtle=True))] if left_out > 0 else []


def _case_row(case: Case, view: View) -> BareObject:
    view = view.about(case)
    status = view.words(f"approver.status.{case.status.name.lower()}")
    sent = view.words.time(moment(case.request.sent_at or case.opened_at))
    what = f"{user_text(case.sender.name, 60)} · {status} · {sent}"
    return line(run(f"{status_icon(case.status)} {case.number}  ", bold=True), what, spacing="Small")


def restricted_card(senders: RestrictedList | Unknown, connectors: RestrictedList | Unknown, view: View) -> Card:
    """Both restricted lists as Exchange gives them, said to be incomplete or unreadable where they are."""
    if isinstance(senders, Unknown):
        title, heads = _unreadable("restricted.unreadable", senders, view), []
    else:
        title = _how_many(senders, view)
        heads = [heading(title)]
    lists = [*_listed(senders, view), *_connectors(connectors, view)]
    return to_json(Card15(body=[*heads, *lists], fallback=title, speak=title))


def _how_many(listing: RestrictedList, view: View) -> str:
    """How many are restricted; of an incomplete list at least so many."""
    number = len(listing.entries)
    if not number:
        return view.words("restricted.none" if listing.complete else "restricted.none_came")
    return view.words.count("restricted.title" if listing.complete else "restricted.at_least", number)


def _connectors(listing: RestrictedList | Unknown, view: View) -> list[BareObject]:
    """Nothing where there are none, as in most organisations."""
    if isinstance(listing, RestrictedList) and listing.complete and not listing.entries:
        return []
    count = len(listing.entries) if isinstance(listing, RestrictedList) else 0
    title = [heading(view.words.count("restricted.connectors", count), size="Medium")] if count else []
    how = [line(run(view.words("restricted.unblock_connector"), subtle=True), spacing="Small")] if count else []
    return [*title, *_listed(listing, view, connectors=True), *how]


def _listed(listing: RestrictedList | Unknown, view: View, *, connectors: bool = False) -> list[BareObject]:
    words = view.words
    if isinstance(listing, Unknown):
        unreadable = "restricted.connectors.unreadable" if connectors else "restricted.unreadable"
        said = _unreadable(unreadable, listing, view)
        cmdlet = "Get-BlockedConnector" if connectors else "Get-BlockedSenderAddress"
        needs = [run(f" {needs_cmdlet(cmdlet, view)}", subtle=True)] if listing.reason in LACKING else []
        return [line(run(said, color="Warning"), *needs)]
    incomplete = [] if listing.complete else [line(run(words("restricted.incomplete"), color="Warning"))]
    drawn = [_entry(entry, view, connectors=connectors) for entry in listing.entries[:40]]
    rows = rows_within(drawn, ROWS_AT_MOST // 2)  # there are two such lists
    return [*incomplete, *rows, *_more(len(listing.entries) - len(rows), view)]


def _unreadable(sentence: str, listing: Unknown, view: View) -> str:
    return view.words(sentence, why=view.words(f"why_not.{listing.reason.name.lower()}"))


def _entry(entry: Restriction, view: View, *, connectors: bool) -> BareObject:
    cause = user_text(entry.reason, 120) if connectors else view.words(f"cause.{entry.cause.name.lower()}")
    said = " · ".join(part for part in (cause, view.words.time(moment(entry.since)) if entry.since else "") if part)
    return line(run(f"{user_text(entry.address, 120)}  ", bold=True), said, spacing="Small")


def thread_card(text: str, view: View) -> Card:
    """A message below the approvers' card."""
    return to_json(
        Card15(body=[box([line(text)], style="accent")], fallback=text, speak=view.words("app.name") + ": " + text)
    )
