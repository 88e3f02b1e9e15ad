"""Reading a bounce (NDR): what happened to whom, and what it means for somebody who cannot send."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.domain.bounce.cause import Cause
from services.domain.bounce.codes import codes_in
from services.domain.bounce.meaning import Meaning, urgency
from services.domain.bounce.phishing import looks_like_phishing
from services.domain.bounce.report import Statement, read_report
from services.domain.bounce.table import NAMED, Signs, look_up
from services.domain.personal import Personal, loggable

__all__ = ["Bounce", "Meaning", "Trouble", "bounce_of", "read_bounce"]

_WENT_WELL = ("delivered", "relayed", "expanded")
_GIVEN_UP = (
    *("delivery has failed", "couldn't be delivered", "could not be delivered", "undeliverable", "expired"),
    *("failed permanently", "permanent error", "permanent failure", "did not reach", "has been returned"),
    *("unzustellbar", "fehler bei der nachrichtenzustellung", "konnte nicht zugestellt werden"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One trouble of a message, and whom it befell."""

    code: str | None
    """The enhanced status code; `None` where the words alone told it."""
    cause: Cause
    recipients: Personal[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """What a bounce says."""

    troubles: tuple[Trouble, ...]
    """At least one: the sender's own first, each with all recipients whom it befell."""
    sender: Personal[str | None] = None
    """Whose message came back, as far as its headers say."""
    holders: Personal[tuple[str, ...]] = ()
    """Who got the mail with the bounce in it; empty for a pasted text."""
    sent_at: datetime | None = None

    def __repr__(self) -> str:
        return loggable(self)

    @property
    def code(self) -> str | None:
        """The enhanced status code of the first trouble; `None` where the words alone told it."""
        return self.troubles[0].code

    @property
    def cause(self) -> Cause:
        """The cause of the first trouble."""
        return self.troubles[0].cause

    @property
    def meaning(self) -> Meaning:
        """The kind of the first trouble."""
        return self.cause.meaning


def read_bounce(text: str) -> Bounce | None:
    """Read a pasted bounce, some words of it, a bare code, or the source of the mail; `None` if it is none of them.

    Only the first 65,536 characters of a text, and of each part of a mail, are read."""
    # Half of a pair of surrogates is no letter, and the standard library's parsers cannot take it.
    report = read_report(text.encode(errors="replace").decode())
    if not report.formal and looks_like_phishing(report.words):
        troubles: list[Trouble] = [Trouble(code=None, cause=NAMED["phishing"])]
    else:
        troubles = _grouped(trouble for one in report.statements if (trouble := _trouble(one)))
    if not troubles:
        return None
    return Bounce(troubles=tuple(troubles), sender=report.sender, holders=report.holders, sent_at=report.sent_at)


def bounce_of(statements: Iterable[Statement]) -> Bounce | None:
    """The bounce that says this, for what is no text of somebody's; `None` if it says nothing."""
    troubles = _grouped(trouble for one in statements if (trouble := _trouble(one)))
    return Bounce(troubles=tuple(troubles)) if troubles else None


def _trouble(statement: Statement) -> Trouble | None:
    if statement.action in _WENT_WELL:
        return None
    found = look_up(_signs(statement))
    return Trouble(code=found[0], cause=found[1], recipients=statement.recipients) if found else None


def _signs(statement: Statement) -> Signs:
    found = codes_in(statement.words)
    status = codes_in(f"status: {statement.status}").codes
    words = statement.words.casefold()
    return Signs(
        codes=tuple(dict.fromkeys((*found.codes, *status))) or found.bare,
        # A row may ask whether a server of another organisation spoke.
        words=f"{words} remote-mta" if statement.remote else words,
        replied=bool(found.replies),
        answered=found.answered,
        final=_is_final(statement.action, found.replies, words),
    )


def _is_final(action: str, replies: tuple[str, ...], words: str) -> bool:
    """Whether the service has stopped trying."""
    if action in ("failed", "delayed"):
        return action == "failed"
    return any(reply[0] == "5" for reply in replies) or any(phrase in words for phrase in _GIVEN_UP)


def _grouped(troubles: Iterable[Trouble]) -> list[Trouble]:
    """One trouble a cause, with all whom it befell; the most urgent first."""
    groups: dict[tuple[str | None, str], Trouble] = {}
    for trouble in troubles:
        key = (trouble.code, trouble.cause.name)
        known = groups.get(key)
        everybody = (*known.recipients, *trouble.recipients) if known else trouble.recipients
        groups[key] = replace(trouble, recipients=tuple(dict.fromkeys(everybody)))
    return sorted(groups.values(), key=lambda trouble: urgency(trouble.cause.meaning))
