"""The restricted list: who is on it, and taking somebody off."""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.cmdlets import Cmdlet, Parameters, bad, not_found, rows
from sandbox.people import TENANT
from sandbox.tenant import Listed, Tenant, now, stamp


class RestrictedCmdlets:
    """Get- and Remove-BlockedSenderAddress."""

    def __init__(self, tenant: Tenant, base_url: Callable[[], str]) -> None:
        self._tenant = tenant
        self._base_url = base_url

    def cmdlets(self) -> Mapping[str, Cmdlet]:
        sender = {"SenderAddress": str}
        return {
            "Get-BlockedSenderAddress": Cmdlet(takes=sender, run=self._get, fault="exchange.list"),
            "Remove-BlockedSenderAddress": Cmdlet(
                takes={**sender, "Reason": str}, run=self._remove, fault="exchange.remove"
            ),
        }

    def _get(self, parameters: Parameters) -> web.Response:
        self._tenant.reads += 1
        wanted = parameters.get("SenderAddress")
        entries = [e for e in self._tenant.visible() if wanted is None or e.address.casefold() == wanted.casefold()]
        if wanted is None and self._tenant.truncated:
            link = f"{self._base_url()}/adminapi/beta/{TENANT}/InvokeCommand?$skiptoken=c2FuZGJveA"
            warning = "There are more results available than are shown; raise the ResultSize parameter."
            return rows(self._base_url(), [_row(entries[0])] if entries else [], warnings=[warning], link=link)
        return rows(self._base_url(), [_row(entry) for entry in entries])

    def _remove(self, parameters: Parameters) -> web.Response:
        address = str(parameters.get("SenderAddress", ""))
        entry = next((e for e in self._tenant.visible() if e.address.casefold() == address.casefold()), None)
        if not address or ("Reason" in parameters and (entry is None or parameters["Reason"] != entry.reason)):
            return bad("ParameterBindingException", "The parameters do not name an entry")
        account = self._tenant.account_of(address)
        if account is not None and account.unblocks_spent:
            self._done(address, "refused")
            return bad(
                "TooManyUnblocksException", "This sender was unblocked too often. Please contact Microsoft Support."
            )
        if not self._tenant.remove(address):
            self._done(address, "not found")
            return not_found(address)
        self._done(address, "done")
        return rows(self._base_url(), [])

    def _done(self, address: str, outcome: str) -> None:
        self._tenant.removals.append((now(), address, outcome))
        self._tenant.note(f"Exchange: Remove-BlockedSenderAddress {address}: {outcome}")


def _row(entry: Listed) -> dict[str, Any]:
    created = stamp(entry.since) if entry.since else None
    return {
        "SenderAddress": entry.address,
        "Reason": entry.reason,
        "CreatedDatetime@data.type": "System.DateTime",
        "CreatedDatetime": created,
        "ChangedDatetime@data.type": "System.DateTime",
        "ChangedDatetime": created,
        "TemporaryBlock": entry.temporary,
    }
