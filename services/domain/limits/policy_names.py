"""Names that Exchange accepts for a policy and its rule."""

import re

from services.domain.limits.outbound_policy import PolicySnapshot, names_any

_NAME_AT_MOST = 64
# https://learn.microsoft.com/powershell/module/exchangepowershell/new-hostedoutboundspamfilterrule
_FORBIDDEN = re.compile(r'[\\%&*+/=?{}|<>();:\[\],"\x00-\x1f\x7f]')


def policy_name(text: str) -> str:
    """The text as a name that Exchange accepts: 64 characters at most, without forbidden ones."""
    return " ".join(_FORBIDDEN.sub(" ", text).split())[:_NAME_AT_MOST].strip() or "Sendwell"


def free_name(text: str, snapshot: PolicySnapshot) -> str:
    """A name that no policy and no rule has yet. A policy of ours and its rule share one name."""
    used = [*(policy.name for policy in snapshot.policies), *(rule.name for rule in snapshot.rules)]
    name = wanted = policy_name(text)
    number = 1
    while names_any([name], used):
        number += 1
        tail = f" {number}"
        name = wanted[: _NAME_AT_MOST - len(tail)] + tail
    return name
