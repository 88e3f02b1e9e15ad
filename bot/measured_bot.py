"""The bot, each of its turns measured, and the begin of a trace."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.reading import Read
from bot.web import Bot
from services.domain.card import Card
from services.ports.errors import Unavailable, Unreachable, UnreadableCase
from services.ports.tracing import Tracing

Observe = Callable[[str, str, float], None]
"""Takes the kind of the activity, what became of it, and seconds."""


class MeasuredBot:
    """Implements the bot that the endpoint calls."""

    def __init__(self, bot: Bot, observe: Observe, tracing: Tracing) -> None:
        self._bot, self._observe, self._tracing = bot, observe, tracing

    async def turn(self, envelope: dict[str, Any], incoming: Read) -> Card | None:
        clock, outcome = asyncio.get_running_loop(), "failed"
        begun, kind = clock.time(), type(incoming).__name__.casefold()
        try:
            with self._tracing.span(f"turn {kind}"):
                card = await self._bot.turn(envelope, incoming)
            outcome = "answered"
        except (Unavailable, Unreachable, UnreadableCase):
            outcome = "unavailable"
            raise
        else:
            return card
        finally:
            self._observe(kind, outcome, clock.time() - begun)

    async def apologise(self, envelope: dict[str, Any], sentence: str) -> None:
        await self._bot.apologise(envelope, sentence)
