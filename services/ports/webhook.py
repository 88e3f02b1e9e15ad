"""The receiver of announcements: a ticket system, or whatever stands before one."""

from typing import Protocol

from services.domain.announcing.announcement import Announcement


class Webhook(Protocol):
    """One receiver."""

    async def send(self, announcement: Announcement) -> None:
        """Send it, safe to repeat: the receiver knows it by its id.

        Raises `Unavailable` if it was not taken and may be later, `Unreachable` if the receiver wants no more."""
        ...

    async def give_up(self, announcement: Announcement, why: str) -> None:
        """Say in the log that it will not be sent any more."""
        ...
