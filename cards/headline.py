"""What an answer about the restricted list says first: one function decides, so that no card contradicts itself."""

from dataclasses import dataclass
from enum import StrEnum

from services.domain.bounce.bounce import Bounce
from services.domain.bounce.meaning import Meaning
from services.domain.bounce.whose import Whose

_CLAIMS = (Meaning.RESTRICTED_SENDER, Meaning.MAYBE_RESTRICTED)


class Headline(StrEnum):
    """What the list and the bounce say together."""

    RESTRICTED = "restricted"
    NOT_CHECKED = "not_checked"
    NOT_RESTRICTED = "not_restricted"
    NOT_ANY_MORE = "not_any_more"
    """The bounce speaks of a restriction that the list does not show."""
    ANOTHER_CAUSE = "another_cause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How the headline looks, and whether the bounce's own sentence about a restriction would contradict it."""

    headline: Headline
    icon: str
    tint: str
    replaces_the_bounce: bool = False


_SAID = {
    Headline.RESTRICTED: ("🔐", "accent"),
    Headline.NOT_CHECKED: ("🔎", "accent"),
    Headline.NOT_RESTRICTED: ("🟢", "good"),
    Headline.NOT_ANY_MORE: ("🕓", "accent"),
    Headline.ANOTHER_CAUSE: ("✉️", "warning"),
}


def headline_of(
    listed: bool | None, bounce: Bounce | None, about: Whose = Whose.ASKERS, *, found: bool = False
) -> Said:
    """The headline. `listed`: what the list shows, `None` where it could not be read; the list goes before the bounce,
    and a bounce about somebody else's mail says nothing of the asker. `found`: something else was found that keeps
    mail from going out."""
    headline = _headline(listed, bounce if about is Whose.ASKERS else None)
    if found and headline is Headline.NOT_RESTRICTED:
        headline = Headline.ANOTHER_CAUSE
    icon, tint = _SAID[headline]
    return Said(headline=headline, icon=icon, tint=tint, replaces_the_bounce=headline is Headline.NOT_ANY_MORE)


def _headline(listed: bool | None, bounce: Bounce | None) -> Headline:
    if listed is None:
        return Headline.NOT_CHECKED
    if listed:
        return Headline.RESTRICTED
    if bounce is None:
        return Headline.NOT_RESTRICTED
    return Headline.NOT_ANY_MORE if bounce.meaning in _CLAIMS else Headline.ANOTHER_CAUSE
