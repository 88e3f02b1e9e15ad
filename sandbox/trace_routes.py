"""Message trace, as Graph shows it: one row for each recipient, under the address that the mail carried."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.answers import Refused, Route
from sandbox.tenant import Tenant
from sandbox.traces import stamp

NOT_SET_UP = "message trace set-up"
"""The name of the tenant's switch for the service principal that message trace wants in it."""

_PATH = "/v1.0/admin/exchange/tracing/messageTraces"
_FIELDS = frozenset(
    {"id", "senderAddress", "recipientAddress", "messageId", "receivedDateTime", "subject", "fromIP", "toIP", "status"}
)
_TAKEN = frozenset({"$filter", "$top", "$skiptoken"})
_IGNORED = frozenset({"$select", "$orderby", "$count"})
_LONGEST, _OLDEST, _BY_ITSELF = timedelta(days=10), timedelta(days=90), timedelta(hours=48)
_VALUE = r"(?:'(?:[^']|'')*'|[^\s()',]+)"
_CLAUSE = re.compile(
    rf"(?P<name>\w+) (?:(?P<how>eq|ne|ge|le) (?P<value>{_VALUE})|in \((?P<values>{_VALUE}(?:, ?{_VALUE})*)\))"
)
_BY_RECIPIENT = re.compile(r"getDetailsByRecipient\(recipientAddress='((?:[^']|'')+)'\)")
_BETWEEN = re.compile(r" (?:and|or) ")


class TraceRoutes:
    """The list of message traces, and the route of one message. `base_url` is where Graph listens: next links are
    whole addresses."""

    def __init__(self, tenant: Tenant, base_url: Callable[[], str]) -> None:
        self._tenant = tenant
        self._trace = tenant.message_trace
        self._base_url = base_url

    def routes(self) -> tuple[Route, ...]:
        permission = "ExchangeMessageTrace.Read.All"
        return (
            ("GET", _PATH, permission, self._list),
            ("GET", f"{_PATH}/{{trace}}/{{call}}", permission, self._route),
        )

    async def _route(self, request: web.Request) -> dict[str, Any]:
        """What happened to one message on its way to one recipient. It counts like a query of the list."""
        call = _BY_RECIPIENT.fullmatch(request.match_info["call"])
        if call is None:
            raise _bad(f"Resource not found for the segment '{request.match_info['call']}'.")
        self._let_in()
        trace, recipient = request.match_info["trace"], call[1].replace("''", "'")
        found = (one.traces.route_of(trace, recipient) for one in self._tenant.accounts.values())
        # A message that it does not know has no events, and is no error.
        return {"value": [event for events in found for event in events]}

    async def _list(self, request: web.Request) -> dict[str, Any]:
        self._let_in()
        if strange := {name for name in request.query if name.startswith("$")} - _TAKEN - _IGNORED:
            raise _bad(f"The query option {min(strange)} is not supported.")
        top = _whole(request, "$top", 1_000, most=5_000)
        start = _whole(request, "$skiptoken", 0, most=10**9)
        wanted = _kept(request.query.get("$filter", ""))
        rows = list(self._rows(wanted, *_window(wanted, self._trace.now())))
        sent = [str(row["receivedDateTime"]) for row in rows if row["status"] == "delivered"]
        if sent:
            self._trace.shown.append((self._trace.now(), datetime.fromisoformat(max(sent))))
        end = start + top
        # A page begins with the last row of the one before it: duplicates are usual.
        page: dict[str, Any] = {"value": rows[max(0, start - 1) : end]}
        if end < len(rows):
            asked = quote(request.query.get("$filter", ""))
            page["@odata.nextLink"] = f"{self._base_url()}{_PATH}?$filter={asked}&$top={top}&$skiptoken={end}"
        return page

    def _let_in(self) -> None:
        if wait := self._trace.wait():
            refused = Refused(429, "TooManyRequests", "Too many requests.")
            refused.response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
            raise refused
        # https://learn.microsoft.com/exchange/monitoring/trace-an-email-message/graph-api-message-trace
        if NOT_SET_UP in self._tenant.unreadable:
            text = "Service principal-less Authentication failed: the service principal for App ID {} was not found."
            raise Refused(401, "Unauthorized", text.format("8bd644d1-64a1-4d4b-ae52-2e0cbf64e373"))
        if "message trace" in self._tenant.unreadable:
            raise Refused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")

    def _rows(self, wanted: Mapping[str, str], since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
        """Newest first, without those that do not show yet."""
        equal = {name: value.casefold() for name, value in wanted.items() if name in _FIELDS}
        senders = {one.persona.address: one.traces for one in self._tenant.accounts.values()}
        asked = (name for name in senders if equal.get("senderAddress", name.casefold()) == name.casefold())
        every = [row for name in asked for row in senders[name].trace_rows(name)]
        until = min(until, self._trace.now() - self._trace.lag)
        for row in sorted(every, key=lambda row: str(row["receivedDateTime"]), reverse=True):
            inside = stamp(since) <= row["receivedDateTime"] <= stamp(until)
            if inside and all(str(row.get(name)).casefold() == value for name, value in equal.items()):
                yield row


def _kept(text: str) -> dict[str, str]:
    """Of each field the value that counts: the last one, whatever stands between them. A time has one for each end."""
    kept: dict[str, str] = {}
    at = 0
    while text:
        clause = _CLAUSE.match(text, at)
        if clause is None or clause["name"] not in _FIELDS:
            raise _bad("Invalid filter clause.")
        # `ne` and `in` are taken, and read as `eq` of their last value.
        value = re.findall(_VALUE, clause["value"] or clause["values"])[-1]
        end = f" {clause['how']}" if clause["how"] in ("ge", "le") else ""
        kept[clause["name"] + end] = value.strip("'").replace("''", "'")
        if clause.end() == len(text):
            break
        between = _BETWEEN.match(text, clause.end())
        if between is None:
            raise _bad("Invalid filter clause.")
        at = between.end()
    return kept


def _window(wanted: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    """Two days where no time is named; both ends where one is. Ten days at most, and ninety back."""
    ends = {name for name in wanted if name.startswith("receivedDateTime")}
    if not ends:
        return now - _BY_ITSELF, now
    if ends != {"receivedDateTime ge", "receivedDateTime le"}:
        raise _bad("receivedDateTime takes a start (ge) and an end (le).")
    try:
        since, until = (
            datetime.strptime(wanted[f"receivedDateTime {end}"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            for end in ("ge", "le")
        )
    except ValueError:
        raise _bad("receivedDateTime is a time such as 2026-01-20T00:00:00Z.") from None
    if until > now or until < since or until - since > _LONGEST or since < now - _OLDEST - timedelta(seconds=1):
        raise _bad("The time range is too long, too old, or ends in the future.")
    return since, until


def _whole(request: web.Request, name: str, default: int, *, most: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise _bad(f"Invalid value for {name}.")
    return int(text)


def _bad(text: str) -> Refused:
    return Refused(400, "BadRequest", text)
