"""What servers said of messages that came back, as message trace shows it, read like a bounce."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.domain.bounce.bounce import Bounce, bounce_of
from services.domain.bounce.report import Statement
from services.domain.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerReply:
    """What the server said that did not take a message. `remote`: it belongs to another organisation."""

    words: Personal[str]
    remote: bool = False


def bounce_in(replies: Iterable[tuple[str, ServerReply]]) -> Bounce | None:
    """The bounce that these replies make, each with the recipient whom it is about; `None` if they say nothing.

    They are not read as a text: another organisation's server could write a second report into its reply."""
    return bounce_of(
        Statement(recipients=(recipient.casefold(),), words=reply.words, action="failed", remote=reply.remote)
        for recipient, reply in replies
    )
