"""What a delivered message says of a trouble: for some kinds it proves that it is over, for the others nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from services.domain.case.case import Case
from services.domain.case.timing import Timing
from services.domain.delivery.traced import Traced, first_delivered
from services.domain.trouble.trouble import TroubleKind

_ADDRESSES_AT_MOST = 10
"""Each address is a call of the trace, which the whole organisation shares."""


class Proof(StrEnum):
    """Which delivered message proves that a trouble is over."""

    ANY = "any"
    """One to anybody else: the address could send nothing at all."""
    OUTSIDE = "outside"
    """One that left the organisation: mail inside it was never held up."""
    NONE = "none"
    """None: the mail that comes back takes another way (a device, a connector, another mailbox, a forward), or goes to
    one recipient alone. Then only the word of those who wait counts."""


_PROVEN_BY: Mapping[TroubleKind, Proof] = {
    TroubleKind.STILL_BOUNCING: Proof.ANY,
    TroubleKind.BANNED: Proof.ANY,
    TroubleKind.TENANT_BLOCKED: Proof.OUTSIDE,
    TroubleKind.TENANT_LIMIT: Proof.OUTSIDE,
    TroubleKind.CONNECTOR: Proof.NONE,
    TroubleKind.SEND_RIGHT: Proof.NONE,
    TroubleKind.SMTP_AUTH: Proof.NONE,
    TroubleKind.FORWARDING: Proof.NONE,
    TroubleKind.UNCLEAR: Proof.NONE,
}


def proof_of(case: Case) -> Proof:
    """What proves that the trouble of this case is over."""
    return _PROVEN_BY[case.trouble.kind] if case.trouble else Proof.NONE


def trouble_proves_after(case: Case) -> datetime | None:
    """A message sent later than this proves it: later than the last word of anybody that mail comes back. `None` where
    no message proves it, or the case is over."""
    if case.trouble is None or case.status.is_ended or proof_of(case) is Proof.NONE or not addresses_traced(case):
        return None
    said = [one.last_at or one.at for one in case.trouble.reports]
    return max([*said, case.bouncing_at] if case.bouncing_at else said)


def trouble_prove_at(case: Case, now: datetime, timing: Timing) -> datetime | None:
    """When the trace is asked next: at a few moments counted from the last word that mail comes back, and from what was
    done about it, ever further apart. While reports still arrive nothing is asked."""
    after = trouble_proves_after(case)
    if after is None:
        return None
    done = case.trouble.done if case.trouble else None
    begun = max(after, done.at) if done else after
    return next((at for at in (begun + planned for planned in timing.prove_after) if at > now), None)


def addresses_traced(case: Case) -> tuple[str, ...]:
    """Whose mail is looked for: that of everybody who still waits, the first few."""
    waiting = [one for one in case.trouble.reports if one.is_open] if case.trouble else []
    own = case.sender.addresses if any(one.person == case.sender.person for one in waiting) else ()
    others = (address for one in waiting for address in one.addresses)
    return tuple({address.casefold(): address for address in (*own, *others)}.values())[:_ADDRESSES_AT_MOST]


def trouble_proof_in(case: Case, traced: Traced, after: datetime) -> datetime | None:
    """When the first message was sent that proves it; `None` if none is seen."""
    if proof_of(case) is Proof.OUTSIDE:
        inside = {_domain(address) for one in (case.sender.addresses, *_addresses_told(case)) for address in one}
        traced = replace(traced, rows=tuple(row for row in traced.rows if _domain(row.recipient) not in inside))
    return first_delivered(traced, addresses_traced(case), after)


def _addresses_told(case: Case) -> tuple[tuple[str, ...], ...]:
    return tuple(one.addresses for one in case.trouble.reports) if case.trouble else ()


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()
