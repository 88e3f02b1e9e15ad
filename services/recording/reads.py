"""What is read for a recording: what Sendwell itself asks of a tenant, about one mailbox and whoever owns it."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.domain.people import PersonId
from services.domain.proofs.shared_mailbox import SendRight, SharedMailbox
from services.domain.restriction import RestrictedList
from services.ports.errors import NotFound, Unavailable
from services.ports.microsoft365 import Microsoft365

_BACK = timedelta(days=10)
_NOBODY = "sendwell-asks-for-nobody"

Read = tuple[str, Callable[[], Awaitable[object]]]
"""A read by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The mailbox that is read about, and its owner if it is somebody's."""

    address: str
    addresses: tuple[str, ...]
    owner: PersonId | None


async def read_all(ports: Microsoft365, address: str | None, now: datetime) -> tuple[Subject | None, dict[str, str]]:
    """Read everything once. `address` is the mailbox to read about; if it is `None`, the first restricted sender's.

    Returns whom it was about, and how each read ended: "read", or why not."""
    ended: dict[str, str] = {}
    listing = await _one("restricted senders", ports.senders.restricted, ended)
    if address is None and isinstance(listing, RestrictedList) and listing.entries:
        address = listing.entries[0].address
    await _one("restricted connectors", ports.connectors.restricted, ended)
    if address is None:
        return None, ended
    known = address
    mailbox = await _one("mailbox and rights", lambda: ports.mailboxes.mailbox(known), ended)
    subject = _subject(address, mailbox)
    for name, read in (*about_mailbox(ports, subject, now), *about_owner(ports, subject, now)):
        await _one(name, read, ended)
    return subject, ended


def about_mailbox(ports: Microsoft365, subject: Subject, now: datetime) -> Iterator[Read]:
    """Reads about a mailbox. One asks for an address that nobody has: how that is answered is not published."""
    address, nobody = subject.address, f"{_NOBODY}@{subject.address.rpartition('@')[2]}"
    evidence = ports.mailbox_evidence
    yield "one restricted sender", lambda: ports.senders.restricted_among(subject.addresses[:3])
    yield "a sender who is not restricted", lambda: ports.senders.restricted_among([nobody])
    yield "forwarding", lambda: evidence.forwarding(address)
    yield "inbox rules", lambda: evidence.inbox_rules(address)
    yield "message trace", lambda: evidence.sent(subject.addresses, now - _BACK, now)
    yield "where the mailbox is", lambda: ports.mailboxes.home(address)
    yield "how full the mailbox is", lambda: ports.mailboxes.fill(address)
    yield "whether programs may send", lambda: ports.mailboxes.smtp_auth(address)
    yield "the organisation's limit", ports.policies.tenant_limit
    yield "outbound policies", lambda: ports.policies.snapshot(subject.addresses, subject.owner)


def about_owner(ports: Microsoft365, subject: Subject, now: datetime) -> Iterator[Read]:
    """Reads about a mailbox's owner; none if it has no owner."""
    owner = subject.owner
    if owner is None:
        return
    directory, account = ports.directory, ports.account_evidence
    yield "person", lambda: directory.person(owner)
    yield "sign-in methods", lambda: directory.methods(owner)
    yield "registration report", lambda: directory.registration(owner)
    yield "password changes", lambda: directory.password_changes(owner, now - _BACK)
    yield "sign-ins", lambda: account.sign_ins(owner, now - _BACK)
    yield "risk", lambda: account.risk(owner)
    yield "account changes", lambda: account.changes(owner, now - _BACK)
    yield "approvers", lambda: ports.approvers.anybody_but(owner)
    yield "admin roles", lambda: ports.containment.privileged(owner)


def _subject(address: str, mailbox: object) -> Subject:
    if not isinstance(mailbox, SharedMailbox):
        return Subject(address=address, addresses=(address,), owner=None)
    owners = [holder.person for holder in mailbox.holders if holder.right is SendRight.OWNER]
    return Subject(address=address, addresses=mailbox.addresses, owner=owners[0] if owners else None)


async def _one(name: str, read: Callable[[], Awaitable[object]], ended: dict[str, str]) -> object:
    """What was read; `None` if it could not be."""
    try:
        found = await read()
    except NotFound:
        ended[name] = "there is none"
    except Unavailable as trouble:
        ended[name] = trouble.reason.replace("_", " ")
    else:
        ended[name] = "read"
        return found
    return None
