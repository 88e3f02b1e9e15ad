"""Reading a pasted bounce (NDR): which code, and what it means for somebody who cannot send."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What a bounce means, by who can fix it."""

    RESTRICTED_SENDER = "restricted_sender"
    MAYBE_RESTRICTED = "maybe_restricted"
    FOREIGN_SENDER_CHECK = "foreign_sender_check"
    DAILY_RECIPIENTS = "daily_recipients"
    SUBMISSION_QUOTA = "submission_quota"
    RECIPIENT_FULL = "recipient_full"
    TENANT_RECIPIENTS = "tenant_recipients"
    TENANT_BLOCKED = "tenant_blocked"
    ADDRESS_RANGE_BLOCKED = "address_range_blocked"
    UNREGISTERED_DOMAIN = "unregistered_domain"
    CONNECTOR_RESTRICTED = "connector_restricted"
    BANNED_FOR_ABUSE = "banned_for_abuse"
    FORWARDING_BLOCKED = "forwarding_blocked"
    NOT_SIGNED_IN = "not_signed_in"
    NO_SEND_RIGHT = "no_send_right"
    WRONG_ADDRESS = "wrong_address"
    RECIPIENT_EDGE = "recipient_edge"
    RECIPIENT_CLOSED = "recipient_closed"
    SENDER_RECORDS = "sender_records"
    TENANT_BLOCK_LIST = "tenant_block_list"
    REJECTED = "rejected"
    RECIPIENT_BUSY = "recipient_busy"
    TEMPORARY = "temporary"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """The code a bounce carries and what it means."""

    code: str
    meaning: Meaning


_BAD_OUTBOUND_SENDER = (
    r"bad\s+outbound\s+sender"
    # People paste translated help pages too; the restricted list decides whether the sender is restricted.
    r"|ungültiger\s+ausgehender\s+absender|remetente\s+de\s+saída|недопустимый\s+отправитель"
    r"|felaktig\s+utgående\s+avsändare|正しくない送信|错误的出站发件人"
)
_QUOTA = r"quota\s+(?:was\s+)?exceeded|exceed\w*\s+.{0,40}quota|submission\s*quota"

# Read top to bottom; the first row whose code and phrase fit wins. A phrase of None always fits.
# https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online
_ROWS: tuple[tuple[str, str | None, Meaning], ...] = (
    (r"5\.1\.8", _BAD_OUTBOUND_SENDER, Meaning.RESTRICTED_SENDER),
    # Exchange Online wraps a foreign server's own 5.1.8 in the same sentence for the user.
    (r"5\.1\.8", r"gave\s+this\s+error|remote-mta|sender\s+address\s+rejected", Meaning.FOREIGN_SENDER_CHECK),
    (r"5\.1\.8", None, Meaning.MAYBE_RESTRICTED),
    (r"5\.1\.90", None, Meaning.DAILY_RECIPIENTS),
    (r"5\.2\.[02]", _QUOTA, Meaning.SUBMISSION_QUOTA),
    (r"5\.2\.2", None, Meaning.RECIPIENT_FULL),
    (r"5\.7\.23[23]", None, Meaning.TENANT_RECIPIENTS),
    (r"5\.7\.705", None, Meaning.TENANT_BLOCKED),
    (r"5\.7\.708", None, Meaning.ADDRESS_RANGE_BLOCKED),
    (r"5\.7\.750", None, Meaning.UNREGISTERED_DOMAIN),
    (r"5\.7\.711", None, Meaning.CONNECTOR_RESTRICTED),
    (r"5\.7\.50[123]", None, Meaning.BANNED_FOR_ABUSE),
    (r"5\.7\.520", None, Meaning.FORWARDING_BLOCKED),
    (r"5\.7\.(?:57|3)", None, Meaning.NOT_SIGNED_IN),
    (r"5\.7\.60", None, Meaning.NO_SEND_RIGHT),
    (r"5\.7\.(?:12|124|133|134|135|136)", None, Meaning.RECIPIENT_CLOSED),
    (r"5\.7\.(?:23|25|509|515)", None, Meaning.SENDER_RECORDS),
    (r"5\.7\.703", None, Meaning.TENANT_BLOCK_LIST),
    (r"5\.1\.(?:0|1|10|20)", None, Meaning.WRONG_ADDRESS),
    (r"5\.4\.1", None, Meaning.RECIPIENT_EDGE),
    (r"5\.2\.12[12]", None, Meaning.RECIPIENT_BUSY),
    (r"5\.7\.1", None, Meaning.REJECTED),
    (r"4\.\d+\.\d+", None, Meaning.TEMPORARY),
    (r".*", None, Meaning.OTHER),
)

_READ_AT_MOST = 65_536
_CODE = r"([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)"
# The most reliable place first: the delivery-status part, then an SMTP reply code in front, then a bare code.
_PLACES = (
    re.compile(r"(?i)\bstatus(?:\s+code)?:\s*(?:\d{3}\s+)?" + _CODE),
    re.compile(r"(?<![\d.])[45]\d\d[ ;:#-]{1,3}" + _CODE),
    re.compile(r"(?<![\w.])" + _CODE),
)


def read_bounce(text: str) -> Bounce | None:
    """The first status code in the text, and what it means; `None` if there is none.

    Only the first 65,536 characters are read."""
    flat = _unwrapped(text[:_READ_AT_MOST])
    code = next((found[1] for pattern in _PLACES if (found := pattern.search(flat))), None)
    if code is None:
        return None
    return Bounce(code=code, meaning=_meaning(code, flat))


def _meaning(code: str, text: str) -> Meaning:
    return next(
        meaning
        for pattern, phrase, meaning in _ROWS
        if re.fullmatch(pattern, code) and (phrase is None or re.search(phrase, text, re.IGNORECASE))
    )


def _unwrapped(text: str) -> str:
    """The text as one line: soft line breaks joined, `>` quoting removed, white space reduced to single blanks."""
    joined = re.sub(r"=\r?\n", "", text)
    unquoted = re.sub(r"(?m)^[ \t]*(?:>[ \t]*)+", "", joined)
    return " ".join(unquoted.split())
