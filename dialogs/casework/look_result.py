"""What a finished look says, as the case takes it."""

from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.casework.lookups import Look
from services.domain.case.commands.clock import Looked
from services.domain.case.episode import Baseline, Episode
from services.domain.case.history import SenderHistory
from services.domain.case.parts import Sender
from services.domain.people import Person
from services.domain.proofs.securing import MfaProof, PasswordProof, judge_mfa, judge_password, snapshot_of
from services.domain.proofs.shared_mailbox import SharedMailbox
from services.domain.restriction import Restriction, all_begun_by, first_start
from services.domain.unknown import Unknown, UnknownReason


def look_result(
    look: Look,
    person: Person,
    restriction: Restriction | None,
    history: SenderHistory,
    now: datetime,
    *,
    watch_for: timedelta,
) -> Looked:
    """What a finished look says of the person, with the baseline: what was first seen in this episode, if the mailbox
    had a case about it before, and what is there at this moment."""
    episode = history.episode_now(now, watch_for)
    episode = replace(episode, baseline=episode.baseline.completed_by(_baseline(look, person)))
    entries = (restriction, *_also_listed(look, restriction)) if restriction else ()
    bounded = tuple(map(episode.bounds, entries))
    return Looked(
        person=person,
        restriction=restriction,
        also_listed=_also_listed(look, restriction),
        episode=episode,
        password=_first_password(person, bounded, now),
        mfa=_first_mfa(look, episode, bounded, now),
        self_service_reset=None if isinstance(look.registration, Unknown) else look.registration.self_service_reset,
        earlier_unblocks=history.unblocks,
        earlier_restrictions=history.earlier_than(restriction, now),
        mailbox=mailbox_asked_for(look, person),
        owner=look.owner if isinstance(look.owner, Person) else None,
    )


def mailbox_asked_for(look: Look, person: Person) -> SharedMailbox | None:
    """The other mailbox, if the person may send from it or nobody can say that they may not."""
    mailbox = look.mailbox
    if not isinstance(mailbox, SharedMailbox) or mailbox.right_of(person.id) is None:
        return None
    return mailbox


def right_unread(look: Look, person: Person) -> Unknown | None:
    """Why it is not known whether the person may send from the other mailbox; `None` where it is, or there is none."""
    right = look.mailbox.right_of(person.id) if isinstance(look.mailbox, SharedMailbox) else None
    return right if isinstance(right, Unknown) else None


def keys_of(look: Look, sender: Sender) -> tuple[str, ...]:
    """What the mailbox of the look is known by (see `SharedMailbox.keys`); only the address that was asked for where
    the look does not say which mailbox it is, or that they may not ask for it."""
    if not isinstance(look.person, Person):
        return sender.mailbox_keys
    known = replace(sender, upn=look.person.upn, addresses=look.person.addresses)
    return replace(known, mailbox=mailbox_asked_for(look, look.person)).mailbox_keys


def found_by(look: Look, mailbox_address: str) -> Restriction | Unknown | None:
    """The entry found; of a mailbox that is not theirs to ask for nothing is told."""
    if not mailbox_address or not isinstance(look.person, Person) or isinstance(look.mailbox, Unknown):
        return look.restriction
    return look.restriction if mailbox_asked_for(look, look.person) else None


def _baseline(look: Look, person: Person) -> Baseline:
    mailbox = mailbox_asked_for(look, person)
    return Baseline(
        methods=None if isinstance(look.methods, Unknown) else snapshot_of(look.methods),
        password_changed_at=person.password_changed_at,
        delegates=tuple(sorted(holder.person for holder in mailbox.holders)) if mailbox else None,
        phones=(person.phone,) if person.phone else (),
    )


def _also_listed(look: Look, restriction: Restriction | None) -> tuple[Restriction, ...]:
    """The other entries that the look found; none where nothing is told of the mailbox."""
    if restriction is None or isinstance(look.entries, Unknown):
        return ()
    if restriction in look.entries:
        return tuple(entry for entry in look.entries if entry != restriction)
    # Another read found it: an entry of the same address is most likely the same one.
    return tuple(entry for entry in look.entries if entry.address.casefold() != restriction.address.casefold())


def _first_password(person: Person, entries: tuple[Restriction, ...], now: datetime) -> PasswordProof:
    since, begun_by = first_start(entries), all_begun_by(entries)
    return judge_password(person, since, Unknown(reason=UnknownReason.START_UNKNOWN), now, begun_by=begun_by)


def _first_mfa(look: Look, episode: Episode, entries: tuple[Restriction, ...], now: datetime) -> MfaProof:
    return judge_mfa(look.methods, episode.baseline.methods, first_start(entries), now)
