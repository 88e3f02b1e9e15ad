"""Inbox rules, the organisation's own domains, how much of its daily limit is used, and whether it audits."""

from collections.abc import Callable, Mapping

from aiohttp import web

from sandbox.cmdlets import Cmdlet, Parameters, not_found, rows
from sandbox.faults import nul_403
from sandbox.people import DOMAIN
from sandbox.tenant import Tenant

_UNSHOWN = ("IsHidden", "stuck")
_JUNK = {"Name": "Junk E-mail Rule", "Enabled": True, "Priority": 0, "Identity": "mailbox\\1", "IsValid": True}


class TracesCmdlets:
    """Get-InboxRule, Get-AcceptedDomain, Get-LimitsEnforcementStatus and Get-AdminAuditLogConfig."""

    def __init__(self, tenant: Tenant, base_url: Callable[[], str]) -> None:
        self._tenant = tenant
        self._base_url = base_url

    def cmdlets(self) -> Mapping[str, Cmdlet]:
        return {
            "Get-InboxRule": Cmdlet(takes={"Mailbox": str, "IncludeHidden": bool}, run=self._rules),
            "Get-AcceptedDomain": Cmdlet(takes={}, run=self._domains),
            "Get-LimitsEnforcementStatus": Cmdlet(takes={}, run=self._limit),
            "Get-AdminAuditLogConfig": Cmdlet(takes={}, run=self._auditing),
        }

    def _rules(self, given: Parameters) -> web.Response:
        if "inbox rules" in self._tenant.unreadable:
            return nul_403()
        account = self._tenant.mailbox_of(str(given.get("Mailbox", "")))
        if account is None:
            return not_found(str(given.get("Mailbox", "")))
        hidden_too = given.get("IncludeHidden") is True
        shown = [rule for rule in account.traces.rules if hidden_too or not rule["IsHidden"]]
        plain = [{name: value for name, value in rule.items() if name not in _UNSHOWN} for rule in shown]
        return rows(self._base_url(), [*([_JUNK] if hidden_too else []), *plain])

    def _limit(self, _given: Parameters) -> web.Response:
        if "tenant limit" in self._tenant.unreadable:
            return nul_403()
        sent, most = self._tenant.sent_outside, self._tenant.may_send_outside
        verdict = "Blocked" if sent >= most else "Allowed"
        row = {"ObservedValue": sent, "Threshold": most, "Verdict": verdict, "EnforcementEnabled": True}
        return rows(self._base_url(), [row])

    def _auditing(self, _given: Parameters) -> web.Response:
        row = {"UnifiedAuditLogIngestionEnabled": self._tenant.auditing, "AdminAuditLogEnabled": True}
        return rows(self._base_url(), [row])

    def _domains(self, _given: Parameters) -> web.Response:
        return rows(self._base_url(), [{"DomainName": DOMAIN, "DomainType": "Authoritative", "Default": True}])
