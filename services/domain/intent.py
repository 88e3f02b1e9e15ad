"""What somebody wants, from their words: a person's wish, in any of nine languages, or an approver's command."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from services.domain.bounce.bounce import Bounce, read_bounce
from services.domain.reporting.days import DAYS, DAYS_AT_MOST
from services.domain.wishes.addresses import ADDRESS, mailbox_in, without_addresses
from services.domain.wishes.reading import Reading, read_words
from services.domain.wishes.topic import Topic
from services.domain.wishes.typed import QUOTE, is_in_doubt, names_more_cases, unquoted


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
    before: int | None = None
    """Of `history`: the page of the cases with a lower number than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutConnector:
    """An approver's `unblock connector 5e0c… reason`."""

    connector: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Words that can mean two things, or one that cannot be undone and is not said plainly: the person is asked."""

    likeliest: Topic
    other: Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPeriod:
    """An approver's `report`, of so many days back."""

    days: int


Wish: TypeAlias = Topic | AboutSender | Speak | Guess
"""Of a person, in their own chat."""
Command: TypeAlias = Topic | AboutCase | AboutSender | AboutConnector | AboutPeriod | Unclear
"""Of an approver."""

TAUGHT = {topic.value: topic for topic in (Topic.HELP, Topic.STATUS, Topic.WITHDRAW, Topic.LANGUAGE)}
"""What the cards tell people to write, in every language."""
_COMMANDS = {
    "cases": Topic.CASES,
    "restricted": Topic.RESTRICTED,
    "use this channel": Topic.USE_THIS_CHANNEL,
    "doctor": Topic.DOCTOR,
    "help": Topic.HELP,
}
# Nothing that was read is given back (`*+`), so that no text keeps a pattern busy for longer than it is long.
_ABOUT_CASE = re.compile(
    r"(?is)^(case|approve|deny|stop|contain|limits)\b\s*+(?:(?:case|number|no|nr)\b\.?+\s*+){0,2}+"
    rf"{QUOTE}*+#?+\s?+((?:[^\s:,;.?!–—\"'“”„«»‘’‚‹›`´-]|[.-](?=\S))*+){QUOTE}*+([?]?+)[:,;.!–—-]*+\s*+(.*+)$"
)
_WHY_CASE = re.compile(
    r"(?is)^(?:why|warum|wieso|weshalb|pourquoi|¿?por qu[eé]|perch[eé]|waarom)\b"
    r"([^0-9@]{0,60}+)([0-9]{1,9}+)(?![0-9.@])"
)
_A_CASE = ("case", "no", "number", "fall", "cas", "caso", "zaak", "is", "ist", "wartet")
"""What stands before the number of a case, and not before that of a bounce."""
_WHY_AFTER = re.compile(r"(?i)(?:why|warum|wieso|weshalb|pourquoi|por qu[eé]|perch[eé]|waarom)\b[^0-9@]{0,60}+")
_EXPORT = re.compile(r"(?i)export(?:\s++(?:case\s++)?#?[0-9-]{1,10})?")
_REPORT = re.compile(r"(?i)report(?:\s++([1-9][0-9]{0,2})(?:\s++days?)?)?")
_ABOUT_SENDER = re.compile(rf"(?is)^(unblock|history)\s++{QUOTE}*+{ADDRESS}{QUOTE}*+[\s:,;]*+(.*+)$")
_SAID_OF_ONE = ("approve", "deny", "stop")
CASES_AFTER = "cases after"
"""The verb of a command that lists the open cases with a higher number than the one it names."""
_CASES_AFTER = re.compile(rf"(?i){CASES_AFTER}\s++(?:case\s++)?#?([0-9]++)[.!?]?")
_BEFORE = re.compile(r"(?i)before\s++(?:case\s++)?#?([0-9]++)[.!?]?")
_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ABOUT_CONNECTOR = re.compile(rf"(?is)^unblock\s++connector\s++({_GUID})\b[\s:,]*+(.*+)$")
_CALLED_UPON = re.compile(r"(?i)(?:@?sendwell\b[\s,:]*+)++")
_PLAIN_POINTS = 5
"""An unclear command that says so much about mail is none."""
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


def is_no_decision(text: str) -> bool:
    """Whether a message names a decision and does not make it, since it asks or hesitates: its case is shown."""
    command, named = read_command(text), _ABOUT_CASE.match(_called_for(text))
    shows = isinstance(command, AboutCase) and command.verb == "case"
    return shows and named is not None and named[1].casefold() != "case"


def _called_for(text: str) -> str:
    """The words of a message, without a mention of the bot before them and quotes around them."""
    words = unquoted(" ".join(visible(text).split()))
    called_upon = _CALLED_UPON.match(words)
    return unquoted(words[called_upon.end() :]) if called_upon else words


def read_command(text: str) -> Command | None:
    """The approvers' command that a message is; `None` if it is none. Mentions of the bot before it, signs after the
    number and quotes around it do not matter."""
    words = _called_for(text)
    if topic := _COMMANDS.get(words.casefold().rstrip(".!?")):
        return topic
    if (page := _CASES_AFTER.fullmatch(words)) and (number := read_case_number(page[1])):
        return AboutCase(verb=CASES_AFTER, number=number, text="")
    if _EXPORT.fullmatch(words.rstrip(".!?")):
        return Topic.EXPORT
    if report := _REPORT.fullmatch(words.rstrip(".!?")):
        return AboutPeriod(days=min(int(report[1] or DAYS), DAYS_AT_MOST))
    if sender := _about_sender(words):
        return sender
    if (number := _case_asked_why(words)) is not None:
        return AboutCase(verb="why", number=number, text="")
    match = _ABOUT_CASE.match(words)
    # "case" and "stop" also begin plain sentences ("case of beer"); "approve" and "deny" do not in this chat.
    if match and (read_case_number(match[2]) or match[1].casefold() not in ("case", "stop") or not match[4]):
        return _about_case(match[1].casefold(), read_case_number(match[2]), match[4], asks=bool(match[3]))
    return None


def _about_sender(words: str) -> AboutSender | AboutConnector | Unclear | None:
    """A command about an address or a connector."""
    if about := _ABOUT_SENDER.match(words):
        verb, text = about[1].casefold(), unquoted(about[3])
        page = _BEFORE.fullmatch(text) if verb == "history" else None
        before = read_case_number(page[1]) if page else None
        return AboutSender(verb=verb, address=about[2].casefold(), text=text, before=before)
    if connector := _ABOUT_CONNECTOR.match(words):
        return AboutConnector(connector=connector[1].casefold(), text=unquoted(connector[2]))
    nobody = words.casefold() in ("unblock", "history", "unblock connector")
    return Unclear(verb=words.casefold()) if nobody else None


def _about_case(verb: str, number: int | None, text: str, *, asks: bool) -> AboutCase | Unclear:
    """A command, where one case is named; a decision that is asked about rather than made shows its case."""
    text = unquoted(text.lstrip(":,;–—- "))
    if verb == "case" and number is not None and _WHY_AFTER.fullmatch(text):
        return AboutCase(verb="why", number=number, text="")
    if number is None or (verb in _SAID_OF_ONE and names_more_cases(text)):
        return Unclear(verb=verb)
    if verb != "contain" and (asks or is_in_doubt(verb, text)):
        return AboutCase(verb="case", number=number, text="")
    return AboutCase(verb=verb, number=number, text=text)


def _case_asked_why(words: str) -> int | None:
    """The number in "why is case 17 waiting?"; "why 550 5.1.8" asks of a bounce."""
    asked = _WHY_CASE.match(words) if len(words) <= _ONE_LINE else None
    if asked is None or read_bounce(words) is not None:
        return None
    before = asked[1].casefold().replace("#", " case ").strip(" .").split()
    return read_case_number(asked[2]) if not before or before[-1] in _A_CASE else None


def is_binding(command: Command) -> bool:
    """Whether nobody but an approver says this, and nobody by chance; anything else a person can say, too."""
    if isinstance(command, AboutSender):
        return command.verb == "history"
    if isinstance(command, AboutCase):
        return command.verb != "why"
    return isinstance(command, AboutConnector) or command in (Topic.CASES, Topic.USE_THIS_CHANNEL)


def is_plain(text: str) -> bool:
    """Whether the words tell of trouble with mail, so that they are no command that lacks its number."""
    reading = read_words(without_addresses(visible(text)))
    says_more = len(text.split()) > 2 and reading.kind is Topic.LOOK and reading.points[0] >= _PLAIN_POINTS
    return read_bounce(text) is not None or says_more


def read_wish(text: str) -> Wish:
    """What a person asks for in their own chat. An empty message is `HELP`, a pasted bounce `LOOK`."""
    return TAUGHT.get(text.strip().casefold().rstrip(".!")) or read_free_words(text)


def read_free_words(text: str) -> Wish:
    """The same of whatever words. Those that are taught are read alike, only by a longer way."""
    words = visible(text)
    line = " ".join(words.split())
    if line in ("", "?"):
        return Topic.HELP
    if spoken := _SPEAK.fullmatch(line):
        return Speak(language=spoken[1].casefold())
    if line.casefold().rstrip(".!?") == "code":
        return Topic.CODE
    bounce = read_bounce(text)
    reading = read_words(without_addresses(words))
    if reading.kind in _ABOUT_MAIL and (mailbox := mailbox_in(line, reading, bounced=bounce is not None)):
        return AboutSender(verb="mailbox", address=mailbox)
    if bounce is not None and _is_look(bounce, reading, line):
        return Topic.LOOK
    hardly = reading.kind is Topic.STATUS and reading.points[0] <= _HARDLY and reading.unexplained
    if hardly or (reading.kind is Topic.OFFTOPIC and not any(map(str.isalpha, line))):
        return Topic.LOOK  # a number, or a “case” of something, may be anything: a look is never wrong
    return _wish_of(reading)


_ABOUT_MAIL = (Topic.LOOK, Topic.BOUNCING, Topic.STATUS, Topic.OFFTOPIC, Topic.HELP)
_ONE_LINE = 200
_HARDLY = 2
"""Points of one word that says next to nothing by itself."""
_NOT_UNDONE = {Topic.WITHDRAW: Topic.STATUS, Topic.WORKS: Topic.BOUNCING}
"""What cannot be taken back, and what is offered beside it."""


def _is_look(bounce: Bounce, reading: Reading, line: str) -> bool:
    """Whether a bounce in the text is what it is about, and not named beside a plainer wish ("still 5.1.8")."""
    return len(line) > _ONE_LINE or bounce.sender is not None or reading.points[0] <= _PLAIN_POINTS + 1


def _wish_of(reading: Reading) -> Wish:
    if reading.kind is Topic.SPEAK:
        return Speak(language=reading.speak)
    topic = reading.kind
    if topic in _NOT_UNDONE and not reading.is_certain:
        return Guess(likeliest=topic, other=_NOT_UNDONE[topic])
    if reading.is_close and reading.kinds[1] is not Topic.SPEAK and {*reading.kinds[:2]} not in _ALIKE:
        return Guess(likeliest=topic, other=reading.kinds[1])
    return topic


_ALIKE = ({Topic.LOOK, Topic.BOUNCING}, {Topic.LOOK, Topic.WHY}, {Topic.HELP, Topic.THANKS}, {Topic.LOOK, Topic.HELP})
"""Where the case decides, or the first answer says the second as well."""


def visible(text: str, keep: Callable[[str], bool] = str.isprintable) -> str:
    """The text without zero-width, bidirectional and control characters. White space among them becomes a blank."""
    return "".join(char if keep(char) else " " if char.isspace() else "" for char in text)
