"""Reading a bounce (NDR): what happened to whom, and what it means for somebody who cannot send."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.domain.bounce.cause import Cause
from services.domain.bounce.codes import codes_in
from services.domain.bounce.meaning import Meaning, urgency
from services.domain.bounce.phishing import looks_like_phishing
from services.domain.bounce.report import Report, Statement, read_report
from services.domain.bounce.table import NAMED, Signs, look_up
from services.domain.personal import Personal, loggable

__all__ = ["Bounce", "Meaning", "Trouble", "bounce_of", "read_bounce"]

_WENT_WELL = ("delivered", "relayed", "expanded")
_GIVEN_UP = (
    *("delivery has failed", "couldn't be delivered", "could not be delivered", "undeliverable", "expired"),
    *("failed permanently", "permanent error", "permanent failure", "did not reach", "has been returned"),
    *("original message follows", "had delivery errors", "had delivery problems", "was not delivered to"),
    *("error delivering your mail", "error has occurred while attempting to deliver", "address(es) failed"),
    *("unzustellbar", "fehler bei der nachrichtenzustellung", "konnte nicht zugestellt werden"),
)

_DELAYED = ("delayed", "will be retried", "will retry", "warning message", "temporary", "still trying", "verzögert")


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

    Only the first 65,536 characters and 4,000 lines of a text, and of each part of a mail, are read."""
    # Half of a pair of surrogates is no letter, and the standard library's parsers cannot take it.
    report = read_report(text.encode(errors="replace").decode())
    if not report.formal and looks_like_phishing(report.words):
        troubles: list[Trouble] = [Trouble(code=None, cause=NAMED["phishing"])]
    else:
        troubles = _told(report, by_system=False) or (_told(report, by_system=True) if report.by_system else [])
    if report.notice and (not troubles or report.notice == "feedback_report"):
        troubles = [Trouble(code=None, cause=NAMED[report.notice])]
    if not troubles:
        return None
    return Bounce(troubles=tuple(troubles), sender=report.sender, holders=report.holders, sent_at=report.sent_at)


def bounce_of(statements: Iterable[Statement]) -> Bounce | None:
    """The bounce that says this, for what is no text of somebody's; `None` if it says nothing."""
    troubles = _grouped(trouble for one in statements if (trouble := _trouble(one, False)))
    return Bounce(troubles=tuple(troubles)) if troubles else None


def _told(report: Report, *, by_system: bool) -> list[Trouble]:
    """What the statements tell. `by_system`: the words are a mail system's, also without any code, and beside a
    recipient, where a name stands elsewhere."""
    statements = report.statements
    if by_system:
        statements = tuple(replace(one, words=f"{one.words} {report.words}") for one in statements)
    said = (_trouble(one, by_system) for one in statements)
    return _grouped(trouble for trouble in said if trouble)


def _trouble(statement: Statement, by_system: bool) -> Trouble | None:
    if statement.action in _WENT_WELL:
        return None
    found = look_up(_signs(statement, by_system))
    return Trouble(code=found[0], cause=found[1], recipients=statement.recipients) if found else None


def _signs(statement: Statement, by_system: bool) -> Signs:
    found = codes_in(statement.words)
    status = codes_in(f"status: {statement.status}").codes
    words = statement.words.casefold()
    codes = tuple(dict.fromkeys((*found.codes, *status))) or found.bare
    # A mail system that gives no code, and does not speak of a delay, has given up.
    wordless = (
        by_system and not (codes or found.replies or statement.action) and not any(one in words for one in _DELAYED)
    )
    return Signs(
        codes=codes,
        # A row may ask whether a server of another organisation spoke.
        words=f"{words} remote-mta" if statement.remote else words,
        replied=bool(found.replies),
        answered=found.answered or wordless,
        final=wordless or _is_final(statement.action, found.replies, words),
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
