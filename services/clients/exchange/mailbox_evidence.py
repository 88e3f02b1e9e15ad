"""Evidence in a mailbox: forwarding and inbox rules from Exchange, sent mail from message trace."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets, Rows, unexpected
from services.clients.graph.message_traces import MessageTraces
from services.clients.wire_values import list_of, shown_value, text_of
from services.domain.checks.replies import ServerReply
from services.domain.delivery.traced import Traced, TracedRow
from services.domain.evidence.report import Excerpt, Forwarding, InboxRule, RuleDeed, SentMail
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_RULES_AT_MOST = 50
_SYSTEM_RULES = ("junk e-mail rule",)
_SMTP = re.compile(r"\[SMTP:([^\]]{1,320})\]", re.IGNORECASE)
_HIDING = re.compile(r"rss|archive|conversation history|junk|deleted|notes", re.IGNORECASE)
_FORWARDS = ("ForwardTo", "ForwardAsAttachmentTo")
_DELETES = ("DeleteMessage", "SoftDeleteMessage")
_MISSING = object()


class ExchangeEvidence:
    """Implements the port `MailboxEvidence`."""

    def __init__(self, cmdlets: Cmdlets, traces: MessageTraces) -> None:
        self._cmdlets = cmdlets
        self._traces = traces

    async def forwarding(self, address: str) -> Forwarding | None:
        # https://learn.microsoft.com/powershell/module/exchangepowershell/get-mailbox: where both are set only
        # ForwardingAddress counts.
        rows = await self._read("Get-Mailbox", {"Identity": address})
        row = next((row for row in rows.rows if is_of(row, address)), None)
        if row is None:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "no mailbox of that address")
        inside, outside = forwarding_in(row)
        target = inside or outside
        if target is None:
            return None
        to = target[5:] if target[:5].casefold() == "smtp:" else target
        own = await self._own_domains()
        keeps = row.get("DeliverToMailboxAndForward") in (True, "True")
        return Forwarding(to=to, keeps_copy=keeps, external=_is_external(to, own))

    async def inbox_rules(self, address: str) -> Excerpt[InboxRule]:
        # https://learn.microsoft.com/powershell/module/exchangepowershell/get-inboxrule (hidden ones only here)
        rows = await self._read("Get-InboxRule", {"Mailbox": address, "IncludeHidden": True})
        own = await self._own_domains()
        rules = [rule for row in rows.rows if (rule := _rule(row, own))]
        if len(rules) <= _RULES_AT_MOST:
            return Excerpt(rows=tuple(rules), cut=not rows.complete)
        # Those that send outside first: what is cut off must not be what matters most.
        rules.sort(key=lambda rule: (not rule.enabled, rule.external is False, rule.external is None))
        return Excerpt(rows=tuple(rules[:_RULES_AT_MOST]), cut=True)

    async def sent(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> SentMail:
        return await self._traces.sent(addresses, since, until, urgent=urgent)

    async def messages(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> Traced:
        return await self._traces.messages(addresses, since, until, urgent=urgent)

    async def reply(self, row: TracedRow) -> ServerReply | None:
        return await self._traces.reply(row)

    async def _own_domains(self) -> frozenset[str] | None:
        """The organisation's own domains; `None` if they cannot be read: then it is not known what is outside."""
        try:
            rows = await self._read("Get-AcceptedDomain", {})
        except Unavailable:
            return None
        names = [text_of(row.get("DomainName")) for row in rows.rows]
        return frozenset(name.casefold() for name in names if name) if rows.complete else None

    async def _read(self, cmdlet: str, parameters: Mapping[str, object]) -> Rows:
        try:
            return await self._cmdlets.run(cmdlet, parameters, repeat=True)
        except CmdletFailed as failed:
            raise unexpected(failed) from failed


def is_of(row: Mapping[str, Any], address: str) -> bool:
    """Whether the row of `Get-Mailbox` is the mailbox of that address."""
    aliases = [str(text).partition(":")[2] for text in list_of(row.get("EmailAddresses"))]
    names = [text_of(row.get("PrimarySmtpAddress")), text_of(row.get("UserPrincipalName")), *aliases]
    return address.casefold() in {name.casefold() for name in names if name}


def forwarding_in(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The forwarding to somebody in the address book, and to an SMTP address, of a row of `Get-Mailbox`.

    Raises `Unavailable` if one of them is missing or of no known shape: that must not mean that there is none."""
    values = [row.get(name, _MISSING) for name in ("ForwardingAddress", "ForwardingSmtpAddress")]
    if not all(value is None or isinstance(value, str) for value in values):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "forwarding of no known shape")
    return text_of(values[0]), text_of(values[1])


def rule_is_on(row: Mapping[str, Any]) -> bool:
    """Whether the inbox rule is on: unless it says that it is off."""
    return str(row.get("Enabled")).strip().casefold() != "false"


def rule_id(row: Mapping[str, Any]) -> str:
    """The rule's identity in Exchange. It is kept as text, since as a number it would lose digits in JSON readers."""
    return str(row.get("Identity") or row.get("RuleIdentity") or text_of(row.get("Name")) or "")


def _is_external(address: str, own: frozenset[str] | None) -> bool | None:
    """Whether the address is outside the organisation; `None` if that is not known. A name without a domain comes from
    the organisation's address book, and may be a contact outside."""
    domain = address.rpartition("@")[2].casefold() if "@" in address else ""
    return None if own is None or not domain else domain not in own


def _rule(row: Mapping[str, Any], own: frozenset[str] | None) -> InboxRule | None:
    name = text_of(row.get("Name")) or ""
    deeds = _deeds(row)
    targets = [target for field in (*_FORWARDS, "RedirectTo") for target in _targets(row.get(field))]
    if not deeds or (name.casefold() in _SYSTEM_RULES and not targets):
        return None
    # A target from the address book shows no SMTP address: it may be a contact outside. A name may look like one.
    found = [_SMTP.findall(target) for target in targets]
    external = [_is_external(address, own) for addresses in found for address in addresses]
    unsure = None if [] in found or None in external else False
    return InboxRule(
        id=rule_id(row),
        name=name[:80],
        enabled=rule_is_on(row),
        hidden=row.get("IsHidden") in (True, "True") or not row.get("SupportedByTask", True),
        deeds=deeds,
        targets=tuple([address for target in targets for address in _SMTP.findall(target) or [target[:120]]][:5]),
        external=True if True in external else (unsure if targets else False),
    )


def _deeds(row: Mapping[str, Any]) -> tuple[RuleDeed, ...]:
    deeds = []
    if any(_targets(row.get(field)) for field in _FORWARDS):
        deeds.append(RuleDeed.FORWARDS)
    if _targets(row.get("RedirectTo")):
        deeds.append(RuleDeed.REDIRECTS)
    if any(str(row.get(field) or False).strip().casefold() != "false" for field in _DELETES):
        deeds.append(RuleDeed.DELETES)
    if _HIDING.search(str(row.get("MoveToFolder") or "")):
        deeds.append(RuleDeed.HIDES)
    return tuple(deeds)


def _targets(value: object) -> Sequence[str]:
    """To whom a rule sends, as texts. One of no known shape is still one: what it shows, as it is written."""
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    shown = [item.strip() if isinstance(item, str) else shown_value(item) for item in items]
    return [text for text in shown if text]
