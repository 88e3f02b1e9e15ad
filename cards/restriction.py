"""Why a sender is restricted, since when and for how long, in plain words and without blame."""

from adaptivecards.baseobject import BareObject

from cards.elements import timed_line
from cards.text import Moment, moment, user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.restriction import Cause, Limit, Restriction

_OTHERS_AT_MOST = 8


def cause_sentence(restriction: Restriction, view: View) -> str:
    """The reason decoded, with the counts Exchange gave."""
    counts, words = restriction.counts, view.words
    if restriction.cause is Cause.SPAM:
        if counts.spam is None or counts.sent is None:
            return words("why.spam")
        return words("why.spam.counts", spam=counts.spam, sent=counts.sent)
    if restriction.cause is Cause.POLICY_LIMIT:
        return _limit_sentence(restriction, view)
    if restriction.cause is Cause.SERVICE_RATE:
        if counts.recipients is None or counts.allowed is None:
            return words("why.rate")
        return words("why.rate.counts", recipients=counts.recipients, allowed=counts.allowed)
    return words("why.unknown")


def _limit_sentence(restriction: Restriction, view: View) -> str:
    counts, words = restriction.counts, view.words
    if restriction.limit is Limit.INTERNAL and counts.internal is not None:
        return words("why.limit.internal", internal=counts.internal)
    if restriction.limit is Limit.EXTERNAL and counts.external is not None:
        return words("why.limit.external", external=counts.external)
    return words("why.limit.other")


def since_sentence(restriction: Restriction, view: View) -> str:
    name, filled = _since(restriction)
    return view.words(name, **filled)


def was_sentence(restriction: Restriction, view: View) -> str:
    """Since when it was so, of what has left the list."""
    name = "why.was_since" if restriction.since else "why.was_since.unknown"
    return view.words(name, **({"when": moment(restriction.since)} if restriction.since else {}))


def changed_sentence(restriction: Restriction, view: View) -> str:
    """The entry's second date, for the approver; empty if it says nothing new."""
    if restriction.changed is None or restriction.changed == restriction.since:
        return ""
    return view.words("why.changed", when=moment(restriction.changed))


def until_sentence(restriction: Restriction, view: View) -> str:
    """Whether it ends by itself."""
    name, filled = _until(restriction, view)
    return view.words(name, **filled)


def how_long_line(restriction: Restriction, view: View) -> BareObject:
    """Since when, and whether it ends by itself, in the reader's own time."""
    sentences = (_since(restriction), _until(restriction, view))
    return timed_line(*(view.words.timed(name, **filled) for name, filled in sentences), spacing="Small")


def _since(restriction: Restriction) -> tuple[str, dict[str, Moment]]:
    return ("why.since", {"when": moment(restriction.since)}) if restriction.since else ("why.since.unknown", {})


def _until(restriction: Restriction, view: View) -> tuple[str, dict[str, Moment]]:
    lifts_at = restriction.lifts_at(view.now)
    if restriction.cause is Cause.SERVICE_RATE and lifts_at is None:
        return "why.until_hours_pass", {}
    return ("why.temporary", {"when": moment(lifts_at)}) if lifts_at else ("why.until_removed", {})


def addresses_of(case: Case) -> str:
    """The restricted address first, then the others."""
    own = case.sender.mailbox.address if case.sender.mailbox else case.sender.upn
    listed = case.restriction.address if case.restriction else own
    others = [address for address in case.sender.addresses if address.casefold() != listed.casefold()]
    named = ", ".join(user_text(address, 120) for address in [listed, *others[:_OTHERS_AT_MOST]])
    return f"{named} (+{len(others) - _OTHERS_AT_MOST})" if len(others) > _OTHERS_AT_MOST else named
