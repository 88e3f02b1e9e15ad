"""Reading what Teams announces about the bot: installed or removed, and channels and teams deleted or restored."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.fields import dict_in, text_in
from dialogs.conversations.inbound import AddedToTeam, ConversationKind, Installed, Uninstalled
from services.domain.people import TeamsUser
from services.ports.teams import ConversationRef

# https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
_CHANNEL_GONE, _CHANNEL_BACK = ("channelDeleted",), ("channelRestored",)
_TEAM_GONE, _TEAM_BACK = ("teamDeleted", "teamHardDeleted", "teamArchived"), ("teamRestored", "teamUnarchived")


def read_installation(
    activity: Mapping[str, Any], conversation: ConversationRef, by: TeamsUser | None, where: ConversationKind | None
) -> Installed | AddedToTeam | Uninstalled | None:
    """What the announcement means for the bot; `None` if nothing (a team was renamed, other members came or left)."""
    if activity.get("type") == "installationUpdate":
        return _installed(activity, conversation, by, where)
    if event := text_in(dict_in(activity, "channelData"), "eventType"):
        return _team_event(event, activity, conversation, by) or _removed(activity, conversation, by, where)
    # An installation is announced twice; it is handled when it comes as `installationUpdate`.
    return _removed(activity, conversation, by, where)


def _installed(
    activity: Mapping[str, Any], conversation: ConversationRef, by: TeamsUser | None, where: ConversationKind | None
) -> Installed | AddedToTeam | Uninstalled | None:
    if text_in(activity, "action").startswith("remove"):
        return Uninstalled(conversation=conversation, by=by, kind=where) if where else None
    if where is ConversationKind.PERSONAL:
        return Installed(by=by, conversation=conversation) if by else None
    return AddedToTeam(conversation=conversation) if where is ConversationKind.CHANNEL else None


def _team_event(
    event: str, activity: Mapping[str, Any], conversation: ConversationRef, by: TeamsUser | None
) -> AddedToTeam | Uninstalled | None:
    channel = text_in(dict_in(dict_in(activity, "channelData"), "channel"), "id")[:500]
    if event in (*_CHANNEL_GONE, *_CHANNEL_BACK):
        # The announcement comes in another channel of the team, and is about this one channel only.
        conversation = replace(conversation, id=channel, team="")
    if event in (*_CHANNEL_GONE, *_TEAM_GONE):
        return Uninstalled(conversation=conversation, by=by, kind=ConversationKind.CHANNEL)
    return AddedToTeam(conversation=conversation) if event in (*_CHANNEL_BACK, *_TEAM_BACK) else None


def _removed(
    activity: Mapping[str, Any], conversation: ConversationRef, by: TeamsUser | None, where: ConversationKind | None
) -> Uninstalled | None:
    ours = text_in(dict_in(activity, "recipient"), "id")
    if ours and ours in _ids(activity, "membersRemoved"):
        return Uninstalled(conversation=conversation, by=by, kind=where or ConversationKind.CHANNEL)
    return None


def _ids(activity: Mapping[str, Any], name: str) -> set[str]:
    members = activity.get(name)
    rows = members if isinstance(members, list) else []
    return {text_in(member, "id") for member in rows if isinstance(member, dict)}
