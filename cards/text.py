"""Their words and our times, made safe to stand on a card."""

import re
import unicodedata
from datetime import UTC, datetime

SHOWN_AT_MOST = 1_200
"""Characters of anybody's words that a card shows; Teams refuses cards over about 28 KB."""

_BRACES = re.compile(r"([{}])(?=\1)")
_STAMP = r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ"
_MOMENT = re.compile(rf"\{{\{{DATE\({_STAMP},SHORT\)\}}\}} \{{\{{TIME\({_STAMP}\)\}}\}}")
_HOUR = re.compile(rf"\{{\{{TIME\({_STAMP}\)\}}\}}")
_INVISIBLE = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def user_text(text: str, most: int = SHOWN_AT_MOST) -> str:
    """Somebody's words as text: on one line, bounded, what is invisible made visible, Teams' date macros broken."""
    flat = " ⏎ ".join(text[: most + 1].replace("\t", " ").splitlines())
    # Bounded last: one invisible character is eight visible ones.
    shown = _BRACES.sub(r"\1 ", "".join(_visible(char) for char in flat))
    return shown[:most] + " …" if len(shown) > most or len(text) > most else shown


def _visible(char: str) -> str:
    return f"⟨U+{ord(char):04X}⟩" if unicodedata.category(char) in _INVISIBLE else char


def moment(at: datetime) -> str:
    """Date and time, which every reader's Teams shows in the reader's own zone.

    https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features#datetime-formatting-and-localization"""
    return f"{{{{DATE({_stamp(at)},SHORT)}}}} {{{{TIME({_stamp(at)})}}}}"


def hour(at: datetime) -> str:
    """The time of day alone, in the reader's own zone."""
    return f"{{{{TIME({_stamp(at)})}}}}"


def spelled_out(text: str) -> str:
    """A sentence of ours for where Teams knows no macros (notifications, fallback texts, screen readers): UTC."""
    return _HOUR.sub(r"\2 UTC", _MOMENT.sub(r"\1 \2 UTC", text))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
