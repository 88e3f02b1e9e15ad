"""The restricted list: who is on it, and taking somebody off."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from sandbox.clock import now
from sandbox.cmdlets import Cmdlet, Parameters, Row, bad, not_found, rows
from sandbox.list_answers import DATES, LIES, LIES_OF_ONE, MORE, NO_FILTER, Answer
from sandbox.people import TENANT
from sandbox.tenant import Listed, Tenant


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
        everything = [_row(entry, DATES[self._tenant.list_dates]) for entry in self._tenant.visible()]
        unfiltered = wanted is None or self._tenant.list_lies == NO_FILTER
        asked = [row for row in everything if unfiltered or row["SenderAddress"].casefold() == str(wanted).casefold()]
        if lie := (LIES if wanted is None else {**LIES, **LIES_OF_ONE}).get(self._tenant.list_lies):
            return self._answer(lie(asked))
        if wanted is None and self._tenant.truncated:
            return self._answer(Answer(rows=asked[:1], warnings=(MORE,), next_page=True))
        if wanted is not None and not asked and self._tenant.unlisted != "empty":
            return self._nobody(wanted)
        return self._answer(Answer(rows=asked))

    def _answer(self, answer: Answer) -> web.Response:
        link = f"{self._base_url()}/adminapi/beta/{TENANT}/InvokeCommand?$skiptoken=c2FuZGJveA"
        more = link if answer.next_page else None
        return rows(self._base_url(), answer.rows, warnings=answer.warnings, link=more)

    def _nobody(self, address: str) -> web.Response:
        """The two errors that somebody who is not listed may be answered with."""
        if self._tenant.unlisted == "404":
            return not_found(address)
        return bad("SenderException", f"The sender address '{address}' couldn't be found in the list.")

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
            return not_found(address) if self._tenant.unlisted != "400" else self._nobody(address)
        self._done(address, "done")
        return rows(self._base_url(), [])

    def _done(self, address: str, outcome: str) -> None:
        self._tenant.removals.append((now(), address, outcome))
        self._tenant.note(f"Exchange: Remove-BlockedSenderAddress {address}: {outcome}")


def _row(entry: Listed, date: Callable[[datetime], Any]) -> Row:
    created = date(entry.since) if entry.since else None
    changed = date(entry.changed) if entry.changed else created
    return {
        "SenderAddress": entry.address,
        "Reason": entry.reason,
        "CreatedDatetime@data.type": "System.DateTime",
        "CreatedDatetime": created,
        "ChangedDatetime@data.type": "System.DateTime",
        "ChangedDatetime": changed,
        "TemporaryBlock": entry.temporary,
        "ObjectState": "Unchanged",
    }
