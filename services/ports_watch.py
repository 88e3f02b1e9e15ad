"""What watching the restricted list, and reaching people who never wrote, need of the world."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from services.domain.people import PersonId
from services.domain.watching import Noticed, WatchState


class WatchBook(Protocol):
    """What the watch remembers, for all replicas together."""

    async def claim(self, now: datetime, lease: timedelta) -> WatchState | None:
        """The state, if a read is due and nobody else is at it: the next one is `lease` away for everybody else."""
        ...

    async def settle(self, state: WatchState, due: datetime) -> None:
        """The read is over; the next one is due then."""
        ...

    async def known(self) -> Mapping[str, Noticed]:
        """The entries known, by lower-case address."""
        ...

    async def remember(self, known: Sequence[Noticed], gone: Sequence[str]) -> None:
        """From now on these are known, and those are not."""
        ...


class Installer(Protocol):
    """Brings the bot to somebody who never had it."""

    async def chat_with(self, person: PersonId) -> str:
        """The id of a 1:1 chat, after installing the app for the person where it was not.

        Raises `Unavailable`; `Unreachable` where it is not allowed or not possible."""
        ...
