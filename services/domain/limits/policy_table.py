"""A plan as a table: what governs the sender, before and after."""

from dataclasses import dataclass
from enum import StrEnum

from services.domain.limits.outbound_policy import OutboundPolicy
from services.domain.limits.policy_plan import Plan


class Setting(StrEnum):
    """What a policy decides, in the order a table shows it."""

    POLICY = "policy"
    EXTERNAL_PER_HOUR = "external_per_hour"
    INTERNAL_PER_HOUR = "internal_per_hour"
    PER_DAY = "per_day"
    ACTION = "action"
    FORWARDING = "forwarding"
    NOTIFY = "notify"
    BCC = "copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: names as they are, numbers in digits, enums by their value, recipients with commas."""

    setting: Setting
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


def rows_of(plan: Plan) -> tuple[Row, ...]:
    """What governs the sender, before and after."""
    before, after = _settings(plan.before), _settings(plan.after)
    return tuple(Row(setting=setting, before=before[setting], after=after[setting]) for setting in Setting)


def _settings(policy: OutboundPolicy) -> dict[Setting, str]:
    limits = policy.limits
    return {
        Setting.POLICY: policy.name,
        Setting.EXTERNAL_PER_HOUR: str(limits.external_per_hour),
        Setting.INTERNAL_PER_HOUR: str(limits.internal_per_hour),
        Setting.PER_DAY: str(limits.per_day),
        Setting.ACTION: str(policy.action),
        Setting.FORWARDING: str(policy.forwarding),
        Setting.NOTIFY: ", ".join(policy.notify_to) if policy.notify else "",
        Setting.BCC: ", ".join(policy.bcc_to) if policy.bcc else "",
    }
