"""How many recipients outside the whole organisation may send to within 24 hours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantLimit:
    """What counts now, and from how many on nothing goes outside. `enforced`: whether anything is done about it."""

    observed: int
    threshold: int
    enforced: bool = True

    @property
    def is_used_up(self) -> bool:
        return self.enforced and self.observed >= self.threshold
