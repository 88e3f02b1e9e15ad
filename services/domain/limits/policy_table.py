"""A plan as a table: the settings in effect for the sender, before and after."""

from dataclasses import dataclass
from enum import StrEnum

from services.domain.limits.outbound_policy import OutboundPolicy
from services.domain.limits.policy_plan import Plan


class Setting(StrEnum):
    """The settings of a policy, in the order of the table."""

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
    """One row of the table: names unchanged, numbers as digits, enums as their values, recipients joined by commas."""

    setting: Setting
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


def rows_of(plan: Plan) -> tuple[Row, ...]:
    """The rows of a plan's table, one for each setting."""
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
