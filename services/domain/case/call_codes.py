"""Codes for a telephone call: an approver tells one, and whoever is called writes it in their own chat: the person, or
the owner of a mailbox that somebody else asked for. It serves one decision.

So a tick alone does not say that they spoke. Of a code only a hash is stored. Whoever has the database finds a
six-digit code behind any hash within moments, so what protects it is that it lives for minutes, and counts only when it
comes from the person's own chat."""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.domain.people import PersonId, TeamsUser
from services.domain.personal import Personal

CODE_LASTS = timedelta(minutes=15)
"""So long a code can be written."""
WORD_LASTS = timedelta(hours=1)
"""So long after it was written, an approver's word holds that they spoke to the person."""
WRONG_AT_MOST = 5
"""So many wrong codes end every code that waits."""

_CODE = re.compile(r"([0-9]{3})[ -]?([0-9]{3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCode:
    """The code of one approver for one case. `told_at`: when the person wrote it; `on`: the number of the facts that
    the call was about; `wrong`: how often they wrote another one while it waited."""

    by: Personal[PersonId]
    name: Personal[str]
    digest: Personal[str]
    made_at: datetime
    wrong: int = 0
    told_at: datetime | None = None
    on: int = 0

    def waits(self, now: datetime) -> bool:
        """Whether it can still be written."""
        return self.told_at is None and self.wrong < WRONG_AT_MOST and now - self.made_at < CODE_LASTS

    def holds(self, now: datetime) -> bool:
        """Whether it was written, and that is not too long ago."""
        return self.told_at is not None and now - self.told_at < WORD_LASTS


def read_code(text: str) -> str | None:
    """The code in a message that is nothing else; `None` if it is something else."""
    found = _CODE.fullmatch(text.strip())
    return f"{found[1]}{found[2]}" if found else None


def with_code(codes: Iterable[CallCode], by: TeamsUser, code: str, now: datetime) -> tuple[CallCode, ...]:
    """The codes with a new one for this approver, in place of their last one."""
    others = (one for one in codes if one.by != by.id)
    return (*others, CallCode(by=by.id, name=by.name, digest=_digest(code, by.id, now), made_at=now))


def without_code_of(codes: Iterable[CallCode], by: PersonId) -> tuple[CallCode, ...]:
    """The codes without that of an approver who has decided on it: it does not serve a second time."""
    return tuple(one for one in codes if one.by != by)


def after_writing(codes: Iterable[CallCode], code: str, now: datetime, on: int) -> tuple[CallCode, ...]:
    """The codes after the person wrote one: those that it is are told, while the facts of that number are known; else
    it is one more wrong one for each that waits."""
    known = tuple(codes)
    right = {one.by for one in known if one.waits(now) and _is(one, code)}
    return tuple(_written(one, right, now, on) if one.waits(now) else one for one in known)


def _written(one: CallCode, right: set[PersonId], now: datetime, on: int) -> CallCode:
    if one.by in right:
        return replace(one, told_at=now, on=on)
    return one if right else replace(one, wrong=one.wrong + 1)


def word_on(codes: Iterable[CallCode], by: PersonId, now: datetime) -> int | None:
    """The number of the facts on which the person wrote this approver's code; `None` if they did not."""
    return next((one.on for one in codes if one.by == by and one.holds(now)), None)


def _is(one: CallCode, code: str) -> bool:
    return hmac.compare_digest(one.digest, _digest(code, one.by, one.made_at))


def _digest(code: str, by: PersonId, made_at: datetime) -> str:
    """With the approver and the moment in it, so that the same digits have another hash each time."""
    return hmac.new(f"{by} {made_at.isoformat()}".encode(), code.encode(), "sha256").hexdigest()
