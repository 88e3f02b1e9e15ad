"""Posts that notify the approvers: each names those whose decision is wanted."""

import logging
from datetime import timedelta

from cards.mentions import mentioning
from cards.view import View
from dialogs.casework.lookups import or_unknown
from services.domain.card import Card
from services.domain.mention import Mention
from services.domain.people import PersonId
from services.domain.unknown import PASSING, Unknown
from services.ports.errors import Unavailable, Unreachable
from services.ports.teams import ConversationRef, Mentions, Posted, Teams

log = logging.getLogger("sendwell.notify")

_WITHIN = timedelta(seconds=3)
"""A request is not held up by the question whom it should notify."""


class NotifyingPosts:
    """Posts cards that mention approvers. Without a mention where there is none to be had: a request is never lost for
    the want of one."""

    def __init__(self, teams: Teams) -> None:
        self._messenger, self._mentions, self._others = teams.messenger, teams.mentions, teams.others

    async def post(
        self,
        conversation: ConversationRef,
        card: Card,
        summary: str,
        *,
        view: View,
        but: frozenset[PersonId],
        thread: str | None = None,
        others: bool = False,
    ) -> Posted:
        """Post a new message that mentions the approvers, or the `others` of the rules, without `but`.

        Raises `Unavailable`, `Unreachable`."""
        named = await (self._named_others(but) if others else self._named(self._mentions, but))
        if named:
            try:
                return await self._messenger.post(conversation, mentioning(card, named, view), summary, thread=thread)
            except Unreachable as refused:
                # It may be the mention that Teams does not take, of somebody who is not in the team for one.
                log.info("posted without a mention: %s", refused.logged)
        return await self._messenger.post(conversation, card, summary, thread=thread)

    async def _named_others(self, but: frozenset[PersonId]) -> tuple[Mention, ...]:
        """They are named once, and that is the whole point: what passes is waited for. Raises `Unavailable`."""
        named = await or_unknown(self._others.of_approvers(but), _WITHIN) if self._others else ()
        if not isinstance(named, Unknown):
            return named
        log.warning("the others of the rules cannot be read: %s", named.reason)
        if named.reason in PASSING:
            raise Unavailable(named.reason)
        return ()

    async def _named(self, mentions: Mentions | None, but: frozenset[PersonId]) -> tuple[Mention, ...]:
        if mentions is None:
            return ()
        named = await or_unknown(mentions.of_approvers(but), _WITHIN)
        if isinstance(named, Unknown):
            log.warning("nobody is mentioned: they cannot be read: %s", named.reason)
            return ()
        return named
