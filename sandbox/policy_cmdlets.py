"""Outbound spam policies and their rules: read, made, changed and removed, as strictly as Exchange does it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.cmdlets import Cmdlet, Parameters, Row, bad, not_found, rows
from sandbox.faults import nul_403
from sandbox.people import PEOPLE
from sandbox.policies import ACTIONS, CONDITIONS, EXCEPTIONS, FORWARDINGS, LIMITS, Settings
from sandbox.shared import BULK_SENDERS, NEWSLETTER, SALES, SALES_TEAM
from sandbox.tenant import Tenant

_NAME_AT_MOST, _COMMENT_AT_MOST, _LIMIT_AT_MOST = 64, 1_024, 10_000
_FORBIDDEN = re.compile(r'[\\%&*+/=?{}|<>();:\[\],"]')
_LISTS: tuple[type, ...] = (list, type(None))
_SETTINGS: Mapping[str, type | tuple[type, ...]] = {
    "AdminDisplayName": str,
    **dict.fromkeys(LIMITS, int),
    "ActionWhenThresholdReached": str,
    "AutoForwardingMode": str,
    "NotifyOutboundSpam": bool,
    "NotifyOutboundSpamRecipients": _LISTS,
    "BccSuspiciousOutboundMail": bool,
    "BccSuspiciousOutboundAdditionalRecipients": _LISTS,
}
_SCOPE: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys((*CONDITIONS, *EXCEPTIONS), _LISTS),
    "HostedOutboundSpamFilterPolicy": str,
    "Comments": str,
    "Priority": int,
}
_ENUMS = {"ActionWhenThresholdReached": ACTIONS, "AutoForwardingMode": FORWARDINGS}


class PolicyCmdlets:
    """Get-, New-, Set- and Remove-HostedOutboundSpamFilterPolicy and -Rule."""

    def __init__(self, tenant: Tenant, base_url: Callable[[], str]) -> None:
        self._tenant = tenant
        self._base_url = base_url

    def cmdlets(self) -> Mapping[str, Cmdlet]:
        one: Mapping[str, type | tuple[type, ...]] = {"Identity": str}
        gone = {**one, "Confirm": bool}
        policy, rule = "HostedOutboundSpamFilterPolicy", "HostedOutboundSpamFilterRule"
        return {
            f"Get-{policy}": self._read(one, lambda given: self._all(given, self._tenant.policies.policies)),
            f"Get-{rule}": self._read(one, lambda given: self._all(given, self._tenant.policies.rules)),
            f"New-{policy}": self._write({"Name": str, **_SETTINGS}, self._new_policy),
            f"New-{rule}": self._write({"Name": str, "Enabled": bool, **_SCOPE}, self._new_rule, fault="exchange.rule"),
            f"Set-{policy}": self._write({**one, **_SETTINGS}, self._set_policy),
            f"Set-{rule}": self._write({**one, **_SCOPE}, self._set_rule),
            f"Remove-{policy}": self._write(gone, self._remove_policy),
            f"Remove-{rule}": self._write(gone, self._remove_rule),
        }

    def _read(self, takes: Mapping[str, type | tuple[type, ...]], run: Callable[[Parameters], web.Response]) -> Cmdlet:
        return Cmdlet(takes=takes, run=self._unless(run, "policies"), fault="exchange.policies")

    def _write(
        self,
        takes: Mapping[str, type | tuple[type, ...]],
        run: Callable[[Parameters], web.Response],
        fault: str = "exchange.policy",
    ) -> Cmdlet:
        """A new rule fails by a switch of its own: what was begun with its policy is then to be seen."""

        def checked(given: Parameters) -> web.Response:
            return _wrong(given) or run(given)

        return Cmdlet(takes=takes, run=self._unless(checked, "policies", "policy changes"), fault=fault)

    def _unless(self, run: Callable[[Parameters], web.Response], *lacking: str) -> Callable[[Parameters], web.Response]:
        def guarded(given: Parameters) -> web.Response:
            return run(given) if self._tenant.unreadable.isdisjoint(lacking) else nul_403()

        return guarded

    def _all(self, given: Parameters, among: list[Settings]) -> web.Response:
        """An identity nobody has is answered with everything, as the real one may."""
        wanted = str(given.get("Identity") or "").casefold()
        found = [one for one in among if wanted in (one["Name"].casefold(), one["Guid"])]
        return rows(self._base_url(), [_row(one) for one in found or among])

    def _new_policy(self, given: Parameters) -> web.Response:
        policies, name = self._tenant.policies, str(given.get("Name", ""))
        if wrong := _wrong_name(name) or _taken(name, policies.policy(name)):
            return wrong
        settings = {key: _filled(value) for key, value in given.items() if key != "Name"}
        return rows(self._base_url(), [_row(policies.add_policy(name, settings))])

    def _new_rule(self, given: Parameters) -> web.Response:
        policies, name = self._tenant.policies, str(given.get("Name", ""))
        if wrong := _wrong_name(name) or _taken(name, policies.rule(name)):
            return wrong
        if wrong := self._wrong_policy(str(given.get("HostedOutboundSpamFilterPolicy", ""))):
            return wrong
        if not any(given.get(condition) for condition in CONDITIONS):
            return bad("ArgumentException", "A rule needs at least one condition.")
        if not 0 <= given.get("Priority", 0) <= len(policies.rules):
            return bad("ArgumentException", "The priority is out of range.")
        passed = {key: value for key, value in given.items() if key not in ("Name", "Enabled", "Priority")}
        settings = {key: _shown(value) for key, value in passed.items()}
        settings["State"] = "Enabled" if given.get("Enabled", True) else "Disabled"
        made = policies.add_rule(name, settings["HostedOutboundSpamFilterPolicy"], settings, given.get("Priority"))
        return rows(self._base_url(), [_row(made)])

    def _wrong_policy(self, name: str) -> web.Response | None:
        policy = self._tenant.policies.policy(name)
        if policy is None:
            return not_found(name)
        if policy["IsDefault"] or self._tenant.policies.rule_of(name):
            return bad("ArgumentException", f"The policy '{name}' cannot be used by this rule.")
        return None

    def _set_policy(self, given: Parameters) -> web.Response:
        policy = self._tenant.policies.policy(str(given.get("Identity", "")))
        if policy is None:
            return not_found(str(given.get("Identity", "")))
        self._tenant.policies.change(policy, {key: _filled(v) for key, v in given.items() if key != "Identity"})
        return rows(self._base_url(), [])

    def _set_rule(self, given: Parameters) -> web.Response:
        rule = self._tenant.policies.rule(str(given.get("Identity", "")))
        if rule is None:
            return not_found(str(given.get("Identity", "")))
        changed = {key: _shown(value) for key, value in given.items() if key != "Identity"}
        if not any((rule | changed)[condition] for condition in CONDITIONS):
            return bad("ArgumentException", "A rule needs at least one condition.")
        if not 0 <= changed.get("Priority", 0) < len(self._tenant.policies.rules):
            return bad("ArgumentException", "The priority is out of range.")
        named = changed.get("HostedOutboundSpamFilterPolicy")
        if named and named != rule["HostedOutboundSpamFilterPolicy"] and (wrong := self._wrong_policy(named)):
            return wrong
        self._tenant.policies.change(rule, changed)
        return rows(self._base_url(), [])

    def _remove_policy(self, given: Parameters) -> web.Response:
        policy = self._tenant.policies.policy(str(given.get("Identity", "")))
        if policy is not None and policy["IsDefault"]:
            return bad("OperationNotAllowedException", "The default policy cannot be removed.")
        return self._remove(given, policy)

    def _remove_rule(self, given: Parameters) -> web.Response:
        return self._remove(given, self._tenant.policies.rule(str(given.get("Identity", ""))))

    def _remove(self, given: Parameters, what: Settings | None) -> web.Response:
        if what is None:
            return not_found(str(given.get("Identity", "")))
        self._tenant.policies.remove(what)
        return rows(self._base_url(), [])


def _wrong(given: Parameters) -> web.Response | None:
    """A value no cmdlet of these takes."""
    for name, value in given.items():
        if name in LIMITS and not (type(value) is int and 0 <= value <= _LIMIT_AT_MOST):
            return bad("ParameterBindingException", f"'{value}' is out of the range of {name}.")
        # The real one takes any beginning of a name, even a wrong one's: nobody should rely on that.
        if name in _ENUMS and value not in _ENUMS[name]:
            return bad("ParameterTransformationException", f"'{value}' is none of: {', '.join(_ENUMS[name])}.")
        if isinstance(value, list) and not all(isinstance(item, str) and item for item in value):
            return bad("ParameterTransformationException", f"{name} takes texts.")
        if stranger := _stranger(name, value):
            return bad("RecipientNotFoundException", f"The recipient '{stranger}' couldn't be found.")
    if len(str(given.get("Comments", ""))) > _COMMENT_AT_MOST:
        return bad("ParameterBindingException", "The comment is too long.")
    return None


def _stranger(name: str, value: Any) -> str | None:
    known = _groups() if name.endswith("MemberOf") else set(_senders())
    asked = value if isinstance(value, list) and name.endswith(("From", "MemberOf")) else []
    return next((text for text in asked if text.casefold() not in known), None)


def _wrong_name(name: str) -> web.Response | None:
    if not name or len(name) > _NAME_AT_MOST or _FORBIDDEN.search(name):
        return bad("ParameterBindingException", f"The name '{name}' is not valid.")
    return None


def _taken(name: str, found: Settings | None) -> web.Response | None:
    return bad("ADObjectAlreadyExistsException", f"The object '{name}' already exists.") if found else None


def _senders() -> dict[str, str]:
    """Every address of a mailbox, and the one it is shown by."""
    people = {alias: one.upn for one in PEOPLE.values() for alias in (one.upn, *one.aliases)}
    shared = {alias: one.address for one in (SALES, NEWSLETTER) for alias in (one.address, one.alias)}
    return {alias.casefold(): address for alias, address in {**people, **shared}.items()}


def _groups() -> set[str]:
    return {name.casefold() for group in (SALES_TEAM, BULK_SENDERS) for name in (group.address, group.name)}


def _shown(value: Any) -> Any:
    """A rule shows a sender by the primary address, and nobody as nothing."""
    if isinstance(value, list):
        return [_senders().get(item.casefold(), item) for item in value] or None
    return value


def _filled(value: Any) -> Any:
    return [] if value is None else value


def _row(settings: Settings) -> Row:
    """With the companions that say a value's type."""
    row: Row = {}
    for name, value in settings.items():
        if name in LIMITS:
            row[f"{name}@data.type"] = "System.UInt32"
        elif isinstance(value, list):
            row[f"{name}@odata.type"] = "#Collection(String)"
        row[name] = value
    return row
