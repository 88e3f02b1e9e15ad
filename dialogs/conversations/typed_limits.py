"""`limits 17 …` as an approver types it."""

import re

from services.domain.case.transition import Refusal, Refused
from services.domain.limits.asked import STRATEGIES, read_asked, read_group
from services.domain.limits.commands import (
    LimitsApproved,
    LimitsByApprover,
    LimitsDismissed,
    LimitsRequested,
    LimitsRevertRequested,
)
from services.domain.people import TeamsUser

_NUMBERS = r"([^\s/]++)\s*+/\s*+([^\s/]++)\s*+/\s*+([^\s/]++)"
_TYPED = re.compile(rf"(?i)(?:(own|recipe)\b)?\s*+(?:{_NUMBERS})?\s*+(?:\bfor\s++(\S++))?")


def typed_limits(by: TeamsUser, text: str) -> LimitsByApprover:
    """`own 1000/1000/2000`, `own for team@contoso.com`, `recipe`, `yes`, `no`, `back`. Raises `Refused`."""
    answers: dict[str, LimitsByApprover] = {
        "yes": LimitsApproved(by=by),
        "no": LimitsDismissed(by=by),
        "back": LimitsRevertRequested(by=by),
    }
    if answer := answers.get(text.strip().casefold()):
        return answer
    typed = _TYPED.fullmatch(text.strip())
    if typed is None:
        raise Refused(Refusal.LIMIT_NOT_A_NUMBER)
    named, *numbers, group = typed.groups()
    strategy = STRATEGIES[(named or "own").casefold()]
    asked = read_asked([number or "" for number in numbers])
    return LimitsRequested(by=by, strategy=strategy, asked=asked, group=read_group(group or "", strategy))
