"""The pause after a denial, which belongs to the mailbox: another asker or another alias is no way around it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.domain.case.case import Case, Status
from services.ports.storage import CaseStore


class Pauses:
    """How long after a denial nobody may ask for the same mailbox."""

    def __init__(self, cases: CaseStore, ask_again_after: timedelta) -> None:
        self._cases = cases
        self._ask_again_after = ask_again_after

    async def until(self, mailbox: Sequence[str], now: datetime) -> datetime | None:
        """Until when whoever asks for this mailbox, known by any of these keys, has to wait; `None` if not at all."""
        return self._over_at(await self._cases.latest_about(*mailbox), now)

    async def until_sent(self, case: Case, now: datetime) -> datetime | None:
        """Until when this case has to wait that was not sent to the approvers yet; `None` if not at all."""
        if case.request.sent_at is not None:
            return None
        before = await self._cases.latest_about(*case.sender.mailbox_keys, before=case.number)
        return self._over_at(before, now)

    def _over_at(self, latest: Case | None, now: datetime) -> datetime | None:
        if latest is None or latest.status is not Status.DENIED or latest.ended_at is None:
            return None
        until = latest.ended_at + self._ask_again_after
        return until if now < until else None
