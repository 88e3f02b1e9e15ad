"""The Messenger port: cards into Teams, and out of the way when they are old."""

from typing import Any
from urllib.parse import quote

from bot.connector import Connector
from cards.text import spelled_out
from services.domain.card import Card
from services.domain.unknown import Why
from services.ports.errors import NotFound, Unavailable
from services.ports.teams import Place, Posted

CARD_TYPE = "application/vnd.microsoft.card.adaptive"


def card_message(card: Card, summary: str) -> dict[str, Any]:
    """A message that is one card; the summary is what a notification shows."""
    content = {"contentType": CARD_TYPE, "content": card}
    return {"type": "message", "summary": spelled_out(summary), "attachments": [content]}


class TeamsMessenger:
    """Posts and replaces cards. A chat is a conversation; in a channel every post begins a thread of its own."""

    def __init__(self, connector: Connector, *, app_id: str, tenant: str) -> None:
        self._connector = connector
        self._bot = {"id": f"28:{app_id}"}
        self._tenant = tenant

    async def post(self, place: Place, card: Card, summary: str, *, thread: str | None = None) -> Posted:
        message = card_message(card, summary)
        if not place.conversation.startswith("19:") or "@thread" not in place.conversation:
            return await self._into(place, place.conversation, message)
        if thread is not None:
            return await self._into(place, f"{place.conversation};messageid={thread}", message)
        return await self._new_thread(place, message)

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        conversation = quote(posted.place.conversation, safe="")
        path = f"conversations/{conversation}/activities/{quote(posted.activity, safe='')}"
        message = {**card_message(card, summary), "id": posted.activity}
        try:
            await self._connector.call("PUT", posted.place.service_url, path, message)
        except NotFound:
            return False
        return True

    async def _into(self, place: Place, conversation: str, message: dict[str, Any]) -> Posted:
        path = f"conversations/{quote(conversation, safe='')}/activities"
        answer = await self._connector.call("POST", place.service_url, path, message)
        return Posted(place=_at(place, conversation), activity=_named(answer.get("id")))

    async def _new_thread(self, place: Place, message: dict[str, Any]) -> Posted:
        # https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
        body = {
            "isGroup": True,
            "bot": self._bot,
            "tenantId": self._tenant,
            "channelData": {"channel": {"id": place.conversation}, "tenant": {"id": self._tenant}},
            "activity": message,
        }
        answer = await self._connector.call("POST", place.service_url, "conversations", body)
        conversation = str(answer.get("id") or place.conversation)
        thread = conversation.partition(";messageid=")[2]
        return Posted(place=_at(place, conversation), activity=_named(answer.get("activityId") or thread))


def _named(activity: object) -> str:
    """Where a message was posted nobody says where, it can never be replaced: it is posted once more."""
    if not isinstance(activity, str) or not activity:
        raise Unavailable(Why.STRANGE_ANSWER, "Bot Connector: a message without an id")
    return activity


def _at(place: Place, conversation: str) -> Place:
    return Place(conversation=conversation, service_url=place.service_url, locale=place.locale)
