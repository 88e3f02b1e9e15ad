"""The bot, each of its turns measured."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.reading import Read
from bot.web import Bot
from services.domain.card import Card
from services.ports.errors import Unavailable, Unreachable, UnreadableCase

Observe = Callable[[str, str, float], None]
"""Takes the kind of the activity, what became of it, and seconds."""


class MeasuredBot:
    """Implements the bot that the endpoint calls."""

    def __init__(self, bot: Bot, observe: Observe) -> None:
        self._bot, self._observe = bot, observe

    async def turn(self, envelope: dict[str, Any], incoming: Read) -> Card | None:
        clock, outcome = asyncio.get_running_loop(), "failed"
        begun = clock.time()
        try:
            card = await self._bot.turn(envelope, incoming)
            outcome = "answered"
        except (Unavailable, Unreachable, UnreadableCase):
            outcome = "unavailable"
            raise
        else:
            return card
        finally:
            self._observe(type(incoming).__name__.casefold(), outcome, clock.time() - begun)

    async def apologise(self, envelope: dict[str, Any], sentence: str) -> None:
        await self._bot.apologise(envelope, sentence)
