"""Which cases a statement is about."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, false, select

from services.clients.store.tables import cases
from services.domain.case.parts import CaseNumber
from services.domain.case.status import OPEN


def about_mailbox(mailbox: Sequence[str]) -> Any:
    return cases.c.mailbox.in_([mailbox_key(key) for key in mailbox])


def about_before(mailbox: Sequence[str], before: CaseNumber | None) -> Any:
    about = about_mailbox(mailbox)
    return about if before is None else and_(about, cases.c.number < before)


def asked_by_anybody(key: str) -> Any:
    """Before a mailbox was looked up the keys of its cases name their askers (see `Sender.mailbox_keys`)."""
    _, asked, address = key.partition(" ")
    return cases.c.mailbox.endswith(f" {address}", autoescape=True) if asked else false()


def open_about_mailbox(mailbox: Sequence[str]) -> Any:
    return and_(about_mailbox(mailbox), cases.c.status.in_(sorted(OPEN)))


def open_after(after: CaseNumber | None) -> Any:
    # Written out: what is sent beside the statement says nothing to the planner of an index of the open ones alone.
    is_open = cases.c.status.in_(bindparam("open", sorted(OPEN), expanding=True, literal_execute=True))
    return is_open if after is None else and_(is_open, cases.c.number > after)


def newest_of(which: Any) -> Select[Any]:
    return select(cases).where(which).order_by(cases.c.number.desc()).limit(1)


def mailbox_key(mailbox: str) -> str:
    return mailbox.casefold()[:320]
