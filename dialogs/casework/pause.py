"""The pause after a denial, which belongs to the mailbox: another asker or another alias is no way around it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from services.domain.case.case import Case
from services.domain.case.status import Status
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

    def after(self, latest: Case | None, now: datetime) -> datetime | None:
        """As `until`, of the newest case of the mailbox as it was read already."""
        return self._over_at(latest, now)

    def _over_at(self, latest: Case | None, now: datetime) -> datetime | None:
        denied_at = max(_denied(latest), default=None) if latest else None
        until = denied_at + self._ask_again_after if denied_at else now
        return until if now < until else None


def _denied(latest: Case) -> Iterator[datetime]:
    """When the mailbox was denied: by the newest case, or before one that ended without a decision, since a case
    that is opened and withdrawn is no way around the pause either."""
    if latest.status is Status.DENIED and latest.ended_at is not None:
        yield latest.ended_at
    if latest.decision is None and latest.status.is_ended:
        yield from (denial.at for denial in latest.episode.denials)
