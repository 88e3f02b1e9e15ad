"""How full a mailbox is, and whether programs may sign in to send from it."""

import re
from collections.abc import Mapping
from typing import Any

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets, unexpected
from services.clients.exchange.mailbox_evidence import is_of
from services.clients.wire_values import text_of
from services.domain.checks.mailbox_state import MailboxFill, SmtpAuth
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_BYTES = re.compile(r"\((\d[\d.,' \u00a0\u202f]{0,30}+)bytes\)", re.IGNORECASE)
"""As in "49.5 GB (53,150,220,288 bytes)". How sizes are written over REST is not published."""
_UNLIMITED = "unlimited"


async def read_fill(cmdlets: Cmdlets, address: str) -> MailboxFill:
    """Raises `Unavailable`, also if a size is written in no known way."""
    # https://learn.microsoft.com/powershell/module/exchangepowershell/get-mailboxstatistics
    # https://learn.microsoft.com/powershell/module/exchangepowershell/get-mailbox (ProhibitSendQuota)
    mailboxes = [row for row in await _rows(cmdlets, "Get-Mailbox", address) if is_of(row, address)]
    statistics = await _rows(cmdlets, "Get-MailboxStatistics", address)
    if len(mailboxes) != 1 or len(statistics) != 1:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "not one mailbox with its size")
    quota = str(mailboxes[0].get("ProhibitSendQuota"))
    bound = None if _UNLIMITED in quota.casefold() else _size(quota)
    return MailboxFill(used=_size(str(statistics[0].get("TotalItemSize"))), sends_below=bound)


async def read_smtp_auth(cmdlets: Cmdlets, address: str) -> SmtpAuth:
    """Raises `Unavailable`. What the mailbox does not say itself, the organisation says."""
    # https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission
    rows = [row for row in await _rows(cmdlets, "Get-CASMailbox", address) if is_of(row, address)]
    if len(rows) != 1:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "not one mailbox with its protocols")
    own = _is_disabled(rows[0])
    if own is not None:
        return SmtpAuth.OFF_HERE if own else SmtpAuth.ON
    organisation = await _rows(cmdlets, "Get-TransportConfig", "")
    everywhere = _is_disabled(organisation[0]) if len(organisation) == 1 else None
    if everywhere is None:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "an organisation that says nothing of SMTP AUTH")
    return SmtpAuth.OFF_EVERYWHERE if everywhere else SmtpAuth.ON


async def _rows(cmdlets: Cmdlets, cmdlet: str, address: str) -> tuple[Mapping[str, Any], ...]:
    try:
        found = await cmdlets.run(cmdlet, {"Identity": address} if address else {}, repeat=True)
    except CmdletFailed as failed:
        raise unexpected(failed) from failed
    return found.rows


def _is_disabled(row: Mapping[str, Any]) -> bool | None:
    """`None` where the row does not say: an empty value inherits, and a missing field is none at all."""
    if "SmtpClientAuthenticationDisabled" not in row:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "protocols without SMTP AUTH")
    value = row["SmtpClientAuthenticationDisabled"]
    said = value if isinstance(value, bool) else {"true": True, "false": False}.get((text_of(value) or "").casefold())
    return said if isinstance(said, bool) else None


def _size(text: str) -> int:
    found = _BYTES.search(text)
    digits = "".join(filter(str.isdecimal, found[1])) if found else ""
    if not digits:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "a size of no known form")
    return int(digits)
