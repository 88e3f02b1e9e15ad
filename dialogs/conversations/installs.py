"""The bot is installed or removed; a channel is lost or comes back."""

import logging
from contextlib import suppress

from cards.notices import one_line
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.channel_return import ChannelReturn
from dialogs.conversations.inbound import AddedToTeam, Answer, ConversationKind, Installed, NoReply, Reply, Uninstalled
from services.domain.case.commands.clock import Reached
from services.domain.case.transition import Refused
from services.domain.people import TeamsUser
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile, Unavailable, Unreachable
from services.ports.storage import Storage
from services.ports.teams import ConversationRef, Messenger

log = logging.getLogger("sendwell.channel")


class Installs:
    """What changes where people and the approvers can be written to."""

    def __init__(
        self,
        *,
        writer: CaseWriter,
        storage: Storage,
        messenger: Messenger,
        case_cards: CaseCards,
        clock: Clock,
        channel_return: ChannelReturn,
    ) -> None:
        self._writer = writer
        self._cases, self._conversations = storage.cases, storage.conversations
        self._channel = storage.channel_health
        self._messenger = messenger
        self._case_cards = case_cards
        self._clock = clock
        self._return = channel_return

    async def installed(self, met: Installed) -> Answer:
        """Somebody installed the bot: now they can be written to, and see their open case at once."""
        conversation = await self._conversations.remember(met.by.id, met.conversation)
        if (case := await self._cases.open_of(met.by.id)) and case.sender.person == met.by.id:
            await self._case_cards.notify_person(case)
            await self._writer.record_reach(case, None)
            return NoReply.CARD_FOLLOWS
        return Reply.saying(self._case_cards.view(conversation.locale).words("answer.welcome"))

    async def added_to_team(self, joined: AddedToTeam) -> Answer:
        """In a team: say how a channel becomes the approvers' one, or that this team has it."""
        words = self._case_cards.view(joined.conversation.locale).words
        if await self._is_ours(joined.conversation):
            if await self._channel.found():
                await self._return.back()
            return Reply.saying(words("answer.channel_back"))
        return Reply.saying(words("answer.channel_welcome"))

    async def uninstalled(self, left: Uninstalled) -> None:
        """Taken out: kept, noted where it can be seen, and said to whoever did it."""
        if left.kind is ConversationKind.PERSONAL and left.by:
            await self._uninstalled(left.by)
        elif await self._is_ours(left.conversation) and await self._channel.lost("removed", self._clock.now()):
            # Teams announces a removal twice, in two ways at once: it is said once.
            log.warning("Sendwell was removed from the approvals channel; requests are kept until it is back")
            await self._tell_remover(left.by)

    async def _uninstalled(self, person: TeamsUser) -> None:
        """The approvers should know at once that this person has to be called. Their chat is kept no longer."""
        case = await self._cases.open_of(person.id)
        if case is not None and case.sender.person == person.id:
            try:
                await self._case_cards.update_person_card(case)
            except Unreachable as trouble:
                # On the case as it is by now: once the chat is forgotten nobody finds out why again.
                with suppress(ChangedMeanwhile, Refused):
                    await self._writer.apply_to_latest(case, Reached(error=str(trouble)))
        await self._conversations.forget(person.id)

    async def _tell_remover(self, by: TeamsUser | None) -> None:
        conversation = await self._conversations.person(by.id) if by else None
        if conversation is None:
            return
        sentence = self._case_cards.view(conversation.locale).words("answer.channel_lost")
        with suppress(Unavailable, Unreachable):  # the log and /readyz say it too
            await self._messenger.post(conversation, one_line(sentence), sentence)

    async def _is_ours(self, conversation: ConversationRef) -> bool:
        """Whether the approvals channel is that channel, or one of that team."""
        channel = await self._conversations.channel()
        if channel is None:
            return False
        return conversation.id == channel.id or (bool(conversation.team) and conversation.team == channel.team)
