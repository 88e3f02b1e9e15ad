"""Limits as an approver asks for them, in a form or in a typed line, judged alike."""

import re
from collections.abc import Sequence

from services.domain.case.transition import Refusal, Refused
from services.domain.limits.change import AskedLimits
from services.domain.limits.policy_plan import Strategy
from services.domain.limits.sending_limits import LimitFault, NoLimit, read_limit

STRATEGIES = {"own": Strategy.OWN_LIMITS, "recipe": Strategy.PUBLISHED_RECIPE}
"""A strategy as forms and typed commands name it."""
_FAULTS = {
    LimitFault.EMPTY: Refusal.LIMIT_EMPTY,
    LimitFault.NOT_A_NUMBER: Refusal.LIMIT_NOT_A_NUMBER,
    LimitFault.SEPARATED: Refusal.LIMIT_SEPARATED,
    LimitFault.NEGATIVE: Refusal.LIMIT_NEGATIVE,
    LimitFault.FRACTION: Refusal.LIMIT_FRACTION,
    LimitFault.TOO_HIGH: Refusal.LIMIT_TOO_HIGH,
}
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")


def read_asked(numbers: Sequence[str]) -> AskedLimits:
    """Recipients outside an hour, inside an hour, and a day; an empty one keeps what the sender has now.

    Raises:
        Refused: one of them is no plain number, or too high.
    """
    external, internal, day = (read_asked_limit(number) for number in numbers)
    return AskedLimits(external_per_hour=external, internal_per_hour=internal, per_day=day)


def read_group(text: str, strategy: Strategy) -> str:
    """The address of a group whose members all get the limits; empty for the sender alone. Raises `Refused`."""
    group = text.strip()
    if group and strategy is not Strategy.OWN_LIMITS:
        raise Refused(Refusal.LIMIT_GROUP_WAY)
    if group and not _ADDRESS.fullmatch(group):
        raise Refused(Refusal.LIMIT_GROUP_ADDRESS)
    return group


def read_asked_limit(text: str) -> int | None:
    """One of them. Raises `Refused`."""
    if not text.strip():
        return None
    try:
        return read_limit(text)
    except NoLimit as no:
        raise Refused(_FAULTS[no.fault]) from None
