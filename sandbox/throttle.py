"""Conversations that Teams wants left alone for a while: it counts the messages of each by itself."""

import math
import time

from aiohttp import web


class Throttle:
    """Pauses that single conversations asked for. Whoever does not wait is noted in `too_early`, and waits anew."""

    def __init__(self) -> None:
        self._pauses: dict[str, tuple[float, float]] = {}
        self.too_early: list[str] = []

    def begin(self, conversation: str, seconds: float) -> web.Response:
        """Refuse, and ask for a pause of so many seconds."""
        self._pauses[conversation] = (seconds, time.monotonic() + seconds)
        error = {"code": "Throttled", "message": "Too many messages in this conversation."}
        return web.json_response({"error": error}, status=429, headers={"Retry-After": str(math.ceil(seconds))})

    def refusal(self, conversation: str) -> web.Response | None:
        """The refusal of what comes before the pause is over."""
        seconds, until = self._pauses.get(conversation, (0.0, 0.0))
        if time.monotonic() >= until:
            return None
        self.too_early.append(conversation)
        return self.begin(conversation, seconds)
