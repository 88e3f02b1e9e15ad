"""A read under its own time limit, whose failure is a value."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from services.domain.unknown import Unknown, UnknownReason
from services.ports.errors import NotFound, Unavailable

_Read = TypeVar("_Read")
WITHIN = timedelta(seconds=15)
"""All are asked together, so a look takes no longer; a source that is slow on its first call still counts as there."""


async def within(read: Awaitable[_Read], limit: timedelta = WITHIN) -> _Read | Unknown:
    """What was read, or why not."""
    try:
        async with asyncio.timeout(limit.total_seconds()):
            return await read
    except TimeoutError:
        return Unknown(reason=UnknownReason.TIMED_OUT)
    except Unavailable as trouble:
        return Unknown(reason=trouble.reason)
    except NotFound:
        return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
