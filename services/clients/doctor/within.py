"""A read under its own time limit, whose failure is a value."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from services.domain.unknown import Unknown, UnknownReason
from services.ports.errors import NotFound, Unavailable

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """All are asked together, so a look takes little longer than one; a source that is slow on its first call still
    counts as there."""

    limit: timedelta = timedelta(seconds=15)

    async def __call__(self, read: Awaitable[_Read]) -> _Read | Unknown:
        """What was read, or why not."""
        try:
            async with asyncio.timeout(self.limit.total_seconds()):
                return await read
        except TimeoutError:
            return Unknown(reason=UnknownReason.TIMED_OUT)
        except Unavailable as trouble:
            return Unknown(reason=trouble.reason)
        except NotFound:
            return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
