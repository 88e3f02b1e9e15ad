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

_ANSWER = re.compile(r"(?i)(yes|no|back)(?:\s++(\d{1,9}+))?")
_NUMBERS = r"([^\s/]++)\s*+/\s*+([^\s/]++)\s*+/\s*+([^\s/]++)"
_TYPED = re.compile(rf"(?i)(?:(own|recipe)\b)?\s*+(?:{_NUMBERS})?\s*+(?:\bfor\s++(\S++))?")


def typed_limits(by: TeamsUser, text: str) -> LimitsByApprover:
    """`own 1000/1000/2000`, `own for team@contoso.com`, `recipe`; with the number of a plan `yes 2`, `back 2`; `no`.

    Raises `Refused`."""
    if answer := _ANSWER.fullmatch(text.strip()):
        # A word without the number of the plan that it speaks of is answered with the plan.
        plan = int(answer[2]) if answer[2] and answer[2].isascii() else None
        said: dict[str, LimitsByApprover] = {
            "yes": LimitsApproved(by=by, plan=plan),
            "no": LimitsDismissed(by=by),
            "back": LimitsRevertRequested(by=by, plan=plan),
        }
        return said[answer[1].casefold()]
    typed = _TYPED.fullmatch(text.strip())
    if typed is None:
        raise Refused(Refusal.LIMIT_NOT_A_NUMBER)
    named, *numbers, group = typed.groups()
    strategy = STRATEGIES[(named or "own").casefold()]
    asked = read_asked([number or "" for number in numbers])
    return LimitsRequested(by=by, strategy=strategy, asked=asked, group=read_group(group or "", strategy))
