"""What an investigation finds: the traces an account leaves in Microsoft 365, and the switches that put them there."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import now

HOME, ABROAD = "ES", "NG"
HANDED_IN_FROM = "198.51.100.7"
"""The address from which all mail of the sandbox was handed in."""
_NUMBERS = itertools.count(15_394_007_230_974_001_153)
_IDS = itertools.count(1)
_MESSAGES = itertools.count(1)
WRONG_PASSWORD, BLOCKED_BY_POLICY = 50126, 53003
# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
STEPS = (50058, 16000, 50125, 50074, 50072, 50079, 50097, 50076, 50158, 65001, 50140, 50199, 50140)
"""Error codes that the log shows for the steps of one good sign-in, with a password reset or a method registered."""


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message on its way to one recipient, as message trace has it."""

    message: str
    recipient: str
    at: datetime
    subject: str
    status: str
    reply: str = ""
    """What the server said that did not take it, as its detail shows it; empty where the trace does not know."""
    server: str = ""
    """Which server of another organisation said so; empty where it was Exchange Online itself."""


@dataclass(kw_only=True)
class Traces:
    """Of one account. A sign-in of each of the last nine days and a little mail are there from the start."""

    forwarding: str | None = None
    forwarding_inside: str | None = None
    keeps_copy: bool = True
    rules: list[dict[str, Any]] = field(default_factory=list)
    sign_ins: list[dict[str, Any]] = field(default_factory=list)
    risk: dict[str, Any] | None = None
    sent: list[tuple[datetime, int, str]] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    def __post_init__(self) -> None:
        for days in range(1, 10):
            at = now() - timedelta(days=days)
            self.signs_in(HOME, at=at)
            self.sent.append((at, 9, f"Offer {days}"))

    def signs_in(self, place: str, *, at: datetime | None = None, code: int = 0) -> None:
        self.sign_ins.append(
            {
                "id": f"sign-in-{next(_IDS)}",
                "createdDateTime": stamp(at or now()),
                "appId": "00000002-0000-0ff1-ce00-000000000000",
                "appDisplayName": "Office 365 Exchange Online",
                "ipAddress": "198.51.100.23" if place == ABROAD else "192.0.2.10",
                "isInteractive": True,
                "status": {"errorCode": code, "failureReason": f"AADSTS{code}" if code else "Other."},
                "location": {"city": "", "countryOrRegion": place},
            }
        )

    def steps(self) -> None:
        """A good sign-in as the log shows it: every step is a row with an error, and the last one is the success."""
        for left, code in zip(range(len(STEPS), 0, -1), STEPS, strict=True):
            self.signs_in(HOME, at=now() - timedelta(seconds=left), code=code)
        self.signs_in(HOME)

    def burst(self, code: int = WRONG_PASSWORD) -> None:
        """Twelve failures in a row, from abroad: wrong passwords, or with another code."""
        for minutes in range(12):
            self.signs_in(ABROAD, at=now() - timedelta(minutes=30 - minutes), code=code)

    def at_risk(self) -> None:
        event = {
            "id": f"risk-{next(_IDS)}",
            "riskEventType": "suspiciousSendingPatterns",
            "riskState": "atRisk",
            "riskLevel": "high",
            "activityDateTime": stamp(now()),
        }
        self.risk = {"riskLevel": "high", "riskState": "atRisk", "events": [event]}

    def rule(self, name: str, *, forward_to: str | None = None, delete: bool = False, hidden: bool = False) -> None:
        """A rule as Get-InboxRule shows it."""
        number = next(_NUMBERS)
        self.rules.append(
            {
                "Name": name,
                "Enabled": True,
                "Priority": len(self.rules) + 1,
                "RuleIdentity": str(number),
                "Identity": f"mailbox\\{number}",
                "SupportedByTask": not hidden,
                "ForwardTo": [f'"{forward_to}" [SMTP:{forward_to}]'] if forward_to else None,
                "RedirectTo": None,
                "ForwardAsAttachmentTo": None,
                "DeleteMessage": delete,
                "MoveToFolder": None,
                "IsHidden": hidden,
            }
        )

    def mails(
        self,
        *recipients: str,
        status: str,
        subject: str = "Offer",
        at: datetime | None = None,
        message: str | None = None,
        reply: str = "",
        server: str = "",
    ) -> str:
        """One message to these recipients, with what came of it; `message`: one of before, sent on once more. Returns
        its id."""
        message, at = message or f"mail-{next(_MESSAGES)}", at or now()
        self.deliveries += [
            Delivery(message=message, recipient=one, at=at, subject=subject, status=status, reply=reply, server=server)
            for one in recipients
        ]
        return message

    def route_of(self, message: str, recipient: str) -> list[dict[str, Any]]:
        """What happened to a message on its way to one recipient; nothing where there was no such message."""
        same = recipient.casefold()
        found = [one for one in self.deliveries if one.message == message and one.recipient.casefold() == same]
        return [event for one in found for event in _events(one)]

    def trace_rows(self, sender: str) -> list[dict[str, Any]]:
        """One row a recipient."""
        rows = []
        for at, recipients, subject in self.sent:
            messages = max(1, recipients // 50)
            rows += [
                {
                    "id": f"trace-{at.timestamp():.0f}-{n % messages}",
                    "messageId": f"<{at.timestamp():.0f}-{n % messages}@mail.sandbox.example>",
                    "senderAddress": sender,
                    "recipientAddress": f"r{n}@fabrikam.example",
                    "receivedDateTime": stamp(at),
                    "subject": subject,
                    "fromIP": HANDED_IN_FROM,
                    "status": "delivered",
                }
                for n in range(recipients)
            ]
        rows += [
            {
                "id": one.message,
                "messageId": f"<{one.message}@mail.sandbox.example>",
                "senderAddress": sender,
                "recipientAddress": one.recipient,
                "receivedDateTime": stamp(one.at),
                "subject": one.subject,
                "fromIP": HANDED_IN_FROM,
                "status": one.status,
            }
            for one in self.deliveries
        ]
        return sorted(rows, key=lambda row: str(row["receivedDateTime"]), reverse=True)


def _events(one: Delivery) -> list[dict[str, Any]]:
    """The events of a route, the last one with the outcome."""
    happened = [("Receive", "Message received by: SBX01.contoso.example"), ("Submit", "The message was submitted.")]
    if one.status == "delivered":
        happened.append(("Deliver", "The message was successfully delivered."))
    if one.status == "failed" and one.reply:
        reason = f"Reason: [{{LED={one.reply}}};{{MSG=}};{{FQDN={one.server}}};{{IP=}};{{LRT=}}]"
        happened.append(("Fail", reason))
    return [
        {
            "id": one.message,
            "messageId": f"<{one.message}@mail.sandbox.example>",
            "dateTime": stamp(one.at + timedelta(seconds=seconds)),
            "event": event,
            "action": "",
            "description": description,
            "data": "<root></root>",
        }
        for seconds, (event, description) in enumerate(happened)
    ]
