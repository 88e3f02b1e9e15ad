"""What Teams announces besides messages and clicks: teams and channels that come and go, edits, reactions, files."""

import asyncio
from typing import Any

from sandbox.chats import Chats
from sandbox.people import CHANNEL_ID, GROUP_ID, TEAM_ID, TENANT
from sandbox.teams import Teams


class Announcements:
    """Things people do in Teams that are no words to the bot; each returns the bot's HTTP status."""

    def __init__(self, teams: Teams, chats: Chats) -> None:
        self._teams = teams
        self._chats = chats

    async def remove_from_team(self, key: str) -> int:
        """Somebody takes the bot out of the team: it is announced, and the channel refuses it from now on."""
        self._chats.bot_is_out = True
        return await self._twice(key, "remove", "membersRemoved", "teamMemberRemoved")

    async def add_to_team(self, key: str) -> int:
        self._chats.bot_is_out = False
        return await self._twice(key, "add", "membersAdded", "teamMemberAdded")

    async def rename_channel(self, key: str, name: str) -> int:
        return await self._event(key, "channelRenamed", name)

    async def delete_channel(self, key: str) -> int:
        self._chats.channel_is_gone = True
        return await self._event(key, "channelDeleted")

    async def restore_channel(self, key: str) -> int:
        self._chats.channel_is_gone = False
        return await self._event(key, "channelRestored")

    async def edit(self, key: str, text: str) -> int:
        """Somebody edits what they wrote to the bot."""
        data = {"tenant": {"id": TENANT}, "eventType": "editMessage"}
        return await self._send(key, type="messageUpdate", text=text, channelData=data)

    async def delete(self, key: str) -> int:
        data = {"tenant": {"id": TENANT}, "eventType": "softDeleteMessage"}
        return await self._send(key, type="messageDelete", channelData=data)

    async def react(self, key: str, activity: str) -> int:
        return await self._send(key, type="messageReaction", reactionsAdded=[{"type": "like"}], replyToId=activity)

    async def say_in_group(self, key: str, text: str) -> int:
        """Somebody mentions the bot in a group chat."""
        group = {"id": GROUP_ID, "conversationType": "groupChat", "tenantId": TENANT}
        return await self._send(key, type="message", text=text, conversation=group)

    async def _twice(self, key: str, action: str, members: str, event: str) -> int:
        """The bot's own coming or going: as an installation and as a member of the team, at the same time."""
        data = {"tenant": {"id": TENANT}, "team": {"id": TEAM_ID}, "eventType": event}
        bot = self._teams.bot["id"]
        statuses = await asyncio.gather(
            self._of_team(key, type="installationUpdate", action=action),
            self._of_team(key, type="conversationUpdate", channelData=data, **{members: [{"id": bot}]}),
        )
        return max(statuses)

    async def _event(self, key: str, event: str, name: str = "Mail approvals") -> int:
        data = {
            "tenant": {"id": TENANT},
            "team": {"id": TEAM_ID},
            "channel": {"id": CHANNEL_ID, "name": name},
            "eventType": event,
        }
        return await self._of_team(key, type="conversationUpdate", channelData=data)

    async def _of_team(self, key: str, **fields: Any) -> int:
        """Announced in the team's General channel, whose id is the team's."""
        data = {"tenant": {"id": TENANT}, "team": {"id": TEAM_ID}}
        general = {"id": TEAM_ID, "conversationType": "channel", "isGroup": True, "tenantId": TENANT}
        return await self._send(
            key, **{"channelData": data, "conversation": general, "recipient": self._teams.bot, **fields}
        )

    async def _send(self, key: str, **fields: Any) -> int:
        return await self._teams.deliver(self._teams.activity(key, **fields))
