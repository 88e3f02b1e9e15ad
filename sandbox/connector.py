"""The Bot Connector: what the bot may post and change, and what it is told when it may not."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.authority import Signer
from sandbox.chats import BOT, Card, Chats
from sandbox.faults import faulty
from sandbox.login import Login
from sandbox.mentions import notified_by
from sandbox.people import CHANNEL_ID, CHANNEL_NAME, TEAM_ID
from sandbox.tenant import Tenant
from sandbox.throttle import Throttle

_CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE_AT_MOST = 28 * 1024
_VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5")


class Refused(Exception):  # noqa: N818 - it names an answer
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.response = web.json_response({"error": {"code": code, "message": message}}, status=status)


class Connector:
    """The REST API, and the keys that sign what goes the other way."""

    def __init__(self, tenant: Tenant, login: Login, chats: Chats) -> None:
        self._tenant = tenant
        self._login = login
        self._chats = chats
        self.signer = Signer("connector-key-1", ("msteams", "skype"))
        self.throttle = Throttle()
        self.base_url = ""

    @property
    def issuer(self) -> str:
        """Of the tokens it signs, and the audience of those it takes."""
        return self._login.connector

    @property
    def service_url(self) -> str:
        return f"{self.base_url}/teams/"

    def application(self) -> web.Application:
        application = web.Application()
        add = application.router.add_route
        add("GET", "/v1/.well-known/openidconfiguration", self._metadata)
        add("GET", "/v1/.well-known/keys", self._keys)
        conversations = "/teams/v3/conversations"
        add("POST", conversations, self._guarded(self._create, "teams.post"))
        add("POST", f"{conversations}/{{conversation}}/activities", self._guarded(self._post, "teams.post"))
        one = f"{conversations}/{{conversation}}/activities/{{activity}}"
        add("POST", one, self._guarded(self._post, "teams.post"))
        add("PUT", one, self._guarded(self._put, "teams.update"))
        add("GET", "/teams/v3/teams/{team}/conversations", self._channels)
        return application

    async def _channels(self, request: web.Request) -> web.StreamResponse:
        """The channels of a team, for a bot that is in it.

        https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context"""

        async def answer() -> web.Response:
            try:
                self._authorise(request)
                self._refuse_outside(request.match_info["team"])
            except Refused as refused:
                return refused.response
            general = {"id": TEAM_ID, "name": None, "type": "standard"}
            kind = "private" if self._chats.channel_is_private else "standard"
            channel = {"id": CHANNEL_ID, "name": CHANNEL_NAME, "type": kind}
            gone = self._chats.channel_is_gone
            return web.json_response({"conversations": [general, *([] if gone else [channel])]})

        return await faulty(self._tenant.faults.take("teams.channels", "teams"), request, answer)

    async def _metadata(self, _request: web.Request) -> web.Response:
        if self._tenant.faults.take("teams.keys"):
            return web.Response(status=503)
        keys = f"{self.base_url}/v1/.well-known/keys"
        return web.json_response(
            {"issuer": self.issuer, "jwks_uri": keys, "id_token_signing_alg_values_supported": ["RS256"]}
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [self.signer.jwk()]})

    def _guarded(self, handler: Callable[[web.Request, dict[str, Any]], Any], source: str) -> Any:
        """`source` can be made to fail by itself; one conversation (`teams:ID`) can be made to ask for a pause."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            body = await request.read()

            async def answer() -> web.Response:
                try:
                    self._authorise(request)
                    return web.json_response(await handler(request, _checked(body)))
                except Refused as refused:
                    return refused.response

            conversation = request.match_info.get("conversation", "")
            if refusal := self.throttle.refusal(conversation):
                return refusal
            if fault := self._tenant.faults.take(f"teams:{conversation}"):
                return self.throttle.begin(conversation, fault.retry_after or 1)
            return await faulty(self._tenant.faults.take(source, "teams"), request, answer)

        return guarded

    def _authorise(self, request: web.Request) -> None:
        if self._login.roles_of(request.headers.get("Authorization"), self.issuer) is None:
            raise Refused(401, "Unauthorized", "Authorization has been denied for this request.")

    async def _create(self, _request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        data = body.get("channelData")
        channel = data.get("channel", {}).get("id") if isinstance(data, dict) else None
        activity = body.get("activity")
        if body.get("isGroup") is not True or channel != CHANNEL_ID or not isinstance(activity, dict):
            raise Refused(400, "BadSyntax", "Only a new thread of a known channel can be created here.")
        if self._chats.bot_is_out:
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        if self._chats.channel_is_gone:
            raise Refused(404, "ConversationNotFound", "Conversation not found.")
        self._refuse_private()
        text, card = _content(activity)
        message = self._chats.begin_thread(BOT, text, card, self._notified(activity, card))
        return {"id": message.conversation, "activityId": message.id}

    async def _post(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        conversation = self._writable(request)
        if body.get("type") == "typing":
            return {"id": "typing"}
        text, card = _content(body)
        return {"id": self._chats.post(conversation, BOT, text, card, self._notified(body, card)).id}

    async def _put(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        conversation = self._writable(request)
        activity = request.match_info["activity"]
        text, card = _content(body)
        self._notified(body, card)  # checked alike, but an update notifies nobody
        if not self._chats.update(conversation, activity, text, card):
            raise Refused(404, "ActivityNotFoundInConversation", "The bot posted no such activity here.")
        return {"id": activity}

    def _notified(self, activity: dict[str, Any], card: Card | None) -> list[str]:
        try:
            return notified_by(activity, card, self._chats.team, self._tenant.approvers & self._chats.team)
        except (ValueError, AttributeError, TypeError) as wrong:
            raise Refused(400, "BadArgument", str(wrong)) from wrong

    def _refuse_outside(self, team: str) -> None:
        if self._chats.bot_is_out or team != TEAM_ID:
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")

    def _refuse_private(self) -> None:
        """A bot can read along in a private channel, and cannot post in one."""
        if self._chats.channel_is_private:
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")

    def _writable(self, request: web.Request) -> str:
        conversation = request.match_info["conversation"]
        if not self._chats.known(conversation):
            raise Refused(404, "ConversationNotFound", "Conversation not found.")
        if self._chats.bot_is_out and conversation.startswith((CHANNEL_ID, TEAM_ID)):
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        if conversation.startswith(CHANNEL_ID):
            self._refuse_private()
        owner = self._chats.owner(conversation)
        if owner and not self._tenant.accounts[owner].installed:
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        if owner and self._tenant.accounts[owner].blocked_bot:
            raise Refused(403, "MessageWritesBlocked", "The user has blocked the bot.")
        return conversation


def _checked(body: bytes) -> dict[str, Any]:
    if len(body) > MESSAGE_AT_MOST:
        raise Refused(413, "MessageSizeTooBig", "Message size too large.")
    try:
        parsed = json.loads(body)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise Refused(400, "BadSyntax", "The body is not a JSON object.")
    return parsed


def _content(activity: dict[str, Any]) -> tuple[str, Card | None]:
    if activity.get("type") != "message":
        raise Refused(400, "BadSyntax", f"Unknown activity type {activity.get('type')!r}.")
    attachments = activity.get("attachments") or []
    if not isinstance(attachments, list) or len(attachments) > 1:
        raise Refused(400, "BadArgument", "One attachment at most is understood here.")
    if not attachments:
        return str(activity.get("text") or ""), None
    content = attachments[0].get("content")
    if attachments[0].get("contentType") != _CARD or not isinstance(content, dict):
        raise Refused(400, "BadArgument", "The attachment is no Adaptive Card.")
    if content.get("type") != "AdaptiveCard" or content.get("version") not in _VERSIONS:
        raise Refused(400, "BadArgument", "The card's type or version is not supported.")
    return str(activity.get("text") or ""), content
