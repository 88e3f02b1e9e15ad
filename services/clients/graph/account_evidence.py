"""Evidence about an account from Microsoft Graph: sign-ins, risk, and changes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from services.clients.graph.changed_numbers import changed_numbers
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.pages import all_rows, first_rows
from services.clients.graph.sign_in_codes import Outcome, is_code, outcome_of
from services.clients.wire_values import read_moment, text_of
from services.domain.evidence.report import AccountChange, Change, Excerpt, Risk, RiskEvent, RiskLevel, SignIn
from services.domain.evidence.sign_ins import condensed
from services.domain.people import PersonId
from services.domain.rules.rules import NO_RULES, Expected
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable

_ROWS_AT_MOST = 1_000
_CHANGES_AT_MOST = 100
_OF_EACH_KIND = 10
"""Of so many changes, so many of each kind are kept, the first and the last."""
_LEVELS = {str(level): level for level in RiskLevel}
_SETTLED = ("remediated", "dismissed", "confirmedSafe", "none")


# https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
_ACTIVITIES: tuple[tuple[str, Change], ...] = (
    ("user registered security info", Change.METHOD_ADDED),
    ("user registered all required security info", Change.METHOD_ADDED),
    ("admin registered security info", Change.METHOD_ADDED),
    ("user deleted security info", Change.METHOD_REMOVED),
    ("admin deleted security info", Change.METHOD_REMOVED),
    ("consent to application", Change.APP_CONSENTED),
    ("add delegated permission grant", Change.APP_CONSENTED),
    ("add oauth2permissiongrant", Change.APP_CONSENTED),
    ("reset user password", Change.PASSWORD_CHANGED),
    ("reset password", Change.PASSWORD_CHANGED),
    ("change user password", Change.PASSWORD_CHANGED),
    ("change password", Change.PASSWORD_CHANGED),
    ("update user", Change.NUMBER_CHANGED),
)


class GraphEvidence:
    """Implements the port `AccountEvidence`. `risk_known`: whether the tenant's cloud knows risks at all; `expected`:
    which sign-ins the organisation's rules expect."""

    def __init__(
        self, graph: GraphDirectory, *, risk_known: bool = True, expected: Expected = NO_RULES.expected
    ) -> None:
        self._graph = graph
        self._risk_known = risk_known
        self._expected = expected

    async def sign_ins(self, person: PersonId, since: datetime) -> Excerpt[SignIn]:
        # https://learn.microsoft.com/graph/api/signin-list: interactive ones only in v1.0
        mine = quote(f"userId eq '{person}' and createdDateTime ge {_stamp(since)}")
        found = await first_rows(
            self._graph.get, f"/v1.0/auditLogs/signIns?$filter={mine}&$top={_ROWS_AT_MOST}", "sign-ins"
        )
        # Anybody can fill this log by guessing at a password: what the part shows must not be lost to its length.
        # What is expected is marked before: of a long log a part is kept, and each kind must be in it.
        read = (_sign_in(row, self._expected) for row in found.rows)
        return Excerpt(rows=condensed(one for one in read if one), cut=found.cut)

    async def risk(self, person: PersonId) -> Risk:
        if not self._risk_known:
            raise Unavailable(UnknownReason.NO_LICENCE, "identity risk, which this cloud does not have")
        try:
            user = await self._graph.get(f"/v1.0/identityProtection/riskyUsers/{quote(person, safe='')}")
        except NotFound:
            return Risk(level=RiskLevel.NONE)  # Graph has an entry only for users that were at risk once
        mine = quote(f"userId eq '{person}'")
        rows = await all_rows(
            self._graph.get, f"/v1.0/identityProtection/riskDetections?$filter={mine}", "risk detections"
        )
        level = _LEVELS.get(str(user.get("riskLevel")).casefold(), RiskLevel.HIDDEN)
        return Risk(
            level=level,
            dismissed=str(user.get("riskState")) in _SETTLED,
            events=tuple(event for row in rows if (event := _event(row))),
        )

    async def changes(self, person: PersonId, since: datetime) -> Excerpt[AccountChange]:
        mine = f"activityDateTime ge {_stamp(since)} and targetResources/any(t:t/id eq '{person}')"
        found = await first_rows(
            self._graph.get, f"/v1.0/auditLogs/directoryAudits?$filter={quote(mine)}", "directory audit log"
        )
        changes = tuple(change for row in found.rows if (change := _change(row)))
        if len(changes) <= _CHANGES_AT_MOST:
            return Excerpt(rows=changes, cut=found.cut)
        return Excerpt(rows=_of_each_kind(changes), cut=True)


def _of_each_kind(changes: Sequence[AccountChange]) -> tuple[AccountChange, ...]:
    """The oldest and the newest of each kind, newest first: no number of one kind pushes another out, and none of the
    same kind the first of it."""
    newest_first = sorted(changes, key=lambda change: change.at, reverse=True)
    kept: list[AccountChange] = []
    for what in Change:
        mine = [change for change in newest_first if change.what is what]
        kept += mine if len(mine) <= 2 * _OF_EACH_KIND else [*mine[:_OF_EACH_KIND], *mine[-_OF_EACH_KIND:]]
    return tuple(sorted(kept, key=lambda change: change.at, reverse=True))


def _sign_in(row: Mapping[str, Any], expected: Expected) -> SignIn | None:
    """`None` for a step of a sign-in, and for what is not known to be a failure or a success.

    Raises `Unavailable` if the row lacks what every row has: who got in may be what it does not say."""
    at = read_moment(row.get("createdDateTime"))
    status, location = row.get("status"), row.get("location")
    code = status.get("errorCode") if isinstance(status, dict) else None
    if at is None or not is_code(code):
        raise Unavailable(UnknownReason.INCOMPLETE, "a sign-in of no known shape")
    outcome = outcome_of(code)
    if outcome is None or outcome is Outcome.STEP:
        return None
    place = text_of(location.get("countryOrRegion")) if isinstance(location, dict) else None
    address = text_of(row.get("ipAddress"))
    return SignIn(
        at=at,
        succeeded=outcome is Outcome.SUCCEEDED,
        stopped=outcome is Outcome.STOPPED,
        place=place,
        address=address,
        app=text_of(row.get("appDisplayName")),
        expected=expected.covers(country=place, address=address, app=text_of(row.get("appId"))),
    )


def _event(row: Mapping[str, Any]) -> RiskEvent | None:
    at = read_moment(row.get("activityDateTime")) or read_moment(row.get("detectedDateTime"))
    kind = text_of(row.get("riskEventType"))
    return RiskEvent(at=at, kind=kind) if at and kind else None


def _change(row: Mapping[str, Any]) -> AccountChange | None:
    """`None` for another activity, and for one that failed. Raises `Unavailable` if the row does not say so."""
    activity, result = text_of(row.get("activityDisplayName")), text_of(row.get("result"))
    if activity is None:
        raise Unavailable(UnknownReason.INCOMPLETE, "directory audit log: an activity without a name")
    what = next((change for name, change in _ACTIVITIES if activity.casefold().startswith(name)), None)
    if what is None or (result is not None and result.casefold() != "success"):
        return None
    if what is Change.NUMBER_CHANGED and not changed_numbers(row):
        return None  # something else of the account was updated
    at = read_moment(row.get("activityDateTime"))
    if at is None or result is None:
        raise Unavailable(UnknownReason.INCOMPLETE, "directory audit log: a change of no known shape")
    by = row.get("initiatedBy")
    by = by if isinstance(by, dict) else {}
    user, app = (part if isinstance(part := by.get(name), dict) else {} for name in ("user", "app"))
    return AccountChange(
        at=at,
        what=what,
        by=text_of(user.get("userPrincipalName")) or text_of(app.get("displayName")),
        detail=_detail(what, row)[:120],
    )


def _detail(what: Change, row: Mapping[str, Any]) -> str:
    match what:
        case Change.APP_CONSENTED:
            return _app_named(row)
        case Change.NUMBER_CHANGED:
            return ", ".join(changed_numbers(row))
        case Change.METHOD_ADDED | Change.METHOD_REMOVED | Change.PASSWORD_CHANGED | Change.RULE_CHANGED:
            return text_of(row.get("resultReason")) or ""


def _app_named(row: Mapping[str, Any]) -> str:
    targets = row.get("targetResources")
    for target in targets if isinstance(targets, list) else []:
        if isinstance(target, dict) and target.get("type") == "ServicePrincipal":
            return text_of(target.get("displayName")) or ""
    return ""


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
