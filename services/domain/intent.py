"""What somebody wants, from the words they typed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Topic(StrEnum):
    """Wishes that need no further words."""

    LOOK = "look"
    STATUS = "status"
    HELP = "help"
    LANGUAGE = "language"
    WITHDRAW = "withdraw"
    CASES = "cases"
    RESTRICTED = "restricted"
    USE_THIS_CHANNEL = "use this channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutCase:
    """A typed command about one case: `case 17`, `approve 17 she called me`, `deny 17 reason`."""

    verb: str
    number: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A command that names no case where it must; the verb is ours, the rest was not understood."""

    verb: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """`language de`: from now on in that language."""

    language: str


Wish: TypeAlias = Topic | AboutCase | Unclear | Speak

_EXACT = {
    "help": Topic.HELP,
    "?": Topic.HELP,
    "hi": Topic.HELP,
    "hello": Topic.HELP,
    "thanks": Topic.HELP,
    "thank you": Topic.HELP,
    "hallo": Topic.HELP,
    "hilfe": Topic.HELP,
    "danke": Topic.HELP,
    "status": Topic.STATUS,
    "language": Topic.LANGUAGE,
    "withdraw": Topic.WITHDRAW,
    "cases": Topic.CASES,
    "restricted": Topic.RESTRICTED,
    "use this channel": Topic.USE_THIS_CHANNEL,
}
_CASE_VERBS = ("case", "approve", "deny")
_ABOUT_CASE = re.compile(r"(?is)^(case|approve|deny)\b\s*(?:#|no\.?|case)?\s*(\S*)\s*(.*)$")
_SPEAK = re.compile(r"(?i)language[ :]+([a-z]{2,3}(?:-[a-z0-9]{2,8})?)[.!]?")
# Only ASCII digits name a case: look-alike digits of other scripts are somebody's trick or typing error.
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def read_case_number(value: object) -> int | None:
    """A case number as a card or a person gives it: an int, or ASCII digits without sign or leading zero."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 < value < 10**9 else None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    return None


def read_wish(text: str) -> Wish:
    """What the words ask for. Nothing at all asks for help; anything that is no command asks to look."""
    words = " ".join(visible(text).split())
    if not words:
        return Topic.HELP
    if topic := _EXACT.get(words.casefold().rstrip(".!?") or words):
        return topic
    if spoken := _SPEAK.fullmatch(words):
        return Speak(language=spoken[1].casefold())
    match = _ABOUT_CASE.match(words)
    # "case" also begins plain sentences ("case of beer"); "approve" and "deny" do not in this chat.
    if match and (read_case_number(match[2]) or match[1].casefold() != "case" or not match[3]):
        number = read_case_number(match[2])
        verb = match[1].casefold()
        return Unclear(verb=verb) if number is None else AboutCase(verb=verb, number=number, words=match[3])
    return Topic.LOOK


def visible(text: str, keep: Callable[[str], bool] = str.isprintable) -> str:
    """The text without what nobody can see: zero-width, bidirectional and control characters."""
    return "".join(char if keep(char) else " " if char.isspace() else "" for char in text)
