"""Many requests at once: one digest card in the channel stands for those above a number (`Timing.digest_over`)."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cards.approver.digest_card import digest_card, digest_summary
from cards.view import View
from dialogs.casework.notifying import NotifyingPosts
from dialogs.casework.views import Views
from services.domain.card import Card
from services.domain.case.case import Case
from services.ports.storage import Digest, Storage
from services.ports.teams import ConversationRef, Messenger


@dataclass(slots=True)
class _Drawing:
    """Which of the wishes to draw one digest are fulfilled. Teams takes seconds for a card in a wave of requests."""

    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0
    drawn: int = 0


class DigestCards:
    """Posts and updates digest cards. Two replicas may each begin one at the same moment: then there are two."""

    def __init__(self, *, storage: Storage, messenger: Messenger, notifying: NotifyingPosts, views: Views) -> None:
        self._digests, self._queries = storage.digests, storage.queries
        self._messenger, self._notifying = messenger, notifying
        self._views = views
        self._joining = asyncio.Lock()
        """Held while it is found out where a case belongs, and never while Teams is asked to draw."""
        self._drawings: dict[str, _Drawing] = defaultdict(_Drawing)

    async def takes(self, case: Case, channel: ConversationRef) -> bool:
        """Show a case that has no card of its own in a digest; `False` where it is to have one."""
        async with self._joining:
            if not await self.is_in(case, channel):
                since = self._views.clock.now() - self._views.timing.digest_within
                if await self._queries.came_since(since) <= self._views.timing.digest_over:
                    return False
                if await self._join(case, channel, since):
                    return True
        await self.refresh(case)
        return True

    async def refresh(self, case: Case) -> None:
        """Where the case stands in a digest, show it there as it is."""
        digest = await self._digests.of(case.number)
        if digest is None:
            return
        drawing = self._drawings[digest.posted.activity]
        drawing.wanted += 1
        mine = drawing.wanted
        async with drawing.one_at_a_time:
            # Of those who waited here, the first draws for all: it reads the cases after each of them asked.
            if drawing.drawn < mine and (latest := await self._digests.of(case.number)):
                wanted = drawing.wanted
                await self._draw(latest)
                drawing.drawn = wanted

    async def of(self, case: Case) -> Digest | None:
        """The digest the case stands in."""
        return await self._digests.of(case.number)

    async def picture_of(self, case: Case, view: View) -> Card | None:
        """The digest the case stands in, drawn for one viewer."""
        digest = await self._digests.of(case.number)
        return digest_card(await self._queries.many(digest.cases), view) if digest else None

    async def speaks_for(self, case: Case, digest: Digest) -> bool:
        """Whether the case is the first of its digest that still waits: one reminder for all is enough."""
        members = await self._queries.many(digest.cases)
        return next((member.number for member in members if member.is_undecided), None) == case.number

    async def _join(self, case: Case, channel: ConversationRef, since: datetime) -> bool:
        """The case joins the latest digest, or begins one; whether it is drawn there already."""
        latest = await self._digests.latest()
        latest = latest if latest and _is_in(latest, channel) else None
        members = await self._queries.many(latest.cases) if latest else []
        if latest and any((came := _came_at(member)) and came >= since for member in members):
            await self._digests.join(case.number, latest.posted)
            return False
        await self._begin([case], channel)
        return True

    async def is_in(self, case: Case, channel: ConversationRef) -> bool:
        """Whether the case stands in a digest of this channel: an earlier one had digests of its own."""
        digest = await self._digests.of(case.number)
        return digest is not None and _is_in(digest, channel)

    async def gather(self, cases: Sequence[Case], channel: ConversationRef) -> None:
        """Begin a digest with these cases. Raises `Unavailable`, `Unreachable`."""
        async with self._joining:
            await self._begin(cases, channel)

    async def _begin(self, cases: Sequence[Case], channel: ConversationRef) -> None:
        view = self._views.of(channel.locale)
        card, summary = digest_card(cases, view), digest_summary(cases, view)
        posted = await self._notifying.post(channel, card, summary, view=view, but=frozenset())
        for case in cases:
            await self._digests.join(case.number, posted)

    async def _draw(self, digest: Digest) -> None:
        cases: Sequence[Case] = await self._queries.many(digest.cases)
        view = self._views.of(digest.posted.conversation.locale)
        card, summary = digest_card(cases, view), digest_summary(cases, view)
        if await self._messenger.replace(digest.posted, card, summary):
            return
        channel = ConversationRef(
            id=digest.posted.conversation.id.partition(";messageid=")[0],
            service_url=digest.posted.conversation.service_url,
            locale=digest.posted.conversation.locale,
        )
        await self._digests.move(digest, await self._messenger.post(channel, card, summary))


def _is_in(digest: Digest, channel: ConversationRef) -> bool:
    return digest.posted.conversation.id.partition(";messageid=")[0] == channel.id


def _came_at(case: Case) -> datetime | None:
    """When the approvers first saw the case."""
    return case.request.sent_at or case.contact.found_by_monitor_at
