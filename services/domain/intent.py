"""What somebody wants, from the words they typed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Topic(StrEnum):
    """Wishes that are complete in themselves: they name no case, address or language."""

    LOOK = "look"
    STATUS = "status"
    HELP = "help"
    LANGUAGE = "language"
    WITHDRAW = "withdraw"
    CODE = "code"
    CASES = "cases"
    RESTRICTED = "restricted"
    USE_THIS_CHANNEL = "use_this_channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutCase:
    """A typed command about one case: `case 17`, `approve 17 she called me`, `deny 17 reason`."""

    verb: str
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A command without the case number or address that it needs. `verb` is the command that was recognised."""

    verb: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """`language de`: the person wants to be answered in that language from now on."""

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutSender:
    """A wish about one address: `mailbox sales@…`, or an approver's `unblock ana@… reason`."""

    verb: str
    address: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutConnector:
    """An approver's `unblock connector 5e0c… reason`."""

    connector: str
    text: str = ""


Wish: TypeAlias = Topic | AboutCase | AboutSender | AboutConnector | Unclear | Speak

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
    "code": Topic.CODE,
    "cases": Topic.CASES,
    "restricted": Topic.RESTRICTED,
    "use this channel": Topic.USE_THIS_CHANNEL,
}
# Nothing that was read is given back (`*+`), so that no text keeps a pattern busy for longer than it is long.
_ABOUT_CASE = re.compile(r"(?is)^(case|approve|deny|stop|contain|limits)\b\s*+(?:#|no\.?|case)?\s*+(\S*+)\s*+(.*+)$")
_ADDRESS = r"(?:mailto:)?<?([^\s<>\"'(),;:@]{1,64}+@[^\s<>\"'(),;:@]{1,255}\.[^\s<>\"'(),;:@.?!]{2,63}+)>?"
_ABOUT_SENDER = re.compile(rf"(?is)^(unblock|history)\s++{_ADDRESS}\s*+(.*+)$")
_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ABOUT_CONNECTOR = re.compile(rf"(?is)^unblock\s++connector\s++({_GUID})\b[\s:,]*+(.*+)$")
# "I can't send from sales@…" is one short line; a pasted bounce is longer and full of addresses.
_MAILBOX = (
    re.compile(rf"(?i)^(?:shared\s++mailbox|mailbox|(?:freigegebenes\s++)?postfach)[: ]++{_ADDRESS}\W*+$"),
    re.compile(rf"(?i)\b(?:send|mail)\w*+\b.{{0,40}}\b(?:from|as|von|als)\s++{_ADDRESS}"),
    re.compile(rf"(?i)\bcan(?:'|’)?(?:t|not)?\s++{_ADDRESS}\s++send"),
)
_ONE_LINE = 200
_NOBODYS = ("mailer-daemon@", "postmaster@", "microsoftexchange")
"""Who sends bounces: nobody's mailbox."""
_SPEAK = re.compile(r"(?i)language[ :]++([a-z]{2,3}(?:-[a-z0-9]{2,8})?)[.!]?")
# Only ASCII digits name a case: look-alike digits of other scripts are a trick or a typing error.
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def read_case_number(value: object) -> int | None:
    """A case number as a card or a person gives it: an int, or ASCII digits without sign or leading zero.

    Returns `None` for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 < value < 10**9 else None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    return None


def read_wish(text: str) -> Wish:
    """What a message asks for. An empty message is `HELP`; text that is no command is `LOOK`."""
    words = " ".join(visible(text).split())
    if not words:
        return Topic.HELP
    if topic := _EXACT.get(words.casefold().rstrip(".!?") or words):
        return topic
    if spoken := _SPEAK.fullmatch(words):
        return Speak(language=spoken[1].casefold())
    if about := _ABOUT_SENDER.match(words):
        return AboutSender(verb=about[1].casefold(), address=about[2].casefold(), text=about[3])
    if connector := _ABOUT_CONNECTOR.match(words):
        return AboutConnector(connector=connector[1].casefold(), text=connector[2])
    if words.casefold() in ("unblock", "history", "unblock connector"):
        return Unclear(verb=words.casefold())
    if mailbox := _mailbox_in(words):
        return AboutSender(verb="mailbox", address=mailbox)
    match = _ABOUT_CASE.match(words)
    # "case" and "stop" also begin plain sentences ("case of beer"); "approve" and "deny" do not in this chat.
    if match and (read_case_number(match[2]) or match[1].casefold() not in ("case", "stop") or not match[3]):
        number = read_case_number(match[2])
        verb = match[1].casefold()
        return Unclear(verb=verb) if number is None else AboutCase(verb=verb, number=number, text=match[3])
    return Topic.LOOK


def _mailbox_in(words: str) -> str | None:
    if len(words) > _ONE_LINE:
        return None
    found = next((match for pattern in _MAILBOX if (match := pattern.search(words))), None)
    return found[1].casefold() if found and not found[1].casefold().startswith(_NOBODYS) else None


def visible(text: str, keep: Callable[[str], bool] = str.isprintable) -> str:
    """The text without zero-width, bidirectional and control characters. White space among them becomes a blank."""
    return "".join(char if keep(char) else " " if char.isspace() else "" for char in text)
