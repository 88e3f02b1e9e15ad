"""Runs activities through the SDK, and sends the cards that the conversations return. Nothing is decided here."""

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, Protocol

from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult

from bot.connector import PooledFactory
from bot.messenger import card_message
from bot.reading import Read
from dialogs.conversations.inbound import AddedToTeam, Answer, Clicked, Installed, NoReply, Reply, Said, Uninstalled
from services.domain.card import Card


class Conversations(Protocol):
    """What the bot needs of the conversations."""

    async def said(self, said: Said) -> Answer: ...

    async def clicked(self, clicked: Clicked) -> Card: ...

    async def installed(self, met: Installed) -> Answer: ...

    async def added_to_team(self, joined: AddedToTeam) -> Answer: ...

    async def uninstalled(self, left: Uninstalled) -> None: ...


class _AlreadyAuthenticated(BotFrameworkAuthentication):  # type: ignore[misc]  # the SDK has no types
    """Authentication for the SDK that does nothing: requests are authenticated before (see `bot.authentication`)."""

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """Does nothing: the bot signs nobody in."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> NoReturn:
        """Never called: a request that reaches the adapter is authenticated already."""
        raise PermissionError

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> NoReturn:
        """Never called: the bot does not support streaming."""
        raise PermissionError

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> NoReturn:
        """Never called: the factory is part of the authentication result."""
        raise PermissionError


class TeamsBot:
    """Runs turns through the SDK's adapter, which gets a finished authentication result."""

    def __init__(self, router: Conversations, factory: PooledFactory) -> None:
        self._router = router
        self._factory = factory
        self._adapter = CloudAdapter(_AlreadyAuthenticated())
        # The SDK's handler would write to the person; `bot.web` handles errors.
        self._adapter.on_turn_error = None

    async def turn(self, envelope: dict[str, Any], incoming: Read) -> Card | None:
        """Handle one activity. Returns the card that answers an invoke, else `None`. Raises what the conversations
        raise."""
        response = await self._run(envelope, lambda context: self._answer(context, incoming))
        return response.body if isinstance(response, InvokeResponse) else None

    async def apologise(self, envelope: dict[str, Any], sentence: str) -> None:
        """Reply to an activity with a sentence about the failure. Raises `Unavailable`, `Unreachable`."""
        sorry = _card_activity(Reply.saying(sentence))
        await self._run(envelope, lambda context: context.send_activity(sorry))

    async def _run(self, envelope: dict[str, Any], logic: Callable[[TurnContext], Awaitable[object]]) -> object:
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity({}, True)
        result.connector_factory = self._factory
        return await self._adapter.process_activity(result, _activity(envelope), logic)

    async def _answer(self, context: TurnContext, incoming: Read) -> None:
        if isinstance(incoming, Clicked):
            card = await self._router.clicked(incoming)
            if context.activity.type == "invoke":
                await context.send_activity(
                    Activity(type="invokeResponse", value=InvokeResponse(status=200, body=card))
                )
            return
        answer = await self._answered(incoming)
        if isinstance(answer, Reply):
            await context.send_activity(_card_activity(answer))

    async def _answered(self, incoming: Said | Installed | AddedToTeam | Uninstalled) -> Answer:
        match incoming:
            case Said():
                return await self._router.said(incoming)
            case Installed():
                return await self._router.installed(incoming)
            case AddedToTeam():
                return await self._router.added_to_team(incoming)
            case Uninstalled():
                await self._router.uninstalled(incoming)
                return NoReply.SAID_ALREADY


def _card_activity(reply: Reply) -> Activity:
    return Activity.deserialize(card_message(reply.card, reply.summary))


def _activity(envelope: dict[str, Any]) -> Activity:
    """An SDK activity with only what a reply needs: the SDK's models fail on fields of unexpected types."""
    conversation, sender, recipient = (
        value if isinstance(value := envelope.get(name), dict) else {} for name in ("conversation", "from", "recipient")
    )
    return Activity(
        type=str(envelope.get("type")),
        id=str(envelope.get("id", "")),
        channel_id="msteams",
        service_url=str(envelope.get("serviceUrl", "")),
        conversation=ConversationAccount(id=str(conversation.get("id", ""))),
        from_property=ChannelAccount(id=str(sender.get("id", ""))),
        recipient=ChannelAccount(id=str(recipient.get("id", ""))),
    )
