"""Limits as a form or a typed line gives them, judged as strictly as if the card had never been ours."""

import re
from collections.abc import Mapping
from datetime import timedelta

from services.domain.case.transition import Refusal, Refused
from services.domain.limits.change import AskedLimits
from services.domain.limits.commands import (
    LimitsApproved,
    LimitsByApprover,
    LimitsDismissed,
    LimitsRequested,
    LimitsRevertRequested,
)
from services.domain.limits.policy_plan import Strategy
from services.domain.limits.sending_limits import LimitFault, NoLimit, read_limit
from services.domain.people import TeamsUser

LIMIT_FIELDS = ("limit_external", "limit_internal", "limit_day")
"""Recipients outside an hour, inside an hour, and a day."""
KEEP_FOR = {"": None, "0": None, "7": timedelta(days=7), "30": timedelta(days=30), "90": timedelta(days=90)}
_STRATEGIES = {"own": Strategy.OWN_LIMITS, "recipe": Strategy.PUBLISHED_RECIPE}
_FAULTS = {
    LimitFault.EMPTY: Refusal.LIMIT_EMPTY,
    LimitFault.NOT_A_NUMBER: Refusal.LIMIT_NOT_A_NUMBER,
    LimitFault.SEPARATED: Refusal.LIMIT_SEPARATED,
    LimitFault.NEGATIVE: Refusal.LIMIT_NEGATIVE,
    LimitFault.FRACTION: Refusal.LIMIT_FRACTION,
    LimitFault.TOO_HIGH: Refusal.LIMIT_TOO_HIGH,
}
_NUMBERS = r"([^\s/]+)\s*/\s*([^\s/]+)\s*/\s*([^\s/]+)"
_TYPED = re.compile(rf"(?i)(?:(own|recipe)\b)?\s*(?:{_NUMBERS})?\s*(?:\bfor\s+(\S+))?")
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")


def limits_wanted(by: TeamsUser, inputs: Mapping[str, str]) -> LimitsRequested:
    """The form. A field left empty keeps what the sender has now; with all of them empty Sendwell suggests."""
    way, keep_for = _STRATEGIES.get(inputs.get("way", "own")), inputs.get("keep_for", "")
    if way is None or keep_for not in KEEP_FOR:
        raise Refused(Refusal.NOT_UNDERSTOOD)
    asked = [_limit(inputs.get(field, "")) for field in LIMIT_FIELDS]
    group = _group(inputs.get("limit_group", ""), way)
    return LimitsRequested(by=by, strategy=way, asked=_asked(asked), group=group, keep_for=KEEP_FOR[keep_for])


def typed_limits(by: TeamsUser, words: str) -> LimitsByApprover:
    """`own 1000/1000/2000`, `own for team@contoso.com`, `recipe`, `yes`, `no`, `back`."""
    answers: dict[str, LimitsByApprover] = {
        "yes": LimitsApproved(by=by),
        "no": LimitsDismissed(by=by),
        "back": LimitsRevertRequested(by=by),
    }
    if answer := answers.get(words.strip().casefold()):
        return answer
    typed = _TYPED.fullmatch(words.strip())
    if typed is None:
        raise Refused(Refusal.LIMIT_NOT_A_NUMBER)
    named, *numbers, group = typed.groups()
    way = _STRATEGIES[(named or "own").casefold()]
    asked = [_limit(number or "") for number in numbers]
    return LimitsRequested(by=by, strategy=way, asked=_asked(asked), group=_group(group or "", way))


def _limit(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return read_limit(text)
    except NoLimit as no:
        raise Refused(_FAULTS[no.fault]) from None


def _group(text: str, way: Strategy) -> str:
    group = text.strip()
    if group and way is not Strategy.OWN_LIMITS:
        raise Refused(Refusal.LIMIT_GROUP_WAY)
    if group and not _ADDRESS.fullmatch(group):
        raise Refused(Refusal.LIMIT_GROUP_ADDRESS)
    return group


def _asked(limits: list[int | None]) -> AskedLimits:
    external, internal, day = limits
    return AskedLimits(external_per_hour=external, internal_per_hour=internal, per_day=day)
