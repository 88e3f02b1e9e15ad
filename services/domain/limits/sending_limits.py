"""Sending limits: read from a form, compared with a restriction, and suggested."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from services.domain.evidence.findings import said_recipients
from services.domain.evidence.report import SentMail
from services.domain.limits.outbound_policy import EffectivePolicy, SendingLimits
from services.domain.proofs.securing import Mailing
from services.domain.restriction import Cause, Limit, Restriction
from services.domain.unknown import Unknown

HIGHEST = 10_000
"""Recipients a day that the service allows at most, and the highest value of any limit in a policy."""

# https://learn.microsoft.com/defender-office-365/recommended-settings-for-eop-and-office365
STANDARD = SendingLimits(external_per_hour=500, internal_per_hour=1_000, per_day=1_000)
STRICT = SendingLimits(external_per_hour=400, internal_per_hour=800, per_day=800)


class LimitFault(StrEnum):
    """Why a text is not a limit."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    SEPARATED = "separated"
    NEGATIVE = "negative"
    FRACTION = "fraction"
    TOO_HIGH = "too_high"


class NoLimit(Exception):  # noqa: N818 - it names what was written, not a fault of ours
    """A text typed into a form is not a limit."""

    def __init__(self, fault: LimitFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


_SEPARATORS = "[.,'’٬٫،_\\s]"
_FAULTS = (
    (re.compile(r""), LimitFault.EMPTY),
    (re.compile(r"[-−–]\s*+\d.*+", re.DOTALL), LimitFault.NEGATIVE),
    (re.compile(rf"\d{{1,3}}(?:{_SEPARATORS}\d{{3}})++"), LimitFault.SEPARATED),
    (re.compile(r"^\d*+[.,٫]\d++"), LimitFault.FRACTION),
    (re.compile(rf"\d(?:{_SEPARATORS}?+\d)*+"), LimitFault.SEPARATED),
)


def read_limit(text: str) -> int:
    """A limit typed into a form: digits only, of any script, from 0 to 10000.

    Raises `NoLimit`, also for a number with separators, which could be read in two ways."""
    given = text.strip()
    if not given.isdecimal():
        faults = (fault for shape, fault in _FAULTS if shape.fullmatch(given))
        raise NoLimit(next(faults, LimitFault.NOT_A_NUMBER))
    # Counted first: `int` raises for numbers of many thousand digits.
    digits = "".join(str(int(digit)) for digit in given).lstrip("0")
    if len(digits) > len(str(HIGHEST)) or int(digits or "0") > HIGHEST:
        raise NoLimit(LimitFault.TOO_HIGH)
    return int(digits or "0")


class ReachedLimit(StrEnum):
    """Which limit of the policy a sender reached."""

    EXTERNAL_HOUR = "external_hour"
    INTERNAL_HOUR = "internal_hour"
    DAY = "day"
    NONE = "none"


def reached_limit(restriction: Restriction, limits: SendingLimits) -> ReachedLimit:
    """The limit that the Reason names, if the policy sets it and the counts reach it; else the limit a day, if the
    total reaches it; else `NONE`."""
    if restriction.cause is not Cause.POLICY_LIMIT:
        return ReachedLimit.NONE
    counts = restriction.counts
    if restriction.limit is Limit.EXTERNAL and _reached(counts.external, limits.external_per_hour):
        return ReachedLimit.EXTERNAL_HOUR
    if restriction.limit is Limit.INTERNAL and _reached(counts.internal, limits.internal_per_hour):
        return ReachedLimit.INTERNAL_HOUR
    known = [count for count in (counts.external, counts.internal) if count is not None]
    return ReachedLimit.DAY if _reached(sum(known) if known else None, limits.per_day) else ReachedLimit.NONE


def _reached(count: int | None, limit: int) -> bool:
    return limit > 0 and (count is None or count >= limit)


class NoHelp(StrEnum):
    """Why changing a policy would not let this sender send more."""

    SERVICE_RATE = "service_rate"
    SPAM_VERDICT = "spam_verdict"
    REASON_UNKNOWN = "reason_unknown"
    TENANT_LIMIT = "tenant_limit"
    NO_LIMIT_SET = "no_limit_set"
    NOT_REACHED = "not_reached"


_BY_CAUSE = {
    Cause.SERVICE_RATE: NoHelp.SERVICE_RATE,
    Cause.SPAM: NoHelp.SPAM_VERDICT,
    Cause.UNKNOWN: NoHelp.REASON_UNKNOWN,
}


def why_no_policy_helps(
    restriction: Restriction, governing: EffectivePolicy | Unknown, *, tenant_limit: bool = False
) -> NoHelp | None:
    """Why a change of policy would not help; `None` if it can help, or if that is not known.

    `tenant_limit`: a bounce said that the whole organisation reached its limit."""
    # https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits
    if tenant_limit:
        return NoHelp.TENANT_LIMIT
    if restriction.cause in _BY_CAUSE:
        return _BY_CAUSE[restriction.cause]
    if isinstance(governing, Unknown):
        return None
    limits = governing.policy.limits
    if limits == SendingLimits():
        return NoHelp.NO_LIMIT_SET
    return NoHelp.NOT_REACHED if reached_limit(restriction, limits) is ReachedLimit.NONE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How many recipients an hour or a day the sender needs at most; `None` if that is not known."""

    external: int | None = None
    internal: int | None = None
    day: int | None = None


def volume_of(restriction: Restriction, mailing: Mailing | None, sent: SentMail | Unknown | None) -> Volume:
    """The volume according to the Reason's counts, what the person said, and the busiest day of the message trace."""
    counts, said = restriction.counts, said_recipients(mailing)
    known = [count for count in (counts.external, counts.internal) if count is not None]
    days: dict[object, int] = {}
    for hour in sent.hours if isinstance(sent, SentMail) else ():
        days[hour.start.date()] = days.get(hour.start.date(), 0) + hour.recipients
    inside = restriction.limit is Limit.INTERNAL
    return Volume(
        external=counts.external if inside else _most(counts.external, said),
        internal=_most(counts.internal, said) if inside else counts.internal,
        day=_most(sum(known) if known else None, said, *days.values()),
    )


def _most(*numbers: int | None) -> int | None:
    return max((number for number in numbers if number is not None), default=None)


def suggested(governing: EffectivePolicy, reached: ReachedLimit, volume: Volume) -> SendingLimits:
    """The present limits, raised to the volume plus a quarter, rounded up, and never lower than now. A limit that would
    come to the service's own is 0."""
    now = governing.policy.limits
    return SendingLimits(
        external_per_hour=_raised(
            now.external_per_hour, volume.external if reached is ReachedLimit.EXTERNAL_HOUR else None
        ),
        internal_per_hour=_raised(
            now.internal_per_hour, volume.internal if reached is ReachedLimit.INTERNAL_HOUR else None
        ),
        per_day=_raised(now.per_day, volume.day),
    )


def _raised(now: int, need: int | None) -> int:
    room = math.ceil((need or 0) * 5 / 4)
    step = 100 if room <= 1_000 else 500
    most = max(now, math.ceil(room / step) * step)
    return 0 if now == 0 or most >= HIGHEST else most
