"""Bounces as a person would paste them: made up, in the shape of real ones."""

from uuid import uuid4

from sandbox.clock import now
from sandbox.people import PEOPLE

_SERVER = "AM0PR08MB0001.eurprd08.prod.outlook.com"
_CODES = {
    "5.1.8": "550 5.1.8 Access denied, bad outbound sender AS(42004)",
    "5.1.90": "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
    "5.2.2": "550 5.2.2 Submission quota exceeded",
    "5.4.1": "550 5.4.1 Recipient address rejected: Access denied AS(201806281)",
    "5.7.705": "550 5.7.705 Access denied, tenant has exceeded threshold",
    "5.7.711": "550 5.7.711 Access denied, bad inbound connector AS(2204)",
    "5.7.233": "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit",
}
KINDS = (*_CODES, "lookalike")


def bounce(key: str, kind: str = "5.1.8") -> str:
    """A fresh bounce for a persona; `lookalike` is a foreign server's own 5.1.8."""
    sender = PEOPLE[key].upn
    lookalike = f"501 5.1.8 <{sender}>: Sender address rejected: Domain not found"
    code = lookalike if kind == "lookalike" else _CODES[kind]
    foreign = "mx.fabrikam.example gave this error:\nSender address rejected: Domain not found\n\n"
    return (
        "Delivery has failed to these recipients or groups:\n\n"
        "orders@fabrikam.example\n"
        "Your message couldn't be delivered.\n\n"
        f"{foreign if kind == 'lookalike' else ''}"
        "Diagnostic information for administrators:\n\n"
        f"Generating server: {_SERVER}\n\n"
        f"orders@fabrikam.example\nRemote Server returned '{code}'\n\n"
        "Original message headers:\n\n"
        f"From: {PEOPLE[key].name} <{sender}>\n"
        f"Date: {now():%a, %d %b %Y %H:%M:%S} +0000\n"
        f"Message-ID: <{uuid4()}@{_SERVER}>\n"
    )
