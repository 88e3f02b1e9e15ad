"""A bounce as a structure: what is said about which recipient, who sent the message, and when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from services.domain.bounce.clean import clean, one_line
from services.domain.bounce.mail import Fields, Mail, read_mail
from services.domain.bounce.notices import automatic_reply, feedback_report
from services.domain.bounce.prose import ADDRESS, LINE_AT_MOST, Block, Prose, is_nobodys
from services.domain.personal import Personal

_RECIPIENTS_AT_MOST = 500
LINES_AT_MOST = 4_000
"""Of a text. A bounce has some hundred at most; each costs a look of its own."""
_STATUS_AT_MOST = 40
_VALUE_AT_MOST = 2_000
_SYSTEMS = ("mailer-daemon", "postmaster@", "mail delivery s")
"""Who sends bounces: an address, or the name beside it (“Mail Delivery System”, “Mail Delivery Subsystem”)."""
_FIELDS = ("Original-Recipient", "Final-Recipient", "Action", "Status", "Diagnostic-Code", "Remote-MTA")
_SENDERS = frozenset(("from", "von", "de", "da", "van", "差出人", "من"))
_IN_A_LINE = (" From: ", " Von: ", " De: ", " De : ", " Da: ", " Van: ", " 差出人: ", " من: ")

_SUBJECTS = (
    *("deliver", "returned", "returning", "fail", "error", "bounce", "unzustellbar", "zugestellt", "non remis"),
    *("non distribu", "no entreg", "devuelto", "não entreg", "devolvid", "mancato recapito", "onbestelbaar"),
    *("配信", "配達", "エラー", "доставлено"),
)
"""What its subject says of mail that came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is said about some recipients."""

    recipients: Personal[tuple[str, ...]] = ()
    words: Personal[str]
    """In one line, with its capital letters."""
    action: str = ""
    status: str = ""
    remote: bool = False
    """Whether a server of another organisation spoke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A bounce, taken apart."""

    statements: tuple[Statement, ...]
    sender: Personal[str | None] = None
    """Whose message came back, as its headers say."""
    holders: Personal[tuple[str, ...]] = ()
    """Who got the mail with the bounce in it; empty for a pasted text."""
    sent_at: datetime | None = None
    words: Personal[str]
    """Everything for people, in one line."""
    notice: str = ""
    """The cause that it is instead of a bounce: `feedback_report`, or, where no trouble is read, `automatic_reply`."""
    by_system: bool = False
    """Whether a mail system sent it, as its headers say: whatever words stand in it are those of servers."""
    formal: bool
    """Whether it has what mail servers write for each other: no forger of bounces cares for that."""


def read_report(text: str) -> Report:
    """Take a pasted text or the source of a mail apart."""
    mail = read_mail(text)
    prose = Prose()
    for line in _parted(clean(mail.words if mail else text)).split("\n", LINES_AT_MOST)[:LINES_AT_MOST]:
        prose.take(line)
    groups = (
        mail.statuses[:_RECIPIENTS_AT_MOST]
        if mail and mail.statuses
        else tuple(islice(prose.groups(), _RECIPIENTS_AT_MOST))
    )
    headers = [*prose.headers, *(_headers_of(mail) if mail else ())]
    words = one_line(" ".join(prose.everything))
    sender = prose.sender or _sender(headers) or _sender_in_a_line(words)
    return Report(
        statements=tuple(_statements(groups, prose, sender)),
        sender=sender,
        holders=tuple(ADDRESS.findall(mail.headers.get("to", "")[:LINE_AT_MOST].casefold())) if mail else (),
        sent_at=next((_time(value) for name, value in reversed(headers) if name == "date"), None),
        words=words,
        notice=_notice(mail, prose.headers, words),
        by_system=mail is not None and _is_of_a_system(mail.headers),
        formal=bool(groups),
    )


def _notice(mail: Mail | None, pasted: Iterable[tuple[str, str]], words: str) -> str:
    if feedback_report(mail.kinds if mail else (), words.casefold()):
        return "feedback_report"
    headers = mail.headers if mail else dict(pasted)
    return "automatic_reply" if automatic_reply(headers) and not _is_of_a_system(headers) else ""


def _is_of_a_system(headers: Fields) -> bool:
    """Whether a mail system sent it, and says above it that something came back."""
    who, subject = (headers.get(name, "")[:LINE_AT_MOST].casefold() for name in ("from", "subject"))
    is_system = any(name in who for name in _SYSTEMS) or who.strip() in ("", "<>", '""')
    return is_system and any(word in subject for word in _SUBJECTS)


def _statements(groups: tuple[Fields, ...], prose: Prose, sender: str | None) -> Iterator[Statement]:
    said = _by_recipient(prose.blocks)
    context = one_line(" ".join(prose.blocks[0].lines))
    for group in groups:
        recipients = _recipients(group)
        below = " ".join(said.get(recipient, "") for recipient in recipients)
        own = below if len(groups) > 1 else one_line(" ".join(prose.everything))
        yield Statement(
            recipients=recipients,
            # Where everything was pasted as one line, it all stands behind its first name.
            words=one_line(f"{group.get('diagnostic-code', '')} {_behind(group.get('status', ''))} {own}"),
            action=group.get("action", "").casefold(),
            status=group.get("status", ""),
            remote=bool(group.get("remote-mta")),
        )
    if not groups and said:
        for recipient, words in said.items():
            yield Statement(recipients=(recipient,), words=f"{words} {context}")
    if not groups and context:
        recipients = tuple(dict.fromkeys(prose.named)) or _the_one_in(context, sender)
        yield Statement(recipients=recipients, words=context)


def _the_one_in(words: str, sender: str | None) -> tuple[str, ...]:
    """The one address in the words of a server, which is whom it befell: "Unknown user: ida@…". None of several, and
    none where a sender is spoken of."""
    if "send" in words.casefold():
        return ()
    found = {address.casefold().rstrip(".") for address in ADDRESS.findall(words[:_VALUE_AT_MOST])}
    found = {address for address in found if address != sender and not is_nobodys(address)}
    return tuple(found) if len(found) == 1 else ()


def _parted(text: str) -> str:
    """The text with each status field on a line of its own, also where a chat made one line of all."""
    if "Diagnostic-Code:" in text or "Final-Recipient:" in text:
        for name in _FIELDS:
            text = text.replace(f" {name}: ", f"\n{name}: ")
    return text


def _behind(status: str) -> str:
    return status if len(status) > _STATUS_AT_MOST else ""


def _by_recipient(blocks: Iterable[Block]) -> dict[str, str]:
    """Everything said about each recipient: below the address for people, and again below it for administrators."""
    said: dict[str, list[str]] = {}
    for block in blocks:
        for recipient in dict.fromkeys(block.recipients):
            if recipient in said or len(said) < _RECIPIENTS_AT_MOST:
                said.setdefault(recipient, []).extend(block.lines)
    return {recipient: one_line(" ".join(lines)) for recipient, lines in said.items()}


def _recipients(group: Fields) -> tuple[str, ...]:
    names = ("final-recipient", "original-recipient", "x-actual-recipient")
    # In brackets stands where an address comes from: “(expanded from …)”.
    values = (group.get(name, "")[:LINE_AT_MOST].partition("(")[0] for name in names)
    found = next((addresses for value in values if (addresses := ADDRESS.findall(value))), [])
    return tuple(dict.fromkeys(address.casefold() for address in found))


def _headers_of(mail: Mail) -> Iterator[tuple[str, str]]:
    yield from mail.headers.items()
    yield from mail.original.items()


def _sender(headers: list[tuple[str, str]]) -> str | None:
    """The last sender named: the headers of the message that came back stand below those of the bounce."""
    named = [value for name, value in headers if name in _SENDERS]
    returned_to = [value for name, value in headers if name == "return-path"]
    return next(filter(None, map(_somebody_in, (*reversed(named), *reversed(returned_to)))), None)


def _sender_in_a_line(words: str) -> str | None:
    """The sender where headers were pasted as one line, behind other words."""
    behind = (words.rpartition(name)[1:] for name in _IN_A_LINE)
    # Only up to the next header: behind it stands somebody else.
    values = (rest.partition(": ")[0] for name, rest in behind if name)
    return next(filter(None, map(_somebody_in, values)), None)


def _somebody_in(value: str) -> str | None:
    found = ADDRESS.search(value[:LINE_AT_MOST])
    return found[0].casefold() if found and not is_nobodys(found[0]) else None


def _time(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value[:100])
    except ValueError:
        return None
