"""A chat that was just stored costs no read, and never hides what happened to it meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import event

from services.clients.store.conversations import SqlConversationStore
from services.clients.store.database import Database, open_database
from services.clients.store.known_chats import KnownChats
from services.ports.teams import ConversationRef
from tests.cases import ANA
from tests.databases import ON_BOTH, POSTGRESQL, SQLITE, Databases

CHAT = ConversationRef(id="a:1", service_url="https://x/", locale="en-GB")


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.fresh()) as database:
        yield database


def statements(database: Database) -> list[str]:
    """What the database is asked from now on."""
    asked: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    return asked


@pytest.mark.parametrize("databases", [SQLITE], indirect=True)
async def test_who_writes_again_at_once_from_the_same_chat_costs_no_read(database: Database) -> None:
    conversations = SqlConversationStore(database)
    assert await conversations.remember(ANA, CHAT) == CHAT
    asked = statements(database)
    assert await conversations.remember(ANA, CHAT) == CHAT
    assert asked == []
    await conversations.remember(ANA, replace(CHAT, id="a:2"))
    assert await conversations.person(ANA) == replace(CHAT, id="a:2")


@ON_BOTH
async def test_a_language_counts_from_the_next_message_on(database: Database) -> None:
    conversations = SqlConversationStore(database)
    await conversations.remember(ANA, CHAT)
    await conversations.speak(ANA, "de")
    assert await conversations.remember(ANA, CHAT) == replace(CHAT, locale="de")
    assert await conversations.remember(ANA, CHAT) == replace(CHAT, locale="de")


@ON_BOTH
async def test_who_took_the_app_out_and_comes_back_is_stored_anew(database: Database) -> None:
    conversations = SqlConversationStore(database)
    await conversations.remember(ANA, CHAT)
    await conversations.forget(ANA)
    await conversations.remember(ANA, CHAT)
    assert await conversations.person(ANA) == CHAT


@pytest.mark.parametrize("databases", [SQLITE], indirect=True)
async def test_who_takes_the_app_out_while_their_words_are_answered_and_comes_back_is_stored_anew(
    database: Database,
) -> None:
    conversations = SqlConversationStore(database)
    for _ in range(5):  # whichever of the two is first
        await asyncio.gather(conversations.remember(ANA, CHAT), conversations.forget(ANA))
        await conversations.remember(ANA, CHAT)
        assert await conversations.person(ANA) == CHAT


def test_what_was_read_before_a_change_is_not_known() -> None:
    known = KnownChats(is_alone=True)
    since = known.changes
    known.forget(ANA)
    assert known.note(ANA, CHAT, CHAT, since) == CHAT
    assert known.spoken(ANA, CHAT) is None


@pytest.mark.parametrize("databases", [POSTGRESQL], indirect=True)
async def test_what_another_replica_stored_counts_at_once(database: Database) -> None:
    here, there = SqlConversationStore(database), SqlConversationStore(database)
    await here.remember(ANA, CHAT)
    await there.speak(ANA, "de")
    assert await here.remember(ANA, CHAT) == replace(CHAT, locale="de")
    await there.forget(ANA)
    await here.remember(ANA, CHAT)
    assert await here.person(ANA) == CHAT
