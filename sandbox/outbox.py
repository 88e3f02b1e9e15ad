"""Whether mail goes out: one message sent as a person would, and what comes of it."""

import itertools
from dataclasses import dataclass
from datetime import datetime

from sandbox.bounces import bounce
from sandbox.clock import now
from sandbox.people import PEOPLE
from sandbox.tenant import Tenant

_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message that somebody sent; `bounce` is the report that came back, none where it was delivered."""

    number: int
    sender: str
    at: datetime
    bounce: str | None


class Outbox:
    """Sends as the service would: back comes a bounce as long as the restricted list shows the sender."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._numbers = itertools.count(1)
        self.mails: list[Mail] = []

    def begin_anew(self) -> None:
        self.mails.clear()

    def send(self, key: str) -> Mail:
        """One message from this persona to somebody outside."""
        held = self._tenant.is_restricted(key)
        mail = Mail(number=next(self._numbers), sender=key, at=now(), bounce=bounce(key) if held else None)
        self.mails.append(mail)
        del self.mails[:-_KEPT]
        # In the trace too, as everything that was sent, under the address that the mail carried.
        self._tenant.accounts[key].traces.mails(
            f"guest{mail.number}@fabrikam.example",
            status="failed" if held else "delivered",
            subject=f"Message {mail.number}",
            at=mail.at,
            reply="550 5.1.8 Access denied, bad outbound sender AS(42004)" if held else "",
        )
        outcome = "came back: 550 5.1.8" if held else "was delivered"
        self._tenant.note(f"{PEOPLE[key].name}'s message {outcome}")
        return mail

    def send_many(self, key: str, messages: int) -> None:
        """As many messages, one recipient each: all of them come back, or none."""
        held, at = self._tenant.is_restricted(key), now()
        for number in range(messages):
            self._tenant.accounts[key].traces.mails(
                f"guest{number}@fabrikam.example",
                status="failed" if held else "delivered",
                subject=f"Newsletter {number}",
                at=at,
            )
        outcome = "came back" if held else "were delivered"
        self._tenant.note(f"{PEOPLE[key].name}'s {messages:,} messages {outcome}")

    def last_of(self, key: str) -> Mail | None:
        return next((mail for mail in reversed(self.mails) if mail.sender == key), None)
