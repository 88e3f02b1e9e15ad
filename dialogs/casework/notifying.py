"""Posts that notify the approvers: each names those whose decision is wanted."""

import logging
from datetime import timedelta

from cards.mentions import mentioning
from cards.view import View
from dialogs.casework.lookups import or_unknown
from services.domain.card import Card
from services.domain.mention import Mention
from services.domain.people import PersonId
from services.domain.unknown import Unknown
from services.ports.errors import Unreachable
from services.ports.teams import ConversationRef, Posted, Teams

log = logging.getLogger("sendwell.notify")

_WITHIN = timedelta(seconds=3)
"""A request is not held up by the question whom it should notify."""


class NotifyingPosts:
    """Posts cards that mention approvers. Without a mention where there is none to be had: a request is never lost for
    the want of one."""

    def __init__(self, teams: Teams) -> None:
        self._messenger, self._mentions = teams.messenger, teams.mentions

    async def post(
        self,
        conversation: ConversationRef,
        card: Card,
        summary: str,
        *,
        view: View,
        but: frozenset[PersonId],
        thread: str | None = None,
    ) -> Posted:
        """Post a new message that mentions the approvers, without `but`. Raises `Unavailable`, `Unreachable`."""
        if named := await self._named(but):
            try:
                return await self._messenger.post(conversation, mentioning(card, named, view), summary, thread=thread)
            except Unreachable as refused:
                # It may be the mention that Teams does not take, of somebody who is not in the team for one.
                log.info("posted without a mention: %s", refused.logged)
        return await self._messenger.post(conversation, card, summary, thread=thread)

    async def _named(self, but: frozenset[PersonId]) -> tuple[Mention, ...]:
        if self._mentions is None:
            return ()
        named = await or_unknown(self._mentions.of_approvers(but), _WITHIN)
        if isinstance(named, Unknown):
            log.warning("nobody is mentioned: the approvers cannot be read: %s", named.reason)
            return ()
        return named
