"""Changing outbound policies in Exchange: each step is applied once even when calls fail, and undone on a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets
from services.clients.exchange.policy_rows import limits_as_parameters, policy_as_parameters, rule_as_parameters
from services.clients.exchange.policy_transaction import PolicyReader
from services.clients.exchange.tenant_limit import read_tenant_limit
from services.clients.http import ApiClient
from services.domain.limits.outbound_policy import OutboundRule, PolicySnapshot, effective_policy, same
from services.domain.limits.policy_plan import Plan, fingerprint
from services.domain.limits.policy_steps import (
    ExceptSender,
    MakePolicy,
    MakeRule,
    PolicyStep,
    RaiseLimits,
    StepState,
    canonical,
    state_of,
    without_sender,
    without_steps,
)
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.people import PersonId
from services.domain.unknown import Unknown, UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import ChangedMeanwhileByOthers, PolicyApplied, PolicyOutcome, PolicyRefused

_POLICY, _RULE = "HostedOutboundSpamFilterPolicy", "HostedOutboundSpamFilterRule"
_TURNED_AWAY = (UnknownReason.NO_PERMISSION, UnknownReason.NO_LICENCE)


class ExchangePolicies:
    """Implements the port `OutboundPolicies`. `directory` is the client for Microsoft Graph, for group memberships."""

    def __init__(self, cmdlets: Cmdlets, directory: ApiClient) -> None:
        self._cmdlets = cmdlets
        self._reader = PolicyReader(cmdlets, directory)

    async def snapshot(self, addresses: Sequence[str], person: PersonId | None, group: str = "") -> PolicySnapshot:
        return await self._reader.snapshot(addresses, person, group)

    async def tenant_limit(self) -> TenantLimit:
        return await read_tenant_limit(self._cmdlets)

    async def apply(self, plan: Plan, note: str) -> PolicyOutcome:
        snapshot = await self._read(plan)
        base = without_steps(snapshot, plan.steps, plan.addresses)
        if _missing(plan, snapshot):
            governing = effective_policy(base, plan.addresses)
            if isinstance(governing, Unknown):
                raise Unavailable(governing.reason, "which policy governs the sender")
            if fingerprint(base, plan.addresses, plan.steps) != plan.fingerprint:
                return ChangedMeanwhileByOthers(left_behind=await self._clear_away(plan, snapshot))
            for step in _missing(plan, snapshot):
                error = await self._take(step, plan, note)
                if error is not None:
                    return await self._give_up(plan, error)
            snapshot = await self._read(plan)
            if _missing(plan, snapshot):
                raise Unavailable(UnknownReason.INCOMPLETE, "not every step shows yet")
        return PolicyApplied(differs=_differs(plan, base, snapshot, plan.after.name))

    async def revert(self, plan: Plan) -> PolicyOutcome:
        snapshot = await self._read(plan)
        changed = tuple(step.name for step in plan.steps if _is(StepState.OTHERWISE, step, plan, snapshot))
        if changed:
            return PolicyRefused(error=f"changed since: {', '.join(changed)}", left_behind=changed)
        applied = _taken(plan, snapshot)
        for number, step in enumerate(applied):
            error = await self._untake(step, plan)
            if error is not None:
                return PolicyRefused(error=error, left_behind=tuple(left.name for left in applied[number:]))
        base, snapshot = without_steps(snapshot, plan.steps, plan.addresses), await self._read(plan)
        if _taken(plan, snapshot):
            raise Unavailable(UnknownReason.INCOMPLETE, "not every step is gone yet")
        return PolicyApplied(differs=_differs(plan, base, snapshot, plan.before.name))

    async def _read(self, plan: Plan) -> PolicySnapshot:
        return await self._reader.snapshot(plan.addresses, plan.person)

    async def _take(self, step: PolicyStep, plan: Plan, note: str) -> str | None:
        """Apply one step. Returns Exchange's error text if it refuses.

        Raises `Unavailable` if it is not known whether the step is applied."""
        cmdlet, parameters = await self._taking(step, plan, note)
        error = await self._write(cmdlet, parameters)
        if error is None:
            return None
        # An earlier call whose response was lost may have taken effect since.
        now = state_of(step, await self._read(plan), plan.addresses)
        if now is StepState.NOT_APPLIED and _is_late(step, error, plan.addresses):
            raise Unavailable(UnknownReason.INCOMPLETE, error, quotes=True)
        return None if now is StepState.APPLIED else error

    async def _taking(self, step: PolicyStep, plan: Plan, note: str) -> tuple[str, Mapping[str, object]]:
        match step:
            case MakePolicy():
                return f"New-{_POLICY}", policy_as_parameters(step.policy, note)
            case MakeRule():
                return f"New-{_RULE}", rule_as_parameters(step.rule, note)
            case ExceptSender():
                rule = await self._rule(step.rule)
                others = without_sender(rule, plan.addresses)
                return f"Set-{_RULE}", {"Identity": step.rule, "ExceptIfFrom": [*others, step.sender]}
            case RaiseLimits():
                return f"Set-{_POLICY}", {"Identity": step.policy, **limits_as_parameters(step.to)}

    async def _untake(self, step: PolicyStep, plan: Plan) -> str | None:
        """Undo one step. Returns Exchange's error text if it refuses. An object that is gone already is no error."""
        match step:
            case MakePolicy():
                return await self._write(f"Remove-{_POLICY}", {"Identity": step.policy.name}, removes=True)
            case MakeRule():
                return await self._write(f"Remove-{_RULE}", {"Identity": step.rule.name}, removes=True)
            case ExceptSender():
                others = without_sender(await self._rule(step.rule), plan.addresses)
                return await self._write(f"Set-{_RULE}", {"Identity": step.rule, "ExceptIfFrom": [*others]})
            case RaiseLimits():
                parameters = {"Identity": step.policy, **limits_as_parameters(step.was)}
                return await self._write(f"Set-{_POLICY}", parameters)

    async def _rule(self, name: str) -> OutboundRule:
        """The rule, read just before it is written: Set- replaces the whole list, which others may have changed."""
        found = next((rule for rule in await self._reader.rules() if same(rule.name, name)), None)
        if found is None:
            raise Unavailable(UnknownReason.INCOMPLETE, f"the rule {name}", quotes=True)
        return found

    async def _write(self, cmdlet: str, parameters: Mapping[str, object], *, removes: bool = False) -> str | None:
        try:
            await self._cmdlets.run(cmdlet, parameters, repeat=False)
        except CmdletFailed as failed:
            return None if removes and failed.not_found else str(failed)
        except Unavailable as trouble:
            if trouble.reason in _TURNED_AWAY:
                return str(trouble)
            raise
        return None

    async def _give_up(self, plan: Plan, error: str) -> PolicyRefused:
        applied = _taken(plan, await self._read(plan))
        left = [step.name for step in applied if await self._untake(step, plan) is not None]
        return PolicyRefused(error=error, left_behind=tuple(left))

    async def _clear_away(self, plan: Plan, snapshot: PolicySnapshot) -> tuple[str, ...]:
        """Remove the policies and rules that an earlier try made. Returns the names of what stays: objects that
        Exchange does not remove, and changed limits and exceptions, which may be somebody else's by now."""
        left = []
        for step in _taken(plan, snapshot):
            if not isinstance(step, MakePolicy | MakeRule) or await self._untake(step, plan) is not None:
                left.append(step.name)
        return tuple(left)


def _is(wanted: StepState, step: PolicyStep, plan: Plan, snapshot: PolicySnapshot) -> bool:
    return state_of(step, snapshot, plan.addresses) is wanted


def _missing(plan: Plan, snapshot: PolicySnapshot) -> list[PolicyStep]:
    return [step for step in plan.steps if not _is(StepState.APPLIED, step, plan, snapshot)]


def _taken(plan: Plan, snapshot: PolicySnapshot) -> list[PolicyStep]:
    """The steps that are applied, the last one first."""
    return [step for step in reversed(plan.steps) if _is(StepState.APPLIED, step, plan, snapshot)]


def _is_late(step: PolicyStep, error: str, aliases: Sequence[str]) -> bool:
    """Whether Exchange refuses only because a new object is not visible everywhere yet: it exists and a read does not
    show it, or a rule does not find its new policy."""
    if not isinstance(step, MakePolicy | MakeRule):
        return False
    text = error.casefold()
    about_sender = any(address.casefold() in text for address in aliases)
    unseen = isinstance(step, MakeRule) and step.rule.policy.casefold() in text and "found" in text
    return (unseen and not about_sender) or "already exists" in text


def _differs(plan: Plan, before: PolicySnapshot, after: PolicySnapshot, governs: str) -> tuple[str, ...]:
    """The names of policies and rules that others changed, and of the effective policy if it is not `governs`."""
    rest = without_steps(after, plan.steps, plan.addresses)
    was, now = _comparable(before), _comparable(rest)
    names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    governing = effective_policy(after, plan.addresses)
    if isinstance(governing, Unknown):
        names.append(governs)
    elif not same(governing.policy.name, governs):
        names.append(governing.policy.name)
    return tuple(dict.fromkeys(names))


def _comparable(snapshot: PolicySnapshot) -> dict[str, object]:
    policies = {policy.name: canonical(policy) for policy in snapshot.policies}
    rules = {rule.name: canonical(replace(rule, priority=0)) for rule in snapshot.rules}
    return {name: (policies.get(name), rules.get(name)) for name in (*policies, *rules)}
