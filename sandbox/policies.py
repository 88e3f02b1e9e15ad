"""The outbound spam policies of the sample tenant: their settings and rules, by Exchange's own names."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from sandbox.shared import BULK_SENDERS, NEWSLETTER

DEFAULT = "Default"
ACTIONS = ("BlockUserForToday", "BlockUser", "Alert")
FORWARDINGS = ("Automatic", "On", "Off")
LIMITS = ("RecipientLimitExternalPerHour", "RecipientLimitInternalPerHour", "RecipientLimitPerDay")
CONDITIONS = ("From", "FromMemberOf", "SenderDomainIs")
EXCEPTIONS = tuple(f"ExceptIf{name}" for name in CONDITIONS)

Settings = dict[str, Any]


class Policies:
    """Default, whatever else was made, and the rules. `note` is told every change."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self.policies: list[Settings] = [_policy(DEFAULT, limits=(500, 1_000, 1_000), is_default=True)]
        self.rules: list[Settings] = []

    def policy(self, identity: str) -> Settings | None:
        return _found(self.policies, identity)

    def rule(self, identity: str) -> Settings | None:
        return _found(self.rules, identity)

    def rule_of(self, policy: str) -> Settings | None:
        named = (rule for rule in self.rules if rule["HostedOutboundSpamFilterPolicy"].casefold() == policy.casefold())
        return next(named, None)

    def add_policy(self, name: str, settings: Settings) -> Settings:
        policy = _policy(name) | settings
        self.policies.append(policy)
        self._note(f"Exchange: the outbound policy {name} was made")
        return policy

    def add_rule(self, name: str, policy: str, settings: Settings, priority: int | None = None) -> Settings:
        """Those at its priority and after it move down."""
        rule = _rule(name, policy) | settings
        self.rules.insert(len(self.rules) if priority is None else priority, rule)
        self._number()
        self._note(f"Exchange: the outbound rule {name} was made")
        return rule

    def change(self, what: Settings, settings: Settings) -> None:
        """Lists are replaced; a rule's new priority moves the others."""
        what.update(settings)
        if "Priority" in settings:
            self.rules.remove(what)
            self.rules.insert(settings["Priority"], what)
            self._number()
        self._note(f"Exchange: the outbound settings of {what['Name']} were changed")

    def remove(self, what: Settings) -> None:
        """A policy and its rule go separately."""
        self.policies = [policy for policy in self.policies if policy is not what]
        self.rules = [rule for rule in self.rules if rule is not what]
        self._number()
        self._note(f"Exchange: {what['Name']} was removed")

    def bulk_senders(self) -> None:
        """A policy for a group that Ana belongs to, and one for the newsletter's mailbox before it."""
        for name, limits, whom in (
            (BULK_SENDERS.name, (1_500, 1_500, 3_000), {"FromMemberOf": [BULK_SENDERS.address]}),
            (NEWSLETTER.name, (5_000, 1_000, 8_000), {"From": [NEWSLETTER.address]}),
        ):
            if self.policy(name) is None:
                settings = {"ActionWhenThresholdReached": "BlockUser", "AutoForwardingMode": "Off"}
                self.add_policy(name, dict(zip(LIMITS, limits, strict=True)) | settings)
                self.add_rule(name, name, whom, priority=0)

    def somebody_changes(self, policy: str = DEFAULT, **settings: object) -> None:
        """An admin was at work in Defender."""
        self.change(self._one(policy), dict(settings) or {"RecipientLimitPerDay": 1_200})

    def no_limits(self) -> None:
        """Default leaves everything to the service."""
        self.change(self._one(DEFAULT), dict.fromkeys(LIMITS, 0))

    def somebody_excepts(self, rule: str, *addresses: str) -> None:
        found = next(one for one in self.rules if one["Name"] == rule)
        self.change(found, {"ExceptIfFrom": [*(found["ExceptIfFrom"] or []), *addresses]})

    def _one(self, name: str) -> Settings:
        return next(policy for policy in self.policies if policy["Name"] == name)

    def _number(self) -> None:
        for priority, rule in enumerate(self.rules):
            rule["Priority"] = priority


def _found(among: Iterable[Settings], identity: str) -> Settings | None:
    wanted = identity.casefold()
    return next((one for one in among if wanted in (one["Name"].casefold(), one["Guid"])), None)


def _policy(name: str, limits: tuple[int, int, int] = (0, 0, 0), *, is_default: bool = False) -> Settings:
    return {
        "Name": name,
        "Identity": name,
        "Guid": str(uuid4()),
        "IsDefault": is_default,
        # Default reports what it likes here and applies all the same.
        "Enabled": not is_default,
        "AdminDisplayName": "",
        **dict(zip(LIMITS, limits, strict=True)),
        "ActionWhenThresholdReached": "BlockUser" if is_default else "BlockUserForToday",
        "AutoForwardingMode": "Automatic",
        "NotifyOutboundSpam": False,
        "NotifyOutboundSpamRecipients": [],
        "BccSuspiciousOutboundMail": False,
        "BccSuspiciousOutboundAdditionalRecipients": [],
    }


def _rule(name: str, policy: str) -> Settings:
    nobody = dict.fromkeys((*CONDITIONS, *EXCEPTIONS))
    return {
        "Name": name,
        "Identity": name,
        "Guid": str(uuid4()),
        "HostedOutboundSpamFilterPolicy": policy,
        "State": "Enabled",
        "Priority": 0,
        "Comments": None,
        **nobody,
    }
