"""Turning an activity into a value, or into nothing. Pure; no field is trusted to have the right type."""

import html
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.dropped_files import dropped_files
from bot.fields import activity_id, conversation_of, conversation_type, dict_in, sender_of, text_in
from bot.html_words import words_with_brackets
from bot.installation import read_installation
from dialogs.conversations.inbound import AddedToTeam, Clicked, ConversationKind, Installed, Said, Uninstalled
from services.domain.people import TeamsUser
from services.ports.storage import ActivityId
from services.ports.teams import ConversationRef

_TEXT_AT_MOST = 32_000
"""Characters; more than a person writes, and a bounce has its code at its beginning. What is longer is cut off."""
_ENTITIES_AT_MOST = 50
_TAG = re.compile(r"<[^<>]{0,200}>")
_INPUTS_AT_MOST = 50
_VALUE_AT_MOST = 20_000

Read: TypeAlias = Said | Clicked | Installed | AddedToTeam | Uninstalled


def read(activity: Mapping[str, Any]) -> Read | None:
    """What the activity means for the bot; `None` if nothing (edits, reactions, typing, …)."""
    kind = activity.get("type")
    conversation, by = conversation_of(activity), sender_of(activity)
    where = conversation_type(activity)
    if conversation is None:
        return None
    if kind in ("installationUpdate", "conversationUpdate"):
        return read_installation(activity, conversation, by, where)
    if by is None or where is None:
        return None
    identity = ActivityId(
        conversation_id=text_in(dict_in(activity, "conversation"), "id"), activity_id=activity_id(activity)
    )
    if kind == "invoke" and activity.get("name") == "adaptiveCard/action":
        action = dict_in(dict_in(activity, "value"), "action")
        verb, data = text_in(action, "verb"), dict_in(action, "data")
        return _clicked(verb, data, by=by, where=where, conversation=conversation, identity=identity)
    if kind == "message" and isinstance(activity.get("value"), dict):
        # `Action.Submit`: the same button in a client that knows no `Action.Execute`.
        value = dict_in(activity, "value")
        return _clicked(text_in(value, "verb"), value, by=by, where=where, conversation=conversation, identity=identity)
    if kind == "message":
        said, files = _said(activity, where), dropped_files(activity)
        return Said(by=by, text=said, kind=where, conversation=conversation, activity=identity, files=files)
    return None


def _clicked(
    verb: str,
    data: Mapping[str, Any],
    *,
    by: TeamsUser,
    where: ConversationKind,
    conversation: ConversationRef,
    identity: ActivityId,
) -> Clicked:
    return Clicked(
        by=by,
        verb=verb[:40],
        number=data.get("case"),
        inputs=_inputs(data),
        kind=where,
        conversation=conversation,
        activity=identity,
    )


def _inputs(data: Mapping[str, Any]) -> dict[str, str]:
    texts = ((name, value) for name, value in data.items() if isinstance(value, str))
    return {name[:40]: value[:_VALUE_AT_MOST] for name, value in list(texts)[:_INPUTS_AT_MOST]}


def _said(activity: Mapping[str, Any], where: ConversationKind) -> str:
    """The text of a message without the mention of the bot. Teams sends the text of some clients as XML or HTML."""
    text = text_in(activity, "text")[:_TEXT_AT_MOST]
    plain = activity.get("textFormat") not in ("xml", "html")
    if where is ConversationKind.PERSONAL and plain:
        text = words_with_brackets(activity, text)[:_TEXT_AT_MOST]
    ours = text_in(dict_in(activity, "recipient"), "id")
    entities = activity.get("entities")
    for entity in entities[:_ENTITIES_AT_MOST] if isinstance(entities, list) else []:
        if isinstance(entity, dict) and entity.get("type") == "mention":
            mention = text_in(entity, "text")
            if mention and text_in(dict_in(entity, "mentioned"), "id") == ours:
                text = text.replace(mention, " ", 1)
    if not plain:
        text = html.unescape(_TAG.sub(" ", text))
    return text.replace("\xa0", " ").strip()
