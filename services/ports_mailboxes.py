"""What asking for a mailbox that is not one's own needs of the world."""

from typing import Protocol

from services.domain.shared_mailbox import SharedMailbox


class Mailboxes(Protocol):
    """Mailboxes and who may send from them."""

    async def mailbox(self, address: str) -> SharedMailbox:
        """The mailbox with everybody who can send from it, groups expanded; what could not be read is named in it.

        Raises `Unavailable`; `LookupError` where no mailbox has this address."""
        ...
