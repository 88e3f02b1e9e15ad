"""Restricted inbound connectors: which, and taking one off."""

from collections.abc import Callable, Mapping
from datetime import datetime

from aiohttp import web

from sandbox.clock import now
from sandbox.cmdlets import Cmdlet, Parameters, Row, bad, not_found, rows
from sandbox.tenant import Tenant, stamp

RELAY = "5e0c0000-0000-4000-8000-00000000c0de"
"""The scanner on the second floor sends through it."""


class ConnectorCmdlets:
    """Get- and Remove-BlockedConnector."""

    def __init__(self, tenant: Tenant, base_url: Callable[[], str]) -> None:
        self._tenant = tenant
        self._base_url = base_url

    def cmdlets(self) -> Mapping[str, Cmdlet]:
        connector = {"ConnectorId": str}
        return {
            "Get-BlockedConnector": Cmdlet(takes=connector, run=self._get, fault="exchange.connectors"),
            "Remove-BlockedConnector": Cmdlet(
                takes={**connector, "Reason": str}, run=self._remove, fault="exchange.remove"
            ),
        }

    def _get(self, _: Parameters) -> web.Response:
        found = [_row(since, identity) for identity, since in self._tenant.visible_connectors()]
        return rows(self._base_url(), found)

    def _remove(self, given: Parameters) -> web.Response:
        wanted, note = str(given.get("ConnectorId", "")).casefold(), str(given.get("Reason", ""))
        if not wanted:
            return bad("ParameterBindingException", "The parameters do not name a connector")
        if not self._tenant.remove_connector(wanted):
            return not_found(wanted)
        self._tenant.removals.append((now(), wanted, "done"))
        self._tenant.note(f"Exchange: Remove-BlockedConnector {wanted}: done ({note or 'no comment'})")
        return rows(self._base_url(), [])


def _row(since: datetime, identity: str) -> Row:
    return {
        "ConnectorId": identity,
        "Reason": "OutboundSpamLast24Hours=212;AS(2204)",
        "CreatedDatetime@data.type": "System.DateTime",
        "CreatedDatetime": stamp(since),
    }
