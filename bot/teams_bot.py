"""Activities in, cards out; no decision is made here."""

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, Protocol

from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult

from bot.connector import PooledFactory
from bot.finished_cards import card_activity
from bot.reading import Read
from dialogs.conversations.inbound import AddedToTeam, Answer, Clicked, Installed, NoReply, Reply, Said, Uninstalled
from services.domain.card import Card


class Conversations(Protocol):
    """The conversations, as the edge sees them."""

    async def said(self, said: Said) -> Answer: ...

    async def clicked(self, clicked: Clicked) -> Card: ...

    async def installed(self, met: Installed) -> Answer: ...

    async def added_to_team(self, joined: AddedToTeam) -> Answer: ...

    async def uninstalled(self, left: Uninstalled) -> None: ...


class _AlreadyAuthenticated(BotFrameworkAuthentication):  # type: ignore[misc]  # the SDK has no types
    """The request was authenticated before; the SDK asks nobody and fetches nothing."""

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """The bot signs nobody in."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> NoReturn:
        """Never asked: a request that reaches the adapter was authenticated before."""
        raise PermissionError

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> NoReturn:
        """The bot speaks no streaming."""
        raise PermissionError

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> NoReturn:
        """The factory comes with the authentication result."""
        raise PermissionError


class TeamsBot:
    """One turn at a time through the SDK's adapter, which is handed a ready authentication result."""

    def __init__(self, router: Conversations, factory: PooledFactory) -> None:
        self._router = router
        self._factory = factory
        self._adapter = CloudAdapter(_AlreadyAuthenticated())
        # The stock handler writes to the person; errors are ours to answer (see `bot.web`).
        self._adapter.on_turn_error = None

    async def turn(self, envelope: dict[str, Any], heard: Read) -> Card | None:
        """Answer one activity; the card is the answer of an invoke. Raises what the conversations raise."""
        response = await self._run(envelope, lambda context: self._answer(context, heard))
        return response.body if isinstance(response, InvokeResponse) else None

    async def apologise(self, envelope: dict[str, Any], sentence: str) -> None:
        """Tell whoever wrote that it went wrong. Raises `Unavailable`, `Unreachable`."""
        reply = Reply.saying(sentence)
        sorry = card_activity(reply.card, reply.summary)
        await self._run(envelope, lambda context: _send(context, sorry))

    async def _run(self, envelope: dict[str, Any], logic: Callable[[TurnContext], Awaitable[object]]) -> object:
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity({}, True)
        result.connector_factory = self._factory
        return await self._adapter.process_activity(result, _activity(envelope), logic)

    async def _answer(self, context: TurnContext, heard: Read) -> None:
        if isinstance(heard, Clicked):
            card = await self._router.clicked(heard)
            if context.activity.type == "invoke":
                await _send(context, Activity(type="invokeResponse", value=InvokeResponse(status=200, body=card)))
            return
        answer = await self._answered(heard)
        if isinstance(answer, Reply):
            await _send(context, card_activity(answer.card, answer.summary))

    async def _answered(self, heard: Said | Installed | AddedToTeam | Uninstalled) -> Answer:
        match heard:
            case Said():
                return await self._router.said(heard)
            case Installed():
                return await self._router.installed(heard)
            case AddedToTeam():
                return await self._router.added_to_team(heard)
            case Uninstalled():
                await self._router.uninstalled(heard)
                return NoReply.SAID_ALREADY


async def _send(context: TurnContext, activity: Activity) -> None:
    """Answer the activity of this turn. The SDK's `send_activity` also copies the answer deeply and calls listeners,
    which we have none of; and the function that calls them refers to itself, so that all of the turn stays in memory
    until the garbage collector looks for it."""
    reference = TurnContext.get_conversation_reference(context.activity)
    addressed = TurnContext.apply_conversation_reference(activity, reference)
    await context.adapter.send_activities(context, [addressed])


def _activity(envelope: dict[str, Any]) -> Activity:
    """Only what a reply needs: the SDK's models stumble over fields that strangers fill oddly."""
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
