"""What keeps the bot from its work, as its operator is told."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What is wrong, each a metric of its own."""

    DATABASE = "database"
    LOGIN = "login"
    CHANNEL_MISSING = "channel_missing"
    CHANNEL_LOST = "channel_lost"
    APPROVERS_GROUP = "approvers_group"
    LIST = "list"
    MAILBOXES = "mailboxes"
    DOCTOR = "doctor"
    WEBHOOK = "webhook"
    NEWER = "newer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One trouble and a sentence on it. `blocks`: no request should be sent to this process until it is over. A channel
    that is missing does not: a message is what sets it."""

    about: Trouble
    text: str
    blocks: bool = False
