"""Inbox rules off and on again, and a mailbox's forwarding."""

from collections.abc import Callable, Mapping

from aiohttp import web

from sandbox.cmdlets import Cmdlet, Parameters, bad, not_found, rows
from sandbox.faults import nul_403
from sandbox.tenant import Account, Tenant

_TEXT = (str, type(None))


class ContainmentCmdlets:
    """Disable- and Enable-InboxRule, and Set-Mailbox as far as forwarding goes."""

    def __init__(self, tenant: Tenant, base_url: Callable[[], str]) -> None:
        self._tenant = tenant
        self._base_url = base_url

    def cmdlets(self) -> Mapping[str, Cmdlet]:
        rule = {"Identity": str, "Mailbox": str, "Force": bool, "Confirm": bool}
        mailbox: dict[str, type | tuple[type, ...]] = {
            "Identity": str,
            "ForwardingSmtpAddress": _TEXT,
            "ForwardingAddress": _TEXT,
            "DeliverToMailboxAndForward": bool,
        }
        return {
            "Disable-InboxRule": self._switch(rule, lambda given: self._rule(given, on=False)),
            "Enable-InboxRule": self._switch(rule, lambda given: self._rule(given, on=True)),
            "Set-Mailbox": self._switch(mailbox, self._forward),
        }

    def _switch(
        self, takes: Mapping[str, type | tuple[type, ...]], run: Callable[[Parameters], web.Response]
    ) -> Cmdlet:
        def allowed(given: Parameters) -> web.Response:
            return nul_403() if "containing cmdlets" in self._tenant.unreadable else run(given)

        return Cmdlet(takes=takes, run=allowed, fault="exchange.contain")

    def _rule(self, given: Parameters, *, on: bool) -> web.Response:
        account = self._account(given.get("Mailbox"))
        wanted = given.get("Identity")
        if account is None:
            return not_found(str(given.get("Mailbox")))
        rule = next((rule for rule in account.traces.rules if wanted in (rule["Identity"], rule["RuleIdentity"])), None)
        if rule is None:
            return not_found(str(wanted))
        if given.get("Force") is not True:
            return bad("ShouldContinueException", "This would remove rules of Outlook's own and needs a confirmation.")
        if not rule.get("stuck"):
            rule["Enabled"] = on
        self._tenant.note(f"Exchange: the rule {rule['Name']!r} of {account.persona.name} is {'on' if on else 'off'}")
        return rows(self._base_url(), [])

    def _forward(self, given: Parameters) -> web.Response:
        account = self._account(given.get("Identity"))
        if account is None:
            return not_found(str(given.get("Identity")))
        traces = account.traces
        if "ForwardingSmtpAddress" in given:
            target = given["ForwardingSmtpAddress"]
            traces.forwarding = target.removeprefix("smtp:") if target else None
        if "ForwardingAddress" in given:
            traces.forwarding_inside = given["ForwardingAddress"]
        traces.keeps_copy = given.get("DeliverToMailboxAndForward", traces.keeps_copy)
        to = traces.forwarding_inside or traces.forwarding or "nobody"
        self._tenant.note(f"Exchange: the mailbox of {account.persona.name} forwards to {to}")
        return rows(self._base_url(), [])

    def _account(self, name: object) -> Account | None:
        account = self._tenant.account_of(str(name))
        return None if account is None or account.persona.guest else account
