"""What a look comes to: a line each, ok, missing or not to be told, with what is lost and the step that mends it.

The sentences are in `cards/words`: `doctor.check.CHECK` names the line, `doctor.SAYS.said` and `doctor.SAYS.step` are
what is wrong and what to do; for a grant, `need.KEY.without` says what is lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Health(StrEnum):
    """The worst first."""

    MISSING = "missing"
    CANNOT_TELL = "cannot_tell"
    OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line. `what` tells lines of the same check apart (a permission, a setting); `need`: the grant it is about;
    `optional`: the organisation may have left it out on purpose."""

    check: str
    health: Health = Health.OK
    says: str = ""
    what: str = ""
    need: str = ""
    optional: bool = False
    filled: Mapping[str, str | int] = field(default_factory=dict)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """What must be mended, what may be, what cannot be told, and what is well; else in the order of the look."""
    order = list(Health)
    return sorted(findings, key=lambda one: (order.index(one.health), one.optional))


def is_well(findings: Iterable[Finding]) -> bool:
    """Whether nothing is missing but what may be left out."""
    return not any(one.health is Health.MISSING and not one.optional for one in findings)
