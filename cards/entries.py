"""The entries of a mailbox of which several addresses are listed: the causes, and how far each unblock has come."""

from adaptivecards.baseobject import BareObject

from cards.elements import line, run
from cards.fit import Part
from cards.restriction import cause_sentence, since_sentence
from cards.text import moment, user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.parts import EntryProgress
from services.domain.restriction import Restriction

_SHOWN = 8
"""A mailbox has a handful of addresses."""


def also_listed_lines(case: Case, view: View, *, with_start: bool) -> list[BareObject]:
    """A line for each entry besides the one that judges."""
    return view.room.fit(Part.OTHERS, [_also_listed(one, view, with_start) for one in case.also_listed[:_SHOWN]])


def _also_listed(entry: Restriction, view: View, with_start: bool) -> BareObject:
    named = view.words("why.also", address=user_text(entry.address, 120))
    said = [cause_sentence(entry, view), *([since_sentence(entry, view)] if with_start else [])]
    return line(run(f"{named} ", bold=True), " ".join(said), spacing="Small")


def addresses_to_unblock(case: Case) -> str:
    """The addresses that an approval is about."""
    addresses = dict.fromkeys(entry.address for entry in case.entries)  # one may be listed for two reasons
    return ", ".join(user_text(address, 120) for address in addresses) or user_text(case.sender.upn, 120)


def entry_lines(case: Case, view: View) -> list[BareObject]:
    """What came of the unblock of each entry; nothing where only one is listed."""
    return [*entries_done(case, view), *entry_errors(case, view)]


def entries_done(case: Case, view: View) -> list[BareObject]:
    """The entries that were unblocked, where several are listed."""
    done = [one for one in case.unblock.entries[:_SHOWN] if one.done_at]
    return [_outcome(one, view) for one in done] if case.also_listed else []


def entry_errors(case: Case, view: View) -> list[BareObject]:
    """The entries of which the unblock failed, where several are listed."""
    failed = [one for one in case.unblock.entries[:_SHOWN] if not one.done_at]
    return [_outcome(one, view) for one in failed] if case.also_listed else []


def _outcome(one: EntryProgress, view: View) -> BareObject:
    address = user_text(one.address, 120)
    if one.done_at:
        return line(view.words("release.entry", address=address, when=moment(one.done_at)), spacing="Small")
    error = f"{address}: {user_text(one.error or view.words('release.given_up'), 400)}"
    return line(run(error, color="Attention"), spacing="Small")


def left_lines(case: Case, view: View) -> list[BareObject]:
    """Which entries have left the list while others have not."""
    gone = ", ".join(user_text(address, 120) for address in case.list_reads.missing)
    return [line(run(view.words("follow.partly_gone", addresses=gone), subtle=True), spacing="Small")] if gone else []
