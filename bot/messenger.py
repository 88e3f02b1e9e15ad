"""Implements the port `Messenger`: posting and updating cards in Teams."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from bot.connector import BotConnector
from bot.finished_cards import CARD_TYPE
from services.domain.card import Card
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable
from services.ports.teams import ConversationRef, Posted

_MAY_BE_THERE = "ActivityNotFoundInConversation"
_AGAIN_AFTER = timedelta(seconds=0.5)


def card_message(card: Card, summary: str) -> dict[str, Any]:
    """A message with one card. The summary is the text of the notification."""
    content = {"contentType": CARD_TYPE, "content": card}
    return {"type": "message", "summary": summary, "attachments": [content]}


class TeamsMessenger:
    """Posts and updates cards. In a channel every post begins a new thread, unless one is given. `again_after`: the
    pause before a message that is said to be gone is updated once more."""

    def __init__(
        self, connector: BotConnector, *, app_id: str, tenant: str, again_after: timedelta = _AGAIN_AFTER
    ) -> None:
        self._connector = connector
        self._again_after = again_after
        self._bot = {"id": f"28:{app_id}"}
        self._tenant = tenant

    async def post(
        self, conversation: ConversationRef, card: Card, summary: str, *, thread: str | None = None
    ) -> Posted:
        message = card_message(card, summary)
        if not conversation.id.startswith("19:") or "@thread" not in conversation.id:
            return await self._into(conversation, conversation.id, message)
        if thread is not None:
            return await self._into(conversation, f"{conversation.id};messageid={thread}", message)
        return await self._new_thread(conversation, message)

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        conversation = quote(posted.conversation.id, safe="")
        path = f"conversations/{conversation}/activities/{quote(posted.activity, safe='')}"
        message = {**card_message(card, summary), "id": posted.activity}
        try:
            await self._connector.call("PUT", posted.conversation.service_url, path, message)
        except NotFound as gone:
            return _MAY_BE_THERE in str(gone) and await self._once_more(posted, path, message)
        return True

    async def _once_more(self, posted: Posted, path: str, message: dict[str, Any]) -> bool:
        """About one update in a thousand is told that its message is gone, and is taken a moment later. Posting the
        card anew at once would leave two of it."""
        await asyncio.sleep(self._again_after.total_seconds())
        try:
            await self._connector.call("PUT", posted.conversation.service_url, path, message)
        except NotFound:
            return False
        return True

    async def _into(self, conversation: ConversationRef, where: str, message: dict[str, Any]) -> Posted:
        path = f"conversations/{quote(where, safe='')}/activities"
        response = await self._connector.call("POST", conversation.service_url, path, message)
        return Posted(conversation=_at(conversation, where), activity=_id_of(response.get("id")))

    async def _new_thread(self, conversation: ConversationRef, message: dict[str, Any]) -> Posted:
        # https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
        body = {
            "isGroup": True,
            "bot": self._bot,
            "tenantId": self._tenant,
            "channelData": {"channel": {"id": conversation.id}, "tenant": {"id": self._tenant}},
            "activity": message,
        }
        response = await self._connector.call("POST", conversation.service_url, "conversations", body)
        where = str(response.get("id") or conversation.id)
        thread = where.partition(";messageid=")[2]
        return Posted(conversation=_at(conversation, where), activity=_id_of(response.get("activityId") or thread))


def _id_of(activity: object) -> str:
    """The id of a posted message. Raises `Unavailable` without one, so that the card is posted again: a message without
    an id could never be updated."""
    if not isinstance(activity, str) or not activity:
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "Bot Connector: a message without an id")
    return activity


def _at(conversation: ConversationRef, where: str) -> ConversationRef:
    return ConversationRef(id=where, service_url=conversation.service_url, locale=conversation.locale)
