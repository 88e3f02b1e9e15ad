"""Their words and our times, made safe to stand on a card."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

SHOWN_AT_MOST = 1_200
"""Characters of anybody's words that a card shows; Teams refuses cards over about 28 KB."""

_BRACES = re.compile(r"\{(?=\{)|\}(?=\})")
_INVISIBLE = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
_ISOLATED, _END = "\u2068", "\u2069"
"""Unicode's first strong isolate: without it the time after an Arabic name is drawn before it."""
_SHARED_NAMES = ("CST", "CDT", "IST", "PST")
"""Abbreviations that zones on several continents have."""


def user_text(text: str, most: int = SHOWN_AT_MOST) -> str:
    """Somebody's words as text: on one line, bounded, what is invisible made visible, Teams' date macros broken, and
    what is written from right to left kept from moving what stands beside it."""
    flat = " ⏎ ".join(text[: most + 1].replace("\t", " ").splitlines())
    # Bounded last: one invisible character is eight visible ones.
    shown = _BRACES.sub(r"\g<0> ", "".join(_visible(char) for char in flat))
    bounded = shown[:most] + " …" if len(shown) > most or len(text) > most else shown
    return f"{_ISOLATED}{bounded}{_END}" if any(map(_is_right_to_left, bounded)) else bounded


LOOK_ALIKE = {"*": "∗", "_": "ˍ", "`": "ˋ", "~": "∼", "|": "∣"}
"""In place of signs that stand in pairs around what they draw."""
_JOINED = "\u2060"
"""Unicode's word joiner: nobody sees it, and nobody's eye stops at it."""
_BEGINS_MARKUP = re.compile(r"^(?=[#>=+\s-]|\d+[.)])|(?<=[:/.@&<!\]\\])(?=\S)")


def plain_title(text: str) -> str:
    """The words for where some clients read markdown and others none: names of boxes to tick and of choices. So nothing
    is escaped, which the others would show; what could begin markup or a link is parted by what nobody sees.

    https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features#markdown-commonmark-subset"""
    alike = text.translate({ord(sign): shown for sign, shown in LOOK_ALIKE.items()})
    return _BEGINS_MARKUP.sub(_JOINED, alike)


def _is_right_to_left(char: str) -> bool:
    return unicodedata.bidirectional(char) in ("R", "AL")


def _visible(char: str) -> str:
    return f"⟨U+{ord(char):04X}⟩" if unicodedata.category(char) in _INVISIBLE else char


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point in time to be filled into a sentence; `Words` write it. Without `with_date` it is the time of day
    alone."""

    at: datetime
    with_date: bool = True

    def __str__(self) -> str:
        raise TypeError("only Words know how a time is written, see Words.time")


def moment(at: datetime) -> Moment:
    """Date and time."""
    return Moment(at=at)


def hour(at: datetime) -> Moment:
    """The time of day alone."""
    return Moment(at=at, with_date=False)


def zone_name(at: datetime) -> str:
    """The name of a time's zone: its abbreviation, as in "CET", or in brackets the zone itself where it has none or
    several zones share it."""
    short = at.tzname() or ""
    return short if short.isalpha() and short not in _SHARED_NAMES else f"({at.tzinfo})"


def macro(when: Moment) -> str:
    """The time as Teams' own macros, which show it in the zone of each reader. For a TextBlock: in a TextRun Teams
    shows the macros themselves.

    https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features#datetime-formatting-and-localization"""
    stamp = when.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    time = f"{{{{TIME({stamp})}}}}"
    return f"{{{{DATE({stamp},SHORT)}}}} {time}" if when.with_date else time
