"""Switching a mailbox's inbox rules and forwarding off, and on again, in Exchange."""

from collections.abc import Mapping

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets, Rows
from services.clients.exchange.mailbox_evidence import forwarding_in, is_of, rule_id, rule_is_on
from services.clients.refusals import Refusal, needing
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable


class MailboxContainment:
    """Each method raises `Unavailable`, and `Refusal` if Exchange refuses."""

    def __init__(self, cmdlets: Cmdlets) -> None:
        self._cmdlets = cmdlets

    async def rules_that_are(self, address: str, named: tuple[str, ...], *, on: bool) -> tuple[str, ...]:
        """Those of the named rules, hidden ones too, that exist and are on (or off)."""
        found = await self._rules(address)
        return tuple(rule for rule in dict.fromkeys(named) if found.get(rule) is on)

    async def switch_rules(self, address: str, rules: tuple[str, ...], *, on: bool) -> tuple[str, ...]:
        """Switch the rules on or off, and read them again. Returns those that are now as wanted.

        Raises `Refusal` if one is not, with those that were switched as its `was`."""
        # https://learn.microsoft.com/powershell/module/exchangepowershell/disable-inboxrule: rules that only Outlook
        # carries out are removed by it, which asks for confirmation unless told not to.
        cmdlet = "Enable-InboxRule" if on else "Disable-InboxRule"
        refusals = []
        for rule in rules:
            try:
                given = {"Identity": rule, "Mailbox": address, "Force": True, "Confirm": False}
                await self._run(cmdlet, given, repeat=False)
            except Refusal as no:
                refusals.append(str(no))
        now = await self._rules(address)
        switched = tuple(rule for rule in rules if now.get(rule) is on)
        if any(now.get(rule, on) is not on for rule in rules):
            raise Refusal(refusals[0] if refusals else f"{cmdlet} ran, and changed nothing", was=switched)
        return switched

    async def forwarding(self, address: str) -> tuple[str, ...]:
        """The forwarding's SMTP address, its address-book entry, and whether a copy stays (`true`, `false`); empty if
        no mail is forwarded."""
        # https://learn.microsoft.com/powershell/module/exchangepowershell/get-mailbox
        rows = await self._run("Get-Mailbox", {"Identity": address}, repeat=True)
        row = next((row for row in rows.rows if is_of(row, address)), None)
        if row is None:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "no mailbox of that address")
        inside, outside = (target or "" for target in forwarding_in(row))
        keeps = row.get("DeliverToMailboxAndForward") in (True, "True")
        return (outside, inside, "true" if keeps else "false") if outside or inside else ()

    async def forward(self, address: str, forwarding: tuple[str, ...]) -> None:
        """Set the forwarding as `forwarding` returns it; empty switches it off."""
        # https://learn.microsoft.com/powershell/module/exchangepowershell/set-mailbox
        outside, inside, keeps = forwarding or ("", "", "false")
        to = {"ForwardingSmtpAddress": outside or None, "ForwardingAddress": inside or None}
        how = {"DeliverToMailboxAndForward": keeps == "true"}
        await self._run("Set-Mailbox", {"Identity": address, **to, **how}, repeat=False)

    async def _rules(self, address: str) -> Mapping[str, bool]:
        # https://learn.microsoft.com/powershell/module/exchangepowershell/get-inboxrule (hidden ones only here)
        rows = await self._run("Get-InboxRule", {"Mailbox": address, "IncludeHidden": True}, repeat=True)
        if not rows.complete:
            raise Unavailable(UnknownReason.INCOMPLETE, "inbox rules")
        return {rule_id(row): rule_is_on(row) for row in rows.rows}

    async def _run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        try:
            with needing(f"Exchange.ManageAsApp, or an Exchange role with {cmdlet},"):
                return await self._cmdlets.run(cmdlet, parameters, repeat=repeat)
        except CmdletFailed as failed:
            raise Refusal(str(failed)) from failed
